// WebMessaging.js: what the host needs of the library, by the names that it has in GJS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {Origin} from './origin.js';

const {ErrorEvent, MessageEvent} = globalThis;

export default {ErrorEvent, MessageEvent, Origin};
