// META: title=Workers of workers
// META: timeout=long
// Upstream: workers/nested_worker.worker.js, nested_worker_close_self.worker.js, workers/semantics/multiple-workers/*
'use strict';

importScripts('/resources/testharness.js', 'resources/workers.js');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({data}) => postMessage([data, self instanceof DedicatedWorkerGlobalScope]);');

    worker.postMessage('hello');
    assert_array_equals(await nextMessage(worker), ['hello', true]);
}, 'A message there and back');

promise_test(async t => {
    const worker = startUrl(t, 'resources/echo.js', {name: 'below'});

    assert_equals(await nextMessage(worker), `${location.pathname.replace(/[^/]*$/, '')}resources/echo.js below`);
}, 'A URL is relative to that of the worker');

promise_test(async t => {
    const innermost = makeUrl('postMessage(name);');
    const middle = makeUrl(`new Worker("${innermost}", {name: name + " innermost"}).onmessage = ({data}) => postMessage(data);`);
    const worker = startUrl(t, middle, {name: 'middle'});

    assert_equals(await nextMessage(worker), 'middle innermost');
}, 'A worker below a worker below a worker');

promise_test(async t => {
    const [first, second] = ['first', 'second'].map(name => start(t, `
        onmessage = ({ports: [port]}) => {
            port.onmessage = ({data}) => postMessage(data);
            port.postMessage("from " + name);
        };`, {name}));
    const {port1, port2} = new MessageChannel();

    first.postMessage(null, [port1]);
    second.postMessage(null, [port2]);
    assert_array_equals(await Promise.all([nextMessage(first), nextMessage(second)]), ['from second', 'from first']);
}, 'Two workers are connected');

promise_test(async t => {
    const channel = new BroadcastChannel('nested');
    const worker = start(t, `
        const channel = new BroadcastChannel("nested");
        channel.onmessage = ({data, origin}) => postMessage([data, origin]);
        channel.postMessage("up");`);

    t.add_cleanup(() => channel.close());
    assert_equals(await nextMessage(channel), 'up');
    channel.postMessage('down');
    assert_array_equals(await nextMessage(worker), ['down', origin]);
}, 'Broadcasts between workers');

promise_test(async t => {
    const worker = start(t, 'onmessage = () => { throw new Error("from below"); };');
    const error = nextEvent(worker, 'error');

    worker.postMessage(null);
    const event = await error;
    event.preventDefault();
    assert_true(event.message.includes('from below'));
}, 'An error of a worker below');

promise_test(async t => {
    const innermost = makeUrl('throw new Error("from the innermost");');
    const worker = start(t, `
        const nested = new Worker("${innermost}");
        onerror = message => { postMessage(["scope", message.includes("from the innermost")]); };`);
    const received = nextMessage(worker);
    const event = await nextEvent(worker, 'error');

    event.preventDefault();
    assert_array_equals(await received, ['scope', true]);
    assert_true(event.message.includes('from the innermost'));
}, 'An error that nobody handles goes all the way up');

promise_test(async t => {
    const worker = start(t, 'postMessage("ready"); close();');

    assert_equals(await nextMessage(worker), 'ready');
    worker.postMessage('nobody listens');
}, 'A worker below closes');

test(() => {
    assert_equals(typeof SharedWorker, 'undefined');
}, 'Shared workers are for windows');

done();
