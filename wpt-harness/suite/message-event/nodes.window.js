// META: title=Events and exceptions at nodes are of the page
// Upstream: dom/events/, dom/nodes/Document-createElement.html
'use strict';

function openFrame(t) {
    const frame = document.createElement('iframe');

    t.add_cleanup(() => frame.remove());
    return new Promise(resolve => {
        frame.onload = event => resolve({frame, event});
        frame.src = '/window-post-message/resources/echo.html';
        document.body.append(frame);
    });
}

promise_test(async t => {
    const {frame, event} = await openFrame(t);

    assert_true(event instanceof Event);
    assert_equals(event.type, 'load');
    assert_equals(event.target, frame);
}, 'The load event of a frame is one of the page that has the frame');

test(() => {
    const events = [];
    const element = document.createElement('p');

    element.addEventListener('test', event => events.push(event));
    element.dispatchEvent(new MessageEvent('test', {data: 1}));
    assert_true(events[0] instanceof MessageEvent);
    assert_equals(events[0].data, 1);
}, 'A node takes a MessageEvent');

promise_test(async t => {
    const {frame} = await openFrame(t);
    const element = frame.contentDocument.createElement('p');
    const event = new Event('test', {cancelable: true});
    const seen = [];

    element.addEventListener('test', other => {
        seen.push(other);
        other.preventDefault();
    });
    assert_false(element.dispatchEvent(event));
    assert_equals(seen[0], event);
    assert_true(event.defaultPrevented);
    assert_equals(event.target, element);
}, 'A node takes an event that a script of another window has made');

promise_test(async t => {
    const {frame} = await openFrame(t);
    const element = frame.contentDocument.createElement('p');

    document.body.append(element);
    assert_equals(element.parentNode, document.body);
    assert_equals(element.ownerDocument, document);
    element.remove();
}, 'A node of another window can be inserted');

test(() => {
    assert_throws_dom('InvalidCharacterError', () => document.createElement(''));
    assert_throws_dom('HierarchyRequestError', () => document.body.append(document.body));
}, 'What a node throws is a DOMException');

promise_test(async t => {
    const {frame} = await openFrame(t);
    const {DOMException: FrameDOMException} = frame.contentWindow;

    assert_throws_dom('InvalidCharacterError', FrameDOMException, () => frame.contentDocument.createElement(''));
}, 'that belongs to the window of the node');
