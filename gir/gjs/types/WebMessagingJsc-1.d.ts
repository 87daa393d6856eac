// The types of gi://WebMessagingJsc?version=1 in GJS, for editors and TypeScript.
//
// Written by `./dev types`, of the GIR file and of gir/types/WebMessagingJsc-1.d.ts.in. They need those of
// WebMessaging and of JavaScriptCore 6.0.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

declare module 'gi://WebMessagingJsc' {
    export { default } from 'gi://WebMessagingJsc?version=1';
}

declare module 'gi://WebMessagingJsc?version=1' {
    import type GLib from 'gi://GLib?version=2.0';
    import type GObject from 'gi://GObject?version=2.0';
    import type JavaScriptCore from 'gi://JavaScriptCore?version=6.0';
    import type WebMessaging from 'gi://WebMessaging?version=1';

    namespace WebMessagingJsc {
        /** What a program does for its scripts in JavaScriptCore: loads other scripts, prepares workers, and is told of exceptions. */
        class Host extends GObject.Object {
            constructor();
            static $gtype: GObject.GType<Host>;
            /** Makes a host with no functions. */
            static new(): Host;
            /** Sets the function that loads the scripts of workers and of `importScripts()`. */
            set_loader(load: ((url: string) => GLib.Bytes | null)): void;
            /** Sets the function that is told of exceptions that no script has handled, instead of printing them. */
            set_report_func(report: ((message: string, filename: string, lineno: number, colno: number, stack: string) => void)): void;
            /** Sets the function that is called in each worker before its script runs. */
            set_worker_func(func: ((context: JavaScriptCore.Context) => void)): void;
        }

        /** Installs the classes of the web for messages in a context: `EventTarget`, `Event`, `CustomEvent`, `MessageEvent`, `ErrorEvent`, `PromiseRejectionEvent`, `MessageChannel`, `MessagePort`, `BroadcastChannel`, `AbortController`, `AbortSignal`, `DOMException` and `structuredClone()`, and what `flags` names. */
        function install(context: JavaScriptCore.Context, flags: Flags): boolean;
        /** Installs the classes of the web for messages in a context, as `install` does, with a host. Call it on the thread that uses the context. */
        function install_for_host(context: JavaScriptCore.Context, flags: Flags, host: Host | null, base_url: string | null): boolean;
        /** Limits the time that a script may take before it returns. A script that takes longer ends with an exception that it cannot catch, and the context can be used again. The exception goes to who has called the script; if the library has, the `ReportFunc` is told. Not ended are WebAssembly, `Atomics.wait()`, and an endless chain of promises. */
        function set_time_limit(context: JavaScriptCore.Context, milliseconds: number): boolean;
        /** Gets the port that a `MessagePort` of a script stands for. Call it on the thread of the context that `value` belongs to. */
        function unwrap_port(value: JavaScriptCore.Value): WebMessaging.MessagePort | null;
        /** Starts a worker that runs a script in JavaScriptCore, on a thread of its own with a virtual machine of its own. */
        function worker_new(url: string, name: string | null, host: Host | null): WebMessaging.Worker;
        /** Gets the `MessagePort` that scripts see of a port, always the same object. */
        function wrap_port(context: JavaScriptCore.Context, port: WebMessaging.MessagePort): JavaScriptCore.Value;
        /** What a script gets besides the classes of messages and events. */
        enum Flags {
            NONE = 0,
            MICROTASKS = 1,
            TIMERS = 2,
            TEXT_CODING = 4,
            REPORT_ERROR = 8,
            WORKERS = 16,
            ALL = 31,
        }
        namespace Flags {
            const $gtype: GObject.GType<Flags>;
        }
    }

    export default WebMessagingJsc;
}
