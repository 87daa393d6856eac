// window-globals.js: the globals of a window, which belong to its realm
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {realmOf} from './window.js';

export const installWindowGlobals = page => realmOf(page.window).installWindowGlobals(page);
