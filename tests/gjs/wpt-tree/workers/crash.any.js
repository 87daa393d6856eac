// META: global=dedicatedworker
test(() => {}, 'passes');
// Nothing of GJS is in scope, but its global object can be reached.
async_test(t => {
    t.step_timeout(() => new Function('return imports')().system.exit(7), 100);
}, 'exits');
