// The globals of a script that runs in a Worker, for editors and TypeScript.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/// <reference path="WebMessaging-1-globals.d.ts" />

import type WebMessaging from 'gi://WebMessaging?version=1';

type Scope = WebMessaging.DedicatedWorkerGlobalScope;

declare global {
    interface WorkerLocation {
        readonly href: string;
        readonly origin: string;
        readonly protocol: string;
        readonly host: string;
        readonly hostname: string;
        readonly port: string;
        readonly pathname: string;
        readonly search: string;
        readonly hash: string;
        toString(): string;
    }

    var self: Scope & typeof globalThis;
    var name: string;
    var location: WorkerLocation;
    var origin: string;
    var onmessage: ((event: WebMessaging.MessageEvent) => any) | null;
    var onmessageerror: ((event: WebMessaging.MessageEvent) => any) | null;
    var onerror: Scope['onerror'];
    var postMessage: Scope['postMessage'];
    var receive: Scope['receive'];
    var close: Scope['close'];
    var addEventListener: Scope['addEventListener'];
    var removeEventListener: Scope['removeEventListener'];
    var dispatchEvent: Scope['dispatchEvent'];
    /** Runs other scripts. Only a classic script has that. */
    function importScripts(...urls: string[]): void;
    function reportError(error: any): void;
}
