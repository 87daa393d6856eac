// META: global=window,worker,window-module,worker-module,shadowrealm
// META: title=The title
// META: script=./support/declares.js
test(() => assert_equals(self.declared, 'declared'), 'runs what it asks for');
test(() => {
    const isWindow = typeof window !== 'undefined';

    assert_equals(GLOBAL.isWindow(), isWindow);
    assert_equals(GLOBAL.isWorker(), !isWindow);
    assert_equals(isWindow ? document.title : META_TITLE, 'The title');
}, 'knows where it runs');
