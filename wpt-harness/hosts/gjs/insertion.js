// insertion.js: starts scripts and frames when they are inserted into a document
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {equipCanvas} from './canvas.js';
import {domino} from './domino.js';
import {define, pageOfNode} from './nodes.js';

const {HTMLFrameElement, HTMLIFrameElement} = domino.impl;

const {ELEMENT_NODE} = domino.impl.Node;

// The types of domino's mutation records: lib/MutationConstants.js
const ATTRIBUTE_CHANGED = 2, REMOVED = 4, MOVED = 5, INSERTED = 6;

// Scripts

const startedScripts = new WeakSet();

/** Marks a script as already started: HTML, parsing.html#parsing-html-fragments */
export const ignoreScript = script => startedScripts.add(script);

/** HTML, scripting.html#prepare-the-script-element */
export function runScript(script, isParserInserted = false) {
    const type = script.getAttribute('type') ?? '';
    const source = script.getAttribute('src');
    const page = pageOfNode(script);
    const isModule = type === 'module';

    if (startedScripts.has(script) || page === null || !isModule && type !== '' && !/javascript|ecmascript/i.test(type) ||
        source === null && script.textContent === '')
        return;
    startedScripts.add(script);
    if (!isModule && (source === null || isParserInserted))
        page.runScriptElement(script);
    else
        page.load(() => page.runScriptElement(script));
}

// Frames

const frames = new WeakMap();
// By their names: an element may come from a document of another realm.
const isFrame = ({localName}) => localName === 'iframe' || localName === 'frame';
const isScript = ({localName}) => localName === 'script';

// HTML, iframe-embed-object.html#the-iframe-element
for (const {prototype} of [HTMLIFrameElement, HTMLFrameElement]) {
    define(prototype, {
        get contentWindow() {
            return pageOfNode(this)?.getProxy(frames.get(this) ?? null) ?? null;
        },
        get contentDocument() {
            const page = frames.get(this)?.page;

            return page !== undefined && pageOfNode(this).isSameOriginDomain(page) ? page.document : null;
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

// A copy of the list, because scripts may change the document while it is used.
const elementsIn = node => node.nodeType === ELEMENT_NODE ? [node, ...node.querySelectorAll('*')] : [];

/** Runs the insertion and removing steps of elements: DOM, #concept-node-insert and #concept-node-remove */
export function watchDocument(document, runInsertedScript) {
    const inserted = element => {
        if (isScript(element))
            runInsertedScript(element);
        else if (isFrame(element))
            insertFrame(element);
        else if (element.localName === 'canvas')
            equipCanvas(element);
    };
    const removed = element => isFrame(element) && removeFrame(element);

    document._setMutationHandler(({type, target, node, attr}) => {
        switch (type) {
        case INSERTED:
            // A script without a text starts when it gets one.
            if (isScript(node.parentNode))
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
