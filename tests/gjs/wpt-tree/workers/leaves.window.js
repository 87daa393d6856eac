// Workers of every kind that would go on for ever, when the file is done.
promise_test(async () => {
    const busy = new Worker(URL.createObjectURL(new Blob(['postMessage(0); for (;;);'])));
    const nested = new Worker('support/nests.js');
    const shared = new SharedWorker('support/shared.js');

    await Promise.all([busy, nested, shared.port].map(target => new Promise(resolve => {
        target.onmessage = resolve;
    })));
}, 'leaves workers behind');
