// window.js: the windows that scripts see
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

const {addErrorHandler, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {nameClass} = imports.overrides.webmessaging.webidl;

/** HTML, nav-history-apis.html#the-window-object. Scripts see all of its properties, so the state of the
 * host is in the Page of the window. */
export const Window = GObject.registerClass({
    GTypeName: 'WebMessagingHostWindow',
}, class extends WebMessaging.Window {});
nameClass(Window, 'Window');

/** Makes the window of a page. */
export const makeWindow = (_context, _url, origin) => new Window({origin});

/** Tells the library that an object is a WindowProxy, where it has to know. */
export const markWindow = proxy => proxy;

/** Dispatches an event, whatever scripts have made of the method. */
export const dispatchAtWindow = (window, event) => WebMessaging.EventTarget.prototype.dispatchEvent.call(window, event);

/** Fires an event at a window or a node of it. */
export const fireAt = (_window, target, type, init) => target.dispatchEvent(new WebMessaging.Event(type, init));

/** Makes an exception for the scripts of a window. */
export const makeException = (_window, message, name) => new WebMessaging.DOMException(message, name);

export const closeWindow = window => WebMessaging.Window.prototype.close.call(window);

/** Posts a message from a page to another. */
export const postMessage = (target, source, args) => target.window.postMessageFrom(source.window, ...args);

for (const type of ['load', 'unload', 'pagehide', 'pageshow', 'beforeunload', 'hashchange', 'unhandledrejection'])
    addEventHandler(Window, type);

addErrorHandler(Window, WebMessaging.ErrorEvent);

const pages = new WeakMap();

/** The Page of a window. */
export const pageOf = window => pages.get(window) ?? null;

export const setPage = (window, page) => pages.set(window, page);
