// The types of gi://WebMessaging?version=1 in GJS, for editors and TypeScript.
//
// Written by `./dev types`, of the GIR file and of gir/types/WebMessaging-1.d.ts.in. They need the
// types of GJS itself, from ts-for-gir: @girs/gjs, @girs/glib-2.0, @girs/gobject-2.0, @girs/gio-2.0.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

declare module 'gi://WebMessaging' {
    export { default } from 'gi://WebMessaging?version=1';
}

declare module 'gi://WebMessaging?version=1' {
    import type GLib from 'gi://GLib?version=2.0';
    import type GObject from 'gi://GObject?version=2.0';
    import type Gio from 'gi://Gio?version=2.0';

    namespace WebMessaging {
        /** What a message can transfer: ports, array buffers, and objects of classes of your own. */
        type TransferableObject = Transferable | ArrayBuffer;

        interface StructuredSerializeOptions {
            transfer?: readonly TransferableObject[];
        }

        interface WindowPostMessageOptions extends StructuredSerializeOptions {
            targetOrigin?: string;
        }

        /** What ends a call that waits. */
        type ReceiveOptions = Gio.Cancellable | { signal?: AbortSignal } | null;

        interface EventListenerOptions {
            capture?: boolean;
        }

        interface AddEventListenerOptions extends EventListenerOptions {
            once?: boolean;
            passive?: boolean;
            signal?: AbortSignal;
        }

        type Listener<E> = ((event: E) => any) | { handleEvent(event: E): any } | null;

        interface EventInit {
            bubbles?: boolean;
            cancelable?: boolean;
            composed?: boolean;
        }

        interface MessageEventInit<T = any> extends EventInit {
            data?: T;
            origin?: string;
            lastEventId?: string;
            source?: Window | MessagePort | null;
            ports?: readonly MessagePort[];
        }

        interface ErrorEventInit extends EventInit {
            message?: string;
            filename?: string;
            lineno?: number;
            colno?: number;
            error?: any;
        }

        interface CustomEventInit<T = any> extends EventInit {
            detail?: T;
        }

        interface WorkerOptions {
            name?: string;
            type?: 'classic' | 'module';
            credentials?: 'omit' | 'same-origin' | 'include';
        }

        /** Something that has happened. A `EventTarget` dispatches it to its listeners. */
        class Event extends GObject.Object {
            static readonly NONE: 0;
            static readonly CAPTURING_PHASE: 1;
            static readonly AT_TARGET: 2;
            static readonly BUBBLING_PHASE: 3;
            readonly NONE: 0;
            readonly CAPTURING_PHASE: 1;
            readonly AT_TARGET: 2;
            readonly BUBBLING_PHASE: 3;
            constructor(type: string, init?: EventInit);
            readonly type: string;
            /** The object at which the event has happened, of any class. */
            readonly target: any;
            readonly srcElement: any;
            readonly currentTarget: any;
            composedPath(): any[];
            readonly eventPhase: number;
            stopPropagation(): void;
            cancelBubble: boolean;
            stopImmediatePropagation(): void;
            readonly bubbles: boolean;
            readonly cancelable: boolean;
            returnValue: boolean;
            preventDefault(): void;
            readonly defaultPrevented: boolean;
            readonly composed: boolean;
            readonly isTrusted: boolean;
            readonly timeStamp: number;
            initEvent(type: string, bubbles?: boolean, cancelable?: boolean): void;
            static $gtype: GObject.GType<Event>;
            /** Makes an event, to be dispatched by the program. It does not bubble, is not cancelable and not composed; g_object_new() makes one with other properties. */
            static new(type: string): Event;
            readonly current_target: EventTarget;
            readonly default_prevented: boolean;
            readonly event_phase: EventPhase;
            readonly is_trusted: boolean;
            readonly time_stamp: number;
            /** Gets whether the event bubbles. */
            get_bubbles(): boolean;
            /** Gets whether the event can be cancelled. */
            get_cancelable(): boolean;
            /** Gets whether the event leaves a shadow tree. */
            get_composed(): boolean;
            /** Gets the object whose listeners are being called. */
            get_current_target(): EventTarget | null;
            /** Gets whether a listener has cancelled the event. */
            get_default_prevented(): boolean;
            /** Gets where the event is on its way. Targets have no parents here, so it is either at its target or nowhere. */
            get_event_phase(): EventPhase;
            /** Gets what has happened. */
            get_event_type(): string;
            /** Gets whether the library has dispatched the event. */
            get_is_trusted(): boolean;
            /** Gets whether `Event.stop_propagation` or `Event.stop_immediate_propagation` was called since the event was made or last dispatched. */
            get_propagation_stopped(): boolean;
            /** Gets the object at which the event is, or was last, dispatched. The event keeps it alive; do not keep an event in its target, or neither would go. */
            get_target(): EventTarget | null;
            /** Gets when the event was made. */
            get_time_stamp(): number;
            /** Makes the event a new, untrusted one, with no target and not cancelled. Does nothing while the event is being dispatched. */
            init_event(type: string, bubbles: boolean, cancelable: boolean): void;
            /** Cancels the event, if it can be cancelled. A listener with `WEB_LISTENER_PASSIVE` cannot. */
            prevent_default(): void;
            /** Keeps the event from all listeners and signal handlers that have not been called yet. */
            stop_immediate_propagation(): void;
            /** Keeps the event from the listeners for the next phase. */
            stop_propagation(): void;
        }

        /** A message that has arrived. */
        class MessageEvent<T = any> extends Event {
            constructor(type: string, init?: MessageEventInit<T>);
            /** The message, as a value of JavaScript. get_data() returns the GVariant of a message from C. */
            readonly data: T;
            readonly origin: string;
            readonly lastEventId: string;
            readonly source: Window | MessagePort | null;
            /** The ports that were transferred with the message. */
            readonly ports: readonly MessagePort[];
            initMessageEvent(
                type: string, bubbles?: boolean, cancelable?: boolean, data?: T, origin?: string,
                lastEventId?: string, source?: Window | MessagePort | null, ports?: readonly MessagePort[]): void;
            static $gtype: GObject.GType<MessageEvent>;
            /** Makes an event for a message, to be dispatched by the program. g_object_new() makes one with other properties. */
            static new(type: string, data: GLib.Variant | null): MessageEvent;
            static new(...args: never): any;
            last_event_id: string;
            /** Gets the message. */
            get_data(): GLib.Variant | null;
            get_data(key: string): any;
            /** Gets the identifier of the last event of a server. The library itself never sets one. */
            get_last_event_id(): string;
            /** Gets the object that a handle in the data stands for: one that was transferred, or the copy of one that was cloned. */
            get_object(handle: number): GObject.Object | null;
            /** Gets the origin of the window that has sent the message. */
            get_origin(): string;
            /** Gets the ports that were transferred with the message, in the order of the transfer list. */
            get_ports(): MessagePort[] | null;
            /** Gets the window that has sent the message. */
            get_source(): MessageEventSource | null;
            /** Initializes the event again, as `Event.init_event` does, with another message. Does nothing while the event is being dispatched. */
            init_message_event(type: string, bubbles: boolean, cancelable: boolean, data: GLib.Variant | null, origin: string | null, last_event_id: string | null, source: MessageEventSource | null, ports: MessagePort[] | null): void;
        }

        /** An event that says what has gone wrong: usually a script in a worker has thrown an exception. */
        class ErrorEvent extends Event {
            constructor(type: string, init?: ErrorEventInit);
            readonly message: string;
            readonly filename: string;
            readonly lineno: number;
            readonly colno: number;
            readonly error: any;
            /** Where it was thrown, as the language of the worker writes that. Not of the web. */
            readonly stack: string;
            static $gtype: GObject.GType<ErrorEvent>;
            /** Makes an untrusted event that can be cancelled. */
            static new(type: string, message: string | null, filename: string | null, lineno: number, colno: number): ErrorEvent;
            static new(...args: never): any;
            /** Gets the column in the line. */
            get_colno(): number;
            /** Gets the file or URL of the script. */
            get_filename(): string;
            /** Gets the line in the script. */
            get_lineno(): number;
            /** Gets what has gone wrong. */
            get_message(): string;
            /** Gets which functions were being called, as the language of the script writes that. */
            get_stack(): string | null;
        }

        class CustomEvent<T = any> extends Event {
            constructor(type: string, init?: CustomEventInit<T>);
            readonly detail: T;
            initCustomEvent(type: string, bubbles?: boolean, cancelable?: boolean, detail?: T): void;
            static $gtype: GObject.GType<CustomEvent>;
        }

        /** An object that dispatches events to listeners. */
        class EventTarget extends GObject.Object {
            constructor();
            addEventListener(
                type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(
                type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
            dispatchEvent(event: Event): boolean;
            static $gtype: GObject.GType<EventTarget>;
            /** Makes an event target for events of the program's own. */
            static new(): EventTarget;
            /** Adds a listener for events of one type. */
            add_event_listener(type: string, flags: ListenerFlags, listener: ((target: EventTarget, event: Event) => void)): number;
            /** Dispatches an event: calls the listeners for its type, and then emits the signal that has this type for a name, if the class of the event target has one. The type may be any string. */
            dispatch_event(event: Event): boolean;
            /** Removes a listener. It is not called again, not even for an event that is being dispatched. */
            remove_event_listener(id: number): boolean;
            /** Sets the event handler for events of one type, as a script does with `onmessage` and the like. */
            set_event_handler(type: string, handler: ((target: EventTarget, event: Event) => void) | null): void;
        }

        /** One of the two ports of a channel. A message that is posted at one arrives at the other. */
        class MessagePort extends EventTarget {
            private constructor();
            /** Handles messages. Setting it starts the port. */
            onmessage: ((this: MessagePort, event: MessageEvent) => any) | null;
            /** Is told of messages that cannot be deserialized. */
            onmessageerror: ((this: MessagePort, event: MessageEvent) => any) | null;
            /** Is told that the other side is gone. */
            onclose: ((this: MessagePort, event: Event) => any) | null;
            /** Posts a message to the other side. What is in the transfer list is the receiver's then. */
            postMessage(message: any, transfer: readonly TransferableObject[]): void;
            postMessage(message: any, options?: StructuredSerializeOptions): void;
            start(): void;
            close(): void;
            /** Waits for the next message. Not of the web. */
            receive(options?: ReceiveOptions): Promise<MessageEvent>;
            /** Waits until no more than this many bytes wait to be written to another process. */
            drain(amount?: number, options?: ReceiveOptions): Promise<void>;
            /** The messages until the channel ends. */
            [Symbol.asyncIterator](): AsyncGenerator<MessageEvent, void, void>;
            /** A port for a child process. Call launcher.close() once it runs. */
            static forLauncher(launcher: Gio.SubprocessLauncher): MessagePort;
            /** The port that the parent process has given to this one. */
            static fromEnvironment(): MessagePort;
            static fromFd(fd: number): MessagePort;
            static fromFdList(list: Gio.UnixFDList, index: number): MessagePort;
            static fromSocket(socket: Gio.Socket): MessagePort;
            static flushAll(cancellable: Gio.Cancellable | null): boolean;
            stealFd(): number;
            stealSocket(): Gio.Socket;
            stealToFdList(list: Gio.UnixFDList): number;
            readonly peerCredentials: Gio.Credentials | null;
            static $gtype: GObject.GType<MessagePort>;
            /** Makes a channel to a child process that is yet to be started, and returns the port of this side. The child gets the other one with `MessagePort.new_from_environment`. */
            static new_for_launcher(launcher: Gio.SubprocessLauncher): MessagePort;
            /** Makes the port that the parent process has given to this one, with `MessagePort.new_for_launcher`. */
            static new_from_environment(): MessagePort;
            /** Makes a port of a descriptor. The other side of the pair, usually in another process, becomes the other port of the channel in the same way. */
            static new_from_fd(fd: number): MessagePort;
            /** Makes a port of a descriptor in a list, as `MessagePort.new_from_fd` does. */
            static new_from_fd_list(fd_list: Gio.UnixFDList, index: number): MessagePort;
            /** Makes a port of a socket, as `MessagePort.new_from_fd` does of a descriptor. */
            static new_from_socket(socket: Gio.Socket): MessagePort;
            /** Waits until everything is written that any port or broadcast channel of this process has posted to another process. */
            static flush_all(cancellable: Gio.Cancellable | null): boolean;
            /** Makes a port in the thread-default main context of the caller, in place of the port that another thread has handed over. */
            static take_over(handed_over: GObject.Object): MessagePort;
            bufferLimit: number;
            buffer_limit: number;
            readonly bufferedAmount: number;
            readonly buffered_amount: number;
            readonly closed: boolean;
            descriptorLimit: number;
            descriptor_limit: number;
            messageLimit: number;
            message_limit: number;
            readonly started: boolean;
            /** Waits until no more than `amount` bytes of what was posted to another process wait to be written. */
            drain_async(amount: number, cancellable: Gio.Cancellable | null, callback: ((source: any, result: Gio.AsyncResult) => void) | null): void;
            /** Finishes `MessagePort.drain_async`. */
            drain_finish(result: Gio.AsyncResult): boolean;
            /** Gets how many bytes were posted to another process and are not written yet, because the receiver does not take them. Messages that are on their way to the receiver do not count. */
            get_buffered_amount(): number;
            /** Gets whether the channel has ended: the port was closed, or was told that the other side is gone. Messages that arrived before the port was closed are still delivered. */
            get_closed(): boolean;
            /** Gets which process, user and group have sent the message that the port has received last. The kernel vouches for them. A port may move: the next message may come from another process. */
            get_peer_credentials(): Gio.Credentials | null;
            /** Gets whether the port was started. */
            get_started(): boolean;
            /** Gives the port up for another thread, which passes the returned object to `MessagePort.take_over`. The messages that wait at the port go with it. */
            hand_over(): GObject.Object;
            /** Posts a message to the other port of the channel. */
            post_message(message: GLib.Variant | null, transfer: Transferable[] | null): boolean;
            /** Posts a message that was serialized before to the other port of the channel. */
            post_serialized(message: SerializedData): boolean;
            /** Waits for the next message. */
            receive_async(cancellable: Gio.Cancellable | null, callback: ((source: any, result: Gio.AsyncResult) => void) | null): void;
            /** Gets the message that a call of `MessagePort.receive_async` has waited for. */
            receive_finish(result: Gio.AsyncResult): MessageEvent;
            /** Sets the function that handles messages, and starts the port. */
            set_on_message(handler: ((port: MessagePort, event: MessageEvent) => void) | null): void;
            /** Turns a port into a descriptor, which any means that carries descriptors takes to another process: there `MessagePort.new_from_fd` makes a port of it again. */
            steal_fd(): number;
            /** Turns a port into a socket, as `MessagePort.steal_fd` turns it into a descriptor. */
            steal_socket(): Gio.Socket;
            /** Turns a port into a descriptor in a list, as `MessagePort.steal_fd` does. The number that it returns goes into the message as a `h` value (`g_variant_new_handle()`). */
            steal_to_fd_list(fd_list: Gio.UnixFDList): number;
            /** Turns a data holder into a value, for a receiver in another process. A `h` value in it stands for the descriptor with this number in `fd_list`. */
            export_data_holder(data_holder: GObject.Object, fd_list: Gio.UnixFDList): GLib.Variant;
            /** Turns a value from another process into a data holder, for `Transferable.transfer_receive`. */
            import_data_holder(value: GLib.Variant, fd_list: Gio.UnixFDList): GObject.Object;
            /** Gets whether the object has been transferred away or closed, so that it cannot be transferred. Objects of a class that does not implement the method never are. */
            is_detached(): boolean;
            /** Carries out the transfer steps of the object. */
            transfer(): GObject.Object;
            /** Carries out the transfer-receiving steps of the object. */
            transfer_receive(data_holder: GObject.Object): boolean;
            connect(signal: 'close', callback: (source: this, event: Event) => void): number;
            connect(signal: 'message', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: 'messageerror', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'close', listener: Listener<Event>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'close', listener: Listener<Event>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** A new channel: two ports, each of which receives what is posted at the other. */
        class MessageChannel extends GObject.Object {
            constructor();
            readonly port1: MessagePort;
            readonly port2: MessagePort;
            static $gtype: GObject.GType<MessageChannel>;
            /** Makes a channel, whose two ports belong to the thread-default main context. */
            static new(): MessageChannel;
            /** Makes a channel whose two ports belong to a window and close when the window does. */
            static new_for_window(window: Window): MessageChannel;
            window: Window;
            /** Gets the first port. */
            get_port1(): MessagePort;
            /** Gets the second port. */
            get_port2(): MessagePort;
        }

        /** A named channel. A message that is posted at it arrives at all other channels with the same name. */
        class BroadcastChannel extends EventTarget {
            constructor(name: string);
            readonly name: string;
            onmessage: ((this: BroadcastChannel, event: MessageEvent) => any) | null;
            onmessageerror: ((this: BroadcastChannel, event: MessageEvent) => any) | null;
            postMessage(message: any): void;
            close(): void;
            /** A channel that only others with the same origin hear. Not of the web. */
            static forOrigin(name: string, origin: Origin): BroadcastChannel;
            /** A channel with the origin of a window, which closes with it. Not of the web. */
            static forWindow(name: string, window: Window): BroadcastChannel;
            static $gtype: GObject.GType<BroadcastChannel>;
            /** Makes a broadcast channel of the application itself in the thread-default main context. */
            static new(name: string): BroadcastChannel;
            static new(...args: never): any;
            /** Makes a broadcast channel in the thread-default main context. Only channels with the same origin hear it. */
            static new_for_origin(name: string, origin: Origin): BroadcastChannel;
            /** Makes a broadcast channel that belongs to a window. It has the origin that the window has now. */
            static new_for_window(name: string, window: Window): BroadcastChannel;
            readonly closed: boolean;
            origin: Origin;
            window: Window;
            /** Gets whether the channel was closed, or its window was. */
            get_closed(): boolean;
            /** Gets the name of the channel. */
            get_name(): string;
            /** Gets the origin of the channel. */
            get_origin(): Origin | null;
            /** Posts a message to all other channels with this name and origin. */
            post_message(message: GLib.Variant | null): boolean;
            /** Posts a message that was serialized before to all other channels with this name and origin. */
            post_serialized(message: SerializedData): boolean;
            /** Sets the function that handles messages. */
            set_on_message(handler: ((channel: BroadcastChannel, event: MessageEvent) => void) | null): void;
            connect(signal: 'message', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: 'messageerror', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** A message target with an origin, like a browser window. Anyone with a reference can post to it. */
        class Window extends EventTarget {
            private constructor();
            onmessage: ((this: Window, event: MessageEvent) => any) | null;
            onmessageerror: ((this: Window, event: MessageEvent) => any) | null;
            /** window.postMessage(), with the window that sends; null is the program itself. */
            postMessageFrom(
                source: Window | null, message: any, targetOrigin: string,
                transfer?: readonly TransferableObject[]): void;
            postMessageFrom(source: Window | null, message: any, options?: WindowPostMessageOptions): void;
            static $gtype: GObject.GType<Window>;
            /** Makes a window in the thread-default main context, with the origin of a URL. */
            static new(url: string | null): Window;
            static new(...args: never): any;
            /** Makes a window in the thread-default main context. */
            static new_for_origin(origin: Origin): Window;
            readonly closed: boolean;
            origin: Origin;
            /** Closes the window for good, and its ports and broadcast channels. Messages that wait at them and at the window are dropped. */
            close(): void;
            /** Gets whether the window was closed. */
            get_closed(): boolean;
            /** Gets the origin of the window. */
            get_origin(): Origin;
            /** Posts a message to a window. */
            post_message(source: Window | null, message: GLib.Variant | null, target_origin: string | null, transfer: Transferable[] | null): boolean;
            /** Posts a message that was serialized before to a window. */
            post_serialized(source: Window | null, message: SerializedData, target_origin: string | null): boolean;
            /** Gives the window another origin, because it shows another document, for example. The library drops messages for the old origin when their turn comes. */
            set_origin(origin: Origin): void;
            connect(signal: 'message', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: 'messageerror', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** A worker: a thread or a process that does work of its own and talks to its owner through messages. */
        class Worker extends EventTarget {
            constructor(scriptURL: string | Gio.File, options?: WorkerOptions);
            onmessage: ((this: Worker, event: MessageEvent) => any) | null;
            onmessageerror: ((this: Worker, event: MessageEvent) => any) | null;
            /** Is told what goes wrong in the worker. The event is a plain Event if the script could not be loaded. */
            onerror: ((this: Worker, event: ErrorEvent) => any) | null;
            /** Is told that the worker has ended by itself. */
            onclose: ((this: Worker, event: Event) => any) | null;
            postMessage(message: any, transfer: readonly TransferableObject[]): void;
            postMessage(message: any, options?: StructuredSerializeOptions): void;
            start(): void;
            terminate(): void;
            receive(options?: ReceiveOptions): Promise<MessageEvent>;
            [Symbol.asyncIterator](): AsyncGenerator<MessageEvent, void, void>;
            static $gtype: GObject.GType<Worker>;
            /** Starts a worker that is a process. The program calls `WorkerGlobalScope.from_environment`. */
            static new_process(argv: string[], name: string | null, data: GLib.Variant | null, launcher: Gio.SubprocessLauncher | null): Worker;
            /** Starts a worker that is a thread with a main context of its own. */
            static new_thread(name: string | null, func: ((scope: DedicatedWorkerGlobalScope) => void)): Worker;
            readonly closed: boolean;
            readonly name: string;
            readonly subprocess: Gio.Subprocess;
            /** Gets whether the worker was terminated, or has ended by itself and the program was told. */
            get_closed(): boolean;
            /** Gets the name of the worker. */
            get_name(): string;
            /** Gets the process of the worker. */
            get_subprocess(): Gio.Subprocess | null;
            /** Waits until the thread or process of the worker has ended. A thread has then called the function that frees its data, so that nothing that the thread used is used any more. */
            join(): void;
            /** Posts a message to the worker, as `MessagePort.post_message` does to another port. It waits until the worker has run its function or script for the first time. */
            post_message(message: GLib.Variant | null, transfer: Transferable[] | null): boolean;
            /** Posts a message that was serialized before, as `MessagePort.post_serialized` does to another port. */
            post_serialized(message: SerializedData): boolean;
            /** Waits for the next message of the worker, as `MessagePort.receive_async` does at a port. The worker need not be started: messages wait until somebody asks for them. */
            receive_async(cancellable: Gio.Cancellable | null, callback: ((source: any, result: Gio.AsyncResult) => void) | null): void;
            /** Gets the message that a call of `Worker.receive_async` has waited for. */
            receive_finish(result: Gio.AsyncResult): MessageEvent;
            /** Sets the function that handles messages, and starts the worker, as `Worker.start` does. */
            set_on_message(handler: ((worker: Worker, event: MessageEvent) => void) | null): void;
            connect(signal: 'close', callback: (source: this, event: Event) => void): number;
            connect(signal: 'error', callback: (source: this, event: ErrorEvent) => void): number;
            connect(signal: 'message', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: 'messageerror', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'close', listener: Listener<Event>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'close', listener: Listener<Event>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** A user's side of a worker that an application has once, however many of its workers and threads use it. */
        class SharedWorker extends EventTarget {
            constructor(scriptURL: string | Gio.File, options?: string | WorkerOptions);
            readonly port: MessagePort;
            onerror: ((this: SharedWorker, event: ErrorEvent) => any) | null;
            static $gtype: GObject.GType<SharedWorker>;
            /** Connects to the shared worker of the application that has this URL and name, and starts it if there is none. */
            static new(url: string, name: string | null, argv: string[], data: GLib.Variant | null): SharedWorker;
            static new(...args: never): any;
            /** Gets the port to the worker. It is not started. */
            get_port(): MessagePort;
            connect(signal: 'error', callback: (source: this, event: ErrorEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** The worker's end of the connection to its owner: its name, and how it ends. The two kinds of workers have scopes with more: `DedicatedWorkerGlobalScope` and `SharedWorkerGlobalScope`. */
        class WorkerGlobalScope extends EventTarget {
            protected constructor();
            onerror: ((
                message: Event | string, filename?: string, lineno?: number, colno?: number, error?: any) => any) | null;
            start(): void;
            run(): void;
            /** Makes what a worker has globals of an object. */
            installGlobals(target: object, url: string): void;
            static $gtype: GObject.GType<WorkerGlobalScope>;
            /** Makes the scope of this process, which somebody has started as a worker (`Worker.new_process`, `SharedWorker.new`). */
            static from_environment(): WorkerGlobalScope;
            readonly closing: boolean;
            readonly name: string;
            /** Ends the worker. Neither the scope nor any port of its main context gets another message. What runs goes on to its end, and what it posts still goes out. */
            close(): void;
            /** Gets what is cancelled when the owner of a thread terminates it. A function that takes long looks at it now and then, or gives it to the calls that it waits for. */
            get_cancellable(): Gio.Cancellable;
            /** Gets whether the worker is about to end: it has called `WorkerGlobalScope.close`, was terminated, or has lost its owner. */
            get_closing(): boolean;
            /** Gets what the owner of a process has given to it with `Worker.new_process`. */
            get_data(): GLib.Variant | null;
            get_data(key: string): any;
            /** Gets the name that the owner has given to the worker. */
            get_name(): string;
            /** Tells the owner of the worker that something has gone wrong: it gets `Worker::error` with the message of `error`. If nobody has connected to that signal, the library logs a warning there. The worker goes on; call `WorkerGlobalScope.close` if it should not. */
            report_error(error: GLib.Error): void;
            /** Tells the owner of the worker of an exception that nobody has handled. The owner gets `Worker::error`, after all that was posted before. */
            report_exception(message: string, filename: string | null, lineno: number, colno: number, stack: string | null, exception: SerializedData | null): void;
            /** Tells the owner that the script of the worker could not be found or understood: it gets `Worker::error` with a plain event. */
            report_failure(): void;
            connect(signal: 'error', callback: (source: this, event: ErrorEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** The global scope of a worker with one owner. What it posts arrives at the `Worker` object of the owner, and what is posted there arrives here. */
        class DedicatedWorkerGlobalScope extends WorkerGlobalScope {
            private constructor();
            readonly name: string;
            onmessage: ((this: DedicatedWorkerGlobalScope, event: MessageEvent) => any) | null;
            onmessageerror: ((this: DedicatedWorkerGlobalScope, event: MessageEvent) => any) | null;
            postMessage(message: any, transfer: readonly TransferableObject[]): void;
            postMessage(message: any, options?: StructuredSerializeOptions): void;
            close(): void;
            receive(options?: ReceiveOptions): Promise<MessageEvent>;
            [Symbol.asyncIterator](): AsyncGenerator<MessageEvent, void, void>;
            static $gtype: GObject.GType<DedicatedWorkerGlobalScope>;
            /** Posts a message to the owner of the worker, as `MessagePort.post_message` does to another port. */
            post_message(message: GLib.Variant | null, transfer: Transferable[] | null): boolean;
            /** Posts a message that was serialized before, as `MessagePort.post_serialized` does to another port. */
            post_serialized(message: SerializedData): boolean;
            /** Waits for the next message of the owner, as `MessagePort.receive_async` does at a port. */
            receive_async(cancellable: Gio.Cancellable | null, callback: ((source: any, result: Gio.AsyncResult) => void) | null): void;
            /** Gets the message that a call of `DedicatedWorkerGlobalScope.receive_async` has waited for. */
            receive_finish(result: Gio.AsyncResult): MessageEvent;
            /** Sets the function that handles messages. It is called once the worker runs: see `WorkerGlobalScope.run`. */
            set_on_message(handler: ((scope: DedicatedWorkerGlobalScope, event: MessageEvent) => void) | null): void;
            connect(signal: 'error', callback: (source: this, event: ErrorEvent) => void): number;
            connect(signal: 'message', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: 'messageerror', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'message', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'messageerror', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** The global scope of a worker that several users share. Each of them gets a port of its own. */
        class SharedWorkerGlobalScope extends WorkerGlobalScope {
            private constructor();
            readonly name: string;
            onconnect: ((this: SharedWorkerGlobalScope, event: MessageEvent) => any) | null;
            close(): void;
            static $gtype: GObject.GType<SharedWorkerGlobalScope>;
            connect(signal: 'error', callback: (source: this, event: ErrorEvent) => void): number;
            connect(signal: 'connect', callback: (source: this, event: MessageEvent) => void): number;
            connect(signal: string, callback: (...args: any[]) => any): number;
            addEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: 'connect', listener: Listener<MessageEvent>, options?: boolean | AddEventListenerOptions): void;
            addEventListener(type: string, listener: Listener<any>, options?: boolean | AddEventListenerOptions): void;
            removeEventListener(type: 'error', listener: Listener<ErrorEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: 'connect', listener: Listener<MessageEvent>, options?: boolean | EventListenerOptions): void;
            removeEventListener(type: string, listener: Listener<any>, options?: boolean | EventListenerOptions): void;
        }

        /** A serialized message: a value, and the objects that were transferred or cloned with it. */
        class SerializedData {
            private constructor();
            /** Makes a message without posting it. */
            static serialize(value: any, options?: StructuredSerializeOptions): SerializedData;
            /** Deserializes the message, and receives what was transferred with it. */
            toValue(): any;
            static $gtype: GObject.GType<SerializedData>;
            /** Serializes a value, and transfers the objects in the transfer list. */
            static new(value: GLib.Variant | null, transfer: Transferable[] | null, objects: Serializable[] | null): SerializedData;
            /** Reads a message. May be called on any thread. */
            static new_from_bytes(bytes: GLib.Bytes): SerializedData;
            /** Deserializes a message, and receives what was transferred with it. */
            deserialize(): [boolean, GLib.Variant | null, GObject.Object[] | null];
            /** Gets the value of a message. May be called on any thread. */
            get_value(): [boolean, GLib.Variant | null];
            /** Adds a reference. May be called on any thread. */
            ref(): SerializedData;
            /** Converts a message to bytes, for another process. May be called on any thread. */
            to_bytes(): GLib.Bytes;
            /** Drops a reference. May be called on any thread. */
            unref(): void;
        }

        class DOMException extends Error {
            constructor(message?: string, name?: string);
            readonly name: string;
            readonly message: string;
            readonly code: number;
            static readonly INDEX_SIZE_ERR: 1;
            static readonly DOMSTRING_SIZE_ERR: 2;
            static readonly HIERARCHY_REQUEST_ERR: 3;
            static readonly WRONG_DOCUMENT_ERR: 4;
            static readonly INVALID_CHARACTER_ERR: 5;
            static readonly NO_DATA_ALLOWED_ERR: 6;
            static readonly NO_MODIFICATION_ALLOWED_ERR: 7;
            static readonly NOT_FOUND_ERR: 8;
            static readonly NOT_SUPPORTED_ERR: 9;
            static readonly INUSE_ATTRIBUTE_ERR: 10;
            static readonly INVALID_STATE_ERR: 11;
            static readonly SYNTAX_ERR: 12;
            static readonly INVALID_MODIFICATION_ERR: 13;
            static readonly NAMESPACE_ERR: 14;
            static readonly INVALID_ACCESS_ERR: 15;
            static readonly VALIDATION_ERR: 16;
            static readonly TYPE_MISMATCH_ERR: 17;
            static readonly SECURITY_ERR: 18;
            static readonly NETWORK_ERR: 19;
            static readonly ABORT_ERR: 20;
            static readonly URL_MISMATCH_ERR: 21;
            static readonly QUOTA_EXCEEDED_ERR: 22;
            static readonly TIMEOUT_ERR: 23;
            static readonly INVALID_NODE_TYPE_ERR: 24;
            static readonly DATA_CLONE_ERR: 25;
            readonly INDEX_SIZE_ERR: 1;
            readonly DOMSTRING_SIZE_ERR: 2;
            readonly HIERARCHY_REQUEST_ERR: 3;
            readonly WRONG_DOCUMENT_ERR: 4;
            readonly INVALID_CHARACTER_ERR: 5;
            readonly NO_DATA_ALLOWED_ERR: 6;
            readonly NO_MODIFICATION_ALLOWED_ERR: 7;
            readonly NOT_FOUND_ERR: 8;
            readonly NOT_SUPPORTED_ERR: 9;
            readonly INUSE_ATTRIBUTE_ERR: 10;
            readonly INVALID_STATE_ERR: 11;
            readonly SYNTAX_ERR: 12;
            readonly INVALID_MODIFICATION_ERR: 13;
            readonly NAMESPACE_ERR: 14;
            readonly INVALID_ACCESS_ERR: 15;
            readonly VALIDATION_ERR: 16;
            readonly TYPE_MISMATCH_ERR: 17;
            readonly SECURITY_ERR: 18;
            readonly NETWORK_ERR: 19;
            readonly ABORT_ERR: 20;
            readonly URL_MISMATCH_ERR: 21;
            readonly QUOTA_EXCEEDED_ERR: 22;
            readonly TIMEOUT_ERR: 23;
            readonly INVALID_NODE_TYPE_ERR: 24;
            readonly DATA_CLONE_ERR: 25;
        }

        class AbortController {
            readonly signal: AbortSignal;
            abort(reason?: any): void;
        }

        class AbortSignal extends EventTarget {
            private constructor();
            readonly aborted: boolean;
            readonly reason: any;
            onabort: ((this: AbortSignal, event: Event) => any) | null;
            throwIfAborted(): void;
            static abort(reason?: any): AbortSignal;
            static timeout(milliseconds: number): AbortSignal;
            static any(signals: Iterable<AbortSignal>): AbortSignal;
            static $gtype: GObject.GType<AbortSignal>;
        }

        /** A deep copy of a value, as a message would make it. */
        function structuredClone<T>(value: T, options?: StructuredSerializeOptions): T;
        function queueMicrotask(callback: () => void): void;
        /** Makes MessageChannel and the others globals, as in a browser. */
        function installGlobals(target?: object): void;
        /** A URL for the script of a worker, which is a string or bytes. */
        function createObjectURL(source: string | Uint8Array | ArrayBuffer | GLib.Bytes): string;
        function revokeObjectURL(url: string): void;
        const MESSAGING_MAJOR_VERSION: number;
        const MESSAGING_MICRO_VERSION: number;
        const MESSAGING_MINOR_VERSION: number;
        /** Gets the name under which scripts know an error of the library. */
        function dom_exception_get_name(error: GLib.Error): string | null;
        /** Gets at which priority the messages of a main context are delivered. */
        function main_context_get_priority(context: GLib.MainContext | null): number;
        /** Sets at which priority the messages of a main context are delivered, `G_PRIORITY_DEFAULT` at first. It holds for all ports, windows, workers and broadcast channels that belong to `context`, now or later. */
        function main_context_set_priority(context: GLib.MainContext | null, priority: number): void;
        function messaging_error_quark(): number;
        /** Where an event is on its way, see [eventPhase](https://dom.spec.whatwg.org/#dom-event-eventphase). */
        enum EventPhase {
            NONE = 0,
            CAPTURING = 1,
            AT_TARGET = 2,
            BUBBLING = 3,
        }
        namespace EventPhase {
            const $gtype: GObject.GType<EventPhase>;
        }
        /** How a listener is called, see [AddEventListenerOptions](https://dom.spec.whatwg.org/#dictdef-addeventlisteneroptions). */
        enum ListenerFlags {
            NONE = 0,
            CAPTURE = 1,
            ONCE = 2,
            PASSIVE = 4,
        }
        namespace ListenerFlags {
            const $gtype: GObject.GType<ListenerFlags>;
        }
        /** An event target that can be the source of a message: the `MessageEvent:source` of its event. */
        interface MessageEventSource {

        }
        namespace MessageEventSource {
            const $gtype: GObject.GType<MessageEventSource>;
            const prototype: MessageEventSource;
            /** What a class of a program implements. */
            interface Interface {

            }
        }
        /** Errors of the library. They are named after the `DOMException`s that the standard throws in the same place. */
        class MessagingError extends GLib.Error {
            static $gtype: GObject.GType<MessagingError>;
            static DATA_CLONE: 0;
            static INVALID_STATE: 1;
            static SYNTAX: 2;
            static INVALID_ARGUMENT: 3;
            static QUOTA_EXCEEDED: 4;
            static quark(): number;
        }
        /** The scheme, host and port of a URL: who a window speaks for. */
        class Origin {
            private constructor();
            static $gtype: GObject.GType<Origin>;
            /** Makes the origin of a URL. URLs of the schemes `https`, `http`, `wss`, `ws` and `ftp` have a scheme, host and port for an origin; that of a `blob:` URL is the origin of the `http` or `https` URL in it. The origin of all others, such as `file:`, `data:` or a scheme of the application's own, is opaque, and a new one at each call. */
            static new_for_url(url: string): Origin;
            /** Makes an opaque origin, which is the same origin as itself only. */
            static new_opaque(): Origin;
            /** Compares two origins, as `Origin.is_same_origin` does. This is a `GLib.EqualFunc`, for hash tables. */
            equal(other: Origin): boolean;
            /** Gets the host: a domain in ASCII and lower case, as it stands in the Domain Name System, or an address. An IPv6 address has no brackets here, as in `GLib.Uri.get_host`. */
            get_host(): string | null;
            /** Gets the port, if it is not the one that the scheme has without saying. */
            get_port(): number;
            /** Gets the scheme, such as `"https"`. */
            get_scheme(): string | null;
            /** Gets a number for the origin, which is the same for the same origin. This is a `GLib.HashFunc`. */
            hash(): number;
            /** Gets whether the origin is opaque. */
            is_opaque(): boolean;
            /** Compares two origins. */
            is_same_origin(other: Origin): boolean;
            /** Adds a reference. */
            ref(): Origin;
            /** Serializes the origin. */
            serialize(): string;
            /** Drops a reference. */
            unref(): void;
        }
        /** An object that a message can carry a copy of. */
        interface Serializable {
            /** Carries out the deserialization steps of the object. */
            deserialize(serialized: GLib.Variant): boolean;
            /** Carries out the serialization steps of the object. */
            serialize(): GLib.Variant;
        }
        namespace Serializable {
            const $gtype: GObject.GType<Serializable>;
            const prototype: Serializable;
            /** What a class of a program implements. */
            interface Interface {
                /** Carries out the deserialization steps of the object. */
                vfunc_deserialize(serialized: GLib.Variant): boolean;
                /** Carries out the serialization steps of the object. */
                vfunc_serialize(): GLib.Variant;
            }
        }
        /** An object that a message can move to another main context. */
        interface Transferable {
            /** Turns a data holder into a value, for a receiver in another process. A `h` value in it stands for the descriptor with this number in `fd_list`. */
            export_data_holder(data_holder: GObject.Object, fd_list: Gio.UnixFDList): GLib.Variant;
            /** Turns a value from another process into a data holder, for `Transferable.transfer_receive`. */
            import_data_holder(value: GLib.Variant, fd_list: Gio.UnixFDList): GObject.Object;
            /** Gets whether the object has been transferred away or closed, so that it cannot be transferred. Objects of a class that does not implement the method never are. */
            is_detached(): boolean;
            /** Carries out the transfer steps of the object. */
            transfer(): GObject.Object;
            /** Carries out the transfer-receiving steps of the object. */
            transfer_receive(data_holder: GObject.Object): boolean;
        }
        namespace Transferable {
            const $gtype: GObject.GType<Transferable>;
            const prototype: Transferable;
            /** What a class of a program implements. */
            interface Interface {
                /** Turns a data holder into a value, for a receiver in another process. A `h` value in it stands for the descriptor with this number in `fd_list`. */
                vfunc_export_data_holder(data_holder: GObject.Object, fd_list: Gio.UnixFDList): GLib.Variant;
                /** Turns a value from another process into a data holder, for `Transferable.transfer_receive`. */
                vfunc_import_data_holder(value: GLib.Variant, fd_list: Gio.UnixFDList): GObject.Object;
                /** Gets whether the object has been transferred away or closed, so that it cannot be transferred. Objects of a class that does not implement the method never are. */
                vfunc_is_detached(): boolean;
                /** Carries out the transfer steps of the object. */
                vfunc_transfer(): GObject.Object;
                /** Carries out the transfer-receiving steps of the object. */
                vfunc_transfer_receive(data_holder: GObject.Object): boolean;
            }
        }
    }

    export default WebMessaging;
}
