// bench-workers-bare.mjs: a program that imports the library and says so
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

printerr(typeof WebMessaging);
