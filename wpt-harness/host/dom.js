// dom.js: documents, as far as tests of messages touch them
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

import {FileList, ImageData} from './files.js';
import {requirePackage} from './packages.js';

const {addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {nameClass} = imports.overrides.webmessaging.webidl;
const parse5 = requirePackage('parse5');

const HTML = 'http://www.w3.org/1999/xhtml';

function register(name, klass) {
    GObject.registerClass({GTypeName: `WebMessagingHost${name}`}, klass);
    nameClass(klass, name);
    return klass;
}

function addEventHandlers(klass, types) {
    types.forEach(type => addEventHandler(klass, type));
}

/** DOM, #interface-node */
export const Node = register('Node', class extends WebMessaging.EventTarget {
    constructor() {
        super();
        this.childNodes = [];
        this.parentNode = null;
        this.ownerDocument = null;
    }

    get isConnected() {
        return this.ownerDocument !== null && this.getRootNode() === this.ownerDocument;
    }

    getRootNode() {
        return this.parentNode?.getRootNode() ?? this;
    }

    get firstChild() {
        return this.childNodes[0] ?? null;
    }

    get lastChild() {
        return this.childNodes.at(-1) ?? null;
    }

    get nextSibling() {
        return this.parentNode?.childNodes[this.parentNode.childNodes.indexOf(this) + 1] ?? null;
    }

    get previousSibling() {
        return this.parentNode?.childNodes[this.parentNode.childNodes.indexOf(this) - 1] ?? null;
    }

    get parentElement() {
        return this.parentNode instanceof Element ? this.parentNode : null;
    }

    get children() {
        return this.childNodes.filter(node => node instanceof Element);
    }

    get firstElementChild() {
        return this.children[0] ?? null;
    }

    hasChildNodes() {
        return this.childNodes.length > 0;
    }

    contains(node) {
        return node === this || this.childNodes.some(child => child.contains(node));
    }

    get textContent() {
        return this.childNodes.map(child => child.textContent).join('');
    }

    set textContent(text) {
        this.replaceChildren(...text === '' ? [] : [`${text}`]);
    }

    /** This node and all in it, in the order of the document. */
    * walk() {
        yield this;
        for (const child of [...this.childNodes])
            yield* child.walk();
    }

    insertBefore(node, reference) {
        if (node instanceof DocumentFragment) {
            [...node.childNodes].forEach(child => this.insertBefore(child, reference));
            return node;
        }
        node.parentNode?.removeChild(node);
        const index = reference === null || reference === undefined
            ? this.childNodes.length : this.childNodes.indexOf(reference);
        this.childNodes.splice(index, 0, node);
        node.parentNode = this;
        for (const inner of node.walk())
            inner.ownerDocument = this.ownerDocument ?? this;
        // DOM, #concept-node-insert, step 7: what is in the document comes to life.
        if (node.isConnected) {
            for (const inner of [...node.walk()])
                inner.inserted?.();
        }
        return node;
    }

    appendChild(node) {
        return this.insertBefore(node, null);
    }

    removeChild(node) {
        const index = this.childNodes.indexOf(node);
        if (index < 0)
            throw new WebMessaging.DOMException('This is no child of the node', 'NotFoundError');

        const wasConnected = node.isConnected;
        this.childNodes.splice(index, 1);
        node.parentNode = null;
        if (wasConnected) {
            for (const inner of [...node.walk()])
                inner.removed?.();
        }
        return node;
    }

    replaceChild(node, child) {
        this.insertBefore(node, child);
        return this.removeChild(child);
    }

    append(...nodes) {
        for (const node of nodes)
            this.appendChild(node instanceof Node ? node : (this.ownerDocument ?? this).createTextNode(`${node}`));
    }

    prepend(...nodes) {
        const first = this.firstChild;
        for (const node of nodes)
            this.insertBefore(node instanceof Node ? node : (this.ownerDocument ?? this).createTextNode(`${node}`), first);
    }

    replaceChildren(...nodes) {
        [...this.childNodes].forEach(child => this.removeChild(child));
        this.append(...nodes);
    }

    remove() {
        this.parentNode?.removeChild(this);
    }

    cloneNode(deep = false) {
        const copy = this instanceof Element
            ? this.ownerDocument.createElementNS(this.namespaceURI, this.localName)
            : this.ownerDocument.createTextNode(this.textContent);

        this.attributes_?.forEach((value, name) => copy.setAttribute(name, value));
        if (deep)
            copy.append(...this.childNodes.map(child => child.cloneNode(true)));
        return copy;
    }

    getElementsByTagName(name) {
        return [...this.walk()].filter(node => node !== this && node instanceof Element &&
            (name === '*' || node.localName === name.toLowerCase()));
    }

    getElementsByClassName(name) {
        return [...this.walk()].filter(node => node instanceof Element && node.classList.contains(name));
    }

    querySelectorAll(selectors) {
        const lists = selectors.split(',').map(selector => selector.trim().split(/\s*>\s*|\s+/).map(parseCompound));

        return [...this.walk()].filter(node => node !== this && node instanceof Element &&
            lists.some(compounds => matches(node, compounds)));
    }

    querySelector(selectors) {
        return this.querySelectorAll(selectors)[0] ?? null;
    }
});

// A selector of one element: its tag, id, classes and attributes.
function parseCompound(text) {
    const parts = text.match(/^[\w*-]+|#[\w-]+|\.[\w-]+|\[[^\]]*\]/g) ?? [];

    if (parts.join('') !== text)
        throw new WebMessaging.DOMException(`The host knows no selector “${text}”`, 'SyntaxError');
    return element => parts.every(part => {
        switch (part[0]) {
        case '#':
            return element.id === part.slice(1);
        case '.':
            return element.classList.contains(part.slice(1));
        case '[': {
            const [, name, value] = /^\[([\w-]+)(?:=["']?([^"']*)["']?)?\]$/.exec(part) ?? [];
            return element.hasAttribute(name) && (value === undefined || element.getAttribute(name) === value);
        }
        default:
            return part === '*' || element.localName === part.toLowerCase();
        }
    });
}

function matches(element, compounds) {
    if (!compounds.at(-1)(element))
        return false;
    const rest = compounds.slice(0, -1);
    if (rest.length === 0)
        return true;
    for (let ancestor = element.parentElement; ancestor !== null; ancestor = ancestor.parentElement) {
        if (matches(ancestor, rest))
            return true;
    }
    return false;
}

export const Text = register('Text', class extends Node {
    constructor(data = '') {
        super();
        this.data = data;
    }

    get nodeType() {
        return 3;
    }

    get textContent() {
        return this.data;
    }

    set textContent(text) {
        this.data = `${text}`;
    }
});

export const DocumentFragment = register('DocumentFragment', class extends Node {
    get nodeType() {
        return 11;
    }
});

// HTML, webappapis.html#event-handler-content-attributes
const HANDLER_ATTRIBUTE = /^on(\w+)$/;

/** DOM, #interface-element */
export const Element = register('Element', class extends Node {
    constructor(localName = '', namespace = HTML) {
        super();
        this.localName = localName;
        this.namespaceURI = namespace;
        this.attributes_ = new Map();
        this.style = {};
        this.dataset = {};
    }

    get nodeType() {
        return 1;
    }

    get tagName() {
        return this.localName.toUpperCase();
    }

    get nodeName() {
        return this.tagName;
    }

    getAttribute(name) {
        return this.attributes_.get(name.toLowerCase()) ?? null;
    }

    hasAttribute(name) {
        return this.attributes_.has(name.toLowerCase());
    }

    setAttribute(name, value) {
        const lower = `${name}`.toLowerCase();
        const [, handler] = HANDLER_ATTRIBUTE.exec(lower) ?? [];

        this.attributes_.set(lower, `${value}`);
        if (handler !== undefined)
            this.setHandler(lower, `${value}`);
        this.attributeChanged?.(lower);
    }

    // Compiled when it is called for the first time.
    setHandler(name, source) {
        let compiled = null;
        const element = this;
        const {page_: page} = this.ownerDocument;

        this[name] = function (event) {
            compiled ??= page.scope.compileHandler(element, source);
            return compiled.call(this, event);
        };
    }

    removeAttribute(name) {
        this.attributes_.delete(name.toLowerCase());
    }

    get id() {
        return this.getAttribute('id') ?? '';
    }

    set id(value) {
        this.setAttribute('id', value);
    }

    get className() {
        return this.getAttribute('class') ?? '';
    }

    set className(value) {
        this.setAttribute('class', value);
    }

    get classList() {
        const names = this.className.split(/\s+/).filter(name => name !== '');

        return {
            contains: name => names.includes(name),
            add: name => {
                this.className = [...names, name].join(' ');
            },
        };
    }

    get innerHTML() {
        return '';
    }

    set innerHTML(html) {
        this.replaceChildren();
        this.ownerDocument.buildFragment(`${html}`, this);
    }
});

addEventHandlers(Element, ['load', 'error', 'click']);

// HTML, scripting.html#the-script-element
const ScriptElement = register('HTMLScriptElement', class extends Element {
    inserted() {
        if (this.alreadyStarted || this.parserInserted)
            return;
        this.prepare();
    }

    get text() {
        return this.textContent;
    }

    set text(value) {
        this.textContent = value;
    }

    prepare() {
        const type = this.getAttribute('type') ?? '';
        const source = this.getAttribute('src');

        if (this.alreadyStarted || type !== '' && !/javascript|ecmascript/i.test(type) ||
            source === null && this.textContent === '')
            return;
        this.alreadyStarted = true;
        if (source === null || this.parserInserted)
            this.ownerDocument.page_?.runScriptElement(this);
        else
            this.ownerDocument.page_?.load(() => this.ownerDocument.page_.runScriptElement(this));
    }
});

// HTML, iframe-embed-object.html#the-iframe-element
const FrameElement = register('HTMLIFrameElement', class extends Element {
    inserted() {
        const {page_: page} = this.ownerDocument;

        this.context_ = page?.context.openFrame(this) ?? null;
        this.context_?.loadFrame();
    }

    removed() {
        this.context_?.discard();
        this.context_ = null;
    }

    attributeChanged(name) {
        if (this.context_ && (name === 'src' || name === 'srcdoc'))
            this.context_.loadFrame();
    }

    get contentWindow() {
        return this.context_ ? this.ownerDocument.page_.getProxy(this.context_) : null;
    }

    get contentDocument() {
        const window = this.context_?.window;

        return window && window.origin === this.ownerDocument.defaultView.origin ? window.document : null;
    }
});

// HTML, sections.html#the-body-element: its handlers are those of the window.
const BodyElement = register('HTMLBodyElement', class extends Element {});
for (const type of ['load', 'error', 'message', 'messageerror', 'unload', 'pagehide', 'pageshow', 'hashchange']) {
    Object.defineProperty(BodyElement.prototype, `on${type}`, {
        get() {
            return this.ownerDocument.defaultView?.[`on${type}`] ?? null;
        },
        set(handler) {
            if (this.ownerDocument.defaultView !== null)
                this.ownerDocument.defaultView[`on${type}`] = handler;
        },
        enumerable: true,
        configurable: true,
    });
}

// HTML, input.html#dom-input-files
const InputElement = register('HTMLInputElement', class extends Element {
    get files() {
        return this.getAttribute('type') === 'file' ? this.files_ ??= new FileList() : null;
    }
});

// HTML, canvas.html#canvasrenderingcontext2d, as far as it makes ImageData: rectangles of a color.
class Context2D {
    constructor(canvas) {
        this.canvas = canvas;
        this.fillStyle = '#000000';
        this.pixels = new Uint8ClampedArray(canvas.width * canvas.height * 4);
    }

    fillRect(x, y, width, height) {
        const hex = /^#(..)(..)(..)$/.exec(this.fillStyle)?.slice(1).map(digits => parseInt(digits, 16));
        const [red, green, blue, alpha = 1] = hex ?? this.fillStyle.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];

        for (let row = y; row < Math.min(y + height, this.canvas.height); row++) {
            for (let column = x; column < Math.min(x + width, this.canvas.width); column++)
                this.pixels.set([red, green, blue, alpha * 255], (row * this.canvas.width + column) * 4);
        }
    }

    createImageData(width, height) {
        return typeof width === 'number' ? new ImageData(width, height) : new ImageData(width.width, width.height);
    }

    getImageData(x, y, width, height) {
        const data = new ImageData(width, height);

        for (let row = 0; row < height; row++) {
            const start = ((y + row) * this.canvas.width + x) * 4;
            data.data.set(this.pixels.subarray(start, start + width * 4), row * width * 4);
        }
        return data;
    }

    putImageData(data, x, y) {
        for (let row = 0; row < data.height; row++) {
            this.pixels.set(data.data.subarray(row * data.width * 4, (row + 1) * data.width * 4),
                ((y + row) * this.canvas.width + x) * 4);
        }
    }
}

const CanvasElement = register('HTMLCanvasElement', class extends Element {
    getContext(type) {
        return type === '2d' ? this.context2D_ ??= new Context2D(this) : null;
    }
});
for (const [name, size] of [['width', 300], ['height', 150]]) {
    Object.defineProperty(CanvasElement.prototype, name, {
        get() {
            return Number(this.getAttribute(name) ?? size);
        },
        set(value) {
            this.setAttribute(name, value);
            this.context2D_ = undefined;
        },
        enumerable: true,
        configurable: true,
    });
}

const elementClasses = {
    script: ScriptElement, iframe: FrameElement, frame: FrameElement, body: BodyElement, input: InputElement,
    canvas: CanvasElement,
};

for (const [klass, names] of [[ScriptElement, ['src', 'type', 'async', 'defer']],
    [InputElement, ['type', 'value', 'multiple']], [FrameElement, ['src', 'srcdoc', 'name', 'sandbox', 'width', 'height', 'allow']],
    [Element, ['href', 'title', 'content', 'name', 'target', 'lang', 'hidden']]]) {
    for (const name of names) {
        Object.defineProperty(klass.prototype, name, {
            get() {
                const value = this.getAttribute(name) ?? '';
                const url = (name === 'src' || name === 'href') && value !== ''
                    ? this.ownerDocument.page_?.resolve(value) : null;

                return url?.href ?? value;
            },
            set(value) {
                this.setAttribute(name, value);
            },
            enumerable: true,
            configurable: true,
        });
    }
}

/** DOM, #interface-document */
export const Document = register('Document', class extends Node {
    constructor(page = null) {
        super();
        this.page_ = page;
        this.readyState = 'loading';
        this.currentScript = null;
        this.cookie = '';
        this.hidden = false;
        this.visibilityState = 'visible';
        this.compatMode = 'CSS1Compat';
        this.characterSet = 'UTF-8';
        this.contentType = 'text/html';
    }

    get nodeType() {
        return 9;
    }

    get isConnected() {
        return true;
    }

    get defaultView() {
        return this.page_?.window ?? null;
    }

    get location() {
        return this.defaultView?.location ?? null;
    }

    set location(url) {
        this.defaultView.location = url;
    }

    get URL() {
        return this.page_?.url.href ?? 'about:blank';
    }

    get baseURI() {
        return this.URL;
    }

    get domain() {
        return this.defaultView?.location.hostname ?? '';
    }

    get documentElement() {
        return this.children[0] ?? null;
    }

    get head() {
        return this.documentElement?.children.find(({localName}) => localName === 'head') ?? null;
    }

    get body() {
        return this.documentElement?.children.find(({localName}) => localName === 'body') ?? null;
    }

    get title() {
        return this.querySelector('title')?.textContent.trim() ?? '';
    }

    set title(text) {
        const title = this.querySelector('title') ?? this.head.appendChild(this.createElement('title'));

        title.textContent = text;
    }

    get scripts() {
        return this.getElementsByTagName('script');
    }

    createElement(name) {
        return this.createElementNS(HTML, `${name}`.toLowerCase());
    }

    createElementNS(namespace, name) {
        if (!/^[^\s\d<>/=][^\s<>/=]*$/.test(name))
            throw new WebMessaging.DOMException('This is no name of an element', 'InvalidCharacterError');
        const klass = elementClasses[name] ?? Element;
        const element = new klass(name, namespace);

        element.ownerDocument = this;
        return element;
    }

    createTextNode(data) {
        const text = new Text(`${data}`);

        text.ownerDocument = this;
        return text;
    }

    createDocumentFragment() {
        const fragment = new DocumentFragment();

        fragment.ownerDocument = this;
        return fragment;
    }

    createEvent(name) {
        return name.toLowerCase() === 'messageevent'
            ? new WebMessaging.MessageEvent('') : new WebMessaging.Event('');
    }

    getElementById(id) {
        return [...this.walk()].find(node => node instanceof Element && node.id === id) ?? null;
    }

    hasFocus() {
        return true;
    }

    open() {
        this.replaceChildren();
        return this;
    }

    write(html) {
        if (this.documentElement === null)
            parse5.parse(html).childNodes.forEach(child => this.build(child, this, false));
        else
            this.buildFragment(html, this.body ?? this.documentElement);
    }

    close() {
    }

    /** Makes nodes of a piece of HTML, at the end of another one. */
    buildFragment(html, parent) {
        parse5.parseFragment(html).childNodes.forEach(child => this.build(child, parent, false));
    }

    /** Makes a node of what the parser has read. Scripts run when the parser meets their end. */
    build(parsed, parent, isParser) {
        if (parsed.nodeName === '#text') {
            parent.appendChild(this.createTextNode(parsed.value));
        } else if (parsed.tagName !== undefined) {
            const element = this.createElementNS(parsed.namespaceURI, parsed.tagName);

            if (element instanceof ScriptElement)
                element.parserInserted = true;
            parsed.attrs.forEach(({name, value}) => element.setAttribute(name, value));
            const children = parsed.content?.childNodes ?? parsed.childNodes;
            if (element instanceof ScriptElement)
                children.forEach(child => this.build(child, element, isParser));
            parent.appendChild(element);
            if (!(element instanceof ScriptElement))
                children.forEach(child => this.build(child, element, isParser));
            else if (isParser)
                element.prepare();
        }
    }
});
addEventHandlers(Document, ['readystatechange', 'visibilitychange']);

export const classes = {
    Node, Text, Element, Document, DocumentFragment, HTMLElement: Element, HTMLDocument: Document,
    HTMLIFrameElement: FrameElement, HTMLScriptElement: ScriptElement, HTMLBodyElement: BodyElement,
    HTMLInputElement: InputElement, HTMLCanvasElement: CanvasElement,
};
