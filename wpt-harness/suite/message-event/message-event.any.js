// META: title=MessageEvent
// Upstream: webmessaging/MessageEvent.any.js, MessageEvent-trusted.any.js
'use strict';

test(() => {
    const event = new MessageEvent('test');

    assert_equals(event.type, 'test');
    assert_equals(event.data, null);
    assert_equals(event.origin, '');
    assert_equals(event.lastEventId, '');
    assert_equals(event.source, null);
    assert_array_equals(event.ports, []);
    assert_false(event.bubbles);
    assert_false(event.cancelable);
    assert_false(event.isTrusted);
}, 'The constructor without a dictionary');

test(() => {
    const {port1, port2} = new MessageChannel();
    const data = {some: 'object'};
    const event = new MessageEvent('test', {
        data, origin: 'https://a.example', lastEventId: '7', source: port1, ports: [port1, port2],
        bubbles: true, cancelable: true,
    });

    assert_equals(event.data, data);
    assert_equals(event.origin, 'https://a.example');
    assert_equals(event.lastEventId, '7');
    assert_equals(event.source, port1);
    assert_array_equals(event.ports, [port1, port2]);
    assert_true(event.bubbles);
    assert_true(event.cancelable);
}, 'The constructor with a dictionary');

test(() => {
    const {port1} = new MessageChannel();
    const ports = [port1];
    const event = new MessageEvent('test', {ports});

    assert_not_equals(event.ports, ports);
    assert_true(Object.isFrozen(event.ports));
    assert_equals(event.ports, event.ports);
    ports.pop();
    assert_equals(event.ports.length, 1);
}, 'The ports are a frozen copy, the same at each call');

for (const data of [undefined, 0, 'text', Symbol.iterator, () => {}]) {
    test(() => {
        const expected = data === undefined ? null : data;

        assert_equals(new MessageEvent('test', {data}).data, expected);
    }, `The data may be anything: ${String(data)}`);
}

test(() => {
    assert_throws_js(TypeError, () => new MessageEvent());
    assert_throws_js(TypeError, () => new MessageEvent('test', 1));
    assert_throws_js(TypeError, () => new MessageEvent('test', {source: {}}));
    assert_throws_js(TypeError, () => new MessageEvent('test', {source: new EventTarget()}));
    assert_throws_js(TypeError, () => new MessageEvent('test', {ports: null}));
    assert_throws_js(TypeError, () => new MessageEvent('test', {ports: 1}));
    assert_throws_js(TypeError, () => new MessageEvent('test', {ports: [1]}));
}, 'Wrong arguments are a TypeError');

test(() => {
    const {port1} = new MessageChannel();
    const event = new MessageEvent('test', {data: 'old', ports: [port1]});

    event.initMessageEvent('other', true, true, 'new', 'https://b.example', '8', port1, []);
    assert_equals(event.type, 'other');
    assert_true(event.bubbles);
    assert_true(event.cancelable);
    assert_equals(event.data, 'new');
    assert_equals(event.origin, 'https://b.example');
    assert_equals(event.lastEventId, '8');
    assert_equals(event.source, port1);
    assert_array_equals(event.ports, []);
}, 'initMessageEvent() sets all');

test(() => {
    const event = new MessageEvent('test', {origin: 'a\0b', lastEventId: 'c\0d\ud800'});

    assert_equals(event.origin, 'a\0b');
    assert_equals(event.lastEventId, 'c\0d\ud800');
}, 'MessageEvent with strings of all kinds');

test(() => {
    const event = new MessageEvent('test', {data: 'old', origin: 'https://a.example'});

    event.initMessageEvent('other');
    assert_equals(event.type, 'other');
    assert_equals(event.data, null);
    assert_equals(event.origin, '');
    assert_equals(event.source, null);
    assert_throws_js(TypeError, () => event.initMessageEvent());
}, 'initMessageEvent() has defaults for all but the type');

test(() => {
    const target = new EventTarget();
    const event = new MessageEvent('test', {data: 'old'});
    let n = 0;

    target.addEventListener('test', () => {
        event.initMessageEvent('other', true, true, 'new');
        n++;
    });
    target.dispatchEvent(event);
    assert_equals(n, 1);
    assert_equals(event.type, 'test');
    assert_equals(event.data, 'old');
}, 'initMessageEvent() does nothing during the dispatch');

test(() => {
    const event = new MessageEvent('test', {cancelable: true});
    const target = new EventTarget();

    target.addEventListener('test', e => e.preventDefault());
    assert_false(target.dispatchEvent(event));
    assert_true(event.defaultPrevented);
    event.initMessageEvent('test');
    assert_false(event.defaultPrevented);
    assert_true(target.dispatchEvent(event));
}, 'initMessageEvent() resets the canceled flag');

test(() => {
    const {port1} = new MessageChannel();
    const event = new MessageEvent('message', {data: 'by hand'});
    let seen = null;

    port1.onmessage = e => {
        seen = e;
    };
    port1.dispatchEvent(event);
    assert_equals(seen, event);
    assert_equals(seen.data, 'by hand');
    assert_false(seen.isTrusted);
    port1.close();
}, 'A script can dispatch a message event at a port');
