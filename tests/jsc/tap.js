// tap.js: runs test functions and prints their results in the Test Anything Protocol
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// For jsc-run, which has no modules: these are globals of the tests.

load('../gjs/describe.mjs');

function assert(condition, message = 'assertion failed') {
    if (!condition)
        throw new Error(message);
}

function assertEquals(actual, expected, message = '') {
    const [text, expectedText] = [describe(actual), describe(expected)];

    assert(text === expectedText, `${message} ${text} is not ${expectedText}`);
}

function assertThrows(callback, name) {
    try {
        callback();
    } catch (error) {
        assert(name === undefined || error.name === name, `${error} is not a ${name}`);
        return error;
    }
    throw new Error('nothing was thrown');
}

// The next event of these types.
function nextEvent(target, ...types) {
    return new Promise(resolve => {
        for (const type of types)
            target.addEventListener(type, resolve, {once: true});
    });
}

const later = (milliseconds = 0) => new Promise(resolve => {
    setTimeout(resolve, milliseconds);
});

// However slow the machine is; a test that waits for ever fails by its time limit.
async function until(condition) {
    while (!condition())
        await later();
}

// The event that arrives when a port posts something.
async function deliver(post) {
    const {port1, port2} = new MessageChannel();
    const event = nextEvent(port2, 'message', 'messageerror');

    port2.start();
    post(port1);
    await event;
    port1.close();
    return event;
}

// Waits until garbage collections have made a condition true.
async function collectUntil(condition) {
    for (let i = 0; i < 50 && !condition(); i++) {
        // What a WeakRef was asked for in this task stays until its end.
        await later();
        collectGarbage();
        await later(i);
    }
    assert(condition(), 'still there after many collections');
}

async function run(tests) {
    const entries = Object.entries(tests);
    let nFailed = 0;

    print(`1..${entries.length}`);
    for (const [index, [name, test]] of entries.entries()) {
        const line = `ok ${index + 1} - ${name.replaceAll('_', ' ')}`;

        try {
            const skipped = await test();

            print(typeof skipped === 'string' ? `${line} # SKIP ${skipped}` : line);
        } catch (error) {
            nFailed++;
            print(`# ${error}`);
            print(`# ${error?.stack}`.trimEnd().replaceAll('\n', '\n# '));
            print(`not ${line}`);
        }
    }
    exit(nFailed === 0 ? 0 : 1);
}
