// META: title=The constructor of Worker
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/interfaces/DedicatedWorkerGlobalScope/*, workers/constructors/Worker/*.html,
// workers/name-property.html, workers/data-url.html, workers/dedicated-worker-from-blob-url.window.js,
// workers/WorkerLocation*.htm, workers/Worker-base64.any.js
'use strict';

test(() => {
    assert_throws_js(TypeError, () => new Worker());
    assert_throws_js(TypeError, () => Worker('resources/echo.js'));
    assert_throws_js(TypeError, () => new Worker('resources/echo.js', {type: 'unknown'}));
    assert_throws_js(TypeError, () => new Worker('resources/echo.js', {credentials: 'unknown'}));
    assert_throws_js(TypeError, () => new Worker(Symbol('a')));
}, 'What it requires');

test(() => {
    assert_throws_dom('SyntaxError', () => new Worker('http://:80/'));
}, 'An invalid URL');

promise_test(async t => {
    const worker = startUrl(t, 'resources/echo.js?query#part');

    assert_true(worker instanceof Worker);
    assert_true(worker instanceof EventTarget);
    assert_equals(await nextMessage(worker), `${new URL('resources/echo.js', location.href).pathname} `);
}, 'A URL is relative to that of the page');

promise_test(async t => {
    const worker = startUrl(t, 'resources/echo.js', {name: 'the name'});

    assert_true((await nextMessage(worker)).endsWith(' the name'));
}, 'A worker has a name');

promise_test(async t => {
    const source = 'postMessage([name, self.name, name === self.name]);';

    assert_array_equals(await nextMessage(start(t, source)), ['', '', true]);
    assert_array_equals(await nextMessage(start(t, source, {name: null})), ['null', 'null', true]);
    assert_array_equals(await nextMessage(start(t, source, undefined)), ['', '', true]);
    assert_array_equals(await nextMessage(start(t, source, null)), ['', '', true]);
}, 'Names that are not strings');

promise_test(async t => {
    const url = makeUrl('postMessage([location.href, location.protocol, origin]);');
    const worker = startUrl(t, url);

    URL.revokeObjectURL(url);
    assert_array_equals(await nextMessage(worker), [url, 'blob:', location.origin]);
}, 'The URL of a blob, which may be revoked at once');

promise_test(async t => {
    const url = `data:text/javascript,${encodeURIComponent('postMessage([location.href, origin]);')}`;

    assert_array_equals(await nextMessage(startUrl(t, url)), [url, 'null']);
}, 'A data: URL, whose origin is opaque');

promise_test(async t => {
    const url = `data:text/javascript;base64,${btoa('postMessage("decoded");')}`;

    assert_equals(await nextMessage(startUrl(t, url)), 'decoded');
}, 'A data: URL in base64');

promise_test(async t => {
    const source = 'postMessage(["href", "origin", "protocol", "host", "hostname", "port", "pathname", "search", "hash"]' +
        '.map(part => location[part]).concat(String(location)));';
    const blob = makeUrl(source);
    const url = new URL(blob);

    assert_array_equals(await nextMessage(startUrl(t, blob)), [
        url.href, url.origin, url.protocol, url.host, url.hostname, url.port, url.pathname, url.search, url.hash, url.href,
    ]);
}, 'The location of a worker');
