// imports-nothing.js: a module that imports what is not there
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import './nothing.js';

postMessage('never');
