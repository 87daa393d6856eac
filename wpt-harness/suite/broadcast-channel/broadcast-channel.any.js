// META: title=BroadcastChannel
// META: global=window,dedicatedworker,sharedworker
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

promise_test(async t => {
    const [here, first, second, last] = open(t, 4);
    const order = [];

    first.onmessage = ({data}) => {
        order.push(`first ${data}`);
        second.close();
    };
    second.onmessage = ({data}) => order.push(`second ${data}`);
    const done = new Promise(resolve => {
        last.onmessage = ({data}) => {
            order.push(`last ${data}`);
            if (data === 2)
                resolve();
        };
    });
    here.postMessage(1);
    here.postMessage(2);
    await done;
    assert_array_equals(order, ['first 1', 'last 1', 'first 2', 'last 2']);
}, 'A handler closes a channel that waits for the same message');

promise_test(async t => {
    const [here, there] = open(t, 2);
    const received = nextMessage(there);

    here.postMessage('sent before');
    here.close();
    assert_equals((await received).data, 'sent before');
}, 'What was posted before its sender closed arrives');

promise_test(async t => {
    const [here, there] = open(t, 2);
    let isSynchronous = true;

    const received = nextMessage(there).then(() => isSynchronous);
    here.postMessage(1);
    isSynchronous = false;
    assert_false(await received);
}, 'Messages arrive in a task');

promise_test(async t => {
    const [here, there] = open(t, 2);

    here.postMessage('heard');
    const late = new BroadcastChannel(here.name);
    t.add_cleanup(() => late.close());
    late.onmessage = t.unreached_func('It was posted before');
    assert_equals((await nextMessage(there)).data, 'heard');
}, 'A listener may come after the post, a channel may not');

promise_test(async t => {
    const [first, second, third] = open(t, 3);
    const order = [];

    first.onmessage = ({data}) => {
        order.push(`first ${data}`);
        if (data === 'a')
            first.postMessage('b');
    };
    second.onmessage = ({data}) => order.push(`second ${data}`);
    const done = new Promise(resolve => {
        third.onmessage = ({data}) => {
            order.push(`third ${data}`);
            if (data === 'b')
                resolve();
        };
    });
    const sender = new BroadcastChannel(first.name);
    t.add_cleanup(() => sender.close());
    sender.postMessage('a');
    await done;
    assert_array_equals(order, ['first a', 'second a', 'third a', 'second b', 'third b']);
}, 'An answer comes after its question everywhere');

promise_test(async t => {
    const [here, there] = open(t, 2);
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    const received = nextMessage(there);

    here.postMessage(buffer, [buffer]);
    assert_equals(buffer.byteLength, 3);
    assert_array_equals(new Uint8Array((await received).data), [1, 2, 3]);
}, 'There is no transfer list');

test(t => {
    const [channel] = open(t, 1);
    const {port1} = new MessageChannel();
    const mine = new Error('mine');

    t.add_cleanup(() => port1.close());
    assert_throws_dom('DataCloneError', () => channel.postMessage(port1));
    assert_throws_dom('DataCloneError', () => channel.postMessage({port1}));
    assert_throws_exactly(mine, () => channel.postMessage({
        get property() {
            throw mine;
        },
    }));
}, 'A port cannot be posted, and exceptions of the message propagate');

test(t => {
    const [channel] = open(t, 1);
    let nRead = 0;

    channel.close();
    assert_throws_dom('InvalidStateError', () => channel.postMessage({
        get property() {
            return nRead++;
        },
    }));
    assert_equals(nRead, 0);
}, 'A closed channel does not read the message');

promise_test(async t => {
    const [here, there] = open(t, 2);
    const order = [];
    const add = word => () => order.push(word);

    there.addEventListener('message', add('listener'));
    there.onmessage = add('replaced');
    there.addEventListener('message', add('last'));
    there.onmessage = add('handler');
    here.postMessage(1);
    await nextMessage(there);
    assert_array_equals(order, ['listener', 'handler', 'last']);
}, 'onmessage keeps its place among the listeners');

promise_test(async t => {
    const [here] = open(t, 1);
    const received = new Promise(resolve => {
        const there = new BroadcastChannel(here.name);
        there.onmessage = ({data}) => {
            there.close();
            resolve(data);
        };
    });

    // Wherever garbage can be collected on demand
    await globalThis.gc?.();
    await globalThis.garbageCollect?.();
    here.postMessage('listening');
    assert_equals(await received, 'listening');
}, 'A channel with a listener that nobody refers to receives');
