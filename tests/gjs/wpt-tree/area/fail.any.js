// META: global=window
test(() => assert_true(false, 'on purpose'), 'fails');
test(() => {}, 'passes');
