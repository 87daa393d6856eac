// test-jsc.js: scripts in JavaScriptCore, in a program in GJS: two engines, and so two realms, in one process
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import JavaScriptCore from 'gi://JavaScriptCore?version=6.0';
import WebMessaging from 'gi://WebMessaging?version=1';
import WebMessagingJsc from 'gi://WebMessagingJsc?version=1';

import {assert, assertEquals, run, waitUntil} from './tap.js';

WebMessaging.installGlobals();

function makeScript(text) {
    const context = new JavaScriptCore.Context();
    const {port1, port2} = new MessageChannel();

    WebMessagingJsc.install(context, WebMessagingJsc.Flags.NONE);
    context.set_value('port', WebMessagingJsc.wrap_port(context, port2));
    context.evaluate(text, -1);
    return {context, port: port1};
}

function ask(port, message) {
    let answer = null;

    port.onmessage = event => {
        answer = event;
    };
    port.postMessage(message);
    waitUntil(() => answer !== null);
    return answer.data;
}

run({
    values_are_of_the_engine_that_receives_them() {
        const {port} = makeScript(`port.onmessage = ({data}) =>
            port.postMessage([data, data.map instanceof Map, data.constructor === Object])`);
        const [value, isMap, isObject] = ask(port, {map: new Map([[1, 2n ** 80n]]), bytes: new Uint8Array(100000)});

        assert(isMap && isObject && value.map instanceof Map && value.constructor === Object);
        assertEquals([value.map.get(1), value.bytes.length], [2n ** 80n, 100000]);
        port.close();
    },

    time_limits_hold_as_often_as_they_are_reached() {
        const {context, port} = makeScript(`port.onmessage = ({data}) => {
            port.postMessage(data);
            for (;;)
                ;
        }`);

        assert(WebMessagingJsc.set_time_limit(context, 20));
        for (let i = 0; i < 12; i++)
            assertEquals(ask(port, i), i);
        port.close();
    },

    ports_go_from_engine_to_engine() {
        const {port} = makeScript(`port.onmessage = ({ports: [other]}) => {
            other.onmessage = ({data}) => other.postMessage(data + 1);
        }`);
        const {port1, port2} = new MessageChannel();

        port.postMessage('take this', [port2]);
        assertEquals(ask(port1, 1), 2);
        port1.close();
        port.close();
    },
});
