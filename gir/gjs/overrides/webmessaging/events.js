// events.js: Event, MessageEvent and ErrorEvent
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported addUnforgeable, install */

const {GObject, WebMessagingPrivate} = imports.gi;
const {fromCString, toCString} = imports.overrides.webmessaging.cString;
const {decodeMessage} = imports.overrides.webmessaging.messages;
const {stateOf, toFacade} = imports.overrides.webmessaging.state;
const {
    extend, nameClass, requireArguments, toDOMString, toDictionary, toSequence, toUSVString,
} = imports.overrides.webmessaging.webidl;

// Web IDL, #LegacyUnforgeable: each event has an attribute of its own.
const isTrusted = {
    get: Object.getOwnPropertyDescriptor({
        get isTrusted() {
            return stateOf(this).isTrusted ?? this.get_is_trusted();
        },
    }, 'isTrusted').get,
    enumerable: true,
};

function addUnforgeable(event) {
    if (!Object.hasOwn(event, 'isTrusted'))
        Object.defineProperty(event, 'isTrusted', isTrusted);
}

function initEvent(event, type, init) {
    event.init_event(toCString(toDOMString(type)), Boolean(init.bubbles), Boolean(init.cancelable));
    stateOf(event).composed = Boolean(init.composed);
    addUnforgeable(event);
}

// DOM, #interface-event
function installEvent({Event}) {
    Event.prototype._init = function (...args) {
        requireArguments(args, 1, 'Event');
        const init = toDictionary(args[1], 'Event');

        GObject.Object.prototype._init.call(this);
        initEvent(this, args[0], init);
    };

    nameClass(Event, 'Event', 1);
    extend(Event, {
        get type() {
            return fromCString(this.get_event_type());
        },
        get target() {
            return toFacade(this.get_target());
        },
        get srcElement() {
            return toFacade(this.get_target());
        },
        get currentTarget() {
            return toFacade(this.get_current_target());
        },
        composedPath() {
            const current = this.get_current_target();
            return current === null ? [] : [toFacade(current)];
        },
        get eventPhase() {
            return this.get_event_phase();
        },
        stopPropagation() {
            this.stop_propagation();
        },
        get cancelBubble() {
            return this.get_propagation_stopped();
        },
        set cancelBubble(value) {
            if (value)
                this.stop_propagation();
        },
        stopImmediatePropagation() {
            this.stop_immediate_propagation();
        },
        get bubbles() {
            return this.get_bubbles();
        },
        get cancelable() {
            return this.get_cancelable();
        },
        get returnValue() {
            return !this.get_default_prevented();
        },
        set returnValue(value) {
            if (!value)
                this.prevent_default();
        },
        preventDefault() {
            this.prevent_default();
        },
        get defaultPrevented() {
            return this.get_default_prevented();
        },
        get composed() {
            return stateOf(this).composed ?? this.get_composed();
        },
        get timeStamp() {
            return this.get_time_stamp() / 1000;
        },
        initEvent(...args) {
            requireArguments(args, 1, 'Event.initEvent');
            this.init_event(toCString(toDOMString(args[0])), Boolean(args[1]), Boolean(args[2]));
        },
    }, {initEvent: 1});
    for (const [phase, value] of
        Object.entries({NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3})) {
        Object.defineProperty(Event, phase, {value, enumerable: true});
        Object.defineProperty(Event.prototype, phase, {value, enumerable: true});
    }
}

// A message that has arrived where nobody knew of the script, which has connected to the signal only.
function readMessage(event) {
    const message = WebMessagingPrivate.get_message(event);
    const cbor = message === null ? null : WebMessagingPrivate.get_cbor(message);

    return cbor === null ? null
        : decodeMessage(cbor.toArray(), () => message, index => event.get_object(index));
}

// HTML, comms.html#the-messageevent-interface
function installMessageEvent({Event, MessageEvent, MessagePort, Window}) {
    function toSource(source) {
        if (source === null || source === undefined)
            return null;
        if (!(source instanceof Window) && !(source instanceof MessagePort))
            throw new TypeError('MessageEvent: the source is not a Window or MessagePort');
        return source;
    }

    function toPorts(ports) {
        const sequence = toSequence(ports, 'MessageEvent');

        if (!sequence.every(port => port instanceof MessagePort))
            throw new TypeError('MessageEvent: an element of the ports is not a MessagePort');
        return sequence;
    }

    function initMessageEvent(event, type, bubbles, cancelable, init) {
        const {data = null, origin = '', lastEventId = ''} = init;
        const source = toSource(init.source);
        const ports = toPorts(init.ports ?? []);

        if (event.get_event_phase() !== Event.NONE)
            return;
        event.init_message_event(toCString(toDOMString(type)), Boolean(bubbles), Boolean(cancelable),
            null, toCString(toUSVString(origin)), toCString(toDOMString(lastEventId)), source, ports);
        stateOf(event).data = data;
        stateOf(event).ports = Object.freeze(ports);
    }

    MessageEvent.prototype._init = function (...args) {
        requireArguments(args, 1, 'MessageEvent');
        const init = toDictionary(args[1], 'MessageEvent');

        if (init.ports === null)
            throw new TypeError('MessageEvent: the ports cannot be converted to a sequence');
        Event.prototype._init.call(this, args[0], init);
        initMessageEvent(this, args[0], init.bubbles, init.cancelable, init);
    };

    nameClass(MessageEvent, 'MessageEvent', 1);
    extend(MessageEvent, {
        get data() {
            const state = stateOf(this);

            if (!('data' in state))
                state.data = readMessage(this);
            return state.data;
        },
        get origin() {
            return fromCString(this.get_origin());
        },
        get lastEventId() {
            return fromCString(this.get_last_event_id());
        },
        get source() {
            return this.get_source();
        },
        get ports() {
            return stateOf(this).ports ??= Object.freeze([...this.get_ports() ?? []]);
        },
        initMessageEvent(...args) {
            requireArguments(args, 1, 'MessageEvent.initMessageEvent');
            const [type, bubbles, cancelable, data, origin, lastEventId, source, ports] = args;
            initMessageEvent(this, type, bubbles, cancelable,
                {data, origin, lastEventId, source, ports});
        },
    }, {initMessageEvent: 1});
}

// HTML, webappapis.html#errorevent
function installErrorEvent({ErrorEvent}) {
    ErrorEvent.prototype._init = function (...args) {
        requireArguments(args, 1, 'ErrorEvent');
        const init = toDictionary(args[1], 'ErrorEvent');
        const {message = '', filename = '', lineno = 0, colno = 0, error} = init;

        GObject.Object.prototype._init.call(this, {
            message: toCString(toDOMString(message)),
            filename: toCString(toUSVString(filename)),
            lineno: lineno >>> 0,
            colno: colno >>> 0,
        });
        initEvent(this, args[0], init);
        stateOf(this).error = error;
    };

    nameClass(ErrorEvent, 'ErrorEvent', 1);
    extend(ErrorEvent, {
        get message() {
            return fromCString(this.get_message());
        },
        get filename() {
            return fromCString(this.get_filename());
        },
        get lineno() {
            return this.get_lineno();
        },
        get colno() {
            return this.get_colno();
        },
        // What was thrown in another process stays there.
        get error() {
            const state = stateOf(this);

            return 'error' in state ? state.error : null;
        },
        // Not of the web
        get stack() {
            const {error} = stateOf(this);

            return error?.stack ?? fromCString(this.get_stack() ?? '');
        },
    });
}

// DOM, #interface-customevent
function installCustomEvent(WebMessaging) {
    const {Event} = WebMessaging;
    const CustomEvent = GObject.registerClass({GTypeName: 'WebScriptCustomEvent'}, class extends Event {
        _init(...args) {
            requireArguments(args, 1, 'CustomEvent');
            super._init(...args);
            stateOf(this).detail = args[1]?.detail === undefined ? null : args[1].detail;
        }
    });

    nameClass(CustomEvent, 'CustomEvent', 1);
    extend(CustomEvent, {
        get detail() {
            return stateOf(this).detail;
        },
        initCustomEvent(...args) {
            requireArguments(args, 1, 'CustomEvent.initCustomEvent');
            const [type, bubbles, cancelable, detail = null] = args;

            if (this.get_event_phase() !== Event.NONE)
                return;
            this.initEvent(type, bubbles, cancelable);
            stateOf(this).detail = detail;
        },
    }, {initCustomEvent: 1});
    WebMessaging.CustomEvent = CustomEvent;
}

function install(WebMessaging) {
    installEvent(WebMessaging);
    installMessageEvent(WebMessaging);
    installErrorEvent(WebMessaging);
    installCustomEvent(WebMessaging);
}
