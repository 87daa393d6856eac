test(() => assert_true(false, 'on purpose'), 'fails');
test(() => {}, 'passes');
