// wrappers.js: the pages and scripts that wptserve makes for tests that are scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {parseMeta} from './test-meta.js';

// The ending of the page's URL, of the file, and of the script that the page runs as a worker. A page
// with an ending that others end with comes after them.
const PAGES = [
    {global: 'dedicatedworker', url: '.any.worker.html', file: '.any.js', worker: '.any.worker.js'},
    {global: 'dedicatedworker-module', url: '.any.worker-module.html', file: '.any.js', worker: '.any.worker-module.js'},
    {global: 'sharedworker', url: '.any.sharedworker.html', file: '.any.js', worker: '.any.worker.js'},
    {
        global: 'sharedworker-module', url: '.any.sharedworker-module.html', file: '.any.js',
        worker: '.any.worker-module.js',
    },
    {global: 'window-module', url: '.any.window-module.html', file: '.any.js'},
    {global: 'window', url: '.any.html', file: '.any.js'},
    {global: 'window', url: '.window.html', file: '.window.js'},
    {global: 'dedicatedworker', url: '.worker.html', file: '.worker.js', worker: '.worker.js'},
];
const SCRIPTS = [
    {url: '.any.worker.js', file: '.any.js', make: makeWorkerScript},
    {url: '.any.worker-module.js', file: '.any.js', make: makeWorkerModule},
];

// What `// META: global=` may name, beside the globals themselves
const GROUPS = {
    worker: ['dedicatedworker', 'sharedworker', 'serviceworker'],
    'worker-module': ['dedicatedworker-module', 'sharedworker-module', 'serviceworker-module'],
};
const DEFAULT_GLOBALS = ['window', 'dedicatedworker'];

const makeGlobal = (isWindow, isWorker) =>
    `self.GLOBAL = {isWindow: () => ${isWindow}, isWorker: () => ${isWorker}, isShadowRealm: () => false};`;

const makeTitle = ({title}) => title === null ? '' : `self.META_TITLE = ${JSON.stringify(title)};`;

function makePage({title, timeout}, body) {
    return `<!doctype html>
<meta charset="utf-8">
${title === null ? '' : `<title>${title.replaceAll('<', '&lt;')}</title>`}
${timeout === 'long' ? '<meta name="timeout" content="long">' : ''}
<script>${makeGlobal(true, false)}</script>
<script src="/resources/testharness.js"></script>
<script src="/resources/testharnessreport.js"></script>
<div id="log"></div>
${body}
`;
}

function makeWindowPage(meta, script, global) {
    const type = global === 'window-module' ? ' type="module"' : '';

    return makePage(meta, [...meta.scripts, script].map(source =>
        `<script${type} src="${source}"></script>`).join('\n'));
}

function makeWorkerPage(meta, script, global) {
    const [kind, module] = global.split('-');
    const name = kind === 'sharedworker' ? 'SharedWorker' : 'Worker';
    const options = module === undefined ? '' : ", {type: 'module'}";

    return makePage(meta,
        `<script>fetch_tests_from_worker(new ${name}(${JSON.stringify(script)}${options}));</script>`);
}

function makeWorkerScript(meta, script) {
    return `${makeGlobal(false, true)}${makeTitle(meta)}
importScripts(${['/resources/testharness.js', ...meta.scripts, script].map(source => JSON.stringify(source)).join(', ')});
done();
`;
}

// Imports come first in a module, so what they rely on is one too.
function makeWorkerModule(meta, script) {
    const head = `data:text/javascript,${encodeURIComponent(`${makeGlobal(false, true)}${makeTitle(meta)}`)}`;

    return `${[head, '/resources/testharness.js', ...meta.scripts, script]
        .map(source => `import ${JSON.stringify(source)};`).join('\n')}
done();
`;
}

const replaceEnding = (text, ending, replacement) => `${text.slice(0, -ending.length)}${replacement}`;

/** The pages of a script test, as {global, path}; of a page, itself. */
export function listPages(path, text) {
    const endings = PAGES.filter(({file}) => path.endsWith(file));

    if (endings.length === 0)
        return [{global: 'window', path}];
    if (!path.endsWith('.any.js'))
        return endings.map(({global, file, url}) => ({global, path: replaceEnding(path, file, url)}));

    const {globals} = parseMeta(text);
    const names = (globals.length > 0 ? globals : DEFAULT_GLOBALS).flatMap(name => GROUPS[name] ?? name);
    return [...new Set(names)].map(global => ({
        global,
        path: replaceEnding(path, '.any.js', endings.find(ending => ending.global === global)?.url ?? `.any.${global}.html`),
    }));
}

/** Finds what to make for a URL, as {pathname, make}: of which file, and a function of its text. */
export function findWrapper(pathname, search) {
    const page = PAGES.find(({url}) => pathname.endsWith(url));
    const script = SCRIPTS.find(({url}) => pathname.endsWith(url));
    const ending = page ?? script;

    if (ending === undefined)
        return null;
    const source = replaceEnding(pathname, ending.url, ending.file);
    if (page === undefined) {
        return {pathname: source, make: text => ({type: 'text/javascript', text: script.make(parseMeta(text), source)})};
    }
    const worker = page.worker !== undefined && `${replaceEnding(pathname, page.url, page.worker)}${search}`;
    return {
        pathname: source,
        make: text => ({
            type: 'text/html',
            text: worker ? makeWorkerPage(parseMeta(text), worker, page.global) : makeWindowPage(parseMeta(text), source, page.global),
        }),
    };
}
