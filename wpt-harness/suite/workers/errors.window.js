// META: title=Errors of workers
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/Worker_ErrorEvent_*.htm, workers/WorkerGlobalScope_ErrorEvent_*.htm,
// workers/abrupt-completion.html, workers/dedicated-worker-parse-error-failure.html,
// workers/Worker_script_mimetype.htm, workers/constructors/Worker/same-origin.html,
// workers/interfaces/WorkerGlobalScope/onerror/*, workers/semantics/reporting-errors/*,
// workers/Worker-nested-importScripts-error.html
'use strict';

setup({allow_uncaught_exception: true});

const otherOrigin = location.origin.replace('://', '://www1.');

for (const [title, url] of [
    ['does not exist', 'resources/does-not-exist.js'],
    ['is not a script', 'resources/syntax-error.txt'],
    ['cannot be parsed', URL.createObjectURL(new Blob(['const = 1;'], {type: 'text/javascript'}))],
    ['is of another origin', `${otherOrigin}${new URL('resources/echo.js', location.href).pathname}`],
    ['has a URL that names nothing', 'about:blank'],
    ['was revoked', `blob:${location.origin}/00000000-0000-4000-8000-000000000000`],
]) {
    promise_test(async t => {
        const worker = startUrl(t, url);

        worker.onmessage = t.unreached_func('It was run');
        const event = await nextEvent(worker, 'error');
        assert_equals(Object.getPrototypeOf(event), Event.prototype);
        assert_true(event.isTrusted);
        assert_false(event.bubbles);
    }, `A script that ${title} is a plain error event`);
}

promise_test(async t => {
    const worker = startUrl(t, 'resources/throws.js');
    const event = await nextEvent(worker, 'error');

    event.preventDefault();
    assert_true(event instanceof ErrorEvent);
    assert_true(event.message.includes('thrown on purpose'));
    assert_equals(event.filename, new URL('resources/throws.js', location.href).href);
    assert_equals(event.lineno, 3);
    assert_greater_than(event.colno, 0);
    assert_equals(event.error, null);
    assert_true(event.cancelable);
    assert_true(event.defaultPrevented);
    assert_false(event.bubbles);
    assert_true(event.isTrusted);
    assert_equals(event.target, worker);
}, 'What the owner learns of an exception');

for (const [title, source] of [
    ['a handler', 'onmessage = () => { throw new Error("mine"); };'],
    ['a listener', 'addEventListener("message", () => { throw new Error("mine"); });'],
    ['a timer', 'onmessage = () => setTimeout(() => { throw new Error("mine"); });'],
    ['a microtask', 'onmessage = () => queueMicrotask(() => { throw new Error("mine"); });'],
    ['a port', 'onmessage = ({ports: [port]}) => { port.onmessage = () => { throw new Error("mine"); }; };'],
]) {
    promise_test(async t => {
        const {port1, port2} = new MessageChannel();
        const worker = start(t, source);

        worker.postMessage(null, [port2]);
        port1.postMessage(null);
        const event = await nextEvent(worker, 'error');
        event.preventDefault();
        assert_true(event.message.includes('mine'));
    }, `An exception in ${title}`);
}

promise_test(async t => {
    const worker = start(t, `
        onmessage = () => { throw new Error("mine"); };
        onerror = (...args) => {
            postMessage([args.length, args[0].includes("mine"), args[1] === location.href, args[2], args[4].message]);
            return true;
        };`);

    worker.onerror = t.unreached_func('The worker has handled it');
    worker.postMessage(null);
    assert_array_equals(await nextMessage(worker), [5, true, true, 2, 'mine']);
    await settle(t);
}, 'onerror of the scope has five arguments, and handles an exception with true');

promise_test(async t => {
    const worker = start(t, `
        onmessage = () => { throw new TypeError("mine"); };
        addEventListener("error", event => {
            postMessage([event instanceof ErrorEvent, event.error instanceof TypeError, event.target === self, event.cancelable]);
            event.preventDefault();
        });`);

    worker.onerror = t.unreached_func('The worker has handled it');
    worker.postMessage(null);
    assert_array_equals(await nextMessage(worker), [true, true, true, true]);
    await settle(t);
}, 'A listener of the scope handles an exception with preventDefault()');

promise_test(async t => {
    const worker = start(t, `
        onmessage = ({data}) => data === "throw" ? missing() : postMessage(data);
        onerror = () => false;`);
    const error = nextEvent(worker, 'error');

    worker.onerror = event => event.preventDefault();
    worker.postMessage('throw');
    worker.postMessage('goes on');
    assert_equals(await nextMessage(worker), 'goes on');
    assert_true((await error).message.includes('missing'));
}, 'A worker goes on after an exception');

promise_test(async t => {
    const worker = start(t, 'onmessage = () => { throw new Error("for the window"); };');
    const seen = new Promise(resolve => {
        worker.addEventListener('error', () => resolve('worker'), {once: true});
    });
    const order = [];

    seen.then(() => order.push('worker'));
    const error = nextEvent(window, 'error');
    worker.postMessage(null);
    const event = await error;
    order.push('window');
    event.preventDefault();
    assert_true(event.message.includes('for the window'));
    assert_equals(event.target, window);
    assert_array_equals(order, ['worker', 'window']);
}, 'What nobody handles at the worker goes on to the window');

promise_test(async t => {
    const worker = start(t, 'onmessage = () => { throw new Error("cancelled"); };');

    window.addEventListener('error', t.unreached_func('It was cancelled'), {once: true});
    worker.onerror = event => event.preventDefault();
    worker.postMessage(null);
    await nextEvent(worker, 'error');
    await settle(t);
}, 'What is cancelled at the worker does not');

promise_test(async t => {
    const worker = start(t, 'postMessage(1); throw new Error("mine");');
    const order = [];

    worker.onmessage = () => order.push('message');
    const error = nextEvent(worker, 'error');
    (await error).preventDefault();
    order.push('error');
    assert_array_equals(order, ['message', 'error']);
}, 'An error comes after what was posted before');

promise_test(async t => {
    const worker = start(t, 'onmessage = () => { throw {message: "not an Error"}; };');

    worker.postMessage(null);
    const event = await nextEvent(worker, 'error');
    event.preventDefault();
    assert_true(event instanceof ErrorEvent);
}, 'Anything can be thrown');

promise_test(async t => {
    const worker = start(t, 'onmessage = () => reportError(new Error("reported"));');

    worker.postMessage(null);
    const event = await nextEvent(worker, 'error');
    event.preventDefault();
    assert_true(event.message.includes('reported'));
}, 'reportError()');
