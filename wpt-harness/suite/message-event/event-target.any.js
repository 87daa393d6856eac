// META: title=EventTarget and Event, as ports use them
// Upstream: dom/events/
'use strict';

function record(target, ...listeners) {
    const calls = [];

    for (const [name, options] of listeners)
        target.addEventListener('test', () => calls.push(name), options);
    return calls;
}

test(() => {
    const target = new EventTarget();
    const calls = record(target, ['a'], ['b', true], ['c', {capture: false}], ['d', {capture: true}]);

    assert_true(target.dispatchEvent(new Event('test')));
    assert_array_equals(calls, ['b', 'd', 'a', 'c']);
}, 'Listeners that capture are called first, then the others, in order');

test(() => {
    const target = new EventTarget();
    let n = 0;
    const listener = () => n++;

    target.addEventListener('test', listener);
    target.addEventListener('test', listener);
    target.addEventListener('test', listener, true);
    target.dispatchEvent(new Event('test'));
    assert_equals(n, 2);
    target.removeEventListener('test', listener);
    target.dispatchEvent(new Event('test'));
    assert_equals(n, 3);
    target.removeEventListener('test', listener, {capture: true});
    target.dispatchEvent(new Event('test'));
    assert_equals(n, 3);
}, 'A listener is known by its type, callback and capture');

test(() => {
    const target = new EventTarget();
    const calls = record(target, ['once', {once: true}], ['always']);

    target.dispatchEvent(new Event('test'));
    target.dispatchEvent(new Event('test'));
    assert_array_equals(calls, ['once', 'always', 'always']);
}, 'once');

test(() => {
    const target = new EventTarget();
    const event = new Event('test', {cancelable: true});

    target.addEventListener('test', e => e.preventDefault(), {passive: true});
    assert_true(target.dispatchEvent(event));
    assert_false(event.defaultPrevented);
}, 'A passive listener cannot cancel the event');

test(() => {
    const target = new EventTarget();
    const listener = {
        n: 0,
        handleEvent(event) {
            assert_equals(this, listener);
            assert_equals(event.type, 'test');
            this.n++;
        },
    };

    target.addEventListener('test', listener);
    target.dispatchEvent(new Event('test'));
    assert_equals(listener.n, 1);
}, 'A listener may be an object with handleEvent()');

test(() => {
    const target = new EventTarget();

    target.addEventListener('test', function (event) {
        assert_equals(this, target);
        assert_equals(event.currentTarget, target);
        assert_array_equals(event.composedPath(), [target]);
    });
    target.dispatchEvent(new Event('test'));
}, 'this is the target');

test(() => {
    const target = new EventTarget();

    target.addEventListener('test', null);
    target.addEventListener('test', undefined);
    target.removeEventListener('test', null);
    target.dispatchEvent(new Event('test'));
    assert_throws_js(TypeError, () => target.addEventListener('test', 'text'));
    assert_throws_js(TypeError, () => target.addEventListener('test'));
    assert_throws_js(TypeError, () => target.dispatchEvent({}));
    assert_throws_js(TypeError, () => target.dispatchEvent(null));
}, 'Null listeners are ignored, wrong arguments are a TypeError');

test(() => {
    const target = new EventTarget();
    const calls = [];

    target.addEventListener('test', event => {
        calls.push('a');
        event.stopImmediatePropagation();
    });
    target.addEventListener('test', () => calls.push('b'));
    target.dispatchEvent(new Event('test'));
    assert_array_equals(calls, ['a']);
}, 'stopImmediatePropagation()');

test(() => {
    const target = new EventTarget();
    const calls = [];
    const second = () => calls.push('b');

    target.addEventListener('test', () => {
        calls.push('a');
        target.removeEventListener('test', second);
        target.addEventListener('test', () => calls.push('c'), {once: true});
    });
    target.addEventListener('test', second);
    target.dispatchEvent(new Event('test'));
    assert_array_equals(calls, ['a']);
}, 'A listener that was removed or added during the dispatch is not called');

test(() => {
    const target = new EventTarget();

    target.addEventListener('test', event => {
        assert_throws_dom('InvalidStateError', () => target.dispatchEvent(event));
    });
    target.dispatchEvent(new Event('test'));
}, 'An event that is being dispatched cannot be dispatched');

test(() => {
    const types = ['', 'a', 'a\0', 'a\0b', 'a\0c', '\0', 'a\ud800', 'a\udc00', 'a\ufffd', 'a\u{10000}',
        'a\ufdd0', 'a\ufdd00000', 'a b', 'a.b', 'a:b', 'a::b', 'a-b', 'a_b', '1', 'ü', '💩', 'x'.repeat(10000)];
    const target = new EventTarget();

    types.forEach((type, index) => target.addEventListener(type, event => {
        assert_equals(event.type, type);
        calls.push(index);
    }));
    const calls = [];
    types.forEach(type => target.dispatchEvent(new Event(type)));
    assert_array_equals(calls, [...types.keys()]);
}, 'The type of an event may be any string');

test(() => {
    const event = new Event('test', {bubbles: true, cancelable: true, composed: true});

    assert_equals(event.type, 'test');
    assert_true(event.bubbles && event.cancelable && event.composed);
    assert_equals(event.target, null);
    assert_equals(event.currentTarget, null);
    assert_equals(event.eventPhase, Event.NONE);
    assert_array_equals(event.composedPath(), []);
    event.initEvent('other', false, false);
    assert_equals(event.type, 'other');
    assert_false(event.bubbles || event.cancelable);
}, 'Event');
