// META: title=Structured clone: plain objects
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js,
// html/infrastructure/safe-passing-of-structured-data/structuredclone_0.html

const plain = (clone, expected) => {
    assert_equals(Object.getPrototypeOf(clone), Object.prototype);
    assert_equals(JSON.stringify(clone), JSON.stringify(expected));
};

cloneTest('an empty object', () => ({}), clone => plain(clone, {}));
cloneTest('the order of properties', () => ({b: 1, a: 2, 1: 3, 0: 4, '-1': 5}), clone =>
    assert_array_equals(Object.keys(clone), ['0', '1', 'b', 'a', '-1']));
cloneTest('an object of no prototype', () => Object.assign(Object.create(null), {a: 1}),
    clone => plain(clone, {a: 1}));
cloneTest('an instance of a class', () => new class Point {
    x = 1;
    #hidden = 2;
    get y() {
        return this.#hidden;
    }
}(), clone => plain(clone, {x: 1}));
cloneTest('inherited properties stay behind', () => Object.create({inherited: 1}, {
    own: {value: 2, enumerable: true},
}), clone => plain(clone, {own: 2}));
cloneTest('properties that cannot be enumerated stay behind', () => Object.defineProperty({a: 1},
    'hidden', {value: 2}), clone => assert_false('hidden' in clone));
cloneTest('symbols stay behind', () => ({[Symbol('key')]: 1, a: 2}), clone => {
    assert_equals(Object.getOwnPropertySymbols(clone).length, 0);
    plain(clone, {a: 2});
});
cloneTest('a getter is read', () => ({
    get a() {
        return 7;
    },
}), clone => {
    const descriptor = Object.getOwnPropertyDescriptor(clone, 'a');

    assert_equals(descriptor.value, 7);
    assert_true(descriptor.writable && descriptor.enumerable && descriptor.configurable);
});
cloneTest('a property without a getter', () => ({
    set a(value) {
        throw new Error(value);
    },
}), clone => {
    assert_own_property(clone, 'a');
    assert_equals(clone.a, undefined);
});
cloneTest('getters are read once, in order', () => {
    const log = [];

    return {
        log,
        get b() {
            log.push('b');
            return 1;
        },
        get a() {
            log.push('a');
            return 2;
        },
    };
}, (clone, original) => assert_array_equals(original.log, ['b', 'a']));
cloneTest('a property that a getter deletes', () => ({
    get a() {
        delete this.b;
        return 1;
    },
    b: 2,
    c: 3,
}), clone => plain(clone, {a: 1, c: 3}));
cloneTest('a property that a getter adds', () => ({
    get a() {
        this.b = 2;
        return 1;
    },
}), clone => plain(clone, {a: 1}));
cloneTest('a property that a getter changes', () => ({
    get a() {
        this.b = 3;
        return 1;
    },
    b: 2,
}), clone => plain(clone, {a: 1, b: 3}));
cloneTest('a frozen object', () => Object.freeze({a: 1}), clone => {
    assert_false(Object.isFrozen(clone));
    plain(clone, {a: 1});
});
cloneTest('an own property of the name __proto__', () => JSON.parse('{"__proto__": {"a": 1}}'),
    clone => {
        assert_own_property(clone, '__proto__');
        assert_equals(Object.getPrototypeOf(clone), Object.prototype);
        assert_equals(Object.getOwnPropertyDescriptor(clone, '__proto__').value.a, 1);
    });
cloneTest('keys of all kinds', () => ({'': 1, '\0': 2, é: 3, '\ud800': 4, constructor: 5, toString: 6}),
    clone => {
        assert_array_equals(Object.keys(clone), ['', '\0', 'é', '\ud800', 'constructor', 'toString']);
        assert_array_equals(Object.values(clone), [1, 2, 3, 4, 5, 6]);
    });
cloneTest('what calls itself something else', () => ({[Symbol.toStringTag]: 'Date', a: 1}),
    clone => plain(clone, {a: 1}));
cloneTest('what inherits from another class', () => Object.assign(Object.create(Map.prototype), {a: 1}),
    clone => plain(clone, {a: 1}));
cloneTest('Math is an ordinary object', () => Math, clone => plain(clone, {}));

cloneTest('the same object twice', () => {
    const shared = {};

    return {a: shared, b: [shared]};
}, clone => assert_equals(clone.a, clone.b[0]));
cloneTest('equal objects stay apart', () => [{}, {}],
    clone => assert_not_equals(clone[0], clone[1]));
cloneTest('an object in itself', () => {
    const value = {};

    value.self = value;
    return value;
}, (clone, original) => {
    assert_not_equals(clone, original);
    assert_equals(clone.self, clone);
});
cloneTest('a ring of three', () => {
    const a = {name: 'a'};

    a.next = {name: 'b', next: {name: 'c', next: a}};
    return a;
}, clone => {
    assert_equals(clone.next.next.name, 'c');
    assert_equals(clone.next.next.next, clone);
});
cloneTest('a hundred objects that occur again, in another order', () => {
    const objects = Array.from({length: 100}, (_, number) => ({number}));

    return [...objects, ...objects.slice().reverse()];
}, clone => {
    for (let i = 0; i < 100; i++) {
        assert_equals(clone[i].number, i);
        assert_equals(clone[199 - i], clone[i]);
    }
});
cloneTest('a deep object', () => {
    let value = 'bottom';

    for (let i = 0; i < 500; i++)
        value = {value};
    return value;
}, clone => {
    for (let i = 0; i < 500; i++)
        clone = clone.value;
    assert_equals(clone, 'bottom');
});
cloneTest('a wide object', () => Object.fromEntries(
    Array.from({length: 1000}, (_, number) => [`key ${number}`, number])), clone => {
    assert_equals(Object.keys(clone).length, 1000);
    assert_equals(clone['key 999'], 999);
});

forEachWay((way, clone) => {
    promise_test(async () => {
        const error = new Error('mine');
        const value = {
            get a() {
                throw error;
            },
        };
        let caught = null;

        try {
            await clone(value, []);
        } catch (thrown) {
            caught = thrown;
        }
        assert_equals(caught, error);
    }, `What a getter throws is thrown, through ${way}`);
});
