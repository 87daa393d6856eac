// META: global=dedicatedworker,sharedworker
test(() => {
    for (const name of ['imports', 'print', 'arguments', 'connect', 'report_exception', 'post_message', 'window', 'document'])
        assert_equals(eval(`typeof ${name}`), 'undefined', name);
}, 'Those of GJS and of the library are hidden');
test(() => {
    assert_equals(name, '');
    assert_equals(self.name, '');
    assert_true(navigator.hardwareConcurrency > 0);
    assert_throws_js(TypeError, () => {
        'use strict';
        location = 'elsewhere';
    });
}, 'The scope has what a worker has');
const print = 'mine';
test(() => assert_equals(self.print, 'mine'), 'A script can use their names');
