// nodes.js: adds to the classes of domino what a window needs
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {domino} from './domino.js';
import {FileList} from './files.js';
import {getHandler, nodeEvents, setHandler} from './node-events.js';
import {pageOf} from './window.js';

const {impl} = domino;
const {Document, DocumentFragment, Element, HTMLBodyElement, HTMLElement, HTMLInputElement, Node} = impl;

/** The page that shows a node; null if none does. */
export const pageOfNode = node => pageOf((node.ownerDocument ?? node).defaultView);

/** Adds attributes and methods to a class, or to a single object. */
export function define(prototype, members) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(members)))
        Object.defineProperty(prototype, name, {...descriptor, configurable: true, enumerable: true});
}

// DOM, #interface-parentnode
const toNode = (parent, node) =>
    typeof node?.nodeType === 'number' ? node : (parent.ownerDocument ?? parent).createTextNode(`${node}`);
for (const {prototype} of [Document, DocumentFragment, Element]) {
    define(prototype, {
        append(...nodes) {
            nodes.forEach(node => this.appendChild(toNode(this, node)));
        },
        prepend(...nodes) {
            const {firstChild} = this;

            nodes.forEach(node => this.insertBefore(toNode(this, node), firstChild));
        },
        replaceChildren(...nodes) {
            [...this.childNodes].forEach(child => this.removeChild(child));
            this.append(...nodes);
        },
    });
}

// Web IDL, #js-iterable, of what getElementsByTagName() returns
Object.getPrototypeOf(new Document(true).getElementsByTagName('*'))[Symbol.iterator] = Array.prototype.values;

// HTML, sections.html#the-body-element: some of its handlers are those of the window, namely those that
// its own class defines.
const isOfWindow = (node, type) =>
    node instanceof HTMLBodyElement && Object.hasOwn(HTMLBodyElement.prototype, `on${type}`);

define(HTMLBodyElement.prototype, {
    get onmessageerror() {
        return this._getEventHandler('messageerror');
    },
    set onmessageerror(handler) {
        this._setEventHandler('messageerror', handler);
    },
});

Object.assign(Object.getPrototypeOf(Node.prototype), nodeEvents, {
    // domino calls these in the accessors of onload and the like.
    _getEventHandler(type) {
        return isOfWindow(this, type) ? this.ownerDocument.defaultView?.[`on${type}`] ?? null
            : getHandler(this, type);
    },
    _setEventHandler(type, handler) {
        const {defaultView} = this.ownerDocument ?? this;

        if (!isOfWindow(this, type))
            setHandler(this, type, handler);
        else if (defaultView)
            defaultView[`on${type}`] = handler;
    },
});

// HTML, webappapis.html#event-handler-content-attributes; compiled at the first call
function setContentAttribute(element, name, _before, source) {
    let compiled = null;

    element[name] = source === null ? null : function (event) {
        compiled ??= pageOfNode(element).scope.compileHandler(element, source);
        return compiled.call(this, event);
    };
}
HTMLBodyElement.prototype._attributeChangeHandlers.onmessageerror = setContentAttribute;
for (const {prototype: {_attributeChangeHandlers: changeHandlers}} of [HTMLElement, HTMLBodyElement]) {
    for (const name in changeHandlers) {
        if (name.startsWith('on'))
            changeHandlers[name] = setContentAttribute;
    }
}

// HTML, input.html#dom-input-files
const fileLists = new WeakMap();
define(HTMLInputElement.prototype, {
    get files() {
        if (this.type !== 'file')
            return null;
        if (!fileLists.has(this))
            fileLists.set(this, new FileList());
        return fileLists.get(this);
    },
});

// Classes of domino that windows do not get: they have the library's, or none.
const foreign = ['CustomEvent', 'DOMException', 'Event', 'HTMLParser', 'MouseEvent', 'UIEvent', 'Window'];

/** The classes that a window gets. */
export const nodeClasses = Object.fromEntries(Object.entries(impl).filter(([name]) => !foreign.includes(name)));

for (const [name, {prototype}] of Object.entries(nodeClasses)) {
    if (prototype !== undefined)
        Object.defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
}
