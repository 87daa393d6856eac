// window.js: frames that send back what they get
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported openFrame, nextMessage, ask */

const echo = new URL('resources/echo.html', location.href).href;

/** A frame that has loaded; it goes with the test. */
function openFrame(t, attributes = {src: echo}) {
    const frame = document.createElement('iframe');

    for (const [name, value] of Object.entries(attributes))
        frame.setAttribute(name, value);
    t.add_cleanup(() => frame.remove());
    return new Promise(resolve => {
        frame.onload = () => resolve(frame);
        document.body.append(frame);
    });
}

/** The next message event at a window. */
function nextMessage(target = self) {
    return new Promise(resolve => {
        target.addEventListener('message', resolve, {once: true});
    });
}

/** Posts to a frame, and returns the event for its answer. */
async function ask(frame, ...args) {
    const answer = nextMessage();

    frame.contentWindow.postMessage(...args);
    return answer;
}
