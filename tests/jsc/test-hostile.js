// test-hostile.js: scripts that change the prototypes of the language to reach what is not theirs
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

const CHUNK = 65536;

function replaceFor(object, name, descriptor, call) {
    const before = Object.getOwnPropertyDescriptor(object, name);

    Object.defineProperty(object, name, {configurable: true, ...descriptor});
    try {
        return call();
    } finally {
        if (before === undefined)
            delete object[name];
        else
            Object.defineProperty(object, name, before);
    }
}

// Whatever length the scripts of the library are made to believe: nothing behind their buffers leaves.
async function postWithLength(length) {
    const {port1, port2} = new MessageChannel();
    const arrived = Promise.race([nextEvent(port2, 'message'), nextEvent(port2, 'messageerror')]);
    const array = Object.getPrototypeOf(Uint8Array.prototype);
    const {get: getLength} = Object.getOwnPropertyDescriptor(array, 'length');
    const {set} = array;
    let stolen = null;

    // The head of a long byte string, where C finds the message.
    const steal = function (source, offset) {
        set.call(this, source, offset);
        if (getLength.call(this) === CHUNK) {
            stolen = this;
            this[0] = 0x5a;
            for (let i = 0; i < 4; i++)
                this[1 + i] = length >>> (24 - 8 * i) & 0xff;
        }
    };
    const lie = function () {
        return stolen === null ? getLength.call(this) : length + 5;
    };

    port2.start();
    replaceFor(array, 'length', {get: lie}, () =>
        replaceFor(Uint8Array.prototype, 'set', {value: steal}, () => port1.postMessage('x')));
    const {data} = await arrived;
    port1.close();
    return !(data instanceof ArrayBuffer) || data.byteLength <= CHUNK;
}

run({
    async lengths() {
        for (const length of [CHUNK, 3000000, 0x7fffffff, -10, NaN])
            assert(await postWithLength(length), `${length}`);
    },

    async the_state_of_objects_is_private() {
        const assign = Object.assign;
        const stolen = [];
        const setter = {
            set(value) {
                stolen.push(this, value);
            },
        };

        replaceFor(Object, 'assign', {
            value: (target, ...sources) => {
                stolen.push(target);
                return assign(target, ...sources);
            },
        }, () => replaceFor(Object.prototype, 'number', setter, () => replaceFor(Object.prototype, 'handle', setter, () => {
            const {port1} = new MessageChannel();
            const event = new MessageEvent('message', {data: 1});

            new BroadcastChannel('private').close();
            new AbortController().abort();
            port1.dispatchEvent(event);
            structuredClone(port1, {transfer: [port1]});
        })));
        assertEquals(stolen.length, 0);
    },

    async the_makers_of_wrappers_are_private() {
        const {get} = Map.prototype;
        const {port1, port2} = new MessageChannel();
        const arrived = nextEvent(port2, 'message');
        const seen = [];

        Map.prototype.get = function (key) {
            seen.push(...this.values());
            return get.call(this, key);
        };
        port2.start();
        port1.postMessage(0, [new MessageChannel().port1]);
        await arrived;
        Map.prototype.get = get;
        assertEquals(seen.filter(value => typeof value === 'function').length, 0);
    },

    // Web IDL, #js-dictionary
    async what_Object_prototype_has_was_not_given() {
        const names = ['handle', 'forgetSignal', 'listenersChanged', 'addAlgorithm', 'capture', 'once', 'passive', 'signal',
            'transfer', 'type', 'name', 'credentials', 'bubbles', 'data', 'detail', 'stream', 'fatal', 'isSerializable'];
        const target = new EventTarget();
        const listener = () => n++;
        const {port1, port2} = new MessageChannel();
        const arrived = nextEvent(port2, 'message');
        let n = 0;

        for (const name of names)
            Object.defineProperty(Object.prototype, name, {value: 5, configurable: true, writable: true});
        try {
            target.addEventListener('x', listener);
            target.addEventListener('x', listener, true);
            for (let i = 0; i < 2; i++)
                target.dispatchEvent(new Event('x'));
            target.removeEventListener('x', listener);
            target.dispatchEvent(new Event('x'));
            new Worker('data:,1').terminate();
            port2.start();
            port1.postMessage(structuredClone({a: 1}));
            assertEquals([n, new Event('x').bubbles, new MessageEvent('x').data, new CustomEvent('x').detail], [5, false, null, null]);
            assertEquals(new TextDecoder().decode(new Uint8Array([0xc3])), '\ufffd');
            assertEquals((await arrived).data, {a: 1});
        } finally {
            for (const name of names)
                delete Object.prototype[name];
        }
    },

    async C_gets_no_number_for_an_object() {
        const names = ['find', 'filter', 'indexOf', 'slice', 'map'];

        for (const value of [-1, 1.5, 5e-324, 'text', 10n, Symbol('s'), undefined]) {
            for (const name of names) {
                replaceFor(Array.prototype, name, {value: () => value}, () => {
                    try {
                        structuredClone(1, {transfer: [new ArrayBuffer(1)]});
                    } catch {}
                });
            }
        }
    },

    async C_gets_no_null_for_a_string() {
        const toNothing = {toString: () => {
            throw new Error('no string');
        }};

        for (const value of [null, undefined, toNothing]) {
            replaceFor(String.prototype, 'replace', {value: () => value}, () => {
                new BroadcastChannel('a\0').close();
                assertEquals(typeof structuredClone('\ud800'.repeat(50)), 'string');
            });
        }
        const worker = new Worker(`data:,String.prototype.replace = Array.prototype.join = () => null;
            const error = new Error('x'); error.stack = 'a%00b'; reportError(error); postMessage(1)`);
        assertEquals((await nextEvent(worker, 'message')).data, 1);
        worker.terminate();
    },

    async classes_that_were_changed_are_refused() {
        const changes = [
            port => Object.setPrototypeOf(port, null),
            port => Object.setPrototypeOf(port, new Proxy({}, {})),
            port => Object.defineProperty(port, 'constructor', {
                get() {
                    throw new Error('was called');
                },
            }),
        ];

        for (const change of changes)
            assertThrows(() => structuredClone(change(new MessageChannel().port1)), 'DataCloneError');
    },

    async elements_are_not_given_to_setters() {
        const stolen = [];
        const setter = {
            set(value) {
                stolen.push(value);
            },
        };
        const clone = replaceFor(Array.prototype, 1, setter, () => structuredClone(['a', 'b']));

        assertEquals([clone, stolen], [['a', 'b'], []]);
    },
});
