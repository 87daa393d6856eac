// readable-stream.js: ReadableStream, which can be transferred
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {HostObject, makeSerializable, setTransferable} from './serializable.js';

const {broadcasting} = imports.overrides.webmessaging.broadcastChannel;
const {BroadcastChannel, DOMException} = globalThis;
const {natives} = imports;

// Departures from Streams: there are neither byte streams nor queuing strategies, and the source is asked for a chunk
// when somebody reads one.

/** Streams, #rs-default-controller-class */
class ReadableStreamDefaultController {
    #stream;

    constructor(stream) {
        this.#stream = stream;
    }

    enqueue(chunk) {
        this.#stream.settle({value: chunk, done: false});
    }

    close() {
        this.#stream.end(() => Promise.resolve({value: undefined, done: true}));
    }

    error(reason) {
        this.#stream.fail(reason);
    }
}

// What a stream has: chunks that nobody has read, or readers that wait for one.
class Queue {
    chunks = [];
    waiting = [];
    // Makes the answer to those who read when there is nothing more
    atEnd = null;

    constructor(source) {
        this.source = source;
        this.controller = new ReadableStreamDefaultController(this);
        this.started = (async () => source.start?.(this.controller))();
        this.started.catch(reason => this.fail(reason));
    }

    settle(result) {
        if (this.atEnd !== null)
            throw new TypeError('The stream has ended');
        if (this.waiting.length > 0)
            this.waiting.shift().resolve(result);
        else
            this.chunks.push(result);
    }

    end(atEnd) {
        if (this.atEnd !== null)
            return;
        this.atEnd = atEnd;
        this.waiting.splice(0).forEach(({resolve}) => resolve(atEnd()));
    }

    fail(reason) {
        this.chunks = [];
        this.end(() => Promise.reject(reason));
    }

    read() {
        if (this.chunks.length > 0)
            return Promise.resolve(this.chunks.shift());
        if (this.atEnd !== null)
            return this.atEnd();
        return new Promise(resolve => {
            this.waiting.push({resolve});
            this.started.then(() => this.source.pull?.(this.controller)).catch(reason => this.fail(reason));
        });
    }

    async cancel(reason) {
        if (this.atEnd === null)
            await this.source.cancel?.(reason);
        this.chunks = [];
        this.end(() => Promise.resolve({value: undefined, done: true}));
    }
}

/** Streams, #default-reader-class */
class ReadableStreamDefaultReader {
    #queue;
    #release;

    constructor(queue, release) {
        this.#queue = queue;
        this.#release = release;
    }

    async read() {
        if (this.#queue === null)
            throw new TypeError('The reader has released its stream');
        return this.#queue.read();
    }

    async cancel(reason) {
        return this.#queue?.cancel(reason);
    }

    releaseLock() {
        this.#queue = null;
        this.#release();
    }
}

// Streams, #transferrable-streams, has a pair of ports between both sides. A message has only the ports of its transfer
// list, so here it is a channel that nobody else knows the name of.
function openPipe(name) {
    const {getOrigin} = broadcasting;

    broadcasting.getOrigin = () => 'https://streams.opaque';
    try {
        return new BroadcastChannel(name);
    } finally {
        broadcasting.getOrigin = getOrigin;
    }
}

// Streams, #abstract-opdef-setupcrossrealmtransformwritable: sends chunks as they are asked for.
function sendChunks(queue, name) {
    const pipe = openPipe(name);
    const finish = message => {
        pipe.postMessage(message);
        pipe.close();
    };

    pipe.onmessage = async ({data: {wants, reason}}) => {
        try {
            if (wants === 'cancel') {
                pipe.close();
                await queue.cancel(reason);
                return;
            }
            const result = await queue.read();

            if (result.done)
                finish(result);
            else
                pipe.postMessage(result);
        } catch (error) {
            // A chunk that cannot be cloned is an error for both sides.
            finish({error});
            queue.cancel(error);
        }
    };
}

// Streams, #abstract-opdef-setupcrossrealmtransformreadable
function receiveChunks(name) {
    const pipe = openPipe(name);

    return {
        start(controller) {
            pipe.onmessage = ({data: {value, done, error}}) => {
                if (done === false) {
                    controller.enqueue(value);
                    return;
                }
                pipe.close();
                if (done)
                    controller.close();
                else
                    controller.error(error);
            };
        },
        pull: () => pipe.postMessage({wants: 'chunk'}),
        cancel(reason) {
            pipe.postMessage({wants: 'cancel', reason});
            pipe.close();
        },
    };
}

/** Streams, #rs-class */
export class ReadableStream extends HostObject {
    #queue;
    #isLocked = false;
    #isDetached = false;

    constructor(source = {}) {
        super();
        this.#queue = new Queue(source);
        setTransferable(this, 'ReadableStream', {
            transfer: () => {
                if (this.#isLocked)
                    throw new DOMException('A locked ReadableStream could not be transferred', 'DataCloneError');
                const name = natives.makeId();

                sendChunks(this.#queue, name);
                return {name};
            },
            isDetached: () => this.#isDetached,
            detach: () => {
                this.#isDetached = this.#isLocked = true;
            },
        });
    }

    get locked() {
        return this.#isLocked;
    }

    getReader() {
        if (this.#isLocked)
            throw new TypeError('The stream is locked');
        this.#isLocked = true;
        return new ReadableStreamDefaultReader(this.#queue, () => {
            this.#isLocked = false;
        });
    }

    async cancel(reason) {
        if (this.#isLocked)
            throw new TypeError('The stream is locked');
        return this.#queue.cancel(reason);
    }

    async* [Symbol.asyncIterator]() {
        const reader = this.getReader();

        try {
            for (let result = await reader.read(); !result.done; result = await reader.read())
                yield result.value;
        } finally {
            reader.releaseLock();
        }
    }
}
makeSerializable(ReadableStream, 'ReadableStream', 0, ({name}) => new ReadableStream(receiveChunks(name)));
