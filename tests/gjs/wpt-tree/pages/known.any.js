// META: global=window
test(() => assert_true(false), 'is known to fail');
test(() => {}, 'is thought to fail');
test(() => assert_true(false), 'has no reason');
