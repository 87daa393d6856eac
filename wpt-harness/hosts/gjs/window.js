// window.js: the windows that scripts see
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

const {addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {nameClass} = imports.overrides.webmessaging.webidl;

/** HTML, nav-history-apis.html#the-window-object. Scripts see all of its properties, so the state of the
 * host is in the Page of the window. */
export const Window = GObject.registerClass({
    GTypeName: 'WebMessagingHostWindow',
}, class extends WebMessaging.Window {});
nameClass(Window, 'Window');

for (const type of ['load', 'unload', 'pagehide', 'pageshow', 'beforeunload', 'hashchange', 'unhandledrejection'])
    addEventHandler(Window, type);

// HTML, webappapis.html#onerroreventhandler: it is called with five arguments, not with an event.
const errorHandlers = new WeakMap();
Object.defineProperty(Window.prototype, 'onerror', {
    get() {
        return errorHandlers.get(this) ?? null;
    },
    set(handler) {
        errorHandlers.set(this, typeof handler === 'function' ? handler : null);
        this.set_event_handler('error', (_target, event) => {
            const {message, filename, lineno, colno, error} = event;

            if (errorHandlers.get(this)?.call(this, message, filename, lineno, colno, error) === true)
                event.preventDefault();
        });
    },
    enumerable: true,
    configurable: true,
});

const isOfTheWeb = name => /^on[a-z]+$/.test(name) ||
    ['addEventListener', 'removeEventListener', 'dispatchEvent', 'constructor', 'toString'].includes(name);

/** Members that windows inherit from GObject and the library, and a browser does not have. */
export const introspectedNames = [];
for (let klass = Window.prototype; klass !== Object.prototype; klass = Object.getPrototypeOf(klass))
    introspectedNames.push(...Object.getOwnPropertyNames(klass).filter(name => !isOfTheWeb(name)));

const pages = new WeakMap();

/** The Page of a window. */
export const pageOf = window => pages.get(window) ?? null;

export function makeWindow(page, origin) {
    const window = new Window({origin});

    pages.set(window, page);
    return window;
}
