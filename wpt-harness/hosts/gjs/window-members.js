// window-members.js: the attributes and methods of a window beside those of messaging
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {define, defineAttribute, defineReplaceable} from '../../shared/define.js';
import {Navigator} from '../../shared/navigator.js';
import {Location} from './location.js';

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

export function defineWindowMembers(page) {
    defineAttributes(page);
    defineBrowser(page);
}
