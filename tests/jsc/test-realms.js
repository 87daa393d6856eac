// test-realms.js: several contexts of one machine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

run({
    realms_have_classes_of_their_own() {
        const realm = newRealm();

        for (const name of ['MessagePort', 'Event', 'EventTarget', 'DOMException', 'structuredClone'])
            assert(realm[name] !== globalThis[name] && typeof realm[name] === 'function', name);
        assert(!(new realm.MessageChannel().port1 instanceof MessagePort));
    },

    async values_are_made_in_the_realm_of_the_port() {
        const realm = newRealm();
        const {port1, port2} = new MessageChannel();
        const channel = new realm.MessageChannel();
        const arrived = new Promise(resolve => {
            channel.port2.onmessage = resolve;
        });

        channel.port1.postMessage({list: [1], map: new Map(), error: new TypeError('a'), buffer: new ArrayBuffer(1)});
        const {data} = await arrived;
        assert(data instanceof realm.Object && data.list instanceof realm.Array && data.map instanceof realm.Map &&
            data.error instanceof realm.TypeError && data.buffer instanceof realm.ArrayBuffer);
        assert(!(data instanceof Object) && !(data.map instanceof Map));
        assert(realm.structuredClone([]) instanceof realm.Array);
        assert(structuredClone(realm.eval('[new Map([[1, {}]])]'))[0] instanceof Map);
        port1.close();
        port2.close();
    },

    async ports_go_from_realm_to_realm() {
        const realm = newRealm();
        const {port1, port2} = new MessageChannel();
        const {port1: sender, port2: receiver} = new realm.MessageChannel();
        const arrived = new Promise(resolve => {
            receiver.onmessage = resolve;
        });

        // A port becomes one of the realm that receives it.
        port1.postMessage('before');
        sender.postMessage({port: port2}, [port2]);
        assertThrows(() => sender.postMessage(port2, [port2]), 'DataCloneError');
        const {data, ports: [port]} = await arrived;
        assert(port instanceof realm.MessagePort && data.port === port);
        port.onmessage = event => port.postMessage([event.data]);
        port1.start();
        const answer = await nextEvent(port1, 'message');
        assertEquals(answer.data, ['before']);
        assert(answer.data.constructor === Array && answer instanceof MessageEvent);
        port1.close();
    },

    errors_are_of_the_realm_of_the_function() {
        const realm = newRealm();

        try {
            realm.structuredClone(() => {});
            assert(false);
        } catch (error) {
            assert(error instanceof realm.DOMException && !(error instanceof DOMException));
        }
    },

    objects_of_other_realms_are_recognised() {
        const realm = newRealm();

        for (const text of [
            'new Map([[1, 2]])', 'new Set([1])', 'new Date(5)', '/a/g', 'Object(1)', 'Object("a")', 'new Error("e")',
            'new Uint8Array([1, 2])', 'new ArrayBuffer(4)', 'new DataView(new ArrayBuffer(4))', '[1, 2]', '({a: 1})',
        ]) {
            const [own, other] = [(0, eval)(text), realm.eval(text)].map(value => structuredClone(value));

            assert(own.constructor === other.constructor, text);
            if (!(own instanceof Error))
                assertEquals(other, own);
        }
        for (const text of ['Promise.resolve()', 'new WeakMap()', '() => {}', 'new EventTarget()',
            'new MessageChannel().port1', 'new Event("a")', '(function* () {})()'])
            assertThrows(() => structuredClone(realm.eval(text)), 'DataCloneError');
    },
});
