// window-globals.js: the globals of the scripts of a page, which are the properties of its window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {Navigator} from '../../shared/navigator.js';
import {bindConstructor, define, defineAttribute, defineReplaceable, installGlobals} from './globals.js';
import {Location} from './location.js';
import {nodeClasses} from './nodes.js';
import {Window} from './window.js';

const {BroadcastChannel, MessageChannel} = WebMessaging;

// Accessors, because the answers change with the context
function defineAttributes(page) {
    const {window, context} = page;
    const location = new Location(page);
    const attribute = (name, get) => defineReplaceable(window, name, get);

    for (const name of ['window', 'self', 'frames'])
        attribute(name, () => window);
    attribute('document', () => page.document);
    defineAttribute(window, 'location', () => location, value => location.assign(value));
    attribute('closed', () => context.closed);
    attribute('parent', () => page.getProxy(context.parent ?? context));
    attribute('top', () => page.getProxy(context.top));
    attribute('opener', () => page.getProxy(context.opener));
    attribute('length', () => context.children.length);
    attribute('frameElement', () => context.element);
    defineAttribute(window, 'name', () => context.name, value => {
        context.name = `${value}`;
    });
}

function defineMessaging({window}) {
    define(window, {
        BroadcastChannel: bindConstructor('BroadcastChannel',
            (...args) => BroadcastChannel.forWindow(...args.slice(0, 1), window)),
        MessageChannel: bindConstructor('MessageChannel', () => MessageChannel.new_for_window(window)),
    }, false);
    define(window, {postMessage: (...args) => window.postMessageFrom(window, ...args)});
}

function defineBrowser(page) {
    const {window, context} = page;

    define(window, {
        open: (reference = 'about:blank', name = '') => page.getProxy(context.open(reference, name)),
        close: () => context.close(),
        focus() {},
        blur() {},
        stop() {},
        alert() {},
        getComputedStyle: () => ({}),
        navigator: new Navigator(),
        history: {length: 1, back() {}, forward() {}, go() {}},
        innerWidth: 800,
        innerHeight: 600,
    });
}

/** Defines all globals of a page's scripts. */
export function installWindowGlobals(page) {
    installGlobals(page, 'Window');
    defineAttributes(page);
    defineMessaging(page);
    defineBrowser(page);
    define(page.window, {...nodeClasses, Location, Navigator, Window}, false);
}
