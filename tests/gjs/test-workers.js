// test-workers.js: workers that run scripts in processes of their own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, assertThrows, run, settle, waitUntil} from './tap.js';

WebMessaging.installGlobals();

// How many tests run at a time. Most of them wait for processes.
const N_PARALLEL = 4;

const makeUrl = source => `data:text/javascript,${encodeURIComponent(source)}`;

const makeWorker = (source, options) => new Worker(makeUrl(source), options);

const nextEvent = (target, type) => new Promise(resolve => {
    target.addEventListener(type, resolve, {once: true});
});

// What comes from a worker until it ends: data of messages, and messages of errors.
async function collect(worker) {
    const seen = [];

    worker.addEventListener('message', ({data}) => seen.push(data));
    worker.addEventListener('error', event => seen.push(describeError(event)));
    await nextEvent(worker, 'close');
    return seen;
}

const here = Gio.File.new_for_uri(import.meta.url).get_parent();

const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// What a script throws is an ErrorEvent; a script that does not run is a plain event.
const describeError = event => event instanceof ErrorEvent ? event.message : 'failure';

const tests = {
    async messages() {
        const worker = makeWorker('onmessage = ({data}) => { postMessage(data); close(); }');

        worker.postMessage({a: new Map([[1, 2n]])});
        assertEquals(await collect(worker), [{a: new Map([[1, 2n]])}]);
    },

    async globals() {
        const worker = makeWorker(`
            postMessage([
                self === globalThis, self instanceof DedicatedWorkerGlobalScope,
                self instanceof WorkerGlobalScope && self instanceof EventTarget, name, typeof MessageChannel, typeof Worker, typeof SharedWorker,
                typeof importScripts, typeof reportError, location.protocol, location.origin,
            ]);
            close();
        `, {name: 'a name'});

        assertEquals(await collect(worker), [[
            true, true, true, 'a name', 'function', 'function', 'undefined', 'function', 'function', 'data:', 'null',
        ]]);
    },

    async events() {
        const worker = makeWorker(`
            onmessage = function (event) {
                postMessage([this === self, event.target === self, event.isTrusted, event.data]);
                close();
            };
        `);

        worker.postMessage(1);
        assertEquals(await collect(worker), [[true, true, true, 1]]);
    },

    async exceptions() {
        const worker = makeWorker(`
            onmessage = () => {
                setTimeout(close);
                throw new RangeError('thrown');
            };
        `);

        worker.postMessage(0);
        const event = await nextEvent(worker, 'error');
        assert(event instanceof ErrorEvent);
        assertEquals([event.message, event.error, event.lineno, event.colno],
            ['Uncaught RangeError: thrown', null, 4, 23]);
        await nextEvent(worker, 'close');
    },

    async close() {
        const worker = makeWorker(`
            onmessage = () => {
                postMessage(1);
                close();
                setTimeout(() => postMessage('timer'), 0);
                postMessage(2);
            };
        `);

        worker.postMessage(0);
        worker.postMessage(0);
        assertEquals(await collect(worker), [1, 2]);
    },

    async modules() {
        const worker = makeWorker(`
            import GLib from 'gi://GLib';
            await new Promise(resolve => setTimeout(resolve, 10));
            onmessage = ({data}) => {
                let thrown;

                try {
                    importScripts();
                } catch ({name}) {
                    thrown = name;
                }
                postMessage([data, typeof GLib.getenv, thrown]);
                close();
            };
        `, {type: 'module'});

        worker.postMessage(1);
        assertEquals(await collect(worker), [[1, 'function', 'TypeError']]);
    },

    async shape() {
        for (const [klass, length] of [[Worker, 1], [SharedWorker, 1], [ErrorEvent, 1],
            [WebMessaging.WorkerGlobalScope, 0], [WebMessaging.DedicatedWorkerGlobalScope, 0],
            [WebMessaging.SharedWorkerGlobalScope, 0]])
            assertEquals(klass.length, length);
        assert(Object.getPrototypeOf(Worker) === EventTarget);
        assert(Object.getPrototypeOf(ErrorEvent) === Event);
        assert(Worker.new_thread === undefined);
        for (const make of [
            () => new Worker(), () => Worker('x.js'), () => new SharedWorker(),
            () => new Worker('x.js', {type: 'other'}), () => new Worker('x.js', {credentials: 'other'}),
            () => new Worker('x.js', 1), () => new WebMessaging.DedicatedWorkerGlobalScope(),
            () => new ErrorEvent(), () => WebMessaging.createObjectURL({}),
        ])
            assert(assertThrows(make) instanceof TypeError, `${make}`);
    },

    async error_events() {
        const {message, filename, lineno, colno, error, cancelable, isTrusted} = new ErrorEvent('error');

        assertEquals([message, filename, lineno, colno, error, cancelable, isTrusted],
            ['', '', 0, 0, undefined, false, false]);
        const init = {message: '\0\ud800', filename: 'f', lineno: 2 ** 32 + 1, colno: 2, error: null};
        const event = new ErrorEvent('x', {...init, bubbles: true});
        assertEquals([event.message, event.filename, event.lineno, event.colno, event.error, event.bubbles],
            ['\0\ud800', 'f', 1, 2, null, true]);
    },

    async transfer() {
        const worker = makeWorker(`
            onmessage = ({data, ports: [port]}) => {
                const {port1, port2} = new MessageChannel();

                port1.onmessage = ({data: answer}) => {
                    postMessage(answer);
                    close();
                };
                port.postMessage(data.byteLength);
                postMessage(data, {transfer: [data, port2]});
            };
        `);
        const {port1, port2} = new MessageChannel();
        const buffer = new Uint8Array(100000).fill(7).buffer;

        worker.postMessage(buffer, [port2, buffer]);
        assertEquals(assertThrows(() => structuredClone(buffer)).name, 'DataCloneError');
        const {data, ports} = await worker.receive();
        assertEquals((await port1.receive()).data, 100000);
        assertEquals(new Uint8Array(data)[99999], 7);
        ports[0].postMessage('through');
        assertEquals((await worker.receive()).data, 'through');
        await nextEvent(worker, 'close');
    },

    async messages_that_cannot_be_cloned() {
        const worker = makeWorker(`
            try {
                postMessage(() => {});
            } catch ({name}) {
                postMessage(name);
            }
            close();
        `);

        assertEquals(assertThrows(() => worker.postMessage(() => {})).name, 'DataCloneError');
        assert(assertThrows(() => worker.postMessage()) instanceof TypeError);
        assertEquals(await collect(worker), ['DataCloneError']);
    },

    async iteration() {
        const worker = makeWorker('for (let i = 0; i < 100; i++) postMessage(i); close();');
        const seen = [];

        for await (const {data} of worker) {
            seen.push(data);
            if (data % 10 === 0)
                await sleep(1);
        }
        assertEquals(seen, Array.from({length: 100}, (_, i) => i));
    },

    async iteration_in_the_worker() {
        const worker = makeWorker(`
            for await (const {data} of self) {
                if (data === 'end')
                    break;
                await new Promise(resolve => setTimeout(resolve, 1));
                postMessage(data);
            }
            onmessage = ({data}) => {
                postMessage(data);
                close();
            };
        `, {type: 'module'});

        for (const message of [1, 2, 3, 'end', 'after'])
            worker.postMessage(message);
        assertEquals(await collect(worker), [1, 2, 3, 'after']);
    },

    async iteration_that_begins_before_the_messages() {
        const worker = makeWorker(`
            (async () => {
                for await (const {data} of self) {
                    await new Promise(resolve => setTimeout(resolve, 2));
                    postMessage(data);
                    if (data === 2)
                        break;
                }
            })();
            onmessage = close;
        `);

        for (const message of [1, 2, 'close'])
            worker.postMessage(message);
        assertEquals(await collect(worker), [1, 2]);
    },

    async the_rest_of_an_iteration_is_fired() {
        const worker = makeWorker('for (let i = 0; i < 4; i++) postMessage(i); close();');
        const seen = [];

        worker.addEventListener('message', ({data, isTrusted}) => seen.push(data, isTrusted));
        for await (const {data} of worker) {
            await sleep(200);
            seen.push(data);
            break;
        }
        assertEquals(seen, [0, 1, true, 2, true, 3, true]);
        worker.terminate();
    },

    // Also if nobody waits when they come.
    async receive_loses_nothing() {
        const worker = makeWorker('for (let i = 0; i < 4; i++) postMessage(i); close();');
        const seen = [(await worker.receive()).data];

        await nextEvent(worker, 'close');
        for (let i = 0; i < 3; i++)
            seen.push((await worker.receive()).data);
        assertEquals(seen, [0, 1, 2, 3]);
        assertEquals((await worker.receive().catch(error => error)).name, 'InvalidStateError');
    },

    async receive_in_the_worker_loses_nothing() {
        const worker = makeWorker(`
            (async () => {
                const seen = [];

                while (seen.length < 3) {
                    seen.push((await receive()).data);
                    await new Promise(resolve => setTimeout(resolve, 5));
                }
                onmessage = ({data}) => {
                    postMessage([...seen, data]);
                    close();
                };
                if (seen.length === 3)
                    postMessage('next');
            })();
        `);

        for (let i = 0; i < 3; i++)
            worker.postMessage(i);
        await worker.receive();
        worker.postMessage(3);
        assertEquals((await worker.receive()).data, [0, 1, 2, 3]);
        worker.terminate();
    },

    async receive_can_be_cancelled() {
        const worker = makeWorker('onmessage = () => { postMessage(1); postMessage(2); }');
        const controller = new AbortController();
        const cancellable = new Gio.Cancellable();
        const nameOf = promise => promise.catch(({name}) => name);
        const errors = [worker.receive({signal: controller.signal}), worker.receive(cancellable)].map(nameOf);
        const data = worker.receive();

        controller.abort();
        cancellable.cancel();
        assertEquals(await Promise.all(errors), ['AbortError', 'AbortError']);
        assertEquals(await nameOf(worker.receive({signal: controller.signal})), 'AbortError');
        assertEquals(await nameOf(worker.receive(cancellable)), 'AbortError');
        assert(await worker.receive(1).catch(error => error) instanceof TypeError);
        worker.postMessage(0);
        assertEquals([(await data).data, (await worker.receive()).data], [1, 2]);
        const last = nameOf(worker.receive());
        worker.terminate();
        assertEquals(await last, 'InvalidStateError');
    },

    async classic_scripts_share_what_they_declare() {
        const [result] = await collect(new Worker('workers/classic.js'));
        const own = [1, 2, 3, [4], {d: 5}, 'function'];

        assertEquals(result.own, own);
        assertEquals(result.library, [own, 8, 8, 1, 'var', 'nested']);
        assertEquals(result.globals, ['var', 'TypeError']);
    },

    async strict_scripts_declare_globals() {
        const source = `'use strict';
            var variable = 1;
            let log = 2;
            function print() {}
            function f() { return this; }
            postMessage([self.variable, typeof self.f, f() === undefined, log, typeof self.log, '$share' in self]);
            self.variable = 3;
            postMessage(variable);
            close();
        `;

        assertEquals(await collect(makeWorker(source)), [[1, 'function', true, 2, 'function', false], 3]);
    },

    async columns_of_a_script_that_shares() {
        const worker = makeWorker('let importScripts_; let a; throw new Error("x");');
        const event = await nextEvent(worker, 'error');

        assertEquals([event.lineno, event.colno], [1, 34]);
        worker.terminate();
    },

    async errors_of_import_scripts() {
        const worker = makeWorker(`
            function check(url) {
                try {
                    importScripts(url);
                } catch (error) {
                    postMessage([error.name, error instanceof DOMException]);
                }
            }
            check('data:,{');
            check('blob:null/none');
            check('http://[');
            check('https://example.org/x.js');
            check('data:,throw%20new%20RangeError()');
            check('relative.js');
            close();
        `);

        assertEquals(await collect(worker), [
            ['SyntaxError', false], ['NetworkError', true], ['SyntaxError', true], ['NetworkError', true],
            ['RangeError', false], ['SyntaxError', true],
        ]);
    },

    async urls() {
        const source = 'postMessage("\u00e4 100%"); close();';
        const object = WebMessaging.createObjectURL(source);
        const bytes = WebMessaging.createObjectURL(new TextEncoder().encode(source));
        const file = here.get_child('workers').get_child('imported.js');
        const workers = [
            new Worker(`data:,${source}`),
            new Worker(` data:text/javascript;base64,${GLib.base64_encode(new TextEncoder().encode(source))}\n`),
            new Worker(`DATA:;BASE64 ,${GLib.base64_encode(new TextEncoder().encode(source)).replace(/=*$/, '')}`),
            new Worker(object), new Worker(bytes, {type: 'module'}),
            new Worker(makeUrl(source), {type: 'module'}),
        ];
        const inner = makeWorker(`importScripts('${object}')`);

        for (const url of [object, bytes])
            WebMessaging.revokeObjectURL(url);
        for (const seen of await Promise.all([...workers, inner].map(collect)))
            assertEquals(seen, ['\u00e4 100%']);
        assertEquals(await collect(new Worker(object)), ['failure']);
        assertEquals(assertThrows(() => new Worker('http://[')).name, 'SyntaxError');
        const parts = new Worker(file, {type: 'module'});
        parts.terminate();
    },

    async locations() {
        const report = `
            const parts = {};

            for (const part in location)
                parts[part] = location[part];
            postMessage(parts);
            postMessage(String(location));
            postMessage([location instanceof WorkerLocation, origin]);
            close();
        `;
        const [parts, text, other] = await collect(makeWorker(`${report}//?a#b`));

        assertEquals([parts.protocol, parts.host, parts.origin], ['data:', '', 'null']);
        assertEquals(parts.href, text);
        assertEquals(other, [true, 'null']);
        const [file, iostream] = Gio.File.new_tmp('worker-XXXXXX.js');
        iostream.close(null);
        file.replace_contents(report, null, false, Gio.FileCreateFlags.NONE, null);
        const url = `${file.get_uri()}?query#frag`;
        const [partsOfFile] = await collect(new Worker(url));
        file.delete(null);
        assertEquals(partsOfFile, {
            href: url, origin: 'null', protocol: 'file:', host: '', hostname: '', port: '',
            pathname: file.get_path(), search: '?query', hash: '#frag',
        });
    },

    async modules_in_files() {
        for (const url of ['workers/module.js', here.resolve_relative_path('workers/module.js')]) {
            const worker = new Worker(url, {type: 'module'});

            worker.postMessage(21);
            assertEquals(await collect(worker), [[42, true]]);
        }
    },

    async scripts_that_do_not_run() {
        for (const [url, type] of [
            ['workers/nothing.js', 'classic'], ['workers/nothing.js', 'module'],
            ['workers/bad-syntax.txt', 'classic'], ['workers/bad-syntax.txt', 'module'],
            ['workers/imports-bad-syntax.js', 'module'], ['workers/imports-nothing.js', 'module'],
            ['data:,{', 'module'], ['data:no-comma', 'classic'], ['https://example.org/x.js', 'classic'],
            ['unknown:x', 'module'],
        ])
            assertEquals([url, await collect(new Worker(url, {type}))], [url, ['failure']]);
    },

    async exceptions_of_scripts() {
        for (const type of ['classic', 'module']) {
            const worker = new Worker('workers/throws.js', {type});
            const errors = [];

            worker.onerror = event => {
                errors.push(event);
                worker.postMessage(errors.length === 1 ? 'throw' : 'close');
            };
            await nextEvent(worker, 'close');
            assertEquals(errors.map(({message, filename, lineno, colno, error, isTrusted, cancelable}) =>
                [message, filename, lineno, colno, error, isTrusted, cancelable]), [
                ['Uncaught TypeError: at first', 17, 7], ['Uncaught RangeError: in a function', 8, 11],
            ].map(([message, lineno, colno]) =>
                [message, here.resolve_relative_path('workers/throws.js').get_uri(), lineno, colno, null, true, true]));
            assertEquals(errors[1].stack.split('\n').map(line => line.replace(/@.*\//, '@')),
                ['thrower@throws.js:8:11', 'onmessage@throws.js:15:9']);
        }
    },

    // They look like scripts that do not run.
    async errors_of_scripts_that_run() {
        const sources = [
            'JSON.parse("{");', 'eval("let let");', 'throw null;', 'throw "text";', 'null.x;', 'undeclared;',
        ];
        const start = (source, type) => collect(makeWorker(`setTimeout(close, 20); ${source}`, {type}));
        const seen = await Promise.all([
            ...sources.map(source => start(source, 'classic')),
            ...sources.map(source => start(source, 'module')),
        ]);

        seen.forEach(errors => assert(errors.length === 1 && errors[0].startsWith('Uncaught '), `${errors}`));
    },

    async exceptions_of_all_kinds() {
        const worker = makeWorker(`
            const throwIt = what => () => {
                throw what;
            };
            const cyclic = {toString: throwIt(1)};

            setTimeout(throwIt(new Error('timer')));
            queueMicrotask(throwIt(new Error('microtask')));
            reportError(new DOMException('reported', 'AbortError'));
            reportError('text');
            reportError(undefined);
            reportError(cyclic);
            addEventListener('x', {handleEvent: throwIt(new Error('listener'))});
            dispatchEvent(new Event('x'));
            onmessage = () => {
                close();
                throw new Error('last');
            };
        `);

        worker.postMessage(0);
        assertEquals((await collect(worker)).sort(), [
            'Uncaught AbortError: reported', 'Uncaught Error: last', 'Uncaught Error: listener',
            'Uncaught Error: microtask', 'Uncaught Error: timer', 'Uncaught an exception', 'Uncaught text',
            'Uncaught undefined',
        ]);
    },

    async exceptions_that_the_worker_handles() {
        const worker = makeWorker(`
            onerror = (message, filename, lineno, colno, error) => {
                const isHere = filename === location.href.slice(0, 100) + '...';
                postMessage([message, isHere, lineno, colno, error.message]);
                return error.message === '1';
            };
            addEventListener('error', event => {
                if (event.error.message === '2')
                    event.preventDefault();
            });
            onmessage = ({data}) => {
                throw new Error(data);
            };
            throw new Error('1');
        `);
        const seen = [];

        worker.onmessage = ({data}) => seen.push(data);
        worker.postMessage('2');
        worker.postMessage('3');
        const event = await nextEvent(worker, 'error');
        worker.terminate();
        assertEquals(event.message, 'Uncaught Error: 3');
        assertEquals(seen.map(([message, , lineno]) => [message, lineno]),
            [['Uncaught Error: 1', 14], ['Uncaught Error: 2', 12], ['Uncaught Error: 3', 12]]);
        assertEquals(seen[0], ['Uncaught Error: 1', true, 14, 19, '1']);
    },

    async exceptions_in_an_error_handler() {
        const worker = makeWorker(`
            onerror = () => {
                throw new Error('second');
            };
            throw new Error('first');
        `);

        worker.onmessage = () => {};
        const seen = [];
        await new Promise(resolve => {
            worker.onerror = ({message}) => seen.push(message) === 2 && resolve();
        });
        assertEquals(seen.sort(), ['Uncaught Error: first', 'Uncaught Error: second']);
        worker.terminate();
    },

    async nested_workers() {
        const worker = new Worker('workers/outer.js');
        const {port1, port2} = new MessageChannel();

        worker.postMessage('hello', [port2]);
        assertEquals((await worker.receive()).data, 'hello');
        assertEquals((await port1.receive()).data, 'inner got hello');
        worker.postMessage('throw');
        const event = await nextEvent(worker, 'error');
        assertEquals([event.message, event.lineno], ['Uncaught RangeError: inside', 9]);
        worker.postMessage('close');
        assertEquals(await collect(worker), ['close']);
    },

    async exceptions_of_a_nested_worker() {
        const inner = makeUrl('setTimeout(() => { throw new Error(name); });');
        const worker = makeWorker(`
            const url = ${JSON.stringify(inner)};

            onerror = (message, _filename, lineno, _colno, error) => {
                postMessage([message, lineno, error]);
                return message.includes('second');
            };
            for (const name of ['first', 'second', 'third'])
                new Worker(url, {name}).onerror = () => name === 'first' ? false : undefined;
        `);
        const seen = [];

        worker.onmessage = ({data}) => seen.push(data);
        assertEquals((await nextEvent(worker, 'error')).message, 'Uncaught Error: third');
        while (seen.length < 2)
            await sleep(1);
        await sleep(20);
        worker.terminate();
        assertEquals(seen.sort(), [['Uncaught Error: second', 1, null], ['Uncaught Error: third', 1, null]]);
    },

    // GJS calls nothing while its garbage collector sweeps.
    async garbage_on_both_sides() {
        const worker = makeWorker(`
            let n = 0;

            onmessage = ({data}) => {
                const garbage = Array.from({length: 300}, (_, i) => ({i, data}));

                postMessage(garbage.length);
                if (++n === 1500)
                    close();
            };
        `);
        let n = 0;
        let kept = [];

        worker.onmessage = ({data}) => {
            kept.push(...Array.from({length: data}, (_, i) => ({i})));
            if (++n % 20 === 0)
                kept = [];
        };
        for (let i = 0; i < 1500; i++)
            worker.postMessage({i});
        await nextEvent(worker, 'close');
        assertEquals(n, 1500);
    },

    async messages_wait_for_the_script() {
        const worker = makeWorker(`
            const until = Date.now() + 50;

            while (Date.now() < until)
                ;
            Promise.resolve().then(() => {
                onmessage = ({data}) => {
                    postMessage(data);
                    close();
                };
            });
        `);

        worker.postMessage('waited');
        assertEquals(await collect(worker), ['waited']);
    },

    async messages_wait_for_a_module() {
        const worker = makeWorker(`
            await new Promise(resolve => setTimeout(resolve, 30));
            addEventListener('message', ({data}) => {
                postMessage(data);
                close();
            });
        `, {type: 'module'});

        worker.postMessage('waited');
        assertEquals(await collect(worker), ['waited']);
    },

    async close_while_a_module_runs() {
        const worker = makeWorker(`
            postMessage(1);
            close();
            await new Promise(() => {});
        `, {type: 'module'});

        assertEquals(await collect(worker), [1]);
    },

    async the_last_messages_arrive() {
        const worker = makeWorker(`
            for (let i = 0; i < 200; i++)
                postMessage(new Uint8Array(20000).fill(i));
            close();
        `);
        const seen = await collect(worker);

        assertEquals([seen.length, seen[199][19999]], [200, 199]);
    },

    async ports_are_silent_after_close() {
        const worker = makeWorker(`
            onmessage = ({ports: [port]}) => {
                port.onmessage = ({data}) => {
                    port.postMessage(data);
                    if (data === 1)
                        close();
                };
            };
        `);
        const {port1, port2} = new MessageChannel();
        const seen = [];

        port1.onmessage = ({data}) => seen.push(data);
        worker.postMessage(0, [port2]);
        for (let i = 0; i < 5; i++)
            port1.postMessage(i);
        await Promise.all([nextEvent(port1, 'close'), nextEvent(worker, 'close')]);
        assertEquals(seen, [0, 1]);
    },

    async terminate_a_busy_worker() {
        const worker = makeWorker('postMessage(0); for (;;) ;');
        let closed = false;

        worker.onclose = () => {
            closed = true;
        };
        await worker.receive();
        worker.postMessage('lost');
        worker.terminate();
        worker.terminate();
        await new Promise(resolve => worker.get_subprocess().wait_async(null, resolve));
        worker.postMessage('lost, too');
        assert(!closed);
    },

    async terminate_a_flood() {
        const worker = makeWorker(`
            const content = 'x'.repeat(1000);

            for (;;)
                postMessage(content);
        `);
        let n = 0;

        worker.onmessage = () => n++;
        while (n < 1000)
            await sleep(1);
        worker.terminate();
        const atEnd = n;
        await sleep(20);
        assertEquals(n, atEnd);
    },

    async a_worker_that_never_reads() {
        const worker = makeWorker('for (;;) ;');

        for (let i = 0; i < 1000; i++)
            worker.postMessage(new ArrayBuffer(3000));
        worker.terminate();
    },

    async crash() {
        const worker = makeWorker('postMessage(0)');
        const {port1, port2} = new MessageChannel();
        const order = [];

        worker.onerror = event => order.push(event instanceof ErrorEvent && event.message !== '');
        worker.onclose = () => order.push('close');
        port1.onclose = () => order.push('port');
        worker.postMessage(0, [port2]);
        await worker.receive();
        worker.get_subprocess().send_signal(9);
        await nextEvent(worker, 'close');
        while (order.length < 3)
            await sleep(1);
        assertEquals(order.slice(0, 2), [true, 'close']);
    },

    async exit() {
        const worker = makeWorker('imports.system.exit(3)');
        const event = await nextEvent(worker, 'error');

        assert(event.message.includes('3'), event.message);
        await nextEvent(worker, 'close');
    },

    async search_paths() {
        const folder = GLib.dir_make_tmp('worker-XXXXXX');
        const path = `${folder}/ourModule.js`;

        GLib.file_set_contents(path, 'var answer = 42;');
        imports.searchPath.unshift(folder);
        const [result] = await collect(makeWorker('postMessage(imports.ourModule.answer); close();'));
        imports.searchPath.shift();
        GLib.unlink(path);
        GLib.rmdir(folder);
        assertEquals(result, 42);
    },

    async subclasses() {
        class Sum extends Worker {
            constructor(...numbers) {
                super(makeUrl('onmessage = ({data}) => postMessage(data.reduce((a, b) => a + b));'));
                this.postMessage(numbers);
            }

            async get() {
                const {data} = await this.receive();

                this.terminate();
                return data;
            }
        }

        const sum = new Sum(1, 2, 3);
        assert(sum instanceof Worker && sum instanceof Sum);
        assertEquals(await sum.get(), 6);
    },

    async programs_of_their_own() {
        const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.NONE});
        const program = here.get_child('worker-program.js').get_path();
        const worker = Worker.new_process(['gjs', '-m', program], 'own', new GLib.Variant('s', 'data'), launcher);

        worker.onmessage = () => {};
        worker.postMessage({a: 1});
        assertEquals((await worker.receive()).data, ['own', 'data', {a: 1}, true, true]);
        assertEquals((await nextEvent(worker, 'error')).message, 'own report');
        await nextEvent(worker, 'close');
    },

    async shared_workers() {
        const first = new SharedWorker('workers/shared.js', 'name');
        const second = new SharedWorker('workers/shared.js', {name: 'name'});
        const other = new SharedWorker('workers/shared.js');
        const hello = async ({port}) => (await port.receive()).data;

        assert(first.port === first.port);
        assertEquals(await hello(first), {n: 1, name: 'name', data: '', nPorts: 1, isSource: true});
        assertEquals((await hello(second)).n, 2);
        assertEquals(await hello(other), {n: 1, name: '', data: '', nPorts: 1, isSource: true});
        first.port.postMessage('throw');
        first.port.postMessage('to all');
        assertEquals([await hello(first), await hello(second)], ['to all', 'to all']);
        const closed = Promise.all([first, second].map(({port}) => nextEvent(port, 'close')));
        first.port.start();
        second.port.start();
        first.port.postMessage('close');
        await closed;
        other.port.postMessage('close');
    },

    async shared_workers_of_workers() {
        const url = makeUrl(`
            let n = 0;

            onconnect = ({ports: [port]}) => port.postMessage(++n);
        `);
        const source = `
            const {port} = new imports.gi.WebMessaging.SharedWorker(${JSON.stringify(url)}, 'of workers');

            port.onmessage = ({data}) => postMessage(data);
        `;
        const workers = [makeWorker(source), makeWorker(source)];
        const seen = await Promise.all(workers.map(async worker => (await worker.receive()).data));

        assertEquals(seen.sort(), [1, 2]);
        workers.forEach(worker => worker.terminate());
    },

    async shared_workers_that_fail() {
        for (const url of ['workers/nothing.js', 'data:,{', 'ftp://example.org/x.js']) {
            const worker = new SharedWorker(url);
            const event = await nextEvent(worker, 'error');

            assert(!(event instanceof ErrorEvent) && event.target === worker);
        }
    },

    // HTML, workers.html#dom-sharedworker, step 11
    async shared_workers_with_other_options() {
        const url = makeUrl('onconnect = ({ports: [port]}) => port.onmessage = () => port.postMessage("here")');
        const first = new SharedWorker(url);
        const hello = async ({port}) => {
            port.postMessage('');
            return (await port.receive()).data;
        };

        for (const options of [{type: 'module'}, {credentials: 'omit'}]) {
            const event = await nextEvent(new SharedWorker(url, options), 'error');

            assert(!(event instanceof ErrorEvent));
        }
        assertEquals(await hello(new SharedWorker(url, {type: 'classic'})), 'here');
        assertEquals(await hello(first), 'here');
    },

    async broadcasts() {
        const channel = new BroadcastChannel('workers');
        const worker = makeWorker(`
            const channel = new BroadcastChannel('workers');

            channel.onmessage = ({data}) => {
                channel.postMessage(data + 1);
                close();
            };
            postMessage('ready');
        `);

        await worker.receive();
        channel.postMessage(1);
        assertEquals((await nextEvent(channel, 'message', channel.onmessage = () => {})).data, 2);
        channel.close();
    },
};

// The processes that this one has started, and how many descriptors and how much memory it has.
const nChildren = () => readFile(`/proc/self/task/${new Gio.Credentials().get_unix_pid()}/children`)
    .split(' ').filter(text => text !== '').length;
const nKilobytes = () => Number(/VmRSS:\s*(\d+)/.exec(readFile('/proc/self/status'))[1]);

function nDescriptors() {
    const list = Gio.File.new_for_path('/proc/self/fd').enumerate_children('standard::name', 0, null);
    let n = 0;

    while (list.next_file(null) !== null)
        n++;
    list.close(null);
    return n;
}

function readFile(path) {
    return new TextDecoder().decode(GLib.file_get_contents(path)[1]);
}

const isAlive = pid => GLib.file_test(`/proc/${pid}/stat`, GLib.FileTest.EXISTS) &&
    !/\) Z/.test(readFile(`/proc/${pid}/stat`));

let watches = [];

// What tells whether an object is there, without keeping it.
function watch(object) {
    const group = GObject.SignalGroup.new(GObject.Object.$gtype);

    group.set_target(object);
    watches.push(group);
    return object;
}

function collectGarbage() {
    settle();
    System.gc();
    GLib.usleep(2000);
}

// Returns what a program prints that waits for the end of a worker.
function runProgramWithWorker(url) {
    const program = `
        const {GLib} = imports.gi;
        const {Worker} = imports.gi.WebMessaging;
        const loop = new GLib.MainLoop(null, false);
        const worker = new Worker('${url}');
        worker.onclose = () => loop.quit();
        loop.run();`;
    const child = Gio.Subprocess.new(['gjs', '-c', program],
        Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_MERGE);
    const [, output] = child.communicate_utf8(null, null);

    return output;
}

// Each begins something that ends later, with objects that know each other.
const lifetimes = {
    of_workers_that_close(done) {
        const worker = watch(makeWorker('postMessage(1); close();'));

        worker.onmessage = event => {
            watch(event).worker = worker;
            worker.event = event;
        };
        worker.onclose = () => done(worker);
    },

    of_workers_that_are_terminated(done) {
        const worker = watch(makeWorker('postMessage(1)'));

        worker.onmessage = () => {
            worker.terminate();
            done();
        };
        worker.onerror = worker.onclose = () => worker;
    },

    of_workers_that_are_terminated_at_once(done) {
        const worker = watch(makeWorker(''));

        worker.addEventListener('message', () => worker);
        worker.terminate();
        done();
    },

    of_workers_that_crash(done) {
        const worker = watch(makeWorker('imports.system.exit(1)'));

        worker.onerror = event => {
            watch(event).worker = worker;
            worker.event = event;
        };
        worker.onclose = () => done();
    },

    of_workers_with_an_iteration(done) {
        const worker = watch(makeWorker('postMessage(1); close();'));

        (async () => {
            for await (const event of worker)
                watch(event).worker = worker;
            done();
        })();
    },

    of_workers_that_somebody_waits_for(done) {
        const worker = watch(makeWorker('postMessage(1)'));

        worker.receive().then(event => {
            worker.event = event;
            worker.receive().catch(() => worker);
            worker.terminate();
            done();
        });
    },

    of_shared_workers(done) {
        const worker = watch(new SharedWorker(makeUrl('onconnect = close'), `${Math.random()}`));

        worker.self = worker;
        worker.onerror = () => worker;
        // Otherwise the collector may come before the event: the port is not started.
        waiting.add(worker);
        watch(worker.port).onclose = () => {
            waiting.delete(worker);
            done();
        };
    },
};

const N_LIFETIMES = 5;
const waiting = new Set();

const lifetimeTests = Object.fromEntries(Object.entries(lifetimes).map(([name, begin]) => [
    `lifetime_${name}`, () => {
        let nDone = 0;
        const nAlive = () => watches.filter(group => group.dup_target() !== null).length;

        watches = [];
        for (let i = 0; i < N_LIFETIMES; i++)
            begin(() => nDone++);
        waitUntil(() => nDone === N_LIFETIMES);
        assert(watches.length >= N_LIFETIMES);
        for (let i = 0; i < 100 && nAlive() > 0; i++)
            collectGarbage();
        // The engine looks for references on the stack too, and may find an old one.
        assert(nAlive() <= N_LIFETIMES / 2, `${nAlive()} of ${watches.length} are there`);
    },
]));

// One after the other, because they look at the whole process.
const testsOfProcess = {
    ...lifetimeTests,

    workers_that_run_stay() {
        let n = 0;

        for (let i = 0; i < 4; i++) {
            const worker = makeWorker('setTimeout(() => { postMessage(1); close(); }, 200)');

            worker.onmessage = () => {
                n++;
                worker.self = worker;
            };
        }
        for (let i = 0; i < 20; i++)
            collectGarbage();
        waitUntil(() => n === 4);
    },

    // What a program prints whose worker is a module, and was not told so.
    module_as_classic_script() {
        const output = runProgramWithWorker('data:,import GLib from "gi://GLib";');

        assert(/could not be loaded.*new Worker\(url, {type: 'module'}\)/.test(output), output);
    },

    // GJS 1.74 aborts if it exits then, and prints so.
    module_that_is_being_imported_at_the_end() {
        assertEquals(runProgramWithWorker('data:,import("file:///dev/null"); close();'), '');
    },

    // Also while others run: three at a time, each of which ends in another way.
    many_workers() {
        const sources = ['postMessage(0); close();', 'postMessage(0)', 'postMessage(0); for (;;) ;'];
        let n = 0;
        let running = 0;
        let before = null;

        function start() {
            const worker = makeWorker(sources[n % sources.length]);
            const mode = n % sources.length;

            n++;
            running++;
            worker.onclose = () => running--;
            worker.onerror = () => assertEquals(mode, 1);
            worker.onmessage = () => {
                if (mode === 1) {
                    worker.get_subprocess().send_signal(9);
                } else if (mode === 2) {
                    worker.terminate();
                    running--;
                }
            };
        }

        while (n < 50) {
            waitUntil(() => running < 3);
            start();
            if (n === 10) {
                System.gc();
                before = [nDescriptors(), nKilobytes()];
            }
        }
        waitUntil(() => running === 0);
        waitUntil(() => {
            collectGarbage();
            return nChildren() === 0 && nDescriptors() < before[0] + 10;
        });
        assert(nKilobytes() < before[1] + 4000, `${nKilobytes() - before[1]} KiB more`);
    },

    ...Object.fromEntries(['exit', 'kill'].map(way => [`no_process_is_left_at_${way}`, () => {
        const child = Gio.Subprocess.new(
            ['gjs', '-m', here.get_child('worker-owner.js').get_path(), way],
            Gio.SubprocessFlags.STDOUT_PIPE);
        const [, output] = child.communicate_utf8(null, null);
        const pids = output.trim().split('\n');

        assertEquals(pids.length, 5);
        waitUntil(() => !pids.some(isAlive));
    }])),
};

// Begins them all, a few at a time, and returns functions that wait for the results.
function inParallel(entries) {
    const results = new Map();
    const waiting = [...entries];

    function next() {
        if (waiting.length === 0)
            return;
        const [name, test] = waiting.shift();

        test().then(() => results.set(name, null), error => results.set(name, error)).then(next);
    }

    for (let i = 0; i < N_PARALLEL; i++)
        next();
    return Object.fromEntries(entries.map(([name]) => [name, () => {
        waitUntil(() => results.has(name));
        if (results.get(name) !== null)
            throw results.get(name);
    }]));
}

run({...inParallel(Object.entries(tests)), ...testsOfProcess});
