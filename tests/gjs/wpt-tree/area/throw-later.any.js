// META: global=window
async_test(t => {
    const {port1, port2} = new MessageChannel();
    port2.onmessage = () => {
        t.step_timeout(() => t.done(), 0);
        throw new Error('in a handler');
    };
    port1.postMessage(null);
}, 'goes on');
