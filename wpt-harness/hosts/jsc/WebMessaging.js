// WebMessaging.js: the classes of the library, by the names that they have in GJS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {CustomEvent, DOMException, ErrorEvent, Event, EventTarget, MessageEvent} = globalThis;

export default {CustomEvent, DOMException, ErrorEvent, Event, EventTarget, MessageEvent};
