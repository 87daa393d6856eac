// timers.js: setTimeout() and the like
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** HTML, timers-and-user-prompts.html#timers; they are cleared with the environment. */
export class Timers {
    #environment;
    #ids = new Set();

    constructor(environment) {
        this.#environment = environment;
    }

    start(repeats, callback, delay = 0, args = []) {
        const {global, url} = this.#environment;
        const run = () => {
            if (!repeats)
                this.#ids.delete(id);
            this.#environment.call(() => typeof callback === 'function'
                ? callback.apply(global, args) : this.#environment.compile(`${callback}`, url)());
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
