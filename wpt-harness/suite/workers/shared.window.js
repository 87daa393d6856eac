// META: title=SharedWorker
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/SharedWorker-*.html, workers/SharedWorker_blobUrl.html, SharedWorker_dataUrl.html,
// workers/SharedWorker-MessageEvent-source.any.js, workers/interfaces/SharedWorkerGlobalScope/*,
// workers/constructors/SharedWorker/*.html, workers/shared-worker-name-via-options.html,
// workers/shared-worker-parse-error-failure.html, workers/name-property.html
'use strict';

// Counts its users, and answers them.
const countUrl = makeUrl(`
    let users = 0;
    onconnect = ({ports: [port]}) => {
        users++;
        port.onmessage = ({data}) => port.postMessage([data, users, name]);
    };`);

async function ask(worker, question) {
    const answer = nextEvent(worker.port);

    worker.port.start();
    worker.port.postMessage(question);
    return (await answer).data;
}

test(() => {
    assert_throws_js(TypeError, () => new SharedWorker());
    assert_throws_js(TypeError, () => SharedWorker(countUrl));
    assert_throws_js(TypeError, () => new SharedWorker(countUrl, {type: 'unknown'}));
    assert_throws_dom('SyntaxError', () => new SharedWorker('http://:80/'));
}, 'What the constructor requires');

promise_test(async () => {
    const worker = new SharedWorker(countUrl, 'object');

    assert_true(worker instanceof SharedWorker);
    assert_true(worker instanceof EventTarget);
    assert_true(worker.port instanceof MessagePort);
    assert_equals(worker.port, worker.port);
    assert_equals(worker.onerror, null);
    assert_array_equals(await ask(worker, 'hello'), ['hello', 1, 'object']);
}, 'The object, and its port');

promise_test(async () => {
    const url = makeUrl(`onconnect = event => {
        const {data, origin, source, ports, target, isTrusted, lastEventId} = event;
        ports[0].postMessage([data, origin, source === ports[0], ports.length, target === self, isTrusted, lastEventId,
            event instanceof MessageEvent]);
    };`);
    const {port} = new SharedWorker(url);
    const received = nextMessage(port);

    port.start();
    assert_array_equals(await received, ['', '', true, 1, true, true, '', true]);
}, 'The connect event');

promise_test(async t => {
    const url = makeUrl(`onconnect = ({ports: [port]}) => {
        port.addEventListener("message", ({data}) => port.postMessage(data));
        setTimeout(() => port.start(), 50);
        port.postMessage("connected");
    };`);
    const {port} = new SharedWorker(url);
    const received = collect(port, 2);

    port.start();
    port.postMessage('waits');
    assert_array_equals(await received, ['connected', 'waits']);
    t.done();
}, 'The port of the worker is not started');

promise_test(async () => {
    const [first, second] = [new SharedWorker(countUrl, 'one'), new SharedWorker(countUrl, 'one')];

    assert_not_equals(first.port, second.port);
    assert_array_equals(await ask(second, 2), [2, 2, 'one']);
    assert_array_equals(await ask(first, 1), [1, 2, 'one']);
}, 'There is one worker for a URL and a name');

promise_test(async () => {
    const workers = [new SharedWorker(countUrl, 'a'), new SharedWorker(countUrl, {name: 'b'}), new SharedWorker(countUrl)];
    const answers = await Promise.all(workers.map(worker => ask(worker, null)));

    assert_array_equals(answers.map(([, users, name]) => `${users} ${name}`), ['1 a', '1 b', '1 ']);
}, 'Another name is another worker');

promise_test(async () => {
    const other = makeUrl('onconnect = ({ports: [port]}) => port.postMessage("other");');
    const worker = new SharedWorker(other, 'one');

    assert_equals(await ask(worker, null), 'other');
}, 'Another URL is another worker');

promise_test(async t => {
    const frame = document.createElement('iframe');

    t.add_cleanup(() => frame.remove());
    document.body.append(frame);
    const here = new SharedWorker(countUrl, 'windows');
    const there = new frame.contentWindow.SharedWorker(countUrl, 'windows');
    await ask(here, null);
    assert_array_equals(await ask(there, 'there'), ['there', 2, 'windows']);
}, 'Windows share it');

promise_test(async () => {
    const worker = new SharedWorker(`data:text/javascript,${encodeURIComponent(
        'onconnect = ({ports: [port]}) => port.postMessage([origin, self instanceof SharedWorkerGlobalScope]);')}`);

    assert_array_equals(await ask(worker, null), ['null', true]);
}, 'A data: URL');

promise_test(async () => {
    const url = makeUrl(`
        import "data:text/javascript,self.imported = 'imported'";
        onconnect = ({ports: [port]}) => port.postMessage(imported);`);

    assert_equals(await ask(new SharedWorker(url, {type: 'module'}), null), 'imported');
}, 'A module');

for (const [title, url] of [
    ['does not exist', 'resources/does-not-exist.js'],
    ['cannot be parsed', makeUrl('const = 1;')],
]) {
    promise_test(async () => {
        const event = await nextEvent(new SharedWorker(url), 'error');

        assert_equals(Object.getPrototypeOf(event), Event.prototype);
    }, `A script that ${title}`);
}

promise_test(async t => {
    const url = makeUrl(`onconnect = ({ports: [port]}) => {
        port.onmessage = ({data}) => data === "throw" ? missing() : port.postMessage(data);
    };`);
    const worker = new SharedWorker(url);

    worker.onerror = t.unreached_func('An exception is not for the users');
    worker.port.postMessage('throw');
    assert_equals(await ask(worker, 'goes on'), 'goes on');
    await settle(t);
}, 'An exception stays in the worker, which goes on');

promise_test(async () => {
    const url = makeUrl(`onconnect = ({ports: [port]}) => {
        port.onmessage = ({ports: [other]}) => other.postMessage("through the worker");
    };`);
    const {port1, port2} = new MessageChannel();
    const received = nextMessage(port1);

    port1.start();
    new SharedWorker(url).port.postMessage(null, [port2]);
    assert_equals(await received, 'through the worker');
}, 'A port goes to the worker');

promise_test(async t => {
    const url = makeUrl(`
        const id = Math.random();
        onconnect = ({ports: [port]}) => {
            port.postMessage(id);
            port.onmessage = () => close();
        };`);
    const first = new SharedWorker(url);
    const id = await ask(first, 'close');

    await settle(t);
    assert_not_equals(await ask(new SharedWorker(url), null), id);
}, 'After close() there is a new one');
