// META: title=Structured clone: ArrayBuffer and the views on it
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js

const bytesOf = buffer => [...new Uint8Array(buffer)];

cloneTest('an empty ArrayBuffer', () => new ArrayBuffer(0), clone => {
    assert_equals(Object.getPrototypeOf(clone), ArrayBuffer.prototype);
    assert_equals(clone.byteLength, 0);
});
cloneTest('an ArrayBuffer', () => new Uint8Array([1, 2, 255]).buffer, (clone, original) => {
    assert_not_equals(clone, original);
    assert_array_equals(bytesOf(clone), [1, 2, 255]);
});
for (const size of [4095, 4096, 1000000]) {
    cloneTest(`an ArrayBuffer of ${size} bytes`, () => new Uint8Array(size).fill(7).buffer, clone => {
        assert_equals(clone.byteLength, size);
        assert_true(new Uint8Array(clone).every(byte => byte === 7));
    });
}
cloneTest('the copy is a copy', () => new Uint8Array(8192), (clone, original) => {
    original[0] = 1;
    assert_equals(clone[0], 0);
});

const elements = {
    Int8Array: [-128, 127],
    Uint8Array: [0, 255],
    Uint8ClampedArray: [0, 255],
    Int16Array: [-32768, 32767],
    Uint16Array: [0, 65535],
    Int32Array: [-(2 ** 31), 2 ** 31 - 1],
    Uint32Array: [0, 2 ** 32 - 1],
    Float32Array: [0.5, -Infinity, NaN],
    Float64Array: [0.1, -0, NaN],
    BigInt64Array: [-(2n ** 63n), 2n ** 63n - 1n],
    BigUint64Array: [0n, 2n ** 64n - 1n],
};

for (const [name, values] of Object.entries(elements)) {
    const constructor = globalThis[name];

    cloneTest(`a ${name}`, () => constructor.from(values), clone => {
        assert_equals(Object.getPrototypeOf(clone), constructor.prototype);
        assert_array_equals(clone, values);
    });
    cloneTest(`a ${name} on a part of its buffer`,
        () => constructor.from([values[0], ...values, values[0]]).subarray(1, -1), clone => {
            assert_array_equals(clone, values);
            assert_equals(clone.byteOffset, constructor.BYTES_PER_ELEMENT);
            assert_equals(clone.buffer.byteLength, (values.length + 2) * constructor.BYTES_PER_ELEMENT);
        });
}
cloneTest('an empty typed array at the end of its buffer', () => new Uint16Array(new ArrayBuffer(4), 4),
    clone => {
        assert_equals(clone.length, 0);
        assert_equals(clone.byteOffset, 4);
    });
cloneTest('a DataView', () => new DataView(new Uint8Array([1, 2, 3, 4]).buffer), clone => {
    assert_equals(Object.getPrototypeOf(clone), DataView.prototype);
    assert_equals(clone.getUint32(0), 0x01020304);
});
cloneTest('a DataView on a part of its buffer',
    () => new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2), clone => {
        assert_equals(clone.byteOffset, 1);
        assert_equals(clone.byteLength, 2);
        assert_array_equals(bytesOf(clone.buffer), [1, 2, 3, 4]);
    });
cloneTest('views of the same buffer share it', () => {
    const buffer = new ArrayBuffer(8);

    return {a: new Uint8Array(buffer), b: new Float64Array(buffer), c: new DataView(buffer, 4), buffer};
}, clone => {
    assert_equals(clone.a.buffer, clone.buffer);
    assert_equals(clone.b.buffer, clone.buffer);
    assert_equals(clone.c.buffer, clone.buffer);
    clone.a[7] = 0x40;
    assert_equals(clone.b[0], 2);
});
cloneTest('the buffer before its views', () => {
    const buffer = new ArrayBuffer(8192);

    return [buffer, new Uint8Array(buffer, 1, 1), new Uint8Array(buffer, 2, 1)];
}, clone => {
    assert_equals(clone[1].buffer, clone[0]);
    assert_equals(clone[2].buffer, clone[0]);
});
cloneTest('the same view twice', () => {
    const view = new Uint8Array(3);

    return [view, view];
}, clone => assert_equals(clone[0], clone[1]));
cloneTest('a view loses its properties', () => Object.assign(new Uint8Array(1), {extra: 1}),
    clone => assert_false('extra' in clone));
cloneTest('an instance of a class of typed arrays', () => new class Bytes extends Uint8Array {}([1, 2]), clone => {
    assert_equals(Object.getPrototypeOf(clone), Uint8Array.prototype);
    assert_array_equals(clone, [1, 2]);
});
