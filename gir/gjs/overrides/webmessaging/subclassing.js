// subclassing.js: classes that scripts derive from the classes of the library
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported openForSubclasses */

const {stateOf} = imports.overrides.webmessaging.state;

// The nearest class that GObject knows.
function findRegistered(klass) {
    while (!Object.hasOwn(klass, '$gtype'))
        klass = Object.getPrototypeOf(klass);
    return klass;
}

// The class as scripts see it, which takes its place wherever they could come by it: `class Thing
// extends EventTarget {}` works as on the web. GJS makes objects of registered classes only, and a final
// class of C has none below it; so an object is made of the class that there is, and gets the
// prototype of the script's.
function openForSubclasses(namespace, name) {
    const klass = namespace[name];
    const open = new Proxy(klass, {
        apply() {
            throw new TypeError(`Class constructor ${name} cannot be invoked without 'new'`);
        },
        construct(target, args, newTarget) {
            if (newTarget === open)
                return Reflect.construct(target, args);
            if (Object.hasOwn(newTarget, '$gtype'))
                return Reflect.construct(target, args, newTarget);

            const registered = findRegistered(newTarget);
            const object = Reflect.construct(target, args, registered === open ? target : registered);

            // GJS keeps a wrapper with properties of its own, and so its prototype.
            stateOf(object);
            return Object.setPrototypeOf(object, newTarget.prototype);
        },
    });

    // GJS asks for the class that GObject knows.
    Object.defineProperty(klass, Symbol.hasInstance,
        {value: Function.prototype[Symbol.hasInstance], configurable: true});
    klass.prototype.constructor = open;
    namespace[name] = open;
    return open;
}
