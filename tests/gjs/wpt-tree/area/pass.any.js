// META: title=A file that passes
// META: script=/resources/helper.js
// META: script=near.js
test(() => {
    assert_equals(helper(), 'from the root');
    assert_equals(near(), 'from the folder');
    assert_equals(document.title, 'A file that passes');
}, 'passes');
