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
        for (let i = 0; i < 5; i++) {
            collectGarbage();
            await later();
        }
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
        for (let i = 0; i < 20 && received.length < 100; i++)
            await later(5);
        assertEquals(received.length, 100);
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
        for (let i = 0; i < 5; i++) {
            collectGarbage();
            await later(1);
        }
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
                port1.onmessage = port2.onmessage = channel.onmessage = () => objects;
                port1.close();
                channel.close();
                objects.push(port1, port2, channel);
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
});
