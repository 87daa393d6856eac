// The globals of a program that calls WebMessaging.installGlobals(), for editors and TypeScript.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import type WebMessaging from 'gi://WebMessaging?version=1';

declare global {
    var AbortController: typeof WebMessaging.AbortController;
    type AbortController = WebMessaging.AbortController;
    var AbortSignal: typeof WebMessaging.AbortSignal;
    type AbortSignal = WebMessaging.AbortSignal;
    var BroadcastChannel: typeof WebMessaging.BroadcastChannel;
    type BroadcastChannel = WebMessaging.BroadcastChannel;
    var CustomEvent: typeof WebMessaging.CustomEvent;
    type CustomEvent<T = any> = WebMessaging.CustomEvent<T>;
    var DOMException: typeof WebMessaging.DOMException;
    type DOMException = WebMessaging.DOMException;
    var ErrorEvent: typeof WebMessaging.ErrorEvent;
    type ErrorEvent = WebMessaging.ErrorEvent;
    var Event: typeof WebMessaging.Event;
    type Event = WebMessaging.Event;
    var EventTarget: typeof WebMessaging.EventTarget;
    type EventTarget = WebMessaging.EventTarget;
    var MessageChannel: typeof WebMessaging.MessageChannel;
    type MessageChannel = WebMessaging.MessageChannel;
    var MessageEvent: typeof WebMessaging.MessageEvent;
    type MessageEvent<T = any> = WebMessaging.MessageEvent<T>;
    var MessagePort: typeof WebMessaging.MessagePort;
    type MessagePort = WebMessaging.MessagePort;
    var SharedWorker: typeof WebMessaging.SharedWorker;
    type SharedWorker = WebMessaging.SharedWorker;
    var Worker: typeof WebMessaging.Worker;
    type Worker = WebMessaging.Worker;
    var structuredClone: typeof WebMessaging.structuredClone;
    var queueMicrotask: typeof WebMessaging.queueMicrotask;
}
