// mistakes.js: tells a program of likely mistakes that would show late or never
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported requireVariants, warnOfHandlers, warnOfType */

const {GLib} = imports.gi;

// The names of C post variants.
function requireVariants(klass) {
    const {post_message: postVariant} = klass.prototype;

    klass.prototype.post_message = function (message, ...args) {
        if (message !== null && message !== undefined && !(message instanceof GLib.Variant)) {
            throw new TypeError(`${klass.name}.post_message: the message is not a GLib.Variant. ` +
                'postMessage() posts values of JavaScript');
        }
        return postVariant.call(this, message, ...args);
    };
}

// No event is called so, but its handler is.
function warnOfType(type) {
    const [, name] = /^on(message|messageerror|close|error|connect)$/i.exec(type) ?? [];

    if (name !== undefined)
        console.warn(`A listener is added for '${type}', but the event is called '${name.toLowerCase()}'`);
}

const parts = {messageerror: ['message', 'error']};
const capitalize = word => word[0].toUpperCase() + word.slice(1);

// A handler with the name of another library or language is a property that nobody looks at.
function warnOfHandlers(klass) {
    const handlers = Object.getOwnPropertyNames(klass.prototype).filter(name => /^on[a-z]+$/.test(name));

    for (const handler of handlers) {
        const type = handler.slice(2);
        const words = parts[type] ?? [type];
        const misspelt = new Set([
            `on_${type}`, `on_${words.join('_')}`, `on${capitalize(type)}`,
            `on${words.map(capitalize).join('')}`,
        ]);

        for (const name of misspelt) {
            Object.defineProperty(klass.prototype, name, {
                get: () => undefined,
                set(value) {
                    console.warn(`${klass.name} has no event handler '${name}': it is called '${handler}'`);
                    Object.defineProperty(this, name,
                        {value, configurable: true, enumerable: true, writable: true});
                },
                configurable: true,
            });
        }
    }
}
