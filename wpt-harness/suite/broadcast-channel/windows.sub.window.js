// META: title=BroadcastChannel between windows
// Upstream: webmessaging/broadcastchannel/cross-origin.html, detached-iframe.html, opaque-origin.html,
// ordering.html, origin.window.js, sandbox.html
'use strict';

let nNames = 0;
const makeName = () => `between windows ${nNames++}`;

const hereUrl = name => new URL(`resources/echo.html?name=${encodeURIComponent(name)}`, location.href).href;
const otherUrl = name => hereUrl(name).replace('//{{location[hostname]}}', '//{{domains[www1]}}');

function open(t, name, view = window) {
    const channel = new view.BroadcastChannel(name);

    t.add_cleanup(() => channel.close());
    return channel;
}

// A frame that has loaded; it goes with the test.
function openFrame(t, attributes = {}) {
    const frame = document.createElement('iframe');

    for (const [name, value] of Object.entries(attributes))
        frame.setAttribute(name, value);
    t.add_cleanup(() => frame.remove());
    return new Promise(resolve => {
        frame.onload = () => resolve(frame);
        document.body.append(frame);
    });
}

const nextMessage = target => new Promise(resolve => {
    target.addEventListener('message', resolve, {once: true});
});

// What a frame tells of a kind.
const nextReport = kind => new Promise(resolve => {
    window.addEventListener('message', function listen({data, source}) {
        if (kind in data) {
            window.removeEventListener('message', listen);
            resolve({...data, source});
        }
    });
});

// Resolves when what was broadcast before has arrived in all windows of this origin.
async function settle(t) {
    const name = makeName();
    const received = nextMessage(open(t, name));

    open(t, name).postMessage('settled');
    await received;
}

promise_test(async t => {
    const name = makeName();
    const channel = open(t, name);
    const frame = await openFrame(t, {src: hereUrl(name)});
    const report = nextReport('heard');

    channel.postMessage([1]);
    const {heard, origin} = await report;
    assert_array_equals(heard, [1]);
    assert_equals(origin, location.origin);

    const received = nextMessage(channel);
    frame.contentWindow.postMessage({answer: 2}, '*');
    const event = await received;
    assert_equals(event.data.answer, 2);
    assert_equals(event.origin, location.origin);
    assert_equals(event.source, null);
    assert_equals(event.lastEventId, '');
    assert_array_equals(event.ports, []);
}, 'A frame of the same origin hears, and is heard');

for (const [title, attributes] of [
    ['of another origin', name => ({src: otherUrl(name)})],
    ['in a sandbox', name => ({src: hereUrl(name), sandbox: 'allow-scripts'})],
    ['of a data: URL', name => ({
        src: `data:text/html,<script>const channel = new BroadcastChannel(${JSON.stringify(name)});
            channel.onmessage = ({data}) => parent.postMessage({heard: data}, '*');
            onmessage = ({data}) => {
                channel.postMessage(data);
                parent.postMessage({posted: data}, '*');
            };</script>`,
    })],
]) {
    promise_test(async t => {
        const name = makeName();
        const channel = open(t, name);
        const frame = await openFrame(t, attributes(name));
        const posted = nextReport('posted');

        channel.onmessage = t.unreached_func('Another origin was heard');
        nextReport('heard').then(t.unreached_func('Another origin has heard'));
        channel.postMessage('to the frame');
        frame.contentWindow.postMessage('from the frame', '*');
        await posted;
        await settle(t);
    }, `A frame ${title} neither hears nor is heard`);
}

promise_test(async t => {
    const source = name => `data:text/html,<script>
        const here = new BroadcastChannel(${JSON.stringify(name)}), there = new BroadcastChannel(${JSON.stringify(name)});
        there.onmessage = ({data, origin}) => parent.postMessage({heard: data, origin}, '*');
        onmessage = () => here.postMessage(document.title);
        document.title = Math.random();
        </script>`;
    const name = makeName();
    const frames = [await openFrame(t, {src: source(name)}), await openFrame(t, {src: source(name)})];
    const seen = new Set();

    for (const frame of frames) {
        const report = nextReport('heard');

        frame.contentWindow.postMessage('go', '*');
        const {heard, origin, source: from} = await report;
        assert_equals(from, frame.contentWindow);
        assert_equals(origin, 'null');
        seen.add(heard);
    }
    assert_equals(seen.size, 2);
}, 'An opaque origin only hears itself');

promise_test(async t => {
    const name = makeName();
    const views = [window, (await openFrame(t)).contentWindow, (await openFrame(t)).contentWindow];
    const channels = [0, 1, 2, 1, 0, 2].map(number => open(t, name, views[number]));
    const order = [];

    const done = new Promise(resolve => {
        channels.forEach((channel, number) => {
            channel.onmessage = ({data}) => {
                order.push([number, data]);
                if (data === 'last' && number === 5)
                    resolve();
            };
        });
    });
    const sender = open(t, name, views[2]);
    sender.onmessage = () => {};
    channels[2].postMessage('first');
    sender.postMessage('last');
    await done;
    assert_array_equals(order.map(String), [
        ...[0, 1, 3, 4, 5].map(number => `${number},first`),
        ...[0, 1, 2, 3, 4, 5].map(number => `${number},last`),
    ]);
}, 'Channels of all windows get it in the order in which they were made');

promise_test(async t => {
    const name = makeName();
    const frame = await openFrame(t);
    const channel = open(t, name, frame.contentWindow);
    const here = open(t, name);

    channel.onmessage = t.unreached_func('The document is not active any more');
    here.onmessage = t.unreached_func('The document was not active any more');
    here.postMessage('under way');
    frame.remove();
    here.postMessage('too late');
    channel.postMessage('from nowhere');
    await settle(t);
}, 'A channel ends with its document');

promise_test(async t => {
    const name = makeName();
    const frame = await openFrame(t);
    const {BroadcastChannel: Class} = frame.contentWindow;

    frame.remove();
    const channels = [new Class(name), new Class(name)];
    const here = open(t, name);

    for (const channel of [...channels, here])
        channel.onmessage = t.unreached_func('The document was never active');
    channels[0].postMessage(1);
    here.postMessage(2);
    await settle(t);
    assert_equals(channels[0].name, name);
}, 'A channel of a document that is gone is made, and does nothing');

promise_test(async t => {
    const frame = await openFrame(t);
    const channel = open(t, makeName(), frame.contentWindow);

    channel.close();
    assert_throws_dom('InvalidStateError', frame.contentWindow.DOMException, () => channel.postMessage(1));
    frame.remove();
    channel.postMessage(1);
}, 'A closed channel throws only while its document is active');

promise_test(async t => {
    const name = makeName();
    const channel = open(t, name);
    const frame = await openFrame(t);
    const old = open(t, name, frame.contentWindow);
    let nHeard = 0;

    channel.onmessage = () => nHeard++;
    old.onmessage = t.unreached_func('The document is not active any more');
    await new Promise(resolve => {
        frame.onload = resolve;
        frame.src = hereUrl(name);
    });
    const report = nextReport('heard');
    channel.postMessage('after the navigation');
    old.postMessage('before it');
    assert_equals((await report).heard, 'after the navigation');
    assert_equals(nHeard, 0);
}, 'A channel ends when another document comes');
