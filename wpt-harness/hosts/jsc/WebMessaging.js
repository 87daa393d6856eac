// WebMessaging.js: the classes of the library, by the names that they have in GJS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {isEvent} from './is-event.js';
import {Origin} from './origin.js';

const {CustomEvent, DOMException, ErrorEvent, Event, EventTarget, MessageEvent} = globalThis;

// The host is a realm, and the events that scripts dispatch at nodes are of others.
Object.defineProperty(Event, Symbol.hasInstance, {value: isEvent});

export default {CustomEvent, DOMException, ErrorEvent, Event, EventTarget, MessageEvent, Origin};
