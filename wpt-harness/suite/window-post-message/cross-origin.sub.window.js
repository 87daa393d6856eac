// META: title=window.postMessage() between origins
// META: script=resources/window.js
// Upstream: webmessaging/postMessage_*_xorigin.sub.htm, webmessaging/event.source.xorigin.sub.htm
'use strict';

const other = new URL('resources/echo.html', location.href).href
    .replace('//{{location[hostname]}}', '//{{domains[www1]}}');
const otherOrigin = new URL(other).origin;

promise_test(async t => {
    const frame = await openFrame(t, {src: other});
    const {data, origin, source} = await ask(frame, {nested: [1]}, '*');

    assert_not_equals(otherOrigin, location.origin);
    assert_array_equals(data.data.nested, [1]);
    assert_equals(data.origin, location.origin);
    assert_equals(data.mine, otherOrigin);
    assert_true(data.isParent);
    assert_equals(origin, otherOrigin);
    assert_equals(source, frame.contentWindow);
}, 'A frame of another origin, and back');

for (const [name, target] of [['its origin', otherOrigin], ['a URL of its origin', `${other}?query`]]) {
    promise_test(async t => {
        const {data} = await ask(await openFrame(t, {src: other}), 'arrives', target);

        assert_equals(data.data, 'arrives');
    }, `The target origin is ${name}`);
}
for (const [name, args] of [['a solidus', ['/']], ['the own origin', [location.origin]], ['none', []]]) {
    promise_test(async t => {
        const frame = await openFrame(t, {src: other});

        frame.contentWindow.postMessage('lost', ...args);
        const {data} = await ask(frame, 'arrives', '*');
        assert_equals(data.data, 'arrives');
    }, `The target origin is ${name}: the message is dropped`);
}

promise_test(async t => {
    const frame = await openFrame(t, {src: other});
    const {port1, port2} = new MessageChannel();
    const {ports: [port]} = await ask(frame, 'port', otherOrigin, [port2]);
    const answer = new Promise(resolve => {
        port1.onmessage = resolve;
    });

    port.postMessage('through another origin');
    const {data, origin, source} = await answer;
    assert_equals(data, 'through another origin');
    assert_equals(origin, '');
    assert_equals(source, null);
    port1.close();
}, 'A port goes to another origin and back');

promise_test(async t => {
    const {contentWindow, contentDocument} = await openFrame(t, {src: other});

    assert_equals(contentDocument, null);
    for (const name of ['document', 'echo', 'onmessage', 'name', 'addEventListener'])
        assert_throws_dom('SecurityError', () => contentWindow[name], name);
    assert_throws_dom('SecurityError', () => {
        contentWindow.expando = 1;
    });
    assert_throws_dom('SecurityError', () => contentWindow.location.href);
}, 'A window of another origin shows little of itself');

promise_test(async t => {
    const {contentWindow} = await openFrame(t, {src: other});

    assert_equals(contentWindow.parent, window);
    assert_equals(contentWindow.top, window.top);
    assert_equals(contentWindow.self, contentWindow);
    assert_equals(contentWindow.window, contentWindow);
    assert_equals(contentWindow.length, 0);
    assert_false(contentWindow.closed);
    assert_equals(typeof contentWindow.postMessage, 'function');
    assert_equals(contentWindow.then, undefined);
}, 'but enough to be posted to');

promise_test(async t => {
    const frame = await openFrame(t);
    const loaded = new Promise(resolve => {
        frame.onload = resolve;
    });

    // The origin is compared when the message arrives.
    frame.contentWindow.postMessage('lost', location.origin);
    frame.src = other;
    await loaded;
    frame.contentWindow.postMessage('lost too', location.origin);
    let {data} = await ask(frame, 'arrives', otherOrigin);
    while (data.data === 'lost')
        ({data} = await nextMessage());
    assert_equals(data.data, 'arrives');
    assert_equals(data.mine, otherOrigin);
}, 'After a navigation the window has the other origin');
