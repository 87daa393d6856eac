// state.js: what the library knows of an object, where no script can see it
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported domExceptions, find, isPlatformObject, remember, setFacade, setPlatformObject, stateOf, toFacade, toTarget */

var {domExceptions, find, isPlatformObject, remember, setPlatformObject, stateOf} = imports.shared;

// The global object takes the place of the event target of its scope: the engine lets nobody choose the
// prototype of a global object.
const facade = {object: null, target: null};

function setFacade(object, target) {
    facade.object = object;
    facade.target = target;
}

function toFacade(object) {
    return object !== null && object === facade.object ? facade.target : object;
}

// What a method was called on. Web IDL, #js-operations: the global object, if it was called on nothing.
function toTarget(object) {
    return facade.object !== null && ((object ?? null) === null || object === facade.target) ? facade.object : object;
}
