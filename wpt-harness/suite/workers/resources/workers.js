// Workers of a test, which end with it.
'use strict';

// A URL for a script. It stays valid, as a shared worker may be started with it later.
const makeUrl = source => URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));

function startUrl(t, url, options) {
    const worker = new Worker(url, options);

    t.add_cleanup(() => worker.terminate());
    return worker;
}

const start = (t, source, options) => startUrl(t, makeUrl(source), options);

const nextEvent = (target, type = 'message') => new Promise(resolve => {
    target.addEventListener(type, resolve, {once: true});
});

const nextMessage = async target => (await nextEvent(target)).data;

// Resolves with the data of messages, when there are so many.
const collect = (target, count) => new Promise(resolve => {
    const received = [];

    target.addEventListener('message', ({data}) => {
        received.push(data);
        if (received.length === count)
            resolve(received);
    });
});

// Resolves when what is on its way has probably arrived.
const settle = t => new Promise(resolve => t.step_timeout(resolve, 100));
