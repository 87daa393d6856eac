// META: title=The global scope of a worker
// META: timeout=long
// META: global=dedicatedworker,sharedworker
// Upstream: workers/interfaces/WorkerGlobalScope/*, workers/interfaces/DedicatedWorkerGlobalScope/*,
// workers/interfaces/SharedWorkerGlobalScope/*, workers/WorkerNavigator*.any.js,
// workers/constructors/Worker/Blob-url.html, workers/Worker-replace-self.any.js
'use strict';

const isDedicated = 'DedicatedWorkerGlobalScope' in self;

test(() => {
    const klass = isDedicated ? DedicatedWorkerGlobalScope : SharedWorkerGlobalScope;

    assert_true(self instanceof klass);
    assert_true(self instanceof WorkerGlobalScope);
    assert_true(self instanceof EventTarget);
    assert_equals(self.self, self);
    assert_equals(globalThis, self);
    assert_throws_js(TypeError, () => new klass());
}, 'self');

test(() => {
    assert_equals('postMessage' in self, isDedicated);
    assert_equals('onmessage' in self, isDedicated);
    assert_equals('onconnect' in self, !isDedicated);
    assert_equals(typeof importScripts, 'function');
    assert_equals(typeof close, 'function');
    for (const name of ['window', 'document', 'parent', 'top', 'open'])
        assert_false(name in self, name);
}, 'Members');

test(() => {
    assert_equals(new URL(location.href).pathname.split('/').pop(), 'scope.any.worker.js');
    assert_equals(String(location), location.href);
    assert_equals(location.origin, origin);
    assert_true(location instanceof WorkerLocation);
}, 'location');

test(() => {
    assert_equals(name, '');
    assert_greater_than(navigator.hardwareConcurrency, 0);
    assert_equals(typeof navigator.userAgent, 'string');
    assert_equals(isSecureContext, location.protocol === 'https:' || /^http:\/\/(localhost|127\.)/.test(origin));
}, 'name, navigator and isSecureContext');

test(() => {
    assert_equals(self.onerror, null);
    const handler = () => {};
    self.onerror = handler;
    assert_equals(self.onerror, handler);
    self.onerror = null;
}, 'onerror');

promise_test(async () => {
    const order = [];

    await new Promise(resolve => {
        setTimeout((...args) => {
            order.push(...args);
            resolve();
        }, 0, 'a timer', 'with arguments');
        queueMicrotask(() => order.push('microtask'));
        order.push('script');
    });
    assert_array_equals(order, ['script', 'microtask', 'a timer', 'with arguments']);
    clearTimeout(setTimeout(() => order.push('cleared'), 0));
    await new Promise(resolve => setTimeout(resolve, 5));
    assert_equals(order.length, 4);
}, 'Timers and microtasks');

promise_test(async () => {
    const {port1, port2} = new MessageChannel();
    const blob = new Blob(['text']);

    port1.postMessage([blob, structuredClone(new Map([[1, 2]]))]);
    const [received, map] = (await new Promise(resolve => {
        port2.onmessage = resolve;
    })).data;
    assert_equals(await received.text(), 'text');
    assert_equals(map.get(1), 2);
    assert_equals(new URL('b', 'http://a.test/').href, 'http://a.test/b');
}, 'What else a script finds there');

test(() => {
    let event = null;

    self.addEventListener('mine', received => {
        event = received;
    }, {once: true});
    self.dispatchEvent(new Event('mine'));
    assert_equals(event.target, self);
}, 'The scope is an event target');
