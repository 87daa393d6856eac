// timers.js: setTimeout() and the like of a page
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** HTML, timers-and-user-prompts.html#timers; they are cleared when the page is destroyed. */
export class Timers {
    #page;
    #ids = new Set();

    constructor(page) {
        this.#page = page;
    }

    start(repeats, callback, delay = 0, args = []) {
        const {window, scope, url} = this.#page;
        const run = () => {
            if (!repeats)
                this.#ids.delete(id);
            this.#page.call(() => typeof callback === 'function'
                ? callback.apply(window, args) : scope.run(`${callback}`, url.href));
        };
        const id = repeats ? setInterval(run, Number(delay)) : setTimeout(run, Number(delay));

        this.#ids.add(id);
        return id;
    }

    clear(id) {
        if (this.#ids.delete(id))
            clearTimeout(id);
    }

    clearAll() {
        this.#ids.forEach(id => this.clear(id));
    }
}
