// META: title=terminate() of a worker
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/Worker_terminate_event_queue.htm, workers/Worker-terminate-forever.html,
// workers/Worker-terminate-forever-during-evaluation.html, workers/interfaces/Worker/terminate/*,
// workers/nested_worker_terminate_from_document.html, workers/Worker-termination-with-port-messages.html
'use strict';

promise_test(async t => {
    const worker = start(t, 'setInterval(() => postMessage(null), 0);');

    await nextMessage(worker);
    worker.terminate();
    worker.onmessage = t.unreached_func('It was terminated');
    await settle(t);
}, 'Nothing arrives any more');

promise_test(async t => {
    const worker = start(t, 'for (let i = 0; i < 100; i++) postMessage(i);');
    const received = [];

    await new Promise(resolve => {
        worker.onmessage = ({data}) => {
            received.push(data);
            worker.terminate();
            resolve();
        };
    });
    await settle(t);
    assert_array_equals(received, [0]);
}, 'What has come already is dropped');

for (const [title, source] of [
    ['its script runs', 'postMessage(null); for (;;);'],
    ['it handles a message', 'onmessage = () => { for (;;); }; postMessage(null);'],
]) {
    promise_test(async t => {
        const worker = start(t, source);

        await nextMessage(worker);
        worker.postMessage(null);
        worker.onerror = t.unreached_func('That is not an error');
        worker.terminate();
        worker.postMessage('nobody listens');
        worker.terminate();
        await settle(t);
    }, `A worker that is busy for ever, while ${title}`);
}

promise_test(async t => {
    const worker = new Worker(makeUrl('postMessage(null);'));

    worker.onmessage = t.unreached_func('It was terminated');
    worker.terminate();
    await settle(t);
}, 'A worker that has not begun');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({ports: [port]}) => setInterval(() => port.postMessage(null), 0);');
    const {port1, port2} = new MessageChannel();

    port1.start();
    worker.postMessage(null, [port2]);
    await nextMessage(port1);
    worker.terminate();
    await settle(t);
    port1.onmessage = t.unreached_func('It was terminated');
    await settle(t);
}, 'Its ports say nothing more');

promise_test(async t => {
    const name = 'nested and terminated';
    const channel = new BroadcastChannel(name);
    const nested = makeUrl(`const channel = new BroadcastChannel("${name}"); setInterval(() => channel.postMessage(null), 5);`);
    const worker = start(t, `const nested = new Worker("${nested}"); postMessage(null);`);

    t.add_cleanup(() => channel.close());
    await nextMessage(channel);
    worker.terminate();
    await settle(t);
    channel.onmessage = t.unreached_func('The worker above it was terminated');
    await settle(t);
}, 'Workers that it has started end with it');
