// META: title=BroadcastChannel
// Upstream: webmessaging/broadcastchannel/basics.any.js, interface.any.js, ordering.html
'use strict';

// A name that no other test uses, and channels that are closed with the test.
let nNames = 0;
function open(t, count) {
    const name = `web-messaging ${nNames++}`;

    return Array.from({length: count}, () => {
        const channel = new BroadcastChannel(name);
        t.add_cleanup(() => channel.close());
        return channel;
    });
}

const nextMessage = channel => new Promise(resolve => {
    channel.addEventListener('message', resolve, {once: true});
});

test(() => {
    assert_throws_js(TypeError, () => new BroadcastChannel());
    assert_throws_js(TypeError, () => BroadcastChannel('name'));
}, 'A name is required, and new');

for (const [value, name] of [[null, 'null'], [undefined, 'undefined'], [5, '5'], ['', '']]) {
    test(t => {
        const channel = new BroadcastChannel(value);
        t.add_cleanup(() => channel.close());

        assert_equals(channel.name, name);
    }, `The name is a string: ${JSON.stringify(name)}`);
}

promise_test(async t => {
    const [here, there] = open(t, 2);
    const received = nextMessage(there);

    here.postMessage({some: 'object'});
    const event = await received;
    assert_equals(event.data.some, 'object');
    assert_true(event instanceof MessageEvent);
    assert_equals(event.target, there);
    assert_array_equals(event.ports, []);
    assert_true(event.isTrusted);
}, 'A message reaches another channel of the same name');

promise_test(async t => {
    const [here, ...others] = open(t, 4);
    const order = [];

    others.forEach((channel, number) => {
        channel.onmessage = () => order.push(number);
    });
    const last = nextMessage(others[2]);
    here.postMessage(1);
    await last;
    assert_array_equals(order, [0, 1, 2]);
}, 'Channels get it in the order in which they were made');

promise_test(async t => {
    const [here, there] = open(t, 2);
    const [other] = open(t, 1);
    let received = 0;

    here.onmessage = other.onmessage = () => received++;
    const arrived = nextMessage(there);
    here.postMessage(1);
    await arrived;
    assert_equals(received, 0);
}, 'It reaches neither its sender nor a channel of another name');

promise_test(async t => {
    const [here, a, b] = open(t, 3);
    const all = Promise.all([nextMessage(a), nextMessage(b)]);

    here.postMessage([1]);
    const [first, second] = await all;
    assert_not_equals(first.data, second.data);
}, 'Each receiver has a copy of its own');

promise_test(async t => {
    const [here, there] = open(t, 2);
    const received = [];
    const done = new Promise(resolve => {
        there.onmessage = ({data}) => {
            received.push(data);
            if (data === 4)
                resolve();
        };
    });

    for (let i = 0; i < 5; i++)
        here.postMessage(i);
    await done;
    assert_array_equals(received, [0, 1, 2, 3, 4]);
}, 'Messages come in the order of posting');

test(t => {
    const [channel] = open(t, 1);

    channel.close();
    channel.close();
    assert_throws_dom('InvalidStateError', () => channel.postMessage(1));
}, 'A closed channel cannot post, but can be closed again');

promise_test(async t => {
    const [here, there, last] = open(t, 3);
    let received = 0;

    there.onmessage = () => received++;
    const done = nextMessage(last);
    here.postMessage(1);
    there.close();
    await done;
    assert_equals(received, 0);
}, 'A closed channel receives nothing, not even what was posted before');

test(t => {
    const [channel] = open(t, 1);

    assert_throws_js(TypeError, () => channel.postMessage());
    assert_throws_dom('DataCloneError', () => channel.postMessage(() => {}));
    assert_throws_dom('DataCloneError', () => channel.postMessage(Symbol('a')));
}, 'Errors of postMessage()');
