// META: global=window,dedicatedworker
test(() => assert_true(false), 'fails everywhere');
test(() => assert_true(GLOBAL.isWindow()), 'fails in workers');
