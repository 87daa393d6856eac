// META: title=window.postMessage() within an origin
// META: timeout=long
// META: script=resources/window.js
// Upstream: webmessaging/with-ports, webmessaging/without-ports, webmessaging/with-options,
// webmessaging/postMessage_*_sorigin.htm, webmessaging/event.*.htm
'use strict';

promise_test(async () => {
    const received = nextMessage();
    let isLater = false;

    postMessage({some: 'object'}, '*');
    isLater = true;
    const event = await received;
    assert_true(isLater);
    assert_equals(event.data.some, 'object');
    assert_equals(event.type, 'message');
    assert_equals(event.target, window);
    assert_equals(event.source, window);
    assert_equals(event.origin, location.origin);
    assert_equals(event.lastEventId, '');
    assert_array_equals(event.ports, []);
    assert_true(event.isTrusted);
    assert_false(event.bubbles);
    assert_false(event.cancelable);
}, 'A window posts to itself');

promise_test(async t => {
    const frame = await openFrame(t);
    const {data, source, origin} = await ask(frame, 'hello', '*');

    assert_equals(data.data, 'hello');
    assert_equals(data.origin, location.origin);
    assert_true(data.isParent);
    assert_equals(source, frame.contentWindow);
    assert_equals(source, window[0]);
    assert_equals(origin, location.origin);
}, 'A frame, and back');

for (const [name, target] of Object.entries({
    'an asterisk': '*',
    'a solidus': '/',
    'the origin': location.origin,
    'a URL of the origin': `${location.origin}/any/path?query#fragment`,
    'the origin with a name of a user': location.origin.replace('//', '//user:secret@'),
})) {
    promise_test(async t => {
        const {data} = await ask(await openFrame(t), 1, target);

        assert_equals(data.data, 1);
    }, `The target origin is ${name}`);
    promise_test(async t => {
        const {data} = await ask(await openFrame(t), 2, {targetOrigin: target});

        assert_equals(data.data, 2);
    }, `The target origin is ${name}, in a dictionary`);
}
for (const [name, args] of Object.entries({
    'no second argument': [],
    'undefined': [undefined],
    'an empty dictionary': [{}],
    'a dictionary with other members': [{someKey: 1}],
})) {
    promise_test(async t => {
        const {data} = await ask(await openFrame(t), 3, ...args);

        assert_equals(data.data, 3);
    }, `Without a target origin, the own one is meant: ${name}`);
}

for (const target of ['https://other.example', 'http://localhost:1', location.origin.replace(/^http:/, 'https:')]) {
    promise_test(async t => {
        const frame = await openFrame(t);

        frame.contentWindow.postMessage('lost', target);
        const {data} = await ask(frame, 'arrives', '*');
        assert_equals(data.data, 'arrives');
    }, `A message for ${new URL(target).protocol}//${new URL(target).port === '' ? 'another host' : 'another port'} is dropped: ${target === location.origin.replace(/^http:/, 'https:') ? 'the same host' : target}`);
}

for (const target of ['', 'example.org', '//example.org', 'http://', 'http://host:port', '**', '*/', 'null',
    `${location.origin}\0.example.org`, '\0*', '*\0']) {
    // To a frame that does not listen: nobody else gets what an engine posts nevertheless.
    promise_test(async t => {
        const {contentWindow} = await openFrame(t, {});

        for (const argument of [target, {targetOrigin: target}]) {
            assert_throws_dom('SyntaxError', contentWindow.DOMException,
                () => contentWindow.postMessage(1, argument));
        }
    }, `A target origin that is not a URL: ${JSON.stringify(target).replace(location.origin, '(the origin)')}`);
}

test(() => {
    assert_throws_js(TypeError, () => postMessage());
}, 'A message is required');
for (const transfer of [1, 'text', {}, [null], [1]]) {
    test(() => assert_throws_js(TypeError, () => postMessage(1, '*', transfer)),
        `A transfer list that is not a sequence of objects: ${JSON.stringify(transfer)}`);
}
test(() => {
    assert_throws_js(TypeError, () => postMessage(1, {targetOrigin: '*', transfer: null}));
}, 'A transfer of null in a dictionary');
test(() => {
    const {port1} = new MessageChannel();

    assert_throws_dom('DataCloneError', () => postMessage(() => {}, '*'));
    assert_throws_dom('DataCloneError', () => postMessage(window, '*'));
    assert_throws_dom('DataCloneError', () => postMessage(document, '*'));
    assert_throws_dom('DataCloneError', () => postMessage(port1, '*'));
    assert_throws_dom('DataCloneError', () => postMessage(1, '*', [port1, port1]));
    assert_throws_dom('DataCloneError', () => postMessage(1, '*', [{}]));
}, 'What cannot be cloned or transferred');
test(() => {
    const {port1} = new MessageChannel();
    const value = {
        get a() {
            throw new RangeError('mine');
        },
    };

    assert_throws_js(RangeError, () => postMessage(value, '*', [port1]));
    assert_throws_dom('SyntaxError', () => postMessage(1, 'nowhere', [port1]));
    assert_true(structuredClone(port1, {transfer: [port1]}) instanceof MessagePort);
}, 'After an error nothing was transferred');

promise_test(async t => {
    const frame = await openFrame(t);
    const {port1, port2} = new MessageChannel();
    const {data, ports} = await ask(frame, 'with a port', '*', [port2]);

    assert_equals(data.nPorts, 1);
    assert_equals(ports.length, 1);
    assert_true(Object.isFrozen(ports));
    const answer = new Promise(resolve => {
        port1.onmessage = resolve;
    });
    ports[0].postMessage('through a frame');
    assert_equals((await answer).data, 'through a frame');
    port1.close();
}, 'A port goes to a frame and back');

promise_test(async t => {
    const frame = await openFrame(t);
    const {port1, port2} = new MessageChannel();
    const {data} = await ask(frame, 'with a port', {targetOrigin: '*', transfer: [port2]});

    assert_equals(data.nPorts, 1);
    assert_throws_dom('DataCloneError', () => postMessage(1, '*', [port2]));
    port1.close();
}, 'A port in a dictionary; it was transferred');

promise_test(async t => {
    const frame = await openFrame(t);
    const {port1, port2} = new MessageChannel();

    frame.contentWindow.postMessage('lost', 'https://other.example', [port2]);
    assert_throws_dom('DataCloneError', () => structuredClone(port2, {transfer: [port2]}));
    port1.close();
}, 'A port is transferred although the message is dropped');

promise_test(async t => {
    const frame = await openFrame(t);
    const answers = [];
    const all = new Promise(resolve => {
        onmessage = ({data}) => {
            answers.push(data.data);
            if (answers.length === 5)
                resolve();
        };
    });

    for (let i = 0; i < 5; i++)
        frame.contentWindow.postMessage(i, '*');
    await all;
    onmessage = null;
    assert_array_equals(answers, [0, 1, 2, 3, 4]);
}, 'Messages come in the order of posting');

promise_test(async t => {
    const frame = await openFrame(t, {src: 'about:blank'});
    const received = nextMessage(frame.contentWindow);

    frame.contentWindow.postMessage('to a blank page', '/');
    const {data, origin, source} = await received;
    assert_equals(data, 'to a blank page');
    assert_equals(origin, location.origin);
    assert_equals(frame.contentWindow.origin, origin);
    assert_not_equals(source, null);
}, 'A blank frame has the origin of its parent');

promise_test(async t => {
    const frame = await openFrame(t, {srcdoc: '<script>onmessage = event => event.source.postMessage([event.data, origin], "/")</script>'});
    const {data} = await ask(frame, 'to a srcdoc', '/');

    assert_array_equals(data, ['to a srcdoc', location.origin]);
}, 'So has one with a srcdoc');

promise_test(async t => {
    const frame = await openFrame(t, {sandbox: 'allow-scripts', src: echo});
    const {data, origin} = await ask(frame, 'to a sandbox', '*');

    assert_equals(data.data, 'to a sandbox');
    assert_equals(origin, 'null');
    assert_equals(frame.contentDocument, null);
}, 'A sandboxed frame has an opaque origin');

promise_test(async t => {
    const frame = await openFrame(t, {sandbox: 'allow-scripts', src: echo});

    frame.contentWindow.postMessage('lost', '/');
    frame.contentWindow.postMessage('lost', location.origin);
    const {data} = await ask(frame, 'arrives', '*');
    assert_equals(data.data, 'arrives');
}, 'which no target origin but the asterisk is');

promise_test(async t => {
    const frame = await openFrame(t);
    const {port1, port2} = new MessageChannel();
    const {ports: [there]} = await ask(frame, 'once', '*', [port2]);
    const {ports: [back]} = await ask(frame, 'twice', '*', [there]);
    const answer = new Promise(resolve => {
        back.onmessage = resolve;
    });

    port1.postMessage('still entangled');
    assert_equals((await answer).data, 'still entangled');
    port1.close();
}, 'A port goes to a frame and back twice');

promise_test(async t => {
    const frame = await openFrame(t);
    const inner = new frame.contentWindow.MessageChannel();
    let received = 0;

    inner.port1.onmessage = () => received++;
    frame.remove();
    inner.port2.postMessage('into the void');
    await new Promise(resolve => t.step_timeout(resolve, 50));
    assert_equals(received, 0);
}, 'The ports of a frame that is gone receive nothing');

promise_test(async t => {
    const frame = await openFrame(t);
    const target = frame.contentWindow;

    frame.contentWindow.postMessage('lost', '*');
    frame.remove();
    assert_equals(frame.contentWindow, null);
    target.postMessage('lost too', '*');
    await new Promise(resolve => t.step_timeout(resolve, 50));
    assert_true(target.closed);
}, 'A frame that is gone can be posted to in vain');

promise_test(async t => {
    const frame = await openFrame(t);
    const proxy = frame.contentWindow;
    const loaded = new Promise(resolve => {
        frame.onload = resolve;
    });

    frame.src = `${echo}?again`;
    await loaded;
    assert_equals(frame.contentWindow, proxy);
    const {data} = await ask(frame, 'after navigation', '*');
    assert_equals(data.data, 'after navigation');
}, 'A frame keeps its window when it navigates');

promise_test(async () => {
    const order = [];
    const wait = () => new Promise(resolve => window.addEventListener('message', event => {
        order.push('listener');
        Promise.resolve().then(() => order.push('microtask'));
        resolve(event);
    }, {once: true}));
    const both = Promise.all([wait(), wait()]);

    window.postMessage(null);
    await both;
    assert_array_equals(order.slice(0, 3), ['listener', 'microtask', 'listener']);
}, 'Microtasks run between two listeners');
