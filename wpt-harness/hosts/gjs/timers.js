// timers.js: setTimeout() and the like
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** HTML, timers-and-user-prompts.html#timers; they are cleared with the environment. */
export class Timers {
    #environment;
    #sources = new Map();
    #lastId = 0;

    constructor(environment) {
        this.#environment = environment;
    }

    start(repeats, callback, delay = 0, args = []) {
        const {global, url} = this.#environment;
        const id = ++this.#lastId;
        const run = () => {
            if (!repeats)
                this.#sources.delete(id);
            this.#environment.call(() => typeof callback === 'function'
                ? callback.apply(global, args) : this.#environment.compile(`${callback}`, url)());
        };

        this.#sources.set(id, repeats ? setInterval(run, Number(delay)) : setTimeout(run, Number(delay)));
        return id;
    }

    clear(id) {
        if (!this.#sources.has(id))
            return;
        clearTimeout(this.#sources.get(id));
        this.#sources.delete(id);
    }

    clearAll() {
        [...this.#sources.keys()].forEach(id => this.clear(id));
    }
}
