// META: title=Transferring ports
// META: global=window,dedicatedworker,sharedworker
// Upstream: webmessaging/Channel_postMessage_clone_port.any.js,
// Channel_postMessage_with_transfer_*.any.js, Channel_postMessage_transfer_during_dispatch.any.js
'use strict';

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();

    carrier.port2.onmessage = t.step_func(event => {
        const [received] = event.ports;

        assert_equals(event.ports.length, 1);
        assert_true(received instanceof MessagePort);
        assert_not_equals(received, port2);
        received.onmessage = t.step_func_done(inner => {
            assert_equals(inner.data, 'through the new port');
        });
    });
    carrier.port1.postMessage(null, [port2]);
    port1.postMessage('through the new port');
}, 'A transferred port arrives as a new one that works');

async_test(t => {
    const carrier = new MessageChannel();
    const {port2} = new MessageChannel();

    carrier.port2.onmessage = t.step_func_done(event => {
        assert_equals(event.data.port, event.ports[0]);
        assert_equals(event.data.again[0], event.ports[0]);
    });
    carrier.port1.postMessage({port: port2, again: [port2]}, [port2]);
}, 'It may stand in the message, several times');

async_test(t => {
    const carrier = new MessageChannel();
    const first = new MessageChannel();
    const second = new MessageChannel();

    carrier.port2.onmessage = t.step_func(event => {
        event.ports[0].onmessage = t.step_func(inner => {
            assert_equals(inner.data, 'first');
            event.ports[1].onmessage = t.step_func_done(last => {
                assert_equals(last.data, 'second');
            });
        });
    });
    carrier.port1.postMessage(null, [first.port1, second.port1]);
    first.port2.postMessage('first');
    second.port2.postMessage('second');
}, 'The order of the ports is that of the transfer list');

test(() => {
    const {port1} = new MessageChannel();

    assert_throws_dom('DataCloneError', () => port1.postMessage(null, [port1]));
}, 'A port cannot be sent through itself');

test(() => {
    const {port1, port2} = new MessageChannel();

    port1.postMessage(null, [port2]);
    assert_throws_dom('DataCloneError',
        () => new MessageChannel().port1.postMessage(null, [port2]));
}, 'A port may be sent to itself: the channel is lost, and that is not an error');

test(() => {
    const carrier = new MessageChannel();
    const {port1} = new MessageChannel();

    assert_throws_dom('DataCloneError', () => carrier.port1.postMessage(null, [port1, port1]));
    carrier.port1.postMessage(null, [port1]);
    assert_throws_dom('DataCloneError', () => carrier.port1.postMessage(null, [port1]));
}, 'A port can be transferred once, and not twice in one message');

test(() => {
    const carrier = new MessageChannel();
    const {port1} = new MessageChannel();
    const buffer = new ArrayBuffer(8);
    const value = {
        get property() {
            throw new Error('The value was read');
        },
    };

    for (const transfer of [[port1, port1], [buffer, buffer], [{}]])
        assert_throws_dom('DataCloneError', () => carrier.port1.postMessage(value, transfer));
}, 'The transfer list is checked before the message is read');

test(() => {
    const carrier = new MessageChannel();
    const {port1} = new MessageChannel();

    assert_throws_dom('DataCloneError', () => carrier.port1.postMessage(() => {}, [port1]));
    carrier.port1.postMessage(null, [port1]);
}, 'When serialization fails, nothing was transferred');

test(() => {
    const carrier = new MessageChannel();
    const used = new MessageChannel();
    const {port1} = new MessageChannel();

    carrier.port1.postMessage(null, [used.port1]);
    assert_throws_dom('DataCloneError', () => carrier.port1.postMessage(null, [{}, port1]));
    carrier.port1.postMessage(null, [port1]);
}, 'A plain object cannot be transferred');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();
    const received = [];

    port1.postMessage(1);
    carrier.port1.postMessage(null, [port2]);
    port1.postMessage(2);
    carrier.port2.onmessage = t.step_func(event => {
        port1.postMessage(3);
        event.ports[0].onmessage = t.step_func(inner => {
            received.push(inner.data);
            if (received.length === 3) {
                assert_array_equals(received, [1, 2, 3]);
                t.done();
            }
        });
    });
}, 'Messages to a port in transfer arrive in order');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();
    const received = [];

    port1.postMessage(1);
    port1.postMessage(2);
    carrier.port1.postMessage(null, [port1]);
    carrier.port2.onmessage = t.step_func(event => event.ports[0].postMessage(3));
    port2.onmessage = t.step_func(event => {
        received.push(event.data);
        if (received.length === 3) {
            assert_array_equals(received, [1, 2, 3]);
            t.done();
        }
    });
}, 'Messages that a port has posted before its transfer come first');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();
    const old = [];

    port2.onmessage = t.step_func(event => {
        old.push(event.data);
        carrier.port1.postMessage(null, [port2]);
    });
    carrier.port2.onmessage = t.step_func(event => {
        const received = [];

        event.ports[0].onmessage = t.step_func(inner => {
            received.push(inner.data);
            if (received.length === 2) {
                assert_array_equals(old, [1]);
                assert_array_equals(received, [2, 3]);
                t.done();
            }
        });
    });
    port1.postMessage(1);
    port1.postMessage(2);
    port1.postMessage(3);
}, 'A port that is transferred in its own handler takes the rest along');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();

    carrier.port2.onmessage = t.step_func(event => {
        const [a, b] = event.ports;

        b.onmessage = t.step_func_done(inner => {
            assert_equals(inner.data, 'between the two');
        });
        a.postMessage('between the two');
    });
    carrier.port1.postMessage(null, [port1, port2]);
}, 'Both ports of a channel in one message stay entangled');

async_test(t => {
    const carrier = new MessageChannel();
    const outer = new MessageChannel();
    const inner = new MessageChannel();

    carrier.port1.postMessage(null, [outer.port2]);
    outer.port1.postMessage(null, [inner.port2]);
    inner.port1.postMessage('deep');
    carrier.port2.onmessage = t.step_func(first => {
        first.ports[0].onmessage = t.step_func(second => {
            second.ports[0].onmessage = t.step_func_done(third => {
                assert_equals(third.data, 'deep');
            });
        });
    });
}, 'A port can be sent through a port that is itself on its way');

async_test(t => {
    const carrier = new MessageChannel();
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.unreached_func('the old port');
    carrier.port1.postMessage(null, [port2]);
    port1.postMessage('for the new port');
    carrier.port2.onmessage = t.step_func(event => {
        event.ports[0].addEventListener('message', t.step_func_done());
        event.ports[0].start();
    });
}, 'The new port is not started, although the old one was');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const carriers = Array.from({length: 10}, () => new MessageChannel());

    for (const carrier of carriers) {
        carrier.port2.onmessage = t.step_func(event => {
            const next = carriers[carriers.indexOf(carrier) + 1];

            if (next !== undefined) {
                next.port1.postMessage(null, event.ports);
                return;
            }
            event.ports[0].onmessage = t.step_func_done(inner => {
                assert_equals(inner.data, 'far');
            });
        });
    }
    carriers[0].port1.postMessage(null, [port2]);
    port1.postMessage('far');
}, 'A port can be transferred many times');
