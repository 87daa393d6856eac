// window.js: windows: realms with an event target each
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../../shared/packages.js';
import {makeFilter} from './post-message.js';

const {EventTarget} = globalThis;
const {natives} = imports;
const {setPlatformObject, stateOf} = imports.overrides.webmessaging.state;
const pages = new WeakMap();
const realms = new WeakMap();

/** What scripts can call on a window of another page. */
export class Window extends EventTarget {}

/** The Page of a window. */
export const pageOf = window => pages.get(window) ?? null;

export const setPage = (window, page) => pages.set(window, page);

/** What the bundle for windows exports in the realm of a window. */
export const realmOf = window => realms.get(window);

/** Makes a window, which is the global object of a new realm. */
export function makeWindow(context, url) {
    const initiator = (context.parent ?? context.opener)?.page;
    const base = url.protocol === 'about:' ? initiator?.baseUrl.href ?? url.href : url.href;
    const realm = natives.newRealm(base, {pageOf, postMessage, requirePackage});

    realms.set(realm.global, realm);
    return realm.global;
}

/** Lets the library know a WindowProxy, and to which window structuredClone() goes that is called on it. */
export function markWindow(proxy, context) {
    setPlatformObject(proxy);
    stateOf(proxy).isMessageSource = true;
    Object.defineProperty(stateOf(proxy), 'clone', {get: () => stateOf(context.window).clone});
    return proxy;
}

/** Fires an event at a window or a node of it. */
export const fireAt = (window, ...args) => realmOf(window).fire(...args);

/** Makes an exception for the scripts of a window. */
export const makeException = (window, message, name) => new (realmOf(window).DOMException)(message, name);

export const closeWindow = window => realmOf(window).shutDown();

/** HTML, web-messaging.html#window-post-message-steps */
export function postMessage(target, source, args) {
    const realm = realmOf(target.window);
    const read = realm.readArguments(args);
    const accepts = makeFilter(read.targetOrigin, source, target, realm);

    // The ports of a document that is gone are closed.
    if (target.destroyed)
        return;
    realm.postToWindow(read, {
        accepts,
        origin: source.origin.serialize(),
        getSource: () => target.getProxy(source.context),
    });
}
