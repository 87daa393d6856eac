// is-event.js: what is an event
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {isPlatformObject} = imports.overrides.webmessaging.state;

/** Whether an object is an event, of any realm. */
export const isEvent = object => typeof object === 'object' && object !== null && isPlatformObject(object) &&
    typeof object.composedPath === 'function';
