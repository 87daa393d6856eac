// META: title=A script for windows
// META: variant=?first
// META: variant=?second
test(() => {
    assert_equals(document.title, 'A script for windows');
    assert_true(['?first', '?second'].includes(location.search));
    assert_equals(self, window);
}, 'A .window.js file');
