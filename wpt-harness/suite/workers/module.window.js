// META: title=Workers that are modules
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/modules/dedicated-worker-import*.any.js, dedicated-worker-import-failure.html,
// dedicated-worker-parse-error-failure.html, dedicated-worker-import-meta.html
'use strict';

const urlOf = name => new URL(`resources/${name}`, location.href).href;

promise_test(async t => {
    const {before, after, renamed, keys, live, url, self, isStrict} =
        await nextMessage(startUrl(t, 'resources/module.js', {type: 'module'}));

    assert_array_equals([before, after, live, renamed], [1, 2, 2, 'renamed']);
    assert_array_equals(keys.sort(), ['count', 'default', 'leaf', 'other']);
    assert_equals(url, urlOf('module.js'));
    assert_equals(self, 'undefined');
    assert_true(isStrict);
}, 'What it imports, and how');

promise_test(async t => {
    const worker = start(t, `
        import {leaf} from "${urlOf('module-leaf.js')}";
        let mine = leaf;
        postMessage([mine, typeof self.mine, typeof leaf]);`, {type: 'module'});

    assert_array_equals(await nextMessage(worker), ['leaf', 'undefined', 'string']);
}, 'Variables of a module are its own');

for (const type of ['classic', 'module']) {
    promise_test(async t => {
        const worker = start(t, `import("${urlOf('module-leaf.js')}").then(({leaf}) => postMessage(leaf));`, {type});

        assert_equals(await nextMessage(worker), 'leaf');
    }, `import() in a ${type} script`);
}

promise_test(async t => {
    const promise = import('./resources/module-leaf.js');

    assert_true(promise instanceof Promise);
    assert_equals((await promise).leaf, 'leaf');
    await promise_rejects_js(t, TypeError, import('./resources/does-not-exist.js'));
}, 'import() in a script of the page');

promise_test(async t => {
    const worker = start(t, `import("${urlOf('does-not-exist.js')}").catch(({name}) => postMessage(name));`, {type: 'module'});

    assert_equals(await nextMessage(worker), 'TypeError');
}, 'import() of nothing');

promise_test(async t => {
    const worker = start(t, `
        await new Promise(resolve => setTimeout(resolve, 100));
        onmessage = ({data}) => postMessage(data);
        postMessage("ready");`, {type: 'module'});

    worker.postMessage('too early');
    assert_equals(await nextMessage(worker), 'ready');
    worker.postMessage('heard');
    assert_equals(await nextMessage(worker), 'heard');
}, 'Messages do not wait for what a module awaits');

for (const [title, url] of [
    ['does not exist', urlOf('does-not-exist.js')],
    ['imports what does not exist', urlOf('module-misses.js')],
    ['is not a script', urlOf('syntax-error.txt')],
    ['cannot be parsed', makeUrl('export const = 1;')],
]) {
    promise_test(async t => {
        const worker = startUrl(t, url, {type: 'module'});

        worker.onmessage = t.unreached_func('It was run');
        assert_equals(Object.getPrototypeOf(await nextEvent(worker, 'error')), Event.prototype);
    }, `A module that ${title}`);
}

promise_test(async t => {
    const worker = start(t, '\nthrow new Error("of a module");', {type: 'module'});
    const event = await nextEvent(worker, 'error');

    event.preventDefault();
    assert_true(event.message.includes('of a module'));
    assert_equals(event.lineno, 2);
}, 'An exception of a module');

promise_test(async t => {
    const worker = start(t, 'import "data:text/javascript,self.fromData = 1"; postMessage(fromData);', {type: 'module'});

    assert_equals(await nextMessage(worker), 1);
}, 'A module of a data: URL');
