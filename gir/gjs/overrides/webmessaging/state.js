// state.js: what a script knows of an object and C does not
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported domExceptions, setFacade, stateOf, toFacade */

// The state of a wrapper. A symbol, not a WeakMap: GJS keeps a wrapper that has properties of its
// own for as long as its object lives.
const state = Symbol('WebMessaging state');

// What DOMExceptions tell.
var domExceptions = new WeakMap();

function stateOf(object) {
    if (!Object.hasOwn(object, state))
        Object.defineProperty(object, state, {value: {__proto__: null}});
    return object[state];
}

// In a worker the global object of the language takes the place of the scope.
const facade = {object: null, target: null};

function setFacade(object, target) {
    Object.assign(facade, {object, target});
}

function toFacade(object) {
    return object !== null && object === facade.object ? facade.target : object;
}
