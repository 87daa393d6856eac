// handlers.js: what Python handlers of wptserve would answer
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// The messages that wait, by the id of who they are for. Departure: a window and its workers have queues of their own.
const queues = new Map();

function dispatch({searchParams}, {method = 'GET', body = ''}) {
    const id = searchParams.get('uuid');
    const queue = queues.get(id) ?? [];

    queues.set(id, queue);
    if (method === 'POST') {
        queue.push(`${body}`);
        return {type: 'text/plain', text: 'done'};
    }
    return {type: 'text/plain', text: queue.shift() ?? 'not ready'};
}

const escapeHtml = text => text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`);

// A page that runs what it finds in its queue.
function makeExecutor({href, searchParams}) {
    const scripts = ['/common/dispatcher/dispatcher.js', './executor-common.js', './executor-window.js',
        ...searchParams.getAll('script')];
    const id = JSON.stringify(searchParams.get('uuid'));
    const startOn = JSON.stringify(searchParams.get('startOn'));

    return {
        type: 'text/html',
        text: `<!doctype html>
<base href="${escapeHtml(href)}">
${scripts.map(script => `<script src="${escapeHtml(script)}"></script>`).join('\n')}
<body>
<script>requestExecutor(${id}, ${startOn});</script>
`,
    };
}

/** Functions of a URL and of the options of fetch(), by the paths of the handlers. */
export const handlers = {
    '/common/dispatcher/dispatcher.py': dispatch,
    '/html/browsers/browsing-the-web/remote-context-helper/resources/executor-window.py': makeExecutor,
};
