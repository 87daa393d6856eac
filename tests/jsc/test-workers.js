// test-workers.js: workers, which are threads
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

// A worker that runs a function.
const makeWorker = (main, options) =>
    new Worker(`data:text/javascript,${encodeURIComponent(`(${main})()`)}`, options);

run({
    async messages_both_ways() {
        const worker = makeWorker(() => {
            onmessage = ({data, ports}) => {
                ports[0]?.postMessage('by the port');
                postMessage({data, big: new Uint8Array(100000).fill(3)});
            };
        });
        const {port1, port2} = new MessageChannel();

        worker.postMessage({map: new Map([[1, 2n]])}, [port2]);
        const {data, isTrusted, target} = await nextEvent(worker, 'message');
        assert(isTrusted && target === worker && data.big[99999] === 3);
        assertEquals(data.data, {map: new Map([[1, 2n]])});
        port1.start();
        assertEquals((await nextEvent(port1, 'message')).data, 'by the port');
        worker.terminate();
        await nextEvent(port1, 'close');
    },

    async the_global_scope() {
        const worker = makeWorker(() => {
            addEventListener('message', function (event) {
                postMessage([
                    name, self === globalThis, this === self, event.target === self, event.currentTarget === self,
                    typeof importScripts, self instanceof DedicatedWorkerGlobalScope, self instanceof EventTarget,
                    location.protocol, `${self}`, typeof onmessage, typeof Worker, typeof structuredClone,
                    typeof setTimeout, new Event('x') instanceof Event, Object.prototype.toString.call(location),
                ]);
                try {
                    new DedicatedWorkerGlobalScope();
                } catch (error) {
                    postMessage(error.name);
                }
            });
        }, {name: 'my name'});

        worker.postMessage(1);
        assertEquals((await nextEvent(worker, 'message')).data, [
            'my name', true, true, true, true, 'function', true, true, 'data:', '[object DedicatedWorkerGlobalScope]',
            'object', 'function', 'function', 'function', true, '[object WorkerLocation]',
        ]);
        assertEquals((await nextEvent(worker, 'message')).data, 'TypeError');
        worker.terminate();
    },

    async instances_of_classes() {
        const worker = makeWorker(() => {
            const {port1} = new MessageChannel();

            postMessage([
                self instanceof EventTarget, self instanceof WorkerGlobalScope, self instanceof MessagePort,
                port1 instanceof EventTarget, port1 instanceof MessagePort, port1 instanceof BroadcastChannel,
                port1 instanceof WorkerGlobalScope, {} instanceof EventTarget,
            ]);
        });

        assertEquals((await nextEvent(worker, 'message')).data, [true, true, false, true, true, false, false, false]);
        worker.terminate();
    },

    async exceptions_go_to_the_owner() {
        print('# exceptions that nobody handles follow');
        const worker = new Worker('worker-throws.js');
        const event = await nextEvent(worker, 'error');

        assert(event instanceof ErrorEvent && event.cancelable && event.isTrusted);
        assertEquals([event.message, event.lineno, event.colno > 0, event.filename.split('/').at(-1)],
            ['Uncaught TypeError: of a worker', 10, true, 'worker-throws.js']);
        const next = nextEvent(worker, 'message');
        worker.postMessage('still here');
        assertEquals((await next).data, ['still here', 'Uncaught TypeError: of a worker', true]);
        worker.terminate();
    },

    async a_handled_exception_stays_inside() {
        const worker = makeWorker(() => {
            onerror = (message, _file, _line, _column, error) => {
                postMessage([message, error.extra]);
                return true;
            };
            setTimeout(() => {
                throw Object.assign(new Error('handled'), {extra: 1});
            });
        });

        worker.onerror = () => assert(false);
        assertEquals((await nextEvent(worker, 'message')).data, ['Uncaught Error: handled', 1]);
        worker.terminate();
    },

    async anything_can_be_thrown() {
        print('# exceptions that nobody handles follow');
        for (const thrown of ['{get stack() { throw 1; }}', '{stack: "", line: Symbol(), column: 1n, toString: null}', '7']) {
            const worker = new Worker(`data:text/javascript,throw ${thrown}`);

            assert((await nextEvent(worker, 'error')) instanceof ErrorEvent, thrown);
            worker.terminate();
        }
    },

    async unhandled_rejections_stay_in_the_worker() {
        print('# a rejection that nobody handles follows');
        const worker = makeWorker(() => {
            const mine = Promise.reject(new RangeError('mine'));

            Promise.reject(new Error('handled')).catch(() => {});
            onunhandledrejection = event => {
                const {promise, reason, cancelable, isTrusted, type} = event;

                postMessage([promise === mine, reason.message, cancelable, isTrusted, type,
                    event instanceof PromiseRejectionEvent]);
                onunhandledrejection = ({reason: next}) => {
                    postMessage(next);
                    return false;
                };
                Promise.reject('another');
            };
        });
        const received = [];

        worker.onerror = () => received.push('error');
        worker.onmessage = ({data}) => received.push(data);
        await until(() => received.length === 2);
        assertEquals(received, [[true, 'mine', true, true, 'unhandledrejection', true], 'another']);
        worker.terminate();
    },

    async a_listener_that_rejects_lets_messages_through() {
        const worker = makeWorker(() => {
            addEventListener('unhandledrejection', event => {
                event.preventDefault();
                Promise.reject(1);
            });
            Promise.reject(0);
            onmessage = ({data}) => postMessage(data);
        });

        worker.postMessage('here');
        assertEquals((await nextEvent(worker, 'message')).data, 'here');
        worker.terminate();
    },

    async scripts_that_do_not_run() {
        print('# scripts that cannot be loaded follow');
        for (const url of ['data:text/javascript,this is not a script', 'no-such-file.js', 'data:nonsense']) {
            const event = await nextEvent(new Worker(url), 'error');

            assert(!(event instanceof ErrorEvent) && event.type === 'error', url);
        }
        for (const url of ['http://[', 'http://:80/', 'https://a^b/', 'ws://'])
            assertThrows(() => new Worker(url), 'SyntaxError');
        assertThrows(() => new Worker('a.js', {type: 'module'}), 'NotSupportedError');
        assertThrows(() => new Worker('a.js', {type: 'other'}), 'TypeError');
        assertThrows(() => new Worker(), 'TypeError');
    },

    async other_scripts_are_imported() {
        const worker = new Worker('worker-imports.js');

        assertEquals((await nextEvent(worker, 'message')).data,
            ['imported', 'let of the other', 'NetworkError', 'SyntaxError', 'of the imported']);
        worker.terminate();
    },

    // URL, #string-percent-decode, Infra, #forgiving-base64-decode, Fetch, #data-url-processor
    async data_URLs() {
        for (const url of ['data:,postMessage(10%3)', 'data:,postMessage(10 % 3 || "%%%4")',
            'DATA:text/javascript; BASE64 ,cG9zdE1lc3 Nh Z2UoMSk', 'data:;base64,cG9zdE1lc3NhZ2UoMSkv%4C%77%3D%3D']) {
            const worker = new Worker(url);

            assertEquals((await nextEvent(worker, 'message')).data, 1);
            worker.terminate();
        }
        for (const url of ['data:;base64,cG9zdE1lc3NhZ2UoMSkv=', 'data:;base64,cG9z_', 'data:;base64,a'])
            assert(!(await nextEvent(new Worker(url), 'error') instanceof ErrorEvent));
    },

    // Web IDL, #js-operations
    async methods_that_are_called_on_nothing() {
        const worker = makeWorker(() => {
            const target = null;

            addEventListener.call(target, 'message', ({data}) => {
                postMessage.apply(target, [data]);
                close.call(undefined);
            });
            removeEventListener.apply(null, ['message', null]);
        });

        worker.postMessage('on nothing');
        assertEquals((await nextEvent(worker, 'message')).data, 'on nothing');
        await nextEvent(worker, 'close');
    },

    // Encoding, #utf-8-decode: a sequence that ends too early becomes one U+FFFD.
    async scripts_that_are_not_UTF_8() {
        const text = '%E9x%E2%82y%F0%9F%98%80%ED%A0%80%C3%A9%F4%90%FF%00%E2%82';
        const expected = '\ufffdx\ufffdy\u{1f600}\ufffd\ufffd\ufffd\xe9\ufffd\ufffd\ufffd\0\ufffd';
        const imported = `data:,imported="${text}"`.replaceAll('%', '%25');
        const worker = new Worker(
            `data:,importScripts('${imported}'); postMessage(["${text}", imported]); // %FE`);

        assertEquals((await nextEvent(worker, 'message')).data, [expected, expected]);
        worker.terminate();
        const invalid = new Worker('data:,var %E9 = ;');

        assert(!(await nextEvent(invalid, 'error') instanceof ErrorEvent));
    },

    async no_script_is_imported_beside_an_invalid_URL() {
        const worker = makeWorker(() => {
            try {
                importScripts('data:text/javascript,self.imported = 1', 'http://:80/');
            } catch ({name}) {
                postMessage([name, typeof imported]);
            }
        });

        assertEquals((await nextEvent(worker, 'message')).data, ['SyntaxError', 'undefined']);
        worker.terminate();
    },

    async close_ends_a_worker() {
        const worker = makeWorker(() => {
            onmessage = () => {
                postMessage('first');
                close();
                postMessage('last');
                setTimeout(() => postMessage('never'));
            };
        });
        const log = [];

        worker.onmessage = ({data}) => log.push(data);
        worker.postMessage(1);
        worker.postMessage(2);
        await nextEvent(worker, 'close');
        assertEquals(log, ['first', 'last']);
    },

    async a_busy_worker_is_terminated() {
        const other = new BroadcastChannel('busy');
        const worker = makeWorker(() => {
            postMessage('busy');
            for (;;) {
                try {
                    for (;;)
                        ;
                } catch {
                    // It cannot be caught.
                }
            }
        });
        const {port1, port2} = new MessageChannel();

        port1.start();
        worker.postMessage(0, [port2]);
        await nextEvent(worker, 'message');
        const closed = nextEvent(port1, 'close');
        worker.terminate();
        await closed;
        other.close();
    },

    async workers_of_workers() {
        const worker = makeWorker(() => {
            const inner = new Worker('data:text/javascript,onmessage = ({data}) => postMessage(data + 1)');

            inner.onmessage = ({data}) => postMessage(data + 1);
            onmessage = ({data}) => inner.postMessage(data + 1);
        });

        worker.postMessage(1);
        assertEquals((await nextEvent(worker, 'message')).data, 4);
        worker.terminate();
    },

    // HTML, workers.html#the-worker's-lifetime: what ends a worker ends those that it has started. A port of the
    // innermost one tells.
    async workers_end_with_what_has_started_them() {
        const main = () => {
            const inner = new Worker(`data:text/javascript,onmessage = ({data, ports: [port]}) => {
                port.postMessage(data);
                if (data === "busy")
                    for (;;);
            }`);

            onmessage = ({data, ports: [port]}) => {
                inner.postMessage(data, [port]);
                if (data === 'busy')
                    for (;;);
                if (data === 'close')
                    close();
            };
        };

        for (const [how, end] of [
            ['idle', (_realm, worker) => worker.terminate()],
            ['busy', (_realm, worker) => worker.terminate()],
            ['close', () => {}],
            ['idle', realm => realm.shutDown()],
            ['busy', realm => realm.shutDown()],
        ]) {
            const realm = newRealm();
            const worker = new realm.Worker(`data:text/javascript,${encodeURIComponent(`(${main})()`)}`);
            const {port1, port2} = new MessageChannel();
            const closed = nextEvent(port1, 'close');

            port1.start();
            worker.postMessage(how, [port2]);
            if (how !== 'close')
                assertEquals((await nextEvent(port1, 'message')).data, how);
            end(realm, worker);
            await closed;
        }
    },

    async workers_end_with_a_realm_that_nobody_can_reach() {
        const {port1, port2} = new MessageChannel();
        let isClosed = false;

        (() => {
            const worker = new (newRealm().Worker)(
                'data:text/javascript,onmessage = ({ports: [port]}) => { port.postMessage(1); for (;;); }');

            worker.postMessage(0, [port2]);
        })();
        port1.start();
        await nextEvent(port1, 'message');
        port1.onclose = () => {
            isClosed = true;
        };
        await collectUntil(() => isClosed);
    },

    async errors_of_inner_workers_go_up() {
        const worker = makeWorker(() => {
            new Worker('data:text/javascript,throw new RangeError("deep")');
        });
        const event = await nextEvent(worker, 'error');

        assertEquals(event.message, 'Uncaught RangeError: deep');
        worker.terminate();
    },

    async a_microtask_of_the_last_listener_cancels_an_error() {
        const worker = makeWorker(() => {
            const inner = new Worker('data:text/javascript,throw new RangeError("deep")');

            inner.onerror = async event => {
                await null;
                event.preventDefault();
                setTimeout(() => postMessage('cancelled'));
            };
        });

        assertEquals((await nextEvent(worker, 'message', 'error')).data, 'cancelled');
        worker.terminate();
    },

    async channels_between_workers() {
        const echo = () => {
            onmessage = ({data, ports: [port]}) => {
                port.onmessage = event => {
                    if (event.data < 100)
                        port.postMessage(event.data + 1);
                    else
                        postMessage(event.data);
                };
                if (data === 'begin')
                    port.postMessage(0);
            };
        };
        const [first, second] = [makeWorker(echo), makeWorker(echo)];
        const {port1, port2} = new MessageChannel();
        const done = Promise.race([nextEvent(first, 'message'), nextEvent(second, 'message')]);

        first.postMessage('wait', [port1]);
        second.postMessage('begin', [port2]);
        assertEquals((await done).data, 100);
        first.terminate();
        second.terminate();
    },

    async broadcasts_reach_workers() {
        const channel = new BroadcastChannel('to workers');
        const worker = makeWorker(() => {
            const inner = new BroadcastChannel('to workers');

            inner.onmessage = ({data}) => inner.postMessage(data * 2);
            postMessage('ready');
        });

        await nextEvent(worker, 'message');
        channel.postMessage(21);
        assertEquals((await nextEvent(channel, 'message')).data, 42);
        worker.terminate();
        channel.close();
    },

    async terminate_stops_what_is_under_way() {
        const worker = makeWorker(() => {
            setInterval(() => postMessage(1), 1);
        });
        let n = 0;

        await nextEvent(worker, 'message');
        worker.onmessage = () => n++;
        worker.terminate();
        await later(30);
        assertEquals(n, 0);
    },

    async a_syntax_error_of_another_script_is_reported() {
        const worker = new Worker(`data:,${encodeURIComponent(`
            onmessage = () => postMessage('alive');
            try { importScripts('file:///nowhere.js'); } catch {}
            try { importScripts('data:,var a = ;'); } catch ({name}) { postMessage(name); }
            throw new SyntaxError('thrown');
        `)}`);
        const error = nextEvent(worker, 'error');

        worker.addEventListener('error', event => event.preventDefault());
        assertEquals((await nextEvent(worker, 'message')).data, 'SyntaxError');
        assert((await error) instanceof ErrorEvent);
        worker.postMessage(1);
        assertEquals((await nextEvent(worker, 'message')).data, 'alive');
        worker.terminate();
    },
});
