// META: title=Structured clone: Map and Set
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js

cloneTest('an empty Map', () => new Map(), clone => {
    assert_equals(Object.getPrototypeOf(clone), Map.prototype);
    assert_equals(clone.size, 0);
});
cloneTest('a Map keeps its order', () => new Map([['b', 1], ['a', 2], [1, 3]]), clone =>
    assert_array_equals([...clone.keys()], ['b', 'a', 1]));
cloneTest('keys of all types', () => new Map([[NaN, 1], [null, 2], [undefined, 3], ['1', 4], [1, 5], [1n, 6]]),
    clone => {
        assert_equals(clone.size, 6);
        assert_equals(clone.get(NaN), 1);
        assert_equals(clone.get(undefined), 3);
        assert_equals(clone.get(1n), 6);
    });
cloneTest('an object as a key keeps its identity', () => {
    const key = {};

    return {key, map: new Map([[key, 'found']])};
}, clone => assert_equals(clone.map.get(clone.key), 'found'));
cloneTest('a Map in itself', () => {
    const value = new Map();

    value.set(value, value);
    return value;
}, clone => assert_equals(clone.get(clone), clone));
cloneTest('a Map that a getter changes is as it was', () => {
    const value = new Map();

    value.set('first', {
        get a() {
            value.set('late', 1);
            value.delete('second');
            return 1;
        },
    });
    value.set('second', 2);
    return value;
}, clone => assert_array_equals([...clone.keys()], ['first', 'second']));
cloneTest('a Map loses its properties', () => Object.assign(new Map(), {extra: 1}),
    clone => assert_false('extra' in clone));
cloneTest('an instance of a class of Maps', () => new class Dictionary extends Map {}([[1, 2]]), clone => {
    assert_equals(Object.getPrototypeOf(clone), Map.prototype);
    assert_equals(clone.get(1), 2);
});
cloneTest('a Map of no prototype', () => Object.setPrototypeOf(new Map([[1, 2]]), null),
    clone => assert_equals(clone.get(1), 2));
cloneTest('a Map whose methods are others', () => Object.assign(new Map([[1, 2]]), {
    entries: () => [],
    forEach() {},
    [Symbol.iterator]: () => [],
}), clone => assert_equals(clone.get(1), 2));

cloneTest('an empty Set', () => new Set(), clone => {
    assert_equals(Object.getPrototypeOf(clone), Set.prototype);
    assert_equals(clone.size, 0);
});
cloneTest('a Set keeps its order', () => new Set(['b', 'a', 1, true, '1']), clone =>
    assert_array_equals([...clone], ['b', 'a', 1, true, '1']));
cloneTest('a member keeps its identity', () => {
    const member = {};

    return {member, set: new Set([member])};
}, clone => assert_true(clone.set.has(clone.member)));
cloneTest('a Set in itself', () => {
    const value = new Set();

    return value.add(value);
}, clone => assert_true(clone.has(clone)));
cloneTest('a Set that a getter changes is as it was', () => {
    const value = new Set();

    value.add({
        get a() {
            value.add('late');
            return 1;
        },
    });
    return value;
}, clone => assert_equals(clone.size, 1));
cloneTest('a Set loses its properties', () => Object.assign(new Set(), {extra: 1}),
    clone => assert_false('extra' in clone));
cloneTest('collections in collections', () => new Map([[new Set([1]), new Map([[2, new Set([3])]])]]),
    clone => {
        const [[key, value]] = clone;

        assert_true(key.has(1));
        assert_true(value.get(2).has(3));
    });
