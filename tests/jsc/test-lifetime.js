// test-lifetime.js: what the garbage collector takes
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

// So many by default; more with arguments: test-lifetime.js REALMS WORKERS
const [nRealms = 300, nWorkers = 60] = scriptArgs.map(Number);

const workerOf = text => `data:text/javascript,${encodeURIComponent(text)}`;

const megabytes = () => (measureMemory() / 1e6).toFixed(1);

// How many of these are alive.
function watch(objects) {
    const references = objects.map(object => new WeakRef(object));

    return () => references.filter(reference => reference.deref() !== undefined).length;
}

// What must not be collected is still there after this.
async function collectOften() {
    for (let i = 0; i < 5; i++) {
        collectGarbage();
        await later(1);
    }
}

run({
    async ports_that_nobody_can_reach() {
        let count;
        (() => {
            const channels = Array.from({length: 100}, () => new MessageChannel());
            count = watch(channels.flatMap(({port1, port2}) => [port1, port2]));
        })();
        await collectUntil(() => count() < 10);
    },

    async started_pairs_that_nobody_can_reach() {
        let count;
        (() => {
            const ports = Array.from({length: 100}, () => new MessageChannel()).flatMap(({port1, port2}) => {
                port1.onmessage = () => port2;
                port2.onmessage = () => port1;
                port1.postMessage('ping');
                return [port1, port2];
            });
            count = watch(ports);
        })();
        await later(5);
        await collectUntil(() => count() < 10);
    },

    async one_that_can_be_reached_keeps_the_other() {
        const received = [];
        const near = (() => {
            const {port1, port2} = new MessageChannel();
            port2.onmessage = ({data}) => received.push(data);
            return port1;
        })();
        await collectOften();
        near.postMessage('still there');
        await later(5);
        assertEquals(received, ['still there']);
        near.close();
    },

    async messages_under_way_keep_a_pair() {
        const received = [];
        (() => {
            const {port1, port2} = new MessageChannel();
            port2.onmessage = ({data}) => received.push(data);
            for (let i = 0; i < 100; i++)
                port1.postMessage(i);
        })();
        collectGarbage();
        collectGarbage();
        await until(() => received.length >= 100);
        assertEquals(received.length, 100);
    },

    // DOM, #abort-signal-garbage-collection
    async abort_signals_that_nobody_listens_to() {
        const {signal} = new AbortController();
        let count;
        (() => {
            const make = () => [AbortSignal.any([signal, new AbortController().signal]), AbortSignal.timeout(3600e3),
                AbortSignal.any([signal, AbortSignal.timeout(3600e3)])];
            const signals = Array.from({length: 50}, make).flat();
            const ignore = () => {};

            for (const each of signals) {
                each.addEventListener('abort', ignore);
                each.onabort = ignore;
                each.onabort = null;
                each.removeEventListener('abort', ignore);
            }
            for (const each of signals) {
                const target = new EventTarget();

                target.addEventListener('x', ignore, {signal: each});
                target.removeEventListener('x', ignore);
            }
            count = watch(signals);
        })();
        await collectUntil(() => count() < 15);
    },

    async abort_signals_that_somebody_listens_to() {
        const controller = new AbortController();
        const aborted = [];
        const target = new EventTarget();
        (() => {
            AbortSignal.any([controller.signal]).onabort = () => aborted.push('any');
            AbortSignal.any([AbortSignal.timeout(50), controller.signal])
                .addEventListener('abort', ({target: {reason}}) => aborted.push(reason.name));
            AbortSignal.timeout(50).onabort = () => aborted.push('timeout');
            target.addEventListener('x', () => aborted.push('x'), {signal: AbortSignal.any([controller.signal])});
            for (let i = 0; i < 1000; i++)
                AbortSignal.any([controller.signal]);
        })();
        await collectOften();
        await collectUntil(() => aborted.length === 2);
        controller.abort();
        target.dispatchEvent(new Event('x'));
        assertEquals(aborted, ['TimeoutError', 'timeout', 'any']);
    },

    // HTML, web-messaging.html#disentangle
    async a_port_that_goes_tells_the_other_side() {
        const worker = new Worker(workerOf(
            'onmessage = ({ports: [port]}) => { port.onclose = () => postMessage("closed"); port.start(); postMessage("ready"); }'));
        let count;
        const ready = nextEvent(worker, 'message');
        (() => {
            const {port1, port2} = new MessageChannel();
            worker.postMessage(0, [port2]);
            count = watch([port1]);
        })();
        await ready;
        const closed = nextEvent(worker, 'message');
        await collectUntil(() => count() === 0);
        assertEquals((await closed).data, 'closed');
        worker.terminate();
    },

    async a_port_that_was_never_started_is_collected_and_the_other_told() {
        const ports = Array.from({length: 20}, () => new MessageChannel().port1);
        let nClosed = 0;

        for (const port of ports)
            port.onclose = () => nClosed++;
        await collectUntil(() => nClosed > 10);
        ports.forEach(port => port.postMessage('nobody is there'));
    },

    async a_started_port_hears_that_the_other_was_collected() {
        const collected = later().then(collectGarbage);
        let nClosed = 0;

        (() => {
            for (let i = 0; i < 20; i++) {
                const {port1} = new MessageChannel();

                port1.start();
                port1.onclose = () => nClosed++;
            }
        })();
        await collected;
        await collectUntil(() => nClosed > 10);
    },

    // A close event that is under way keeps the port, which nobody refers to.
    async a_lost_channel_is_closed() {
        const collected = later().then(collectGarbage);
        let nClosed = 0;

        (() => {
            for (let i = 0; i < 20; i++) {
                const [lost, thrown, carrier] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];

                lost.port1.onclose = thrown.port1.onclose = () => nClosed++;
                lost.port1.postMessage(null, [lost.port2]);
                carrier.port2.close();
                carrier.port1.postMessage(null, [thrown.port2]);
            }
        })();
        await collected;
        await until(() => nClosed >= 40);
        assertEquals(nClosed, 40);
    },

    async the_end_of_a_realm_is_told() {
        const collected = later().then(collectGarbage);
        let nClosed = 0;

        (() => {
            for (let i = 0; i < 5; i++) {
                const realm = newRealm();
                const {port1, port2} = new MessageChannel();

                port1.onclose = () => nClosed++;
                realm.structuredClone(port2, {transfer: [port2]});
                realm.shutDown();
            }
        })();
        await collected;
        await until(() => nClosed >= 5);
        assertEquals(nClosed, 5);
    },

    async the_end_is_told_if_the_other_port_can_be_reached() {
        const kept = [];
        let nClosed = 0;

        (() => {
            for (let i = 0; i < 20; i++) {
                const {port1, port2} = new MessageChannel();

                port1.onclose = () => nClosed++;
                kept.push(port2);
            }
        })();
        await later();
        collectGarbage();
        collectGarbage();
        kept.forEach(port => port.close());
        collectGarbage();
        await later();
        await until(() => nClosed >= 20);
        assertEquals(nClosed, 20);
    },

    async pairs_that_only_wait_for_their_end_go() {
        let count;

        (() => {
            const ports = Array.from({length: 100}, () => new MessageChannel()).flatMap(({port1, port2}) => {
                port1.onclose = () => port2;
                port2.onclose = () => port1;
                return [port1, port2];
            });
            count = watch(ports);
        })();
        await collectUntil(() => count() < 10);
    },

    async started_pairs_that_have_travelled_go() {
        const realm = newRealm();
        const echo = new Worker(workerOf('onmessage = ({ports}) => postMessage(null, ports)'));
        const far = new realm.MessageChannel();
        const near = new MessageChannel();
        const ways = {
            clone: port => structuredClone(port, {transfer: [port]}),
            carrier: async port => (await deliver(sender => sender.postMessage(null, [port]))).ports[0],
            realm: port => {
                far.port1.postMessage(null, [port]);
                return new Promise(resolve => {
                    far.port2.onmessage = ({ports}) => resolve(ports[0]);
                });
            },
            back: port => {
                near.port1.postMessage(null, [port]);
                return new Promise(resolve => {
                    near.port2.onmessage = ({ports}) => resolve(ports[0]);
                });
            },
            worker: async port => {
                echo.postMessage(null, [port]);
                return (await nextEvent(echo, 'message')).ports[0];
            },
        };

        for (const [way, send] of Object.entries(ways)) {
            const counts = [];
            const received = [];

            await (async () => {
                for (let i = 0; i < 20; i++) {
                    const {port1, port2} = new MessageChannel();

                    // Messages are under way on both sides. A port that was started before may hear its own.
                    port1.onmessage = ({data}) => received.push(port2 && data);
                    port1.postMessage('to 2');
                    if (i % 2 === 0)
                        port2.start();
                    const there = await send(port2);

                    there.onmessage = ({data}) => received.push(port1 && data);
                    there.postMessage('to 1');
                    counts.push(watch([port1, port2, there]));
                }
            })();
            const heard = text => received.filter(data => data === text).length;
            await until(() => heard('to 1') >= 20);
            assertEquals([heard('to 1'), heard('to 2') >= 10], [20, true], way);
            received.length = 0;
            await collectUntil(() => counts.reduce((sum, count) => sum + count(), 0) < 12);
        }
        echo.terminate();
    },

    async one_that_has_travelled_is_kept_by_the_other() {
        const received = [];
        const near = await (async () => {
            const {port1, port2} = new MessageChannel();
            const there = (await deliver(sender => sender.postMessage(null, [port2]))).ports[0];

            there.onmessage = ({data}) => received.push(data);
            there.onclose = ({type}) => received.push(type);
            return port1;
        })();

        await collectOften();
        near.postMessage('still there');
        near.close();
        collectGarbage();
        await until(() => received.length >= 2);
        assertEquals(received, ['still there', 'close']);
    },

    // Both travel in one message, and one of them goes on from there.
    async messages_under_way_keep_a_pair_that_has_travelled() {
        const worker = new Worker(workerOf('onmessage = ({ports: [port]}) => { port.onmessage = ({data}) => { ' +
            'port.postMessage(data + 1); } }'));
        const received = [];

        await (async () => {
            for (let i = 0; i < 20; i++) {
                const {port1, port2} = new MessageChannel();

                port1.postMessage(`${i} before`);
                const {ports} = await deliver(sender => sender.postMessage(null, [port1, port2]));

                ports[1].onmessage = ({data}) => received.push(data);
                ports[0].postMessage(`${i} after`);
            }
        })();
        collectGarbage();
        collectGarbage();
        await until(() => received.length >= 40);
        assertEquals(received.length, 40);

        received.length = 0;
        await (async () => {
            for (let i = 0; i < 20; i++) {
                const {port1, port2} = new MessageChannel();
                const {ports} = await deliver(sender => sender.postMessage(null, [port1, port2]));

                ports[1].onmessage = ({data}) => received.push(data);
                ports[0].postMessage(-1);
                worker.postMessage(null, [ports[0]]);
                ports[1].postMessage(i);
            }
        })();
        collectGarbage();
        await until(() => received.length >= 40);
        assertEquals(received.filter(data => data > 0).length, 20);
        worker.terminate();
    },

    async a_started_port_lives_as_long_as_the_other_side() {
        const worker = new Worker(workerOf(
            'onmessage = ({ports: [port]}) => { setTimeout(() => { port.postMessage(1); port.close(); }, 50); }'));
        const received = [];
        let count;
        (() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = ({data}) => received.push(data);
            count = watch([port1]);
            worker.postMessage(0, [port2]);
        })();
        await collectOften();
        while (received.length === 0)
            await later(5);
        await collectUntil(() => count() === 0);
        worker.terminate();
    },

    async closed_ports_and_channels_go() {
        let count;
        (() => {
            const objects = [];
            for (let i = 0; i < 50; i++) {
                const {port1, port2} = new MessageChannel();
                const channel = new BroadcastChannel('gone');
                const group = [port1, port2, channel];
                port1.onmessage = port2.onmessage = channel.onmessage = () => group;
                port1.close();
                channel.close();
                objects.push(...group);
            }
            count = watch(objects);
        })();
        await later(20);
        await collectUntil(() => count() < 10);
    },

    async realms_come_and_go() {
        const descriptors = countDescriptors();
        const measures = [];

        for (let i = 0; i <= nRealms; i++) {
            const realm = newRealm();
            const {port1, port2} = new realm.MessageChannel();

            port2.onmessage = () => port1;
            port1.postMessage(i);
            new realm.BroadcastChannel('realm').onmessage = () => realm;
            realm.setTimeout(() => realm, 1e9);
            if (i % 10 === 0) {
                await later();
                collectGarbage();
            }
            if (i % Math.ceil(nRealms / 4) === 0)
                measures.push(measureMemory());
        }
        print(`# ${nRealms} realms: ${measures.map(bytes => (bytes / 1e6).toFixed(1)).join(', ')} MB, ` +
            `${descriptors} and then ${countDescriptors()} descriptors`);
        assert(countDescriptors() <= descriptors + 1);
        assert(measures.at(-1) - measures.at(-2) < 20e6 + nRealms * 5e3, 'memory grows');
    },

    async workers_come_and_go() {
        const descriptors = countDescriptors();
        const measures = [];

        for (let i = 0; i < nWorkers; i++) {
            const worker = new Worker(
                `data:text/javascript,postMessage(1);${i % 3 === 0 ? 'for(;;);' : i % 3 === 1 ? 'close()' : ''}`);

            await nextEvent(worker, 'message');
            if (i % 3 === 1)
                await nextEvent(worker, 'close');
            else
                worker.terminate();
            if (i % Math.ceil(nWorkers / 4) === 0)
                measures.push(measureMemory());
        }
        for (let i = 0; i < 200 && countDescriptors() > descriptors; i++)
            await later(20);
        print(`# ${nWorkers} workers: ${measures.map(bytes => (bytes / 1e6).toFixed(1)).join(', ')} MB, now ` +
            `${megabytes()}, ${descriptors} and then ${countDescriptors()} descriptors`);
        assert(countDescriptors() <= descriptors, 'descriptors are left');
    },

    // The engine knows that they are larger than they look.
    async workers_that_have_ended_are_collected_unasked() {
        const counts = [];

        for (let i = 0; i < 400; i++) {
            (() => {
                const worker = new Worker('data:text/javascript,');

                worker.terminate();
                counts.push(watch([worker]));
            })();
            await later();
        }
        assert(counts.reduce((sum, count) => sum + count(), 0) < 400);
    },
});
