// module.js: a worker that is a module, which imports another one
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {double} from './imported.js';

self.onmessage = ({data}) => {
    self.postMessage([double(data), import.meta.url === location.href]);
    close();
};
