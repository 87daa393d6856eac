// library.js: a strict script, which uses what the scripts before it have declared
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

'use strict';

const libraryConst = [early, a, c, rest, others, typeof Early];
let libraryLet = 7;
var libraryVar = 'var';

function libraryFunction() {
    return libraryLet;
}

class libraryClass {
    x = 1;
}

{
    var nestedVar = 'nested';
}
