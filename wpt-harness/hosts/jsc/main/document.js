// document.js: the document of a page, which belongs to the realm of the window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {realmOf} from './window.js';

export const makeParser = page => realmOf(page.window).makeParser(page);
