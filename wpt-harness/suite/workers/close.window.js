// META: title=close() of a worker
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/WorkerGlobalScope-close.html, workers/interfaces/WorkerGlobalScope/close/*,
// webmessaging/message-channels/worker-post-after-close.any.js, workers/Worker-termination-with-port-messages.html
'use strict';

promise_test(async t => {
    const worker = start(t, 'postMessage("before"); close(); postMessage("after");');

    assert_array_equals(await collect(worker, 2), ['before', 'after']);
}, 'The script goes on to its end, and what it posts goes out');

promise_test(async t => {
    const worker = start(t, `
        onmessage = ({data, ports: [port]}) => {
            port.postMessage("before");
            close();
            port.postMessage("after");
            Promise.resolve().then(() => port.postMessage("microtask"));
        };`);
    const {port1, port2} = new MessageChannel();
    const received = collect(port1, 3);

    port1.start();
    worker.postMessage(null, [port2]);
    assert_array_equals(await received, ['before', 'after', 'microtask']);
}, 'So it does through a port');

promise_test(async t => {
    const worker = start(t, `
        setTimeout(() => postMessage("timer"), 0);
        onmessage = ({data}) => {
            if (data === "close")
                close();
            else
                postMessage(data);
        };
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => postMessage("port");
        const channels = [new BroadcastChannel("closing"), new BroadcastChannel("closing")];
        channels[1].onmessage = () => postMessage("broadcast");
        port2.postMessage(null);
        channels[0].postMessage(null);
        close();`);

    worker.onmessage = t.unreached_func('It was closed');
    worker.postMessage('close');
    worker.postMessage('later');
    await settle(t);
}, 'Nothing is delivered to it any more');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({data}) => { postMessage(data); close(); };');
    const received = [];

    worker.onmessage = ({data}) => received.push(data);
    for (let i = 0; i < 10; i++)
        worker.postMessage(i);
    await nextMessage(worker);
    await settle(t);
    assert_array_equals(received, [0]);
}, 'What has come already is dropped');

promise_test(async t => {
    const channel = new BroadcastChannel('closed');
    const heard = collect(channel, 1);
    const worker = start(t, `
        const channel = new BroadcastChannel("closed");
        channel.postMessage("before");
        close();
        channel.postMessage("after");
        new BroadcastChannel("closed").postMessage("after, in a channel of its own");
        postMessage(null);`);

    t.add_cleanup(() => channel.close());
    await nextMessage(worker);
    assert_array_equals(await heard, ['before']);
    channel.onmessage = t.unreached_func('It was closed');
    await settle(t);
}, 'It cannot broadcast any more');

promise_test(async t => {
    const worker = start(t, 'close(); close(); self.close(); postMessage("closed");');

    assert_equals(await nextMessage(worker), 'closed');
    worker.postMessage('nobody listens');
    worker.terminate();
}, 'It may be called again, and messages for it are lost without an error');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({ports: [port]}) => { port.postMessage("mine"); close(); };');
    const {port1, port2} = new MessageChannel();
    const closed = nextEvent(port1, 'close');

    port1.start();
    worker.postMessage(null, [port2]);
    assert_equals(await nextMessage(port1), 'mine');
    await Promise.race([closed, new Promise((_resolve, reject) => t.step_timeout(() =>
        reject(new Error('There is no close event')), 2000))]);
}, 'Its ports are closed');
