// META: global=window
async_test(t => {
    t.done();
    t.done();
}, 'is done twice');
test(() => {}, 'the rest');
