// test-classes.js: classes of scripts, and what else a program expects of its engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GIRepository from 'gi://GIRepository';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, assertThrows, run, settle, waitUntil} from './tap.js';

WebMessaging.installGlobals();

// What a promise has come to, in the main loop.
function wait(promise) {
    let result = null;

    promise.then(value => {
        result = {value};
    }, error => {
        result = {error};
    });
    waitUntil(() => result !== null);
    return result;
}

run({
    classes_derived_from_event_target() {
        class Base extends EventTarget {
            #secret = 5;

            constructor(x) {
                super();
                this.x = x;
            }

            get secret() {
                return this.#secret;
            }
        }
        class Derived extends Base {
            y = 1;

            constructor() {
                super(7);
            }
        }
        const object = new Derived();
        const seen = [];

        object.addEventListener('x', function (event) {
            seen.push(event.type, this === object, event.target === object);
        });
        object.dispatchEvent(new Event('x'));
        assertEquals(seen, ['x', true, true]);
        assertEquals([object.x, object.y, object.secret], [7, 1, 5]);
        assert(object instanceof Derived && object instanceof Base && object instanceof EventTarget);
        assert(!(new Base() instanceof Derived) && !(new EventTarget() instanceof Base));
        assert(object.constructor === Derived && Object.getPrototypeOf(Base) === EventTarget);
        assertEquals(EventTarget.prototype.constructor, EventTarget);
        assertEquals(`${object}`, '[object EventTarget]');
    },

    classes_derived_from_events() {
        class Loaded extends Event {
            constructor(size) {
                super('loaded', {cancelable: true});
                this.size = size;
            }
        }
        class Answer extends MessageEvent {
            get answer() {
                return this.data * 2;
            }
        }
        const target = new EventTarget();
        const seen = [];

        target.addEventListener('loaded', event => {
            event.preventDefault();
            seen.push(event instanceof Loaded, event.size);
        });
        target.addEventListener('answer', event => seen.push(event.answer, event instanceof MessageEvent));
        assertEquals(target.dispatchEvent(new Loaded(3)), false);
        target.dispatchEvent(new Answer('answer', {data: 21}));
        assertEquals(seen, [true, 3, 42, true]);
    },

    classes_derived_from_registered_ones() {
        const Registered = GObject.registerClass({
            GTypeName: 'TestClassesRegistered',
            Signals: {ring: {}},
        }, class Registered extends EventTarget {});
        class Derived extends Registered {
            z = 3;
        }
        const object = new Derived();
        let rings = 0;

        object.connect('ring', () => rings++);
        object.emit('ring');
        assertEquals([rings, object.z, object instanceof Registered], [1, 3, true]);
    },

    constructors_need_new() {
        for (const klass of [EventTarget, Event, MessageEvent, CustomEvent, MessageChannel])
            assert(assertThrows(() => klass('x')) instanceof TypeError);
    },

    custom_events() {
        const event = new CustomEvent('x', {detail: {a: 1}, bubbles: true});

        assertEquals([event.type, event.detail, event.bubbles], ['x', {a: 1}, true]);
        assertEquals(new CustomEvent('x').detail, null);
        event.initCustomEvent('y', false, true, 2);
        assertEquals([event.type, event.detail, event.bubbles, event.cancelable], ['y', 2, false, true]);
        assert(event instanceof Event && Object.getPrototypeOf(CustomEvent) === Event);
    },

    // Web IDL, #invoke-a-callback-function: what has a method `call` of its own
    functions_are_called_themselves() {
        const target = new EventTarget();
        const {signal} = new AbortController();
        const log = [];
        const makeFunction = name => {
            const callback = function (...args) {
                log.push(name, args.length);
            };

            callback.call = callback.apply = () => log.push('by a method');
            return callback;
        };

        target.addEventListener('x', Object.setPrototypeOf(makeFunction('listener'), null));
        target.addEventListener('x', {handleEvent: makeFunction('object')});
        target.dispatchEvent(new Event('x'));
        signal.onabort = makeFunction('handler');
        signal.dispatchEvent(new Event('abort'));
        assertEquals(log, ['listener', 1, 'object', 1, 'handler', 1]);
    },

    abort_controllers() {
        const controller = new AbortController();
        const {signal} = controller;
        const log = [];

        signal.throwIfAborted();
        signal.onabort = event => log.push(event.type, event.isTrusted, event.target === signal);
        assertEquals([signal.aborted, signal.reason], [false, undefined]);
        controller.abort();
        controller.abort('again');
        assertEquals(log, ['abort', true, true]);
        assertEquals([signal.aborted, signal.reason.name], [true, 'AbortError']);
        assert(assertThrows(() => signal.throwIfAborted()) === signal.reason);
        assert(assertThrows(() => new AbortSignal()) instanceof TypeError);
        assertEquals(AbortSignal.abort('why').reason, 'why');
    },

    abort_signals_of_others() {
        const controllers = [new AbortController(), new AbortController()];
        const any = AbortSignal.any(controllers.map(({signal}) => signal));
        const nested = AbortSignal.any([any]);
        let n = 0;

        nested.onabort = () => n++;
        controllers[1].abort('second');
        controllers[0].abort('first');
        assertEquals([any.reason, nested.reason, n], ['second', 'second', 1]);
        assertEquals(AbortSignal.any([any]).reason, 'second');
        assertEquals(AbortSignal.any([]).aborted, false);
    },

    abort_signals_with_a_time() {
        const signal = AbortSignal.timeout(1);

        assertEquals(signal.aborted, false);
        waitUntil(() => signal.aborted);
        assertEquals(signal.reason.name, 'TimeoutError');
        assert(assertThrows(() => AbortSignal.timeout(-1)) instanceof TypeError);
    },

    listeners_with_a_signal() {
        const target = new EventTarget();
        const controller = new AbortController();
        let n = 0;
        const listener = () => n++;

        target.addEventListener('x', listener, {signal: controller.signal});
        target.removeEventListener('x', listener);
        target.addEventListener('x', listener);
        target.addEventListener('y', listener, {signal: controller.signal});
        controller.abort();
        target.dispatchEvent(new Event('x'));
        target.dispatchEvent(new Event('y'));
        assertEquals(n, 1);
    },

    a_removed_listener_leaves_its_signal() {
        const removed = [];
        // A signal of another library
        const signal = {
            aborted: false,
            addEventListener() {},
            removeEventListener: type => removed.push(type),
        };
        const target = new EventTarget();
        const listener = () => {};

        target.addEventListener('x', listener, {signal});
        target.removeEventListener('x', listener);
        target.addEventListener('x', listener, {signal, once: true});
        target.dispatchEvent(new Event('x'));
        assertEquals(removed, ['abort', 'abort']);
    },

    microtasks() {
        const log = [];

        queueMicrotask(() => log.push('microtask'));
        log.push('script');
        waitUntil(() => log.length === 2);
        assertEquals(log, ['script', 'microtask']);
        assert(assertThrows(() => queueMicrotask(1)) instanceof TypeError);
    },

    iteration() {
        const {port1, port2} = new MessageChannel();

        for (let i = 0; i < 3; i++)
            port1.postMessage(i);
        port1.close();
        assertEquals(wait((async () => {
            const received = [];

            for await (const {data} of port2)
                received.push(data);
            return received;
        })()), {value: [0, 1, 2]});
    },

    iteration_that_is_left_loses_nothing() {
        const {port1, port2} = new MessageChannel();
        const first = async () => {
            for await (const {data} of port2)
                return data;
            return null;
        };

        port1.postMessage(1);
        port1.postMessage(2);
        assertEquals(wait(first()), {value: 1});
        assertEquals(wait(first()), {value: 2});
        port1.close();
    },

    receive_with_a_signal() {
        const {port1, port2} = new MessageChannel();
        const controller = new AbortController();
        const call = port2.receive({signal: controller.signal});

        controller.abort('enough');
        assertEquals(wait(call), {error: 'enough'});
        assertEquals(wait(port2.receive({signal: controller.signal})), {error: 'enough'});
        port1.postMessage('kept');
        assertEquals(wait(port2.receive({signal: new AbortController().signal})).value.data, 'kept');

        const cancellable = new Gio.Cancellable();
        cancellable.cancel();
        assertEquals(wait(port2.receive(cancellable)).error.name, 'AbortError');
        assert(assertThrows(() => port2.receive({signal: 1})) instanceof TypeError);
        port1.close();
    },

    data_where_nobody_knew_of_the_script() {
        const window = WebMessaging.Window.new('https://a.example');
        let data;

        window.connect('message', (_window, event) => {
            ({data} = event);
        });
        window.postMessageFrom(window, new Map([[1, undefined]]));
        waitUntil(() => data !== undefined);
        assertEquals(data, new Map([[1, undefined]]));
    },

    errors_are_dom_exceptions() {
        const {port1} = new MessageChannel();
        const window = WebMessaging.Window.new('https://a.example');
        const {SerializedData} = WebMessaging;
        const target = new EventTarget();
        const event = new Event('x');

        target.addEventListener('x', () => {
            assertEquals(assertThrows(() => target.dispatch_event(event)).name, 'InvalidStateError');
        });
        target.dispatchEvent(event);
        for (const [name, call] of [
            ['DataCloneError', () => SerializedData.new_from_bytes(new GLib.Bytes([1, 2, 3]))],
            ['DataCloneError', () => port1.post_message(new GLib.Variant('s', 'x'), [port1])],
            ['DataCloneError', () => SerializedData.new(new GLib.Variant('h', 5), [], [])],
            ['SyntaxError', () => WebMessaging.Origin.new_for_url('nowhere')],
            ['SyntaxError', () => window.post_message(window, null, 'nowhere', null)],
        ]) {
            const error = assertThrows(call);

            assert(error instanceof DOMException, `${error}`);
            assertEquals(error.name, name);
            assert(error.matches(error.cause.domain, error.cause.code));
        }
        port1.close();
        settle();
    },

    errors_of_the_program() {
        const Broken = GObject.registerClass({
            GTypeName: 'TestClassesBroken',
            Implements: [WebMessaging.Serializable],
        }, class Broken extends GObject.Object {
            vfunc_serialize() {
                throw new GLib.Error(Gio.io_error_quark(), Gio.IOErrorEnum.BUSY, 'busy');
            }
        });
        const error = assertThrows(() => structuredClone(new Broken()));

        assert(error instanceof DOMException && error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.BUSY));
        assertEquals(error.message, 'busy');
    },

    every_function_that_fails_is_converted() {
        const repository = GIRepository.Repository.get_default();
        const raw = [];
        let nFound = 0;
        const look = (owner, info, where) => {
            const {name, flags} = {name: info.get_name(), flags: GIRepository.function_info_get_flags(info)};
            const method = flags & GIRepository.FunctionInfoFlags.IS_METHOD ? owner.prototype?.[name] : owner?.[name];

            if (!(flags & GIRepository.FunctionInfoFlags.THROWS))
                return;
            nFound++;
            if (!`${method}`.includes('callLibrary'))
                raw.push(`${where}.${name}`);
        };

        for (let i = 0; i < repository.get_n_infos('WebMessaging'); i++) {
            const info = repository.get_info('WebMessaging', i);
            const name = info.get_name();
            const type = info.get_type();

            if (type === GIRepository.InfoType.OBJECT) {
                for (let j = 0; j < GIRepository.object_info_get_n_methods(info); j++)
                    look(WebMessaging[name], GIRepository.object_info_get_method(info, j), name);
            } else if (type === GIRepository.InfoType.STRUCT && !name.startsWith('_')) {
                for (let j = 0; j < GIRepository.struct_info_get_n_methods(info); j++)
                    look(WebMessaging[name], GIRepository.struct_info_get_method(info, j), name);
            } else if (type === GIRepository.InfoType.FUNCTION) {
                look(WebMessaging, info, 'WebMessaging');
            }
        }
        assertEquals(raw, []);
        assert(nFound > 10);
    },
});
