// compile-module.js: modules in an engine that has no loader of modules
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** What a script is called in a stack. */
export const nameScript = url => url.replace(/\s/g, encodeURIComponent);

/** Compiles a module as an asynchronous function.
 * evaluate: the function of the realm that evaluates a script
 * bindings: variables that the module has beside its own */
export const compileModule = (evaluate, text, url, bindings) => evaluate(
    `(function () { with (this) return async function () { 'use strict'; ${text}\n}; })`, nameScript(url)).call(bindings);
