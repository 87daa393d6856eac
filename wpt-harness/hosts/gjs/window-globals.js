// window-globals.js: the globals of the scripts of a page, which are the properties of its window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {define} from '../../shared/define.js';
import {Navigator} from '../../shared/navigator.js';
import {bindConstructor, installGlobals} from './globals.js';
import {Location} from './location.js';
import {nodeClasses} from './nodes.js';
import {defineWindowMembers} from './window-members.js';
import {Window} from './window.js';

const {BroadcastChannel, MessageChannel} = WebMessaging;

function defineMessaging({window}) {
    define(window, {
        BroadcastChannel: bindConstructor('BroadcastChannel',
            (...args) => BroadcastChannel.forWindow(...args.slice(0, 1), window)),
        MessageChannel: bindConstructor('MessageChannel', () => MessageChannel.new_for_window(window)),
    }, false);
    define(window, {postMessage: (...args) => window.postMessageFrom(window, ...args)});
}

/** Defines all globals of a page's scripts. */
export function installWindowGlobals(page) {
    installGlobals(page, 'Window');
    defineWindowMembers(page);
    defineMessaging(page);
    define(page.window, {...nodeClasses, Location, Navigator, Window}, false);
}
