// META: title=How long a worker lives
// META: timeout=long
// META: script=resources/workers.js
// Upstream: workers/Worker-timeout-*.html, workers/SharedWorker-detach-frame-in-error-event.html,
// workers/interfaces/Worker/* , webmessaging/message-channels/close-event/document-destroyed.tentative.window.js
'use strict';

let nNames = 0;

// A worker of a frame, which broadcasts all the time.
async function startInFrame(t) {
    const name = `lifetime ${nNames++}`;
    const channel = new BroadcastChannel(name);
    const frame = document.createElement('iframe');

    t.add_cleanup(() => {
        channel.close();
        frame.remove();
    });
    document.body.append(frame);
    const worker = new frame.contentWindow.Worker(makeUrl(
        `const channel = new BroadcastChannel("${name}"); setInterval(() => channel.postMessage("alive"), 5);`));
    await nextMessage(channel);
    return {channel, frame, worker};
}

promise_test(async t => {
    const {channel, frame} = await startInFrame(t);

    frame.remove();
    await settle(t);
    channel.onmessage = t.unreached_func('The document of its owner is gone');
    await settle(t);
}, 'A worker ends with the frame of its owner');

promise_test(async t => {
    const {channel, frame} = await startInFrame(t);

    await new Promise(resolve => {
        frame.onload = resolve;
        frame.src = 'about:blank?another';
    });
    await settle(t);
    channel.onmessage = t.unreached_func('The document of its owner is gone');
    await settle(t);
}, 'A worker ends when another document comes');

promise_test(async t => {
    const received = nextMessage(new BroadcastChannel('forgotten'));

    new Worker(makeUrl('setTimeout(() => new BroadcastChannel("forgotten").postMessage("alive"), 50);'));
    await globalThis.gc?.();
    await globalThis.garbageCollect?.();
    assert_equals(await received, 'alive');
    await settle(t);
}, 'A worker goes on if nobody refers to its object');
