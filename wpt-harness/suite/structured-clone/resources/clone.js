// clone.js: runs cases through structuredClone() and through a port
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported cloneTest, failTest, forEachWay */
/* global assert_equals, promise_test, assert_throws_dom */

function cloneThroughPort(value, transfer) {
    return new Promise((resolve, reject) => {
        const {port1, port2} = new MessageChannel();

        port2.onmessage = event => {
            port1.close();
            resolve(event.data);
        };
        port2.onmessageerror = () => {
            port1.close();
            reject(new Error('messageerror'));
        };
        try {
            port1.postMessage(value, transfer);
        } catch (error) {
            port1.close();
            throw error;
        }
    });
}

/** Calls function(way, clone) for each of the ways to clone a value. */
function forEachWay(callback) {
    callback('structuredClone()', async (value, transfer) => structuredClone(value, {transfer}));
    callback('a port', cloneThroughPort);
}

/** Two subtests: check() looks at the clone of what make() returns. */
function cloneTest(name, make, check) {
    forEachWay((way, clone) => promise_test(async () => {
        const value = make();

        check(await clone(value, []), value);
    }, `${name}, through ${way}`));
}

/** Two subtests: what make() returns is a DataCloneError. */
function failTest(name, make) {
    promise_test(async () => {
        const value = await make();

        assert_throws_dom('DataCloneError', () => structuredClone(value));
    }, `${name} is a DataCloneError, through structuredClone()`);
    promise_test(async t => {
        const value = await make();
        const {port1, port2} = new MessageChannel();
        t.add_cleanup(() => port1.close());
        let received = 0;

        assert_throws_dom('DataCloneError', () => port1.postMessage(value));
        // Nothing was sent.
        await new Promise(resolve => {
            port2.onmessage = event => {
                received++;
                if (event.data === 'last')
                    resolve();
            };
            port1.postMessage('last');
        });
        assert_equals(received, 1);
    }, `${name} is a DataCloneError, through a port`);
}
