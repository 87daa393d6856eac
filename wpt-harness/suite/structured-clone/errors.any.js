// META: title=Structured clone: errors
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js

const check = (constructor, name, message) => clone => {
    assert_equals(Object.getPrototypeOf(clone), constructor.prototype);
    assert_equals(clone.name, name);
    assert_false(Object.hasOwn(clone, 'name'));
    if (message === undefined) {
        assert_false(Object.hasOwn(clone, 'message'));
    } else {
        const descriptor = Object.getOwnPropertyDescriptor(clone, 'message');

        assert_equals(descriptor.value, message);
        assert_false(descriptor.enumerable);
        assert_true(descriptor.writable && descriptor.configurable);
    }
};

for (const constructor of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    cloneTest(`a ${constructor.name}`, () => new constructor('why'),
        check(constructor, constructor.name, 'why'));
}
cloneTest('an error without a message', () => new Error(), check(Error, 'Error'));
cloneTest('an error with an empty message', () => new Error(''), check(Error, 'Error', ''));
cloneTest('an error of an unknown name', () => Object.assign(new TypeError('a'), {name: 'Other'}),
    check(Error, 'Error', 'a'));
cloneTest('an error of another standard name', () => Object.assign(new Error('a'), {name: 'RangeError'}),
    check(RangeError, 'RangeError', 'a'));
cloneTest('an error whose name is inherited', () => new class Special extends RangeError {}('a'),
    check(RangeError, 'RangeError', 'a'));
cloneTest('an error without a name', () => Object.assign(new TypeError('a'), {name: undefined}),
    check(Error, 'Error', 'a'));
cloneTest('an error whose message is not a string', () => Object.assign(new Error('a'), {message: 5}),
    check(Error, 'Error', '5'));
cloneTest('an error whose message is a getter', () => Object.defineProperty(new Error('a'), 'message', {
    get: () => 'b',
}), check(Error, 'Error'));
cloneTest('an error whose message is inherited',
    () => Object.create(Error.prototype, {}) && Object.setPrototypeOf(new Error(), {message: 'b', name: 'Error'}),
    check(Error, 'Error'));
cloneTest('an error loses its properties', () => Object.assign(new Error('a'), {extra: 1}),
    clone => assert_false('extra' in clone));
cloneTest('an error of no prototype', () => Object.setPrototypeOf(new TypeError('a'), null),
    check(Error, 'Error', 'a'));
cloneTest('an object with the prototype of an error', () => Object.create(TypeError.prototype), clone =>
    assert_equals(Object.getPrototypeOf(clone), Object.prototype));
cloneTest('the same error twice', () => {
    const error = new Error('a');

    return [error, error];
}, clone => assert_equals(clone[0], clone[1]));
cloneTest('a DOMException', () => new DOMException('why', 'AbortError'), clone => {
    assert_true(clone instanceof DOMException);
    assert_equals(clone.name, 'AbortError');
    assert_equals(clone.message, 'why');
    assert_equals(clone.code, DOMException.ABORT_ERR);
});
