// outer.js: a worker that starts one, which it finds beside itself
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const inner = new Worker('inner.js', {name: 'inner'});

onmessage = ({data, ports}) => inner.postMessage(data, ports);
inner.onmessage = ({data}) => postMessage(data);
inner.onclose = () => close();
