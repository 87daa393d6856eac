// timers.js: timers, and queueMicrotask()
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported clearInterval, clearTimeout, queueMicrotask, setInterval, setTimeout, startTimer */

const {enter, mailbox} = imports.overrides.webmessaging.bridge;
const {apply, uncurryThis} = imports.overrides.webmessaging.builtins;
const {Call, Place} = imports.overrides.webmessaging.constants;
const {reportException} = imports.overrides.webmessaging.errors;
const {requireArguments, toDOMString} = imports.overrides.webmessaging.webidl;
const {natives} = imports;

const timers = new Map();
let nTimers = 0;

// A script can stop only what it has started.
function startTimer(milliseconds, callback, interval = false, isOfScript = false) {
    const id = ++nTimers;

    timers.set(id, {callback, interval, isOfScript});
    natives.startTimer(id, milliseconds, interval);
    return id;
}

enter.on(Call.FIRE_TIMER, () => {
    const id = mailbox[Place.NUMBER];
    const timer = timers.get(id);

    if (timer === undefined)
        return;
    if (!timer.interval)
        timers.delete(id);
    try {
        timer.callback();
    } catch (error) {
        reportException(error);
    }
});

// HTML, timers-and-user-prompts.html#timer-initialisation-steps
function setTimer(name, args, interval) {
    requireArguments(args, 1, name);
    const [handler, delay, ...rest] = args;
    const code = typeof handler === 'function' ? null : toDOMString(handler);
    const milliseconds = Math.max(0, delay | 0);
    const callback = code === null ? () => apply(handler, globalThis, rest) : () => (0, eval)(code);

    return startTimer(milliseconds, callback, interval, true);
}

function setTimeout(...args) {
    return setTimer('setTimeout', args, false);
}

function setInterval(...args) {
    return setTimer('setInterval', args, true);
}

function clearTimeout(id = 0) {
    stop(id);
}

function clearInterval(id = 0) {
    stop(id);
}

function stop(id) {
    const number = id | 0;

    if (timers.get(number)?.isOfScript && timers.delete(number))
        natives.stopTimer(number);
}

// HTML, webappapis.html#microtask-queuing
const resolved = Promise.resolve();
const then = uncurryThis(Promise.prototype.then);

function queueMicrotask(...args) {
    const [callback] = args;

    if (typeof callback !== 'function')
        throw new TypeError('queueMicrotask: the argument is not a function');
    then(resolved, () => {
        try {
            apply(callback, undefined, []);
        } catch (error) {
            reportException(error);
        }
    });
}
for (const [method, length] of [
    [setTimeout, 1], [setInterval, 1], [clearTimeout, 0], [clearInterval, 0], [queueMicrotask, 1],
])
    Object.defineProperty(method, 'length', {value: length, configurable: true});
