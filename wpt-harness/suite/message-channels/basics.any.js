// META: title=MessageChannel: two entangled ports
// META: global=window,dedicatedworker,sharedworker
// Upstream: webmessaging/message-channels/basics.any.js, Channel_postMessage_target_source.any.js
'use strict';

test(() => {
    const channel = new MessageChannel();

    assert_true(channel.port1 instanceof MessagePort);
    assert_true(channel.port2 instanceof MessagePort);
    assert_not_equals(channel.port1, channel.port2);
}, 'A channel has two ports');

test(() => {
    const channel = new MessageChannel();

    assert_equals(channel.port1, channel.port1);
    assert_equals(channel.port2, channel.port2);
}, 'The attributes return the same objects each time');

test(() => {
    const channel = new MessageChannel();
    const {port1} = channel;

    assert_throws_js(TypeError, () => {
        channel.port1 = channel.port2;
    });
    assert_equals(channel.port1, port1);
}, 'The attributes are read-only');

test(() => {
    assert_throws_js(TypeError, () => new MessagePort());
}, 'A MessagePort cannot be constructed');

for (const name of ['MessageChannel', 'MessagePort', 'MessageEvent', 'Event', 'EventTarget']) {
    test(() => {
        assert_equals(self[name].name, name);
        assert_equals(Object.prototype.toString.call(self[name].prototype), `[object ${name}]`);
    }, `${name} has its class string`);
}

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.step_func_done(event => {
        assert_equals(event.data, 'ping');
    });
    port1.postMessage('ping');
}, 'What is posted at the first port arrives at the second');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port1.onmessage = t.step_func_done(event => {
        assert_equals(event.data, 'pong');
    });
    port2.onmessage = () => port2.postMessage('pong');
    port1.postMessage('ping');
}, 'The second port can answer');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const received = [];

    port2.onmessage = t.step_func(event => {
        received.push(event.data);
        if (received.length === 100) {
            assert_array_equals(received, Array.from({length: 100}, (_, i) => i));
            t.done();
        }
    });
    for (let i = 0; i < 100; i++)
        port1.postMessage(i);
    assert_equals(received.length, 0, 'delivery is a task');
}, 'Messages arrive later, in order');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    let n = 0;

    port1.onmessage = t.step_func(() => {
        if (++n < 200)
            port1.postMessage(n);
        else
            t.done();
    });
    port2.onmessage = event => port2.postMessage(event.data);
    port1.postMessage(n);
}, 'Two ports can answer each other for long');

promise_test(async () => {
    const {port1, port2} = new MessageChannel();
    const next = () => new Promise(resolve => {
        port2.onmessage = event => resolve(event.data);
    });

    port1.postMessage('first');
    assert_equals(await next(), 'first');
    port1.postMessage('second');
    assert_equals(await next(), 'second');
}, 'A message can settle a promise');

promise_test(async () => {
    const {port1, port2} = new MessageChannel();
    const order = [];

    port2.onmessage = event => {
        order.push(event.data);
        Promise.resolve().then(() => order.push(`after ${event.data}`));
    };
    port1.postMessage(1);
    port1.postMessage(2);
    port1.postMessage('end');
    while (!order.includes('after end'))
        await new Promise(resolve => setTimeout(resolve, 0));
    assert_array_equals(order, [1, 'after 1', 2, 'after 2', 'end', 'after end']);
}, 'Microtasks run between two messages');
