// META: title=A file that passes
// META: script=/resources/helper.js
// META: script=near.js
test(() => {
    assert_equals(helper(), 'from the root');
    assert_equals(near(), 'from the folder');
    assert_equals(GLOBAL.isWindow() ? document.title : META_TITLE, 'A file that passes');
}, 'passes');
