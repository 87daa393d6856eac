// META: title=MessagePort: close() and the close event
// META: global=window,dedicatedworker,sharedworker
// Upstream: webmessaging/message-channels/close.any.js, close-event/*.tentative.any.js
'use strict';

// Wherever garbage can be collected on demand
const collectGarbage = () => (globalThis.garbageCollect ?? globalThis.gc)?.();

function collectEvents(port) {
    const events = [];

    port.addEventListener('message', event => events.push(event.data));
    port.addEventListener('close', () => events.push('close'));
    port.start();

    return events;
}

// What is queued now has been delivered when the callback is called.
function later(t, callback) {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.step_func(() => t.step_timeout(callback, 0));
    port1.postMessage(null);
}

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.onclose = t.step_func_done(event => {
        assert_equals(event.type, 'close');
        assert_equals(event.target, port2);
        assert_true(event.isTrusted);
        assert_false(event.bubbles);
        assert_false(event.cancelable);
        assert_false(event instanceof MessageEvent);
    });
    port1.close();
}, 'The other port gets a close event');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const events = collectEvents(port1);

    port2.start();
    port1.close();
    later(t, t.step_func_done(() => {
        assert_array_equals(events, []);
    }));
}, 'The port that closes gets none');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const events = collectEvents(port2);

    port1.postMessage(1);
    port1.postMessage(2);
    port1.close();
    port1.close();
    later(t, t.step_func_done(() => {
        assert_array_equals(events, [1, 2, 'close']);
    }));
}, 'The close event comes once, after the messages');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const events = collectEvents(port2);

    port1.close();
    port1.postMessage('too late');
    later(t, t.step_func_done(() => {
        assert_array_equals(events, ['close']);
    }));
}, 'A closed port posts to nobody');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const events = collectEvents(port1);

    port1.close();
    port2.postMessage('too late');
    later(t, t.step_func_done(() => {
        assert_array_equals(events, []);
    }));
}, 'A message to a closed port does not arrive');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const received = [];

    port1.postMessage(1);
    port1.postMessage(2);
    later(t, () => {
        port2.onmessage = event => {
            received.push(event.data);
            port2.close();
        };
        later(t, t.step_func_done(() => {
            assert_array_equals(received, [1, 2]);
        }));
    });
}, 'close() in a handler does not hold up what has arrived');

test(() => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();

    port1.close();
    assert_throws_dom('DataCloneError', () => carrier.port1.postMessage(null, [port1]));
    carrier.port1.postMessage(null, [port2]);
}, 'A closed port cannot be transferred, but its other port can');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();

    carrier.port2.onmessage = t.step_func(event => {
        event.ports[0].onclose = t.step_func_done();
    });
    carrier.port1.postMessage(null, [port2]);
    port1.close();
}, 'The close event comes to the port that was received');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port1.onclose = t.step_func_done();
    port1.postMessage(null, [port2]);
}, 'A channel that is lost is closed');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();

    port1.onclose = t.step_func_done();
    carrier.port2.close();
    carrier.port1.postMessage(null, [port2]);
}, 'A port that is sent to nobody is closed');

test(() => {
    const {port1} = new MessageChannel();
    let n = 0;

    port1.onclose = () => n++;
    port1.dispatchEvent(new Event('close'));
    assert_equals(n, 1);
}, 'onclose is called for an event of a script');

async_test(t => {
    function makeChannel() {
        const {port1} = new MessageChannel();

        return port1;
    }
    const kept = makeChannel();

    kept.onclose = t.step_func_done();
    t.step_timeout(() => {
        collectGarbage();
        kept.postMessage('a reference');
    }, 0);
}, 'A port that was never started is collected, and its other port told');

async_test(t => {
    function makeChannel(received) {
        const {port1, port2} = new MessageChannel();

        port2.onmessage = t.step_func_done(received);
        return port1;
    }
    const kept = makeChannel(event => {
        assert_equals(event.data, 'still there');
    });

    kept.onclose = t.unreached_func('the other port was collected');
    t.step_timeout(() => {
        collectGarbage();
        kept.postMessage('still there');
    }, 0);
}, 'A port with onmessage stays although nobody refers to it');
