// META: title=importScripts()
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/WorkerGlobalScope_importScripts*.htm, workers/interfaces/WorkerUtils/importScripts/*,
// workers/importscripts_mime*.any.js, workers/nested_worker_importScripts.worker.js
'use strict';

const urlOf = name => JSON.stringify(new URL(`resources/${name}`, location.href).href);

// What the call throws, or returns.
const tryImport = (t, call, options) => nextMessage(start(t, `
    let result;
    try {
        result = [typeof ${call}];
    } catch (error) {
        result = [error.name, error instanceof DOMException, error.message];
    }
    postMessage(result);`, options));

promise_test(async t => {
    assert_equals(await nextMessage(startUrl(t, 'resources/imports-near.js')), 'one and two, with a constant');
}, 'Scripts run in order, share what they declare, and have URLs relative to the worker');

promise_test(async t => {
    const [type] = await tryImport(t, `importScripts(${urlOf('one.js')})`);

    assert_equals(type, 'undefined');
}, 'It returns nothing');

promise_test(async t => {
    assert_equals((await tryImport(t, 'importScripts()'))[0], 'undefined');
}, 'It may have no argument');

promise_test(async t => {
    const url = makeUrl('var mine = 1; function twice() { return mine * 2; } let hidden = 3;');
    const worker = start(t, `importScripts("${url}"); postMessage([self.mine, self.twice(), hidden]);`);

    assert_array_equals(await nextMessage(worker), [1, 2, 3]);
}, 'What a script declares with var, or as a function, are properties of the scope');

promise_test(async t => {
    const url = makeUrl('self.first = "blob";');
    const worker = start(t, `
        importScripts("${url}", "data:text/javascript,self.second = 'data'");
        postMessage([first, second]);`);

    assert_array_equals(await nextMessage(worker), ['blob', 'data']);
}, 'URLs of blobs, and data: URLs');

for (const name of ['does-not-exist.js', 'syntax-error.txt']) {
    promise_test(async t => {
        const [type, isDomException] = await tryImport(t, `importScripts(${urlOf(name)})`);

        assert_equals(type, 'NetworkError');
        assert_true(isDomException);
    }, `A script that cannot be loaded: ${name}`);
}

promise_test(async t => {
    const worker = start(t, `
        try {
            importScripts(${urlOf('one.js')}, "http://:80/");
        } catch ({name}) {
            postMessage([name, typeof fromOne]);
        }`);

    assert_array_equals(await nextMessage(worker), ['SyntaxError', 'undefined']);
}, 'An invalid URL, before any script is run');

promise_test(async t => {
    const [name, , message] = await tryImport(t, `importScripts(${urlOf('throws.js')})`);

    assert_equals(name, 'RangeError');
    assert_equals(message, 'thrown on purpose');
}, 'An exception of the script');

promise_test(async t => {
    const [name, isDomException] = await tryImport(t, 'importScripts("data:text/javascript,const = 1;")');

    assert_equals(name, 'SyntaxError');
    assert_false(isDomException);
}, 'A script that cannot be parsed');

promise_test(async t => {
    const [name] = await tryImport(t, `importScripts(${urlOf('one.js')})`, {type: 'module'});

    assert_equals(name, 'TypeError');
}, 'It is not for modules');
