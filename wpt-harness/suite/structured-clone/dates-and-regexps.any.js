// META: title=Structured clone: Date and RegExp
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js

for (const time of [0, 1, -1, 999, 1001, 1e12 + 1, -8.64e15, 8.64e15, 8.64e15 - 1, 4450000000000001,
    -4450000000000001, NaN]) {
    cloneTest(`the Date ${time}`, () => new Date(time), clone => {
        assert_equals(Object.getPrototypeOf(clone), Date.prototype);
        assert_equals(clone.getTime(), time);
    });
}
cloneTest('a Date whose methods are others', () => Object.assign(new Date(5), {getTime: () => 6, valueOf: () => 7}),
    clone => assert_equals(clone.getTime(), 5));
cloneTest('the same Date twice', () => {
    const date = new Date(0);

    return [date, date];
}, clone => assert_equals(clone[0], clone[1]));

for (const regexp of [/a/, /a/g, /[/\]]\//gimsuy, /(?:)/, /\u{1f600}/u, /a/d,
    new RegExp('\n'), new RegExp('\ud800')]) {
    cloneTest(`the RegExp ${JSON.stringify(`${regexp}`)}`, () => regexp, clone => {
        assert_equals(Object.getPrototypeOf(clone), RegExp.prototype);
        assert_equals(clone.source, regexp.source);
        assert_equals(clone.flags, regexp.flags);
    });
}
cloneTest('the last index of a RegExp is 0 again', () => Object.assign(/a/g, {lastIndex: 3}),
    clone => assert_equals(clone.lastIndex, 0));
cloneTest('a RegExp that says otherwise', () => Object.defineProperties(/a/g, {
    source: {value: 'b'},
    flags: {value: 'i'},
    global: {value: false},
}), clone => assert_equals(`${clone}`, '/a/g'));
