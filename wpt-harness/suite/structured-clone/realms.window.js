// META: title=structuredClone() and windows
// Upstream: html/webappapis/structured-clone/structured-clone-cross-realm-method.html
'use strict';

async function openFrame(t) {
    const frame = document.createElement('iframe');

    t.add_cleanup(() => frame.remove());
    frame.src = '/window-post-message/resources/echo.html';
    const loaded = new Promise(resolve => {
        frame.onload = resolve;
    });
    document.body.append(frame);
    await loaded;
    return frame.contentWindow;
}

promise_test(async t => {
    const other = await openFrame(t);

    for (const name of ['Object', 'Array', 'Date', 'Map']) {
        assert_true(structuredClone(new other[name]()) instanceof window[name], `${name} of the frame`);
        assert_true(other.structuredClone.call(window, new other[name]()) instanceof window[name],
            `${name} of the frame, by its function`);
        assert_true(structuredClone.call(other, new window[name]()) instanceof other[name], `${name} of the page`);
    }
}, 'The result belongs to the window that the function is called on');

promise_test(async t => {
    const other = await openFrame(t);

    assert_throws_dom('DataCloneError', () => structuredClone(other));
    assert_throws_dom('DataCloneError', () => structuredClone(other.document));
    assert_throws_dom('DataCloneError', () => structuredClone(document.body));
}, 'Windows and nodes cannot be cloned');
