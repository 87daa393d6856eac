// WebMessaging.js: gives the introspected classes the shape that the web knows
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported _init */

// GJS loads this file by itself when a program imports WebMessaging. There is no second set of
// classes: the Web IDL attributes and methods go on the prototypes of the introspected ones, whose
// own names (post_message() and so on) stay.

const {GLib, GObject} = imports.gi;
const {DOMException, decode, detach, encode, isDetached} = imports.overrides.WebMessagingClone;

// The state of a wrapper. A symbol, not a WeakMap: GJS keeps a wrapper that has properties of its
// own for as long as its object lives.
const state = Symbol('WebMessaging state');

function stateOf(object) {
    if (!Object.hasOwn(object, state))
        Object.defineProperty(object, state, {value: {}});
    return object[state];
}

// Web IDL, #dfn-class-string and #interface-object
function nameClass(klass, name, length = 0) {
    const {prototype} = klass;

    Object.defineProperty(klass, 'name', {value: name, configurable: true});
    Object.defineProperty(klass, 'length', {value: length, configurable: true});
    Object.defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
    Object.defineProperty(prototype, 'toString',
        {value: Object.prototype.toString, configurable: true, writable: true});
}

// What can only be called on an object of a class. Its prototype is none.
function bindToClass(klass, name, method, isGetter) {
    function check(object) {
        if (!(object instanceof klass) || Object.hasOwn(object, 'constructor'))
            throw new TypeError(`${name} was called on an object that is no ${klass.name}`);
    }

    const bound = isGetter ? function () {
        check(this);
        return method.call(this);
    } : function (...args) {
        check(this);
        return method.apply(this, args);
    };
    Object.defineProperty(bound, 'name', {value: method.name, configurable: true});
    Object.defineProperty(bound, 'length', {value: method.length, configurable: true});
    return bound;
}

// Web IDL, #js-attributes and #js-operations: members can be enumerated. lengths tells how many
// arguments a method needs, where its own length does not.
function extend(klass, members, lengths = {}) {
    const descriptors = Object.getOwnPropertyDescriptors(members);

    for (const [name, descriptor] of Object.entries(descriptors)) {
        for (const part of ['get', 'set', 'value']) {
            if (descriptor[part] !== undefined)
                descriptor[part] = bindToClass(klass, name, descriptor[part], part === 'get');
        }
        if (name in lengths)
            Object.defineProperty(descriptor.value, 'length', {value: lengths[name]});
        Object.defineProperty(klass.prototype, name, {...descriptor, enumerable: true});
    }
}

function requireArguments(args, needed, where) {
    if (args.length < needed) {
        throw new TypeError(
            `${where}: ${needed} argument${needed > 1 ? 's' : ''} required, but only ` +
            `${args.length} present`);
    }
}

// Web IDL, #js-DOMString and #js-USVString. String() would let symbols pass.
const toDOMString = value => `${value}`;
const toUSVString = value => `${value}`.replace(/\p{Surrogate}/gu, '\ufffd');

// Web IDL, #js-dictionary
function toDictionary(value, where) {
    if (value === undefined || value === null)
        return {};
    if (typeof value !== 'object' && typeof value !== 'function')
        throw new TypeError(`${where}: not a dictionary`);
    return value;
}

// Web IDL, #js-sequence
function toSequence(value, where) {
    const method = value?.[Symbol.iterator];

    if (typeof value !== 'object' || value === null || typeof method !== 'function')
        throw new TypeError(`${where}: not a sequence`);
    return [...value];
}

// Web IDL, #js-sequence, of objects
function toObjectSequence(list, where) {
    const transfer = toSequence(list, where);

    if (!transfer.every(object => object !== null &&
        (typeof object === 'object' || typeof object === 'function')))
        throw new TypeError(`${where}: there is something else than an object to transfer`);
    return transfer;
}

// HTML, web-messaging.html#structuredserializeoptions
function toTransferOption(options, where) {
    const {transfer} = toDictionary(options, where);

    return transfer === undefined ? [] : toObjectSequence(transfer, where);
}

// The overloads of postMessage(): a sequence, or a dictionary with one. Web IDL,
// #js-overload-resolution-algorithm
function toTransferList(argument, where) {
    const method = argument?.[Symbol.iterator];

    return method === undefined || method === null || typeof argument !== 'object'
        ? toTransferOption(argument, where) : toObjectSequence(argument, where);
}

// HTML, webappapis.html#report-an-exception
function reportException(error) {
    if (typeof globalThis.reportError === 'function')
        globalThis.reportError(error);
    else
        logError(error);
}

// Web IDL, #call-a-user-objects-operation and #invoke-a-callback-function
function callListener(callback, target, event) {
    try {
        if (typeof callback === 'function')
            return callback.call(target, event);

        const handleEvent = callback.handleEvent;
        if (typeof handleEvent !== 'function')
            throw new TypeError('The handleEvent property of a listener is not a function');
        return handleEvent.call(callback, event);
    } catch (error) {
        reportException(error);
        return undefined;
    }
}

const bufferByteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get;

function isArrayBuffer(object) {
    if (!(object instanceof ArrayBuffer))
        return false;
    try {
        bufferByteLength.call(object);
        return true;
    } catch {
        return false;
    }
}

function _init() {
    const WebMessaging = this;
    const {
        Event, EventTarget, ListenerFlags, MessageChannel, MessageEvent, MessagePort, MessagingError,
        SerializedData, Transferable, Window,
    } = WebMessaging;

    WebMessaging.DOMException = DOMException;
    WebMessaging.structuredClone = structuredClone;

    // GJS settles promises from a source of the main loop, ahead of all others. So that this happens
    // after each message (HTML, webappapis.html#perform-a-microtask-checkpoint), only one is
    // delivered in a turn.
    WebMessaging.tasks_set_batching(false);

    // Errors of the library, as scripts know them.
    function callLibrary(call) {
        try {
            return call();
        } catch (error) {
            if (!(error instanceof GLib.Error) || error.domain !== WebMessaging.messaging_error_quark())
                throw error;
            if (error.code === MessagingError.TYPE)
                throw new TypeError(error.message);
            throw new DOMException(error.message, WebMessaging.dom_exception_get_name(error));
        }
    }

    const dataCloneError = message => new DOMException(message, 'DataCloneError');

    // HTML, structured-data.html#structuredserializewithtransfer, steps 1 to 3: what is in the
    // transfer list, by kind. An ArrayBuffer is copied, and detached afterwards.
    const nothingToTransfer = {objects: [], handles: new Map(), buffers: []};

    function readTransferList(transfer) {
        if (transfer.length === 0)
            return nothingToTransfer;

        const handles = new Map();
        const buffers = new Set();

        for (const object of transfer) {
            if (handles.has(object) || buffers.has(object))
                throw dataCloneError('The same object stands twice in the transfer list');
            if (isArrayBuffer(object)) {
                buffers.add(object);
            } else if (object instanceof GObject.Object &&
                GObject.type_is_a(object.constructor.$gtype, Transferable.$gtype)) {
                handles.set(object, handles.size);
            } else {
                throw dataCloneError('There is something in the transfer list that cannot be ' +
                    'transferred');
            }
        }

        return {objects: [...handles.keys()], handles, buffers: [...buffers]};
    }

    // HTML, structured-data.html#structuredserializewithtransfer: send() gets what was encoded and the
    // objects to transfer. Array buffers are looked at before anything is transferred (step 5), and
    // detached after all of it was.
    function serialize(value, transfer, copyBytes, send) {
        const {objects, handles, buffers} = readTransferList(transfer);
        const encoded = encode(value, handles, copyBytes);

        if (buffers.some(isDetached))
            throw dataCloneError('A detached ArrayBuffer could not be transferred');
        const result = callLibrary(() => send(encoded, objects));
        buffers.forEach(detach);

        return result;
    }

    const toGBytes = bytes => new GLib.Bytes(bytes);

    // HTML, structured-data.html#dom-structuredclone
    function structuredClone(...args) {
        requireArguments(args, 1, 'structuredClone');
        const transfer = toTransferOption(args[1], 'structuredClone');

        const {cbor, buffers, received} = serialize(args[0], transfer, bytes => bytes.slice().buffer,
            (encoded, objects) => ({
                ...encoded,
                received: objects.length === 0 && encoded.objects.length === 0 ? null
                    : SerializedData.new_for_cbor(encoded.cbor, [], objects, encoded.objects)
                        .deserialize_objects()[1],
            }));

        return decode(cbor, index => buffers[index], index => received[index]);
    }
    Object.defineProperty(structuredClone, 'length', {value: 1, configurable: true});

    // A message, for another process or for later.
    SerializedData.serialize = function (value, options) {
        return serialize(value, toTransferOption(options, 'SerializedData.serialize'), toGBytes,
            (encoded, objects) => SerializedData.new_for_cbor(
                encoded.cbor, encoded.buffers, objects, encoded.objects));
    };

    SerializedData.prototype.toValue = function () {
        return callLibrary(() => {
            const [, objects] = this.deserialize_objects();
            const cbor = this.get_cbor();

            return cbor === null ? null
                : decodeMessage(cbor.toArray(), () => this, index => objects[index]);
        });
    };

    // The message is asked for only where it has byte arrays out of line.
    function decodeMessage(cbor, getMessage, getObject) {
        let buffers;

        return decode(cbor, index => {
            buffers ??= getMessage().get_buffers();
            return buffers[index].toArray().slice().buffer;
        }, getObject);
    }

    // HTML, structured-data.html#structureddeserializewithtransfer: before anybody sees the event.
    WebMessaging.tasks_set_probe(() => true);
    WebMessaging.tasks_set_deserializer(false, (event, cbor) => {
        try {
            stateOf(event).data = cbor === null || cbor.length === 0 ? null
                : decodeMessage(cbor, () => event.get_message(), index => event.get_object(index));
            return 1;
        } catch (error) {
            GLib.log_structured?.('WebMessaging', GLib.LogLevelFlags.LEVEL_DEBUG,
                {MESSAGE: `A message could not be deserialized: ${error}`});
            return -1;
        }
    });

    // DOM, #interface-eventtarget

    function flattenOptions(options) {
        if (typeof options === 'boolean')
            return {capture: options};
        if (options === null || typeof options !== 'object' && typeof options !== 'function')
            return {capture: Boolean(options)};
        return {
            capture: Boolean(options.capture),
            once: Boolean(options.once),
            passive: Boolean(options.passive),
            signal: options.signal,
        };
    }

    function findListener(target, type, callback, capture) {
        return (stateOf(target).listeners ?? []).findIndex(listener =>
            listener.type === type && listener.callback === callback && listener.capture === capture);
    }

    function removeListener(target, index) {
        const [listener] = stateOf(target).listeners.splice(index, 1);

        target.remove_event_listener(listener.id);
    }

    function toListener(callback, where) {
        if (callback === null || callback === undefined)
            return null;
        if (typeof callback !== 'object' && typeof callback !== 'function')
            throw new TypeError(`${where}: the listener is not an object`);
        return callback;
    }

    nameClass(EventTarget, 'EventTarget');
    extend(EventTarget, {
        addEventListener(...args) {
            requireArguments(args, 2, 'EventTarget.addEventListener');
            const type = toDOMString(args[0]);
            const callback = toListener(args[1], 'EventTarget.addEventListener');
            const {capture, once, passive, signal} = flattenOptions(args[2]);

            if (signal !== undefined &&
                (typeof signal !== 'object' || signal === null || !('aborted' in signal)))
                throw new TypeError('EventTarget.addEventListener: the signal is no AbortSignal');
            if (signal?.aborted || callback === null ||
                findListener(this, type, callback, capture) >= 0)
                return;

            const flags = (capture ? ListenerFlags.CAPTURE : 0) |
                (passive ? ListenerFlags.PASSIVE : 0);
            const id = this.add_event_listener(type, flags, (target, event) => {
                if (once)
                    target.removeEventListener(type, callback, capture);
                addUnforgeable(event);
                callListener(callback, target, event);
            });

            (stateOf(this).listeners ??= []).push({type, callback, capture, id});
            signal?.addEventListener('abort',
                () => this.removeEventListener(type, callback, capture));
        },

        removeEventListener(...args) {
            requireArguments(args, 2, 'EventTarget.removeEventListener');
            const callback = toListener(args[1], 'EventTarget.removeEventListener');
            const {capture} = flattenOptions(args[2]);
            const index = findListener(this, toDOMString(args[0]), callback, capture);

            if (index >= 0)
                removeListener(this, index);
        },

        dispatchEvent(event) {
            if (!(event instanceof Event))
                throw new TypeError('EventTarget.dispatchEvent: the argument is no Event');
            return callLibrary(() => this.dispatch_event(event));
        },
    }, {addEventListener: 2, removeEventListener: 2});

    // HTML, webappapis.html#event-handler-idl-attributes
    function addEventHandler(klass, type, activate = () => {}) {
        const name = `on${type}`;

        extend(klass, {
            get [name]() {
                return stateOf(this)[name] ?? null;
            },
            set [name](value) {
                const handler = typeof value === 'function' || typeof value === 'object'
                    ? value : null;

                stateOf(this)[name] = handler;
                this.set_event_handler(type, handler === null ? null : (target, event) => {
                    addUnforgeable(event);
                    // HTML, webappapis.html#the-event-handler-processing-algorithm
                    if (typeof handler === 'function' &&
                        callListener(handler, target, event) === false)
                        event.preventDefault();
                });
                activate(this);
            },
        });
    }

    // DOM, #interface-event

    // Web IDL, #LegacyUnforgeable: each event has an attribute of its own.
    const isTrusted = {
        get: Object.getOwnPropertyDescriptor({
            get isTrusted() {
                return this.get_is_trusted();
            },
        }, 'isTrusted').get,
        enumerable: true,
    };

    function addUnforgeable(event) {
        if (!Object.hasOwn(event, 'isTrusted'))
            Object.defineProperty(event, 'isTrusted', isTrusted);
    }

    Event.prototype._init = function (...args) {
        requireArguments(args, 1, 'Event');
        const init = toDictionary(args[1], 'Event');

        GObject.Object.prototype._init.call(this);
        this.init_event(toDOMString(args[0]), Boolean(init.bubbles), Boolean(init.cancelable));
        stateOf(this).composed = Boolean(init.composed);
        addUnforgeable(this);
    };

    nameClass(Event, 'Event', 1);
    extend(Event, {
        get type() {
            return this.get_event_type();
        },
        get target() {
            return this.get_target();
        },
        get srcElement() {
            return this.get_target();
        },
        get currentTarget() {
            return this.get_current_target();
        },
        composedPath() {
            const current = this.get_current_target();
            return current === null ? [] : [current];
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
            this.init_event(toDOMString(args[0]), Boolean(args[1]), Boolean(args[2]));
        },
    }, {initEvent: 1});
    for (const [phase, value] of
        Object.entries({NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3})) {
        Object.defineProperty(Event, phase, {value, enumerable: true});
        Object.defineProperty(Event.prototype, phase, {value, enumerable: true});
    }

    // HTML, comms.html#the-messageevent-interface

    function toSource(source) {
        if (source === null || source === undefined)
            return null;
        if (!(source instanceof Window) && !(source instanceof MessagePort))
            throw new TypeError('MessageEvent: the source is no window and no port');
        return source;
    }

    function toPorts(ports) {
        const sequence = toSequence(ports, 'MessageEvent');

        if (!sequence.every(port => port instanceof MessagePort))
            throw new TypeError('MessageEvent: one of the ports is no MessagePort');
        return sequence;
    }

    function initMessageEvent(event, type, bubbles, cancelable, init) {
        const {data = null, origin = '', lastEventId = ''} = init;
        const source = toSource(init.source);
        const ports = toPorts(init.ports ?? []);

        if (event.get_event_phase() !== Event.NONE)
            return;
        event.init_message_event(toDOMString(type), Boolean(bubbles), Boolean(cancelable), null,
            toUSVString(origin), toDOMString(lastEventId), source, ports);
        stateOf(event).data = data;
        stateOf(event).ports = Object.freeze(ports);
    }

    MessageEvent.prototype._init = function (...args) {
        requireArguments(args, 1, 'MessageEvent');
        const init = toDictionary(args[1], 'MessageEvent');

        if (init.ports === null)
            throw new TypeError('MessageEvent: the ports are not a sequence');
        Event.prototype._init.call(this, args[0], init);
        initMessageEvent(this, args[0], init.bubbles, init.cancelable, init);
    };

    nameClass(MessageEvent, 'MessageEvent', 1);
    extend(MessageEvent, {
        get data() {
            const slot = stateOf(this);

            return 'data' in slot ? slot.data : null;
        },
        get origin() {
            return this.get_origin();
        },
        get lastEventId() {
            return this.get_last_event_id();
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

    // HTML, web-messaging.html#message-ports

    MessagePort.prototype._init = function () {
        throw new TypeError('Illegal constructor');
    };

    nameClass(MessagePort, 'MessagePort');
    extend(MessagePort, {
        postMessage(...args) {
            requireArguments(args, 1, 'MessagePort.postMessage');
            const transfer = toTransferList(args[1], 'MessagePort.postMessage');

            if (transfer.includes(this))
                throw dataCloneError('A port cannot be transferred in a message that it posts itself');
            serialize(args[0], transfer, toGBytes, ({cbor, buffers, objects: cloned}, objects) =>
                this.post_cbor(cbor, buffers, objects, cloned));
        },
    }, {postMessage: 1});
    // Not of the web: for `await`.
    MessagePort.prototype.receive = function (cancellable = null) {
        return new Promise((resolve, reject) => {
            this.receive_async(cancellable, (_port, result) => {
                try {
                    resolve(callLibrary(() => this.receive_finish(result)));
                } catch (error) {
                    reject(error);
                }
            });
        });
    };
    addEventHandler(MessagePort, 'message', port => port.start());
    addEventHandler(MessagePort, 'messageerror');
    addEventHandler(MessagePort, 'close');

    // HTML, web-messaging.html#posting-messages. A script of the web has a window that speaks for it;
    // here it says which one: null speaks for the program itself.

    Window.prototype.postMessageFrom = function (source, ...args) {
        requireArguments(args, 1, 'Window.postMessageFrom');
        const [message, second, third] = args;
        const isOptions = typeof second === 'object' && second !== null || second === undefined ||
            second === null;
        const {targetOrigin = '/'} = isOptions ? second ?? {} : {targetOrigin: second};
        const transfer = isOptions ? toTransferOption(second, 'Window.postMessageFrom')
            : toTransferOption(third === undefined ? third : {transfer: third}, 'Window.postMessageFrom');
        const origin = toUSVString(targetOrigin);

        // Before anything is transferred
        if (origin !== '*' && origin !== '/')
            callLibrary(() => WebMessaging.Origin.new_for_url(origin));
        callLibrary(() => this.post_serialized(
            source, SerializedData.serialize(message, {transfer}), origin));
    };
    addEventHandler(Window, 'message');
    addEventHandler(Window, 'messageerror');

    // HTML, web-messaging.html#message-channels

    nameClass(MessageChannel, 'MessageChannel');
    extend(MessageChannel, {
        get port1() {
            return this.get_port1();
        },
        get port2() {
            return this.get_port2();
        },
    });

    // Makes the classes globals of a script, as in a browser.
    WebMessaging.installGlobals = function (target = globalThis) {
        const classes = {DOMException, Event, EventTarget, MessageChannel, MessageEvent, MessagePort};

        if ('BroadcastChannel' in WebMessaging)
            classes.BroadcastChannel = WebMessaging.BroadcastChannel;
        for (const [name, value] of Object.entries(classes))
            Object.defineProperty(target, name, {value, configurable: true, writable: true});
        Object.defineProperty(target, 'structuredClone',
            {value: structuredClone, configurable: true, enumerable: true, writable: true});
    };
}
