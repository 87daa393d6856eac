// META: title=Messages of dedicated workers
// META: timeout=long
// META: script=resources/workers.js
// Upstream: webmessaging/message-channels/worker.html, workers/Worker_basic.htm,
// workers/postMessage_*.htm
'use strict';

promise_test(async t => {
    const worker = start(t, 'onmessage = ({data}) => postMessage([data]);');

    worker.postMessage('hello');
    const event = await nextEvent(worker);
    assert_array_equals(event.data, ['hello']);
    assert_equals(event.target, worker);
    assert_equals(event.source, null);
    assert_equals(event.origin, '');
    assert_true(event.isTrusted);
}, 'A message to a worker, and its answer');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({data, target, source, origin}) => ' +
        'postMessage([data, target === self, source, origin]);');

    worker.postMessage(1);
    assert_array_equals((await nextEvent(worker)).data, [1, true, null, '']);
}, 'What the worker sees of a message');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({ports: [port]}) => { port.postMessage("through a port"); };');
    const {port1, port2} = new MessageChannel();
    const received = new Promise(resolve => {
        port1.onmessage = resolve;
    });

    worker.postMessage(null, [port2]);
    assert_equals((await received).data, 'through a port');
    port1.close();
}, 'A port goes to a worker');

promise_test(async t => {
    const worker = start(t, 'const {port1, port2} = new MessageChannel(); ' +
        'port1.onmessage = ({data}) => port1.postMessage(data * 2); postMessage(port2, [port2]);');
    const {data: port} = await nextEvent(worker);
    const received = new Promise(resolve => {
        port.onmessage = resolve;
    });

    port.postMessage(21);
    assert_equals((await received).data, 42);
    port.close();
}, 'A port comes from a worker');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({data}) => postMessage(data, [data.buffer]);');
    const bytes = new Uint8Array([1, 2, 3]);

    worker.postMessage(bytes, [bytes.buffer]);
    assert_throws_dom('DataCloneError', () => worker.postMessage(null, [bytes.buffer]));
    assert_array_equals((await nextEvent(worker)).data, [1, 2, 3]);
}, 'An ArrayBuffer goes there and back');

promise_test(async t => {
    const worker = start(t, 'for (let i = 0; i < 5; i++) postMessage(i);');
    const received = [];

    await new Promise(resolve => {
        worker.onmessage = ({data}) => {
            received.push(data);
            if (data === 4)
                resolve();
        };
    });
    assert_array_equals(received, [0, 1, 2, 3, 4]);
}, 'Messages of a worker come in order, also those from before anybody listened');

promise_test(async t => {
    const worker = start(t, 'onmessage = ({data}) => { if (data === "last") { close(); postMessage("lost"); } ' +
        'else postMessage(data); };');

    worker.postMessage('first');
    assert_equals((await nextEvent(worker)).data, 'first');
    worker.postMessage('last');
    worker.postMessage('later');
    let received = 0;
    worker.onmessage = ({data}) => {
        received += data === 'later' ? 1 : 0;
    };
    await new Promise(resolve => t.step_timeout(resolve, 100));
    assert_equals(received, 0);
}, 'A worker that has closed handles nothing more');

promise_test(async t => {
    const worker = start(t, '');

    assert_throws_dom('DataCloneError', () => worker.postMessage(() => {}));
    assert_throws_js(TypeError, () => worker.postMessage());
    assert_throws_js(TypeError, () => worker.postMessage(1, [null]));
}, 'Errors of postMessage()');
