// server.js: gives test files to a browser, and receives their results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Soup from 'gi://Soup?version=3.0';

import {toResults} from '../shared/results.js';
import {Site} from '../shared/site.js';

// The page that the browser shows. It asks the server for a test, loads it in a frame until the results
// arrive or the time is over, and asks for the next test. It runs two tests at once.
const DRIVER = `<!doctype html>
<meta charset="utf-8">
<title>libwebmessaging</title>
<script>
async function work() {
    for (;;) {
        const {id, url, timeout} = await (await fetch('/harness/next')).json();
        const frame = document.createElement('iframe');
        const results = await new Promise(resolve => {
            const listener = event => {
                if (event.source === frame.contentWindow && event.data?.webMessagingResults)
                    resolve(event.data.webMessagingResults);
            };
            addEventListener('message', listener);
            setTimeout(() => resolve({status: 'TIMEOUT', message: 'There were no results'}), timeout);
            frame.src = url;
            document.body.append(frame);
        });
        frame.remove();
        await fetch('/harness/results/' + id, {method: 'POST', body: JSON.stringify(results)});
    }
}
addEventListener('load', () => {
    for (let i = 0; i < 2; i++)
        work();
});
</script>
`;

// Served in place of testharnessreport.js.
const REPORT = `
self.garbageCollect ??= () => self.gc?.();
add_completion_callback((tests, status) => {
    ${toResults}
    parent.postMessage({webMessagingResults: toResults(tests, status)}, '*');
});
`;

export class Server {
    constructor(tests) {
        this._tests = tests;
        this._waitingTests = [];
        this._waitingBrowsers = [];
        this._running = new Map();
        this._lastId = 0;

        this._server = new Soup.Server();
        this._server.add_handler('/', (_server, message, path) => this._handle(message, path));
        this._server.listen_local(0, Soup.ServerListenOptions.IPV4_ONLY);
        this._server.listen_local(0, Soup.ServerListenOptions.IPV4_ONLY);
        this._site = new Site(tests, REPORT,
            {http: this._server.get_uris().map(uri => uri.get_port()), https: [0, 0], ws: [0], wss: [0]});
    }

    // On the host of the tests, so that the driver and the tests are one site.
    get driverUrl() {
        return this._site.getUrl('harness/driver.html');
    }

    stop() {
        this._server.disconnect();
    }

    /** Gives a test to the next browser that asks, and resolves with its results. */
    request(test, timeout) {
        return new Promise(resolve => {
            const id = ++this._lastId;
            const url = this._site.getUrl(test);
            // A browser that hangs does not report that the time is over.
            const timer = setTimeout(() => this._finish(id,
                {status: 'TIMEOUT', message: 'The browser does not answer'}), timeout * 2 + 20000);

            this._running.set(id, {resolve, timer});
            this._waitingTests.push({id, url, timeout});
            this._assign();
        });
    }

    /** Forgets the browsers that have asked for a test: they were stopped. */
    forgetBrowsers() {
        this._waitingBrowsers = [];
    }

    /** Ends all running tests with the same result. */
    failAll(status, message) {
        this._waitingTests = [];
        for (const id of [...this._running.keys()])
            this._finish(id, {status, message});
    }

    _finish(id, results) {
        const running = this._running.get(id);

        this._running.delete(id);
        clearTimeout(running?.timer);
        running?.resolve(results);
    }

    _assign() {
        while (this._waitingTests.length > 0 && this._waitingBrowsers.length > 0) {
            const message = this._waitingBrowsers.shift();

            this._respond(message, 'application/json', JSON.stringify(this._waitingTests.shift()));
            message.unpause?.();
        }
    }

    _respond(message, type, text) {
        message.set_status(200, null);
        message.get_response_headers().append('Cache-Control', 'no-store');
        message.set_response(type, Soup.MemoryUse.COPY, new TextEncoder().encode(text));
    }

    _handle(message, path) {
        const id = /^\/harness\/results\/(\d+)$/.exec(path)?.[1];

        if (path === '/harness/driver.html') {
            this._respond(message, 'text/html', DRIVER);
        } else if (path === '/harness/next') {
            this._waitingBrowsers.push(message);
            message.pause();
            this._assign();
        } else if (id !== undefined) {
            const body = message.get_request_body().flatten().get_data();

            this._respond(message, 'text/plain', '');
            this._finish(Number(id), JSON.parse(new TextDecoder().decode(body)));
        } else {
            this._handleFile(message);
        }
    }

    _handleFile(message) {
        const host = message.get_request_headers().get_one('Host');
        const uri = message.get_uri();
        const query = uri.get_query();
        const page = this._site.fetch(`http://${host}${uri.get_path()}${query === null ? '' : `?${query}`}`);

        if (page === null)
            message.set_status(404, null);
        else
            this._respond(message, page.type, page.text);
    }
}
