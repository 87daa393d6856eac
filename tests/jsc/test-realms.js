// test-realms.js: several contexts of one machine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

run({
    async exceptions_of_another_realm() {
        const other = newRealm();
        let refusal;

        try {
            other.structuredClone(() => {});
        } catch (error) {
            refusal = error;
        }
        for (const exception of [refusal, new other.DOMException('the message', 'AbortError')]) {
            const {message, name, code} = exception;
            const clone = structuredClone(exception);

            assert(clone instanceof DOMException);
            assertEquals([clone.message, clone.name, clone.code], [message, name, code]);
        }
    },

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

    clones_belong_to_the_realm_that_clones() {
        const realm = newRealm();

        assert(realm.structuredClone.call(globalThis, [new realm.Map()])[0] instanceof Map);
        assert(structuredClone.call(realm, [new Map()])[0] instanceof realm.Map);
        assert(structuredClone.call(undefined, new Map()) instanceof Map);
        assert(structuredClone.call({}, new Map()) instanceof Map);

        const {port1} = new MessageChannel();
        assert(structuredClone.call(realm, port1, {transfer: [port1]}) instanceof realm.MessagePort);
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

    // HTML, document-lifecycle.html#destroy-a-document
    async a_realm_that_is_shut_down_hears_nothing() {
        const realm = newRealm();
        const {port1, port2} = new MessageChannel();
        const [closed, other] = [new realm.BroadcastChannel('over'), new realm.BroadcastChannel('over')];
        const channel = new realm.MessageChannel();
        const heard = [];
        const {data: port} = await new Promise(resolve => {
            channel.port1.onmessage = resolve;
            channel.port2.postMessage(port2, [port2]);
        });

        closed.close();
        assertThrows(() => closed.postMessage(1), 'InvalidStateError');
        port1.postMessage('under way');
        for (const target of [port, channel.port1, channel.port2, other])
            target.onmessage = target.onclose = event => heard.push(event.type);
        realm.setTimeout(() => heard.push('timer'));
        channel.port2.postMessage(1);
        const end = nextEvent(port1, 'close');
        realm.shutDown();
        realm.shutDown();

        // What it has is closed.
        await end;
        for (const target of [port, channel.port1, channel.port2])
            target.postMessage(0);
        for (const target of [closed, other])
            target.postMessage(() => {});
        new BroadcastChannel('over').postMessage(1);
        assertThrows(() => channel.port1.postMessage(0, [channel.port2]), 'DataCloneError');
        port1.postMessage('too late');
        await later(20);
        assertEquals(heard, []);
    },

    async what_a_realm_makes_that_is_shut_down_does_nothing() {
        const realm = newRealm();
        const heard = [];
        const listen = target => {
            target.onmessage = target.onmessageerror = target.onclose = target.onerror =
                event => heard.push(event.type);
            target.start?.();
        };

        realm.shutDown();
        const {port1, port2} = new realm.MessageChannel();
        const {port1: sent, port2: kept} = new realm.MessageChannel();
        const {port1: cloned, port2: peer} = new realm.MessageChannel();
        const channels = [new realm.BroadcastChannel('over'), new realm.BroadcastChannel('over')];
        const worker = new realm.Worker('data:text/javascript,postMessage(1); new BroadcastChannel("over").postMessage(1)');
        const shared = new realm.SharedWorker('data:text/javascript,new BroadcastChannel("over").postMessage(1)');
        const {port1: toWorker, port2: forWorker} = new MessageChannel();

        [port1, port2, ...channels, worker, peer, shared, shared.port].forEach(listen);
        shared.port.postMessage(1);
        port1.postMessage(1);
        port2.postMessage(1);
        channels[0].postMessage(1);
        new BroadcastChannel('over').postMessage(1);
        realm.setTimeout(() => heard.push('timer'));
        realm.setInterval(() => heard.push('timer'), 1);
        realm.AbortSignal.timeout(1).onabort = () => heard.push('abort');
        assertEquals(realm.structuredClone(cloned, {transfer: [cloned]}) instanceof realm.MessagePort, true);
        worker.postMessage(1, [forWorker]);
        assertThrows(() => worker.postMessage(1, [forWorker]), 'DataCloneError');
        await nextEvent(toWorker, 'close');
        worker.terminate();
        port2.close();
        channels.forEach(channel => channel.close());
        assertThrows(() => port1.postMessage(() => {}), 'DataCloneError');
        await later(20);
        assertEquals(heard, []);

        // A port of it can be sent to a realm that lives on, by a channel of either.
        kept.postMessage('of no realm');
        const {data: port} = await deliver(sender => sender.postMessage(sent, [sent]));
        assert(port instanceof MessagePort);
        port.start();
        assertEquals((await nextEvent(port, 'message')).data, 'of no realm');
        port.close();
    },

    async a_listener_may_shut_its_realm_down() {
        const realm = newRealm();
        const {port1, port2} = new realm.MessageChannel();
        const heard = [];

        port1.addEventListener('message', () => {
            heard.push('first');
            realm.shutDown();
        });
        port1.addEventListener('message', () => heard.push('second'));
        port1.start();
        port2.postMessage(1);
        port2.postMessage(2);
        await later(20);
        assertEquals(heard, ['first']);
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
