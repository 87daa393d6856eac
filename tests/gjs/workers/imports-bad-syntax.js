// imports-bad-syntax.txt: a module that imports no script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import './bad-syntax.txt';

postMessage('never');
