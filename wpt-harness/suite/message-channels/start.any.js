// META: title=MessagePort: enabling the port message queue
// META: global=window,dedicatedworker,sharedworker
// Upstream: webmessaging/message-channels/implied-start.any.js, no-start.any.js,
// MessagePort_initial_disabled.any.js, MessagePort_onmessage_start.any.js
'use strict';

// Long enough for what is queued to be delivered: a message through a channel made later.
function later(t, callback) {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.step_func(() => t.step_timeout(callback, 0));
    port1.postMessage(null);
}

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.addEventListener('message', t.unreached_func('the port was not started'));
    port1.postMessage('unseen');
    later(t, t.step_func_done());
}, 'addEventListener() does not start a port');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port1.postMessage('early');
    port2.addEventListener('message', t.step_func_done(event => {
        assert_equals(event.data, 'early');
    }));
    later(t, () => port2.start());
}, 'Messages wait until start() is called');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port1.postMessage('early');
    port2.start = t.unreached_func('A script has defined it');
    port2.onmessage = t.step_func_done();
}, 'Setting onmessage does not call what a script has defined as start()');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port1.postMessage('early');
    later(t, t.step_func(() => {
        port2.onmessage = t.step_func_done(event => {
            assert_equals(event.data, 'early');
        });
    }));
}, 'Setting onmessage starts the port');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.addEventListener('message', t.step_func_done());
    port2.onmessage = null;
    port1.postMessage('hello');
}, 'So does setting it to null');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.unreached_func('replaced before the message came');
    port2.onmessage = t.step_func_done();
    port1.postMessage('hello');
}, 'The last handler that was set is called');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const received = [];

    port2.addEventListener('message', event => received.push(event.data));
    port2.start();
    port2.start();
    port1.postMessage(1);
    later(t, t.step_func_done(() => {
        assert_array_equals(received, [1]);
    }));
}, 'start() a second time does nothing');

test(() => {
    const {port1} = new MessageChannel();

    assert_equals(port1.onmessage, null);
    assert_equals(port1.onmessageerror, null);
    assert_equals(port1.onclose, null);
    const handler = () => {};
    port1.onmessage = handler;
    assert_equals(port1.onmessage, handler);
    port1.onmessage = 'not a function';
    assert_equals(port1.onmessage, null);
    port1.close();
}, 'Event handler attributes hold a function or null');
