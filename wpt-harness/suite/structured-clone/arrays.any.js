// META: title=Structured clone: arrays
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js

cloneTest('an empty array', () => [], clone => {
    assert_true(Array.isArray(clone));
    assert_equals(clone.length, 0);
});
cloneTest('an array of all sorts', () => [1, 'a', null, undefined, [true]], clone => {
    assert_array_equals(clone.slice(0, 4), [1, 'a', null, undefined]);
    assert_array_equals(clone[4], [true]);
});
cloneTest('holes', () => [1, , 3, , ], clone => {
    assert_equals(clone.length, 4);
    assert_array_equals(Object.keys(clone), ['0', '2']);
});
cloneTest('holes are no undefined elements', () => [undefined, , undefined], clone =>
    assert_array_equals(Object.keys(clone), ['0', '2']));
cloneTest('an array of holes', () => new Array(5), clone => {
    assert_equals(clone.length, 5);
    assert_equals(Object.keys(clone).length, 0);
});
cloneTest('a long array of a single element', () => {
    const value = [];

    value[4294967294] = 'last';
    return value;
}, clone => {
    assert_equals(clone.length, 4294967295);
    assert_array_equals(Object.keys(clone), ['4294967294']);
    assert_equals(clone[4294967294], 'last');
});
cloneTest('properties of an array', () => Object.assign([1, 2], {extra: 'x', '-1': 3, '01': 4}), clone => {
    assert_equals(clone.length, 2);
    assert_array_equals(Object.keys(clone), ['0', '1', 'extra', '-1', '01']);
    assert_equals(clone.extra, 'x');
});
cloneTest('an array in a property of itself', () => {
    const value = [];

    value.self = value;
    return value;
}, clone => assert_equals(clone.self, clone));
cloneTest('an array in itself', () => {
    const value = [1];

    value.push(value);
    return value;
}, clone => assert_equals(clone[1], clone));
cloneTest('an instance of a class of arrays', () => new class List extends Array {}(1, 2, 3), clone => {
    assert_equals(Object.getPrototypeOf(clone), Array.prototype);
    assert_array_equals(clone, [1, 2, 3]);
});
cloneTest('an array of no prototype', () => Object.setPrototypeOf([1], null),
    clone => assert_equals(Object.getPrototypeOf(clone), Array.prototype));
cloneTest('a getter among the elements', () => Object.defineProperty([1, 2], 0, {
    get: () => 'read',
    enumerable: true,
}), clone => assert_array_equals(clone, ['read', 2]));
cloneTest('an element that a getter deletes', () => Object.defineProperty([1, 2, 3], 0, {
    get() {
        delete this[1];
        return 'read';
    },
    enumerable: true,
}), clone => {
    assert_equals(clone.length, 3);
    assert_array_equals(Object.keys(clone), ['0', '2']);
});
cloneTest('an array that a getter cuts short', () => Object.defineProperty([1, 2, 3], 0, {
    get() {
        this.length = 1;
        return 'read';
    },
    enumerable: true,
}), clone => {
    assert_equals(clone.length, 3);
    assert_array_equals(Object.keys(clone), ['0']);
});
cloneTest('an array that a getter makes longer', () => Object.defineProperty([1], 0, {
    get() {
        this.push(2);
        return 'read';
    },
    enumerable: true,
}), clone => assert_array_equals(clone, ['read']));
cloneTest('an element that cannot be enumerated', () => Object.defineProperty([1, 2], 0, {enumerable: false}),
    clone => assert_array_equals(Object.keys(clone), ['1']));
cloneTest('ten thousand elements', () => Array.from({length: 10000}, (_, i) => i), clone => {
    assert_equals(clone.length, 10000);
    assert_equals(clone[9999], 9999);
});
