// META: title=MessagePort: postMessage()
// Upstream: webmessaging/message-channels/dictionary-transferrable.any.js,
// Channel_postMessage_clone_port_error.any.js, Channel_postMessage_event_properties.any.js
'use strict';

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.step_func_done(event => {
        assert_true(event instanceof MessageEvent);
        assert_true(event instanceof Event);
        assert_equals(event.type, 'message');
        assert_equals(event.target, port2);
        assert_equals(event.currentTarget, port2);
        assert_equals(event.eventPhase, Event.AT_TARGET);
        assert_equals(event.origin, '');
        assert_equals(event.lastEventId, '');
        assert_equals(event.source, null);
        assert_true(event.isTrusted);
        assert_false(event.bubbles);
        assert_false(event.cancelable);
        assert_false(event.defaultPrevented);
        assert_greater_than(event.timeStamp, 0);
    });
    port1.postMessage('');
}, 'The properties of the event');

async_test(t => {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = t.step_func_done(event => {
        assert_equals(event.ports.length, 0);
        assert_true(Array.isArray(event.ports));
        assert_true(Object.isFrozen(event.ports));
        assert_equals(event.ports, event.ports);
    });
    port1.postMessage('');
}, 'Without ports the event has a frozen, empty array of them');

const values = [
    ['undefined', undefined],
    ['null', null],
    ['true', true],
    ['false', false],
    ['an integer', 42],
    ['a negative integer', -7],
    ['zero', 0],
    ['negative zero', -0],
    ['a fraction', 0.5],
    ['not a number', NaN],
    ['infinity', Infinity],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['a larger number', 2 ** 70],
    ['an empty string', ''],
    ['a string', 'grüße, 世界 \u{1f30d}'],
];

for (const [name, value] of values) {
    async_test(t => {
        const {port1, port2} = new MessageChannel();

        port2.onmessage = t.step_func_done(event => {
            assert_equals(event.data, value);
        });
        port1.postMessage(value);
    }, `A primitive value: ${name}`);
}

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const value = {list: [1, 'two', [3, null]], nested: {deep: {deeper: true}}, empty: {}};

    port2.onmessage = t.step_func_done(event => {
        assert_not_equals(event.data, value);
        assert_equals(JSON.stringify(event.data), JSON.stringify(value));
        assert_equals(event.data, event.data, 'deserialized once');
    });
    port1.postMessage(value);
    value.list.push('late');
    value.list.pop();
}, 'Objects and arrays are cloned');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const value = {text: 'before'};

    port2.onmessage = t.step_func_done(event => {
        assert_equals(event.data.text, 'before');
    });
    port1.postMessage(value);
    value.text = 'after';
}, 'The value is the one at the time of the call');

test(() => {
    const {port1} = new MessageChannel();

    assert_throws_js(TypeError, () => port1.postMessage());
}, 'postMessage() needs an argument');

for (const [name, value] of [['a function', () => {}], ['a symbol', Symbol('s')]]) {
    test(() => {
        const {port1} = new MessageChannel();

        assert_throws_dom('DataCloneError', () => port1.postMessage(value));
        assert_throws_dom('DataCloneError', () => port1.postMessage({member: [value]}));
    }, `${name} cannot be cloned`);
}

test(() => {
    const {port1} = new MessageChannel();
    const error = new RangeError('from a getter');

    assert_throws_exactly(error, () => port1.postMessage({
        get member() {
            throw error;
        },
    }));
}, 'What a getter throws comes through');

test(() => {
    const {port1} = new MessageChannel();
    const other = new MessageChannel();

    assert_throws_dom('DataCloneError', () => port1.postMessage(other.port1));
    assert_throws_dom('DataCloneError', () => port1.postMessage({port: other.port1}));
}, 'A port that is not in the transfer list cannot be cloned');

test(() => {
    const {port1} = new MessageChannel();

    port1.postMessage(1, undefined);
    port1.postMessage(1, null);
    port1.postMessage(1, []);
    port1.postMessage(1, {});
    port1.postMessage(1, {transfer: undefined});
    port1.postMessage(1, {transfer: []});
    assert_throws_js(TypeError, () => port1.postMessage(1, 1));
    assert_throws_js(TypeError, () => port1.postMessage(1, {transfer: null}));
    assert_throws_js(TypeError, () => port1.postMessage(1, {transfer: {}}));
    assert_throws_js(TypeError, () => port1.postMessage(1, [null]));
    assert_throws_js(TypeError, () => port1.postMessage(1, [undefined]));
    assert_throws_js(TypeError, () => port1.postMessage(1, {transfer: [1]}));
}, 'Which second arguments are accepted');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const other = new MessageChannel();

    port2.onmessage = t.step_func_done(event => {
        assert_equals(event.ports.length, 1);
    });
    port1.postMessage(1, {transfer: [other.port1], unknown: 'ignored'});
}, 'The transfer list may stand in a dictionary');

async_test(t => {
    const {port1, port2} = new MessageChannel();
    const other = new MessageChannel();

    port2.onmessage = t.step_func_done(event => {
        assert_equals(event.ports.length, 1);
    });
    port1.postMessage(1, new Set([other.port1]));
}, 'The transfer list may be any iterable object');

test(() => {
    const {port1} = new MessageChannel();

    try {
        port1.postMessage(() => {});
        assert_unreached();
    } catch (error) {
        assert_true(error instanceof DOMException);
        assert_true(error instanceof Error);
        assert_equals(error.code, 25);
    }
}, 'A DataCloneError is a DOMException with its code');
