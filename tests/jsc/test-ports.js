// test-ports.js: ports, events and their order
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

run({
    async messages_arrive_in_order() {
        const {port1, port2} = new MessageChannel();
        const received = [];

        for (let i = 0; i < 2000; i++)
            port1.postMessage(i);
        port2.onmessage = ({data}) => received.push(data);
        while (received.length < 2000)
            await later();
        assert(received.every((value, i) => value === i));
        port1.close();
    },

    // Web IDL, #invoke-a-callback-function: what has a method `call` of its own, a remote function for example
    async functions_are_called_themselves() {
        const log = [];
        const makeFunction = name => {
            const callback = function (...args) {
                log.push([name, args.length]);
            };

            callback.call = callback.apply = () => log.push('by a method');
            return callback;
        };
        const target = new EventTarget();
        const {port1, port2} = new MessageChannel();

        target.addEventListener('x', makeFunction('listener'));
        target.addEventListener('x', Object.setPrototypeOf(makeFunction('without prototype'), null));
        target.addEventListener('x', {handleEvent: makeFunction('object')});
        target.dispatchEvent(new Event('x'));
        queueMicrotask(makeFunction('microtask'));
        setTimeout(makeFunction('timer'), 0, 1, 2);
        port2.onmessage = makeFunction('handler');
        port1.postMessage(1);
        await until(() => log.length === 6);
        assertEquals(log.sort(), [
            ['handler', 1], ['listener', 1], ['microtask', 0], ['object', 1], ['timer', 2], ['without prototype', 1],
        ]);
        port1.close();
    },

    async ports_are_transferred_with_their_messages() {
        const {port1, port2} = new MessageChannel();
        const carrier = new MessageChannel();
        const arrived = nextEvent(carrier.port2, 'message');

        port1.postMessage('first');
        carrier.port2.start();
        carrier.port1.postMessage({port: port2, again: [port2]}, [port2]);
        assertThrows(() => carrier.port1.postMessage(1, [port2]), 'DataCloneError');
        port1.postMessage('second');
        const {data, ports} = await arrived;
        assert(data.port === ports[0] && data.again[0] === ports[0] && ports.length === 1 && Object.isFrozen(ports));
        assert(ports[0] instanceof MessagePort && ports[0] !== port2);
        const received = [];
        ports[0].onmessage = event => received.push(event.data);
        await until(() => received.length === 2);
        assertEquals(received, ['first', 'second']);
        ports[0].postMessage('back');
        port1.start();
        assertEquals((await nextEvent(port1, 'message')).data, 'back');

        const [clone] = structuredClone([port1], {transfer: [port1]});
        clone.start();
        ports[0].postMessage('to the clone');
        assertEquals((await nextEvent(clone, 'message')).data, 'to the clone');
        clone.close();

        // What comes after that has its own ports.
        const {port1: sent} = new MessageChannel();
        carrier.port1.postMessage({port: sent}, [sent]);
        const {data: {port: last}, ports: [other]} = await nextEvent(carrier.port2, 'message');
        assert(last === other && other !== clone);
    },

    async what_follows_a_large_buffer_arrives() {
        const {port1, port2} = new MessageChannel();
        const buffers = [300000, 70000, 200000].map((size, i) => new Uint8Array(size).fill(i + 1));
        const arrived = nextEvent(port2, 'message');

        port2.start();
        port1.postMessage([buffers[0], 'one', buffers[1].buffer, {two: [1, 2, 3]}, buffers[2], 'three']);
        const {data} = await arrived;

        assertEquals([data[1], data[3], data[5]], ['one', {two: [1, 2, 3]}, 'three']);
        assertEquals([data[0], data[2], data[4]].map(value => value.byteLength), [300000, 70000, 200000]);
        assert([data[0], new Uint8Array(data[2]), data[4]].every((bytes, i) => bytes.every(byte => byte === i + 1)));
        port1.close();
    },

    transfer_lists_are_checked() {
        const {port1, port2} = new MessageChannel();

        for (const list of [[port1], [port2, port2], [{}], [new EventTarget()]])
            assertThrows(() => port1.postMessage(1, list), 'DataCloneError');
        for (const list of [[null], [1], {transfer: null}, {transfer: 1}, 5])
            assertThrows(() => port1.postMessage(1, list), 'TypeError');
        assertThrows(() => port1.postMessage(port2), 'DataCloneError');
        assertThrows(() => port1.postMessage(), 'TypeError');
        for (const options of [undefined, null, {}, {transfer: undefined}, []])
            port1.postMessage(1, options);
        port2.close();
        assertThrows(() => port1.postMessage(1, [port2]), 'DataCloneError');
    },

    async close_comes_after_the_messages() {
        const {port1, port2} = new MessageChannel();
        const log = [];

        port2.onmessage = ({data}) => log.push(data);
        port2.onclose = event => log.push(event.type, event.isTrusted);
        port1.onclose = () => log.push('wrong');
        port1.postMessage(1);
        port1.postMessage(2);
        port1.close();
        await until(() => log.includes('close'));
        assertEquals(log, [1, 2, 'close', true]);
    },

    async what_was_queued_before_close_arrives() {
        const {port1, port2} = new MessageChannel();
        const log = [];

        port2.onmessage = ({data}) => {
            log.push(data);
            port2.close();
        };
        for (let i = 0; i < 3; i++)
            port1.postMessage(i);
        await until(() => log.length === 3);
        assertEquals(log, [0, 1, 2]);
    },

    // HTML, webappapis.html#clean-up-after-running-script
    async microtasks_run_between_listeners() {
        const {port1, port2} = new MessageChannel();
        const log = [];
        const listen = name => event => {
            log.push(name);
            queueMicrotask(() => log.push(`${name} microtask ${event.eventPhase} ${event.currentTarget === port2}`));
        };

        port2.addEventListener('message', listen('a'));
        port2.addEventListener('message', listen('b'));
        port2.start();
        port1.postMessage(1);
        const event = await nextEvent(port2, 'message');
        await later();
        assertEquals(log, ['a', 'a microtask 2 true', 'b', 'b microtask 2 true']);
        assertEquals([event.eventPhase, event.currentTarget, event.target === port2], [0, null, true]);

        log.length = 0;
        port2.dispatchEvent(new Event('message'));
        assertEquals(log, ['a', 'b']);
        port1.close();
    },

    async an_event_with_one_listener_is_over_after_its_microtasks() {
        const {port1, port2} = new MessageChannel();
        const log = [];
        let event;

        port2.onmessage = received => {
            event = received;
            queueMicrotask(() => {
                log.push(event.eventPhase, event.currentTarget === port2);
                try {
                    port1.dispatchEvent(event);
                } catch (error) {
                    log.push(error.name);
                }
            });
        };
        port1.postMessage(1);
        await until(() => log.length === 3);
        assertEquals([...log, event.eventPhase, event.currentTarget], [2, true, 'InvalidStateError', 0, null]);
        assert(port1.dispatchEvent(event) && !event.isTrusted);
        port1.close();
    },

    async listeners() {
        const target = new EventTarget();
        const log = [];
        const controller = new AbortController();
        const object = {handleEvent: event => log.push(event.type)};

        target.addEventListener('a', () => log.push('bubble'));
        target.addEventListener('a', () => log.push('capture'), true);
        target.addEventListener('a', () => log.push('once'), {once: true});
        target.addEventListener('a', () => log.push('aborted'), {signal: controller.signal});
        target.addEventListener('a', object);
        target.addEventListener('a', object);
        target.addEventListener('a', event => event.preventDefault(), {passive: true});
        target.dispatchEvent(new Event('a', {cancelable: true}));
        controller.abort();
        assert(target.dispatchEvent(new Event('a', {cancelable: true})));
        assertEquals(log, ['capture', 'bubble', 'once', 'aborted', 'a', 'capture', 'bubble', 'a']);

        log.length = 0;
        const second = () => log.push('second');
        const third = () => log.push('third');
        target.addEventListener('b', event => {
            log.push('first');
            target.removeEventListener('b', second);
            target.addEventListener('b', third);
            assertThrows(() => target.dispatchEvent(event), 'InvalidStateError');
        });
        target.addEventListener('b', second);
        target.dispatchEvent(new Event('b'));
        target.dispatchEvent(new Event('b'));
        assertEquals(log, ['first', 'first', 'third']);
        target.addEventListener('c', event => event.stopImmediatePropagation());
        target.addEventListener('c', () => assert(false));
        target.dispatchEvent(new Event('c'));
        target.addEventListener('d', event => event.preventDefault());
        assertEquals([target.dispatchEvent(new Event('d')), target.dispatchEvent(new Event('d', {cancelable: true}))],
            [true, false]);
    },

    handlers() {
        const {port1} = new MessageChannel();
        const log = [];

        assertEquals([port1.onmessage, port1.onclose], [null, null]);
        port1.onclose = () => log.push('wrong');
        port1.addEventListener('close', () => log.push('listener'));
        port1.onclose = () => log.push('handler');
        port1.dispatchEvent(new Event('close'));
        port1.onclose = 5;
        assertEquals([port1.onclose, log], [null, ['handler', 'listener']]);
        port1.onclose = {};
        port1.dispatchEvent(new Event('close'));
        assertThrows(() => Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onclose').get.call({}), 'TypeError');
    },

    interfaces() {
        assertThrows(() => new MessagePort(), 'TypeError');
        assertThrows(() => new AbortSignal(), 'TypeError');
        for (const [klass, length, parent] of [
            [EventTarget, 0], [Event, 1], [MessageEvent, 1, Event], [ErrorEvent, 1, Event], [CustomEvent, 1, Event],
            [PromiseRejectionEvent, 2, Event], [SharedWorker, 1, EventTarget],
            [MessageChannel, 0], [MessagePort, 0, EventTarget], [BroadcastChannel, 1, EventTarget],
            [Worker, 1, EventTarget], [AbortController, 0], [AbortSignal, 0, EventTarget], [DOMException, 0],
        ]) {
            const {name} = klass;

            assertEquals([klass.length, klass.prototype[Symbol.toStringTag]], [length, name]);
            if (parent !== undefined)
                assert(Object.getPrototypeOf(klass) === parent && klass.prototype instanceof parent);
            const {enumerable} = Object.getOwnPropertyDescriptor(globalThis, name);
            assert(!enumerable);
        }
        assertEquals(MessagePort.prototype.postMessage.length, 1);
        assert('postMessage' in MessagePort.prototype && Object.keys(MessagePort.prototype).includes('onmessage'));
        for (const call of [
            () => MessagePort.prototype.postMessage.call({}, 1), () => EventTarget.prototype.dispatchEvent.call({}, null),
            () => MessagePort.prototype.close.call(new EventTarget()), () => Event.prototype.preventDefault.call({}),
            () => new MessageChannel().port1.dispatchEvent({}), () => new Event(), () => MessageChannel(),
            () => new PromiseRejectionEvent('a'), () => new PromiseRejectionEvent('a', {promise: 1}),
        ])
            assertThrows(call, 'TypeError');
        assert(!Object.getOwnPropertyDescriptor(new Event('a'), 'isTrusted').configurable);
        assertEquals([new MessageEvent('a').data, new MessageEvent('a').ports, new ErrorEvent('e').error],
            [null, [], undefined]);
        assertEquals(new CustomEvent('a', {detail: 5}).detail, 5);
        assertEquals(new PromiseRejectionEvent('a', {promise: {}, reason: 6}).reason, 6);
        class Mine extends EventTarget {
            x = 1;
        }
        assert(new Mine() instanceof EventTarget && new Mine().x === 1);
    },

    async broadcast_channels() {
        const [a, b, c] = ['name', 'name', 'other'].map(name => new BroadcastChannel(name));
        const log = [];

        for (const [name, channel] of Object.entries({a, b, c}))
            channel.onmessage = ({data}) => log.push(`${name} ${data.x}`);
        a.postMessage({x: 1});
        await until(() => log.length > 0);
        await later();
        assertEquals(log, ['b 1']);
        b.close();
        assertThrows(() => b.postMessage(1), 'InvalidStateError');
        assertThrows(() => a.postMessage(() => {}), 'DataCloneError');
        assertEquals([a.name, `${a}`], ['name', '[object BroadcastChannel]']);
        [a, c].forEach(channel => channel.close());
    },

    async signals() {
        const reason = new Error('why');
        const controller = new AbortController();
        const any = AbortSignal.any([controller.signal, AbortSignal.timeout(100000)]);
        let nEvents = 0;

        any.onabort = () => nEvents++;
        controller.abort(reason);
        assert(any.aborted && any.reason === reason && nEvents === 1);
        assert(assertThrows(() => any.throwIfAborted()) === reason);
        assertEquals(AbortSignal.abort().reason.name, 'AbortError');
        const timeout = AbortSignal.timeout(1);
        await nextEvent(timeout, 'abort');
        assertEquals(timeout.reason.name, 'TimeoutError');
    },

    async timers() {
        const log = [];

        setTimeout((...args) => log.push(...args), 1, 'a', 'b');
        const id = setInterval(() => {
            log.push('tick');
            if (log.length > 4)
                clearInterval(id);
        }, 1);
        clearTimeout(setTimeout(() => log.push('never'), 1));
        clearTimeout(undefined);
        while (log.length < 5)
            await later(1);
        await later(10);
        assertEquals(log.filter(item => item !== 'tick'), ['a', 'b']);
        assertThrows(() => setTimeout(), 'TypeError');
    },

    text_coding() {
        const encoder = new TextEncoder();
        const decoder = new TextDecoder();

        assertEquals([...encoder.encode('a\0ü€😀\ud800')],
            [97, 0, 195, 188, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189]);
        assertEquals(decoder.decode(encoder.encode('a\0ü€😀')), 'a\0ü€😀');
        assertEquals(decoder.decode(new Uint8Array([0xff, 0x61, 0xe2, 0x82, 0x62, 0xf0, 0x9f])), '\ufffda\ufffdb\ufffd');
        assertEquals(decoder.decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), 'a');
        assertEquals(new TextDecoder('utf8', {ignoreBOM: true}).decode(new Uint8Array([0xef, 0xbb, 0xbf])), '\ufeff');
        assertThrows(() => new TextDecoder('utf-8', {fatal: true}).decode(new Uint8Array([0xff])), 'TypeError');
        assertThrows(() => new TextDecoder('latin1'), 'RangeError');
        assertThrows(() => new TextDecoder('utf-8\u00a0'), 'RangeError');
        for (const bytes of [[0xe0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80], [0xf4, 0x90], [0xc1], [0xf5]]) {
            const text = new TextDecoder().decode(new Uint8Array(bytes), {stream: true});

            assertEquals(text, '\ufffd'.repeat(bytes.length), `${bytes}`);
        }
        const lost = new ArrayBuffer(8);
        const view = new DataView(lost);
        structuredClone(0, {transfer: [lost]});
        assertEquals([decoder.decode(lost), decoder.decode(view)], ['', '']);
        const bytes = encoder.encode('€uro😀');
        const parts = [...bytes].map(byte => decoder.decode(new Uint8Array([byte]), {stream: true}));
        assertEquals(parts.join('') + decoder.decode(), '€uro😀');
        const target = new Uint8Array(4);
        assertEquals(encoder.encodeInto('\ud83d\ude00\ud83d\ude00', new Uint8Array(7)), {read: 2, written: 4});
        assertEquals(encoder.encodeInto('\ud83d', new Uint8Array(1)), {read: 0, written: 0});
        assertEquals([encoder.encodeInto('a€b', target), [...target]], [{read: 2, written: 4}, [97, 226, 130, 172]]);
        assertEquals(decoder.decode(encoder.encode('x'.repeat(200000))).length, 200000);
    },

    async exceptions_do_not_stop_others() {
        const {port1, port2} = new MessageChannel();
        const log = [];

        print('# two exceptions that nobody handles follow');
        port2.addEventListener('message', () => {
            throw new Error('of a test');
        });
        port2.addEventListener('message', () => log.push('second'));
        port2.start();
        port1.postMessage(1);
        setTimeout(() => {
            throw new Error('of a timer in a test');
        });
        await until(() => log.length > 0);
        assertEquals(log, ['second']);
        port1.close();
    },

    async timers_fire_in_the_order_of_their_times() {
        const fired = [];

        for (const milliseconds of [4, 2, 3, 1, 2])
            setTimeout(() => fired.push(milliseconds), milliseconds);
        for (const start = Date.now(); Date.now() - start < 10;)
            ;
        while (fired.length < 5)
            await later();
        assertEquals(fired, [1, 2, 2, 3, 4]);
    },

    async a_script_stops_only_its_own_timers() {
        const signal = AbortSignal.timeout(1);
        const aborted = nextEvent(signal, 'abort');
        const number = setTimeout(() => assert(false), 0);

        for (let i = 1; i <= number; i++)
            clearTimeout(i);
        await aborted;
        assertThrows(() => clearTimeout(5n), 'TypeError');
        assertThrows(() => setTimeout(Symbol('no code')), 'TypeError');
    },

    async an_exception_that_cannot_be_read_is_reported() {
        const {port1, port2} = new MessageChannel();
        const terrible = {
            get stack() {
                throw new Error('The stack');
            },
            toString() {
                throw new Error('The text');
            },
        };
        const event = new Event('message');

        port2.addEventListener('message', () => {
            throw terrible;
        });
        const arrived = nextEvent(port2, 'message');
        port2.start();
        port1.postMessage(1);
        await arrived;
        assert(port2.dispatchEvent(event) && port2.dispatchEvent(event));
        port1.close();
    },
});
