// insertion.js: what comes to life when it is inserted into a document: scripts and frames
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../shared/packages.js';
import {equipCanvas} from './canvas.js';
import {define, pageOfNode} from './nodes.js';

const {impl} = requirePackage('@mixmark-io/domino');
const {Element, HTMLCanvasElement, HTMLFrameElement, HTMLIFrameElement, HTMLScriptElement} = impl;

// What domino tells of a document: lib/MutationConstants.js
const ATTRIBUTE_CHANGED = 2, REMOVED = 4, MOVED = 5, INSERTED = 6;

// Scripts

const startedScripts = new WeakSet();

/** What innerHTML makes is never run. */
export const ignoreScript = script => startedScripts.add(script);

/** HTML, scripting.html#prepare-the-script-element */
export function runScript(script, isParserInserted = false) {
    const type = script.getAttribute('type') ?? '';
    const source = script.getAttribute('src');
    const page = pageOfNode(script);

    if (startedScripts.has(script) || page === null || type !== '' && !/javascript|ecmascript/i.test(type) ||
        source === null && script.textContent === '')
        return;
    startedScripts.add(script);
    if (source === null || isParserInserted)
        page.runScriptElement(script);
    else
        page.load(() => page.runScriptElement(script));
}

// Frames

const frames = new WeakMap();
const isFrame = element => element instanceof HTMLIFrameElement || element instanceof HTMLFrameElement;

// HTML, iframe-embed-object.html#the-iframe-element
for (const {prototype} of [HTMLIFrameElement, HTMLFrameElement]) {
    define(prototype, {
        get contentWindow() {
            return pageOfNode(this)?.getProxy(frames.get(this) ?? null) ?? null;
        },
        get contentDocument() {
            const page = frames.get(this)?.page;

            return page !== undefined && pageOfNode(this).isSameOrigin(page) ? page.document : null;
        },
    });
}

function insertFrame(element) {
    const context = pageOfNode(element)?.context.openFrame(element);

    if (context !== undefined) {
        frames.set(element, context);
        context.loadFrame();
    }
}

function removeFrame(element) {
    frames.get(element)?.discard();
    frames.delete(element);
}

// All of them, as they are now: scripts may change the document meanwhile.
const elementsIn = node => node instanceof Element ? [node, ...node.querySelectorAll('*')] : [];

/** DOM, #concept-node-insert, step 7, and its like */
export function watchDocument(document, runInsertedScript) {
    const inserted = element => {
        if (element instanceof HTMLScriptElement)
            runInsertedScript(element);
        else if (isFrame(element))
            insertFrame(element);
        else if (element instanceof HTMLCanvasElement)
            equipCanvas(element);
    };
    const removed = element => isFrame(element) && removeFrame(element);

    document._setMutationHandler(({type, target, node, attr}) => {
        switch (type) {
        case INSERTED:
            // A script may have a text only now.
            if (node.parentNode instanceof HTMLScriptElement)
                inserted(node.parentNode);
            elementsIn(node).forEach(inserted);
            break;
        case REMOVED:
            elementsIn(node).forEach(removed);
            break;
        case MOVED:
            elementsIn(target).filter(isFrame).forEach(element => {
                removeFrame(element);
                insertFrame(element);
            });
            break;
        case ATTRIBUTE_CHANGED:
            if (attr.name === 'src' || attr.name === 'srcdoc')
                frames.get(target)?.loadFrame();
            break;
        }
    });
}
