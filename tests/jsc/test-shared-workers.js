// test-shared-workers.js: workers that several realms share
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

let nUrls = 0;

// A URL that no other test has, for a worker that runs a function.
const makeUrl = main => `data:text/javascript,${encodeURIComponent(`(${main})()`)}//${nUrls++}`;

// Counts its users, and answers them.
const countUsers = () => {
    let nUsers = 0;

    onconnect = ({ports: [port]}) => {
        nUsers++;
        port.onmessage = ({data}) => port.postMessage([data, nUsers, name]);
    };
};

async function ask({port}, question) {
    const answer = nextEvent(port, 'message');

    port.start();
    port.postMessage(question);
    return (await answer).data;
}

run({
    async the_object_and_the_event() {
        const worker = new SharedWorker(makeUrl(() => {
            onconnect = event => {
                const {data, origin, source, ports, target, isTrusted} = event;

                ports[0].postMessage([data, origin, source === ports[0], ports.length, target === self, isTrusted,
                    event instanceof MessageEvent, name, typeof postMessage, typeof SharedWorker, typeof Worker,
                    self instanceof SharedWorkerGlobalScope, typeof DedicatedWorkerGlobalScope, `${self}`]);
            };
        }), 'the name');

        assert(worker instanceof EventTarget && worker.port instanceof MessagePort && worker.port === worker.port);
        assertEquals(worker.onerror, null);
        const received = nextEvent(worker.port, 'message');
        worker.port.start();
        assertEquals((await received).data, ['', '', true, 1, true, true, true, 'the name', 'undefined', 'undefined',
            'function', true, 'undefined', '[object SharedWorkerGlobalScope]']);
    },

    async realms_share_a_worker() {
        const url = makeUrl(countUsers);
        const [first, second] = [new SharedWorker(url, 'one'), new (newRealm().SharedWorker)(url, {name: 'one'})];

        assertEquals(await ask(second, 2), [2, 2, 'one']);
        assertEquals(await ask(first, 1), [1, 2, 'one']);
        assertEquals(await ask(new SharedWorker(url), 3), [3, 1, '']);
        assertEquals(await ask(new SharedWorker(makeUrl(countUsers), 'one'), 4), [4, 1, 'one']);
    },

    async other_options_are_an_error() {
        const url = makeUrl(countUsers);
        const first = new SharedWorker(url);
        const other = new SharedWorker(url, {credentials: 'omit'});
        const event = await nextEvent(other, 'error');

        assert(!(event instanceof ErrorEvent));
        assertEquals(await ask(first, 1), [1, 1, '']);
    },

    async scripts_that_do_not_run() {
        print('# scripts that cannot be loaded follow');
        for (const url of ['data:text/javascript,this is not a script', 'no-such-file.js']) {
            const event = await nextEvent(new SharedWorker(url), 'error');

            assert(!(event instanceof ErrorEvent) && event.type === 'error', url);
        }
        assertThrows(() => new SharedWorker('http://:80/'), 'SyntaxError');
        assertThrows(() => new SharedWorker('a.js', {type: 'module'}), 'NotSupportedError');
        assertThrows(() => new SharedWorker('a.js', {type: 'other'}), 'TypeError');
        assertThrows(() => new SharedWorker(), 'TypeError');
        assertThrows(() => SharedWorker('a.js'), 'TypeError');
    },

    async exceptions_stay_in_the_worker() {
        print('# an exception follows');
        const worker = new SharedWorker(makeUrl(() => {
            onconnect = ({ports: [port]}) => {
                port.onmessage = ({data}) => {
                    if (data === 'throw')
                        throw new Error('in a shared worker');
                    port.postMessage(data);
                };
            };
        }));

        const errors = [];

        worker.onerror = ({type}) => errors.push(type);
        worker.port.postMessage('throw');
        assertEquals(await ask(worker, 'goes on'), 'goes on');
        assertEquals(errors, []);
    },

    async after_close_there_is_a_new_one() {
        const url = makeUrl(() => {
            const id = Math.random();

            onconnect = ({ports: [port]}) => {
                port.postMessage(id);
                port.onmessage = () => close();
            };
        });
        const first = new SharedWorker(url);
        const id = await ask(first, 'close');

        await nextEvent(first.port, 'close');
        assert(await ask(new SharedWorker(url), '') !== id);
    },

    async a_port_that_was_closed_goes() {
        const makeClosed = async () => {
            const worker = new SharedWorker(makeUrl(countUsers));

            await ask(worker, 1);
            worker.port.close();
            return new WeakRef(worker.port);
        };
        const reference = await makeClosed();

        await collectUntil(() => reference.deref() === undefined);
    },

    async an_object_goes_if_nobody_listens() {
        const url = makeUrl(countUsers);
        const references = [0, 1].map(i => {
            const worker = new SharedWorker(url);

            if (i === 1)
                worker.onerror = () => {};
            return new WeakRef(worker);
        });

        await collectUntil(() => references[0].deref() === undefined);
        assert(references[1].deref() !== undefined);
        // The realm still uses the worker, which has counted them.
        assertEquals(await ask(new SharedWorker(url), 3), [3, 3, '']);
    },
});
