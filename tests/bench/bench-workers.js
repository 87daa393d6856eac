// bench-workers.js: how long a worker takes to its first message, beside a program that imports the same
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

imports.gi.versions.WebMessaging = '1';

const {GLib, Gio, WebMessaging} = imports.gi;

const STARTS = 30;

const milliseconds = () => GLib.get_monotonic_time() / 1e3;

// A program says something as soon as it runs. Its standard output would be written at its end.
async function startProgram() {
    const folder = GLib.path_get_dirname(imports.system.programPath);
    const start = milliseconds();
    const process = Gio.Subprocess.new(['gjs', '-m', `${folder}/bench-workers-bare.mjs`],
        Gio.SubprocessFlags.STDERR_PIPE);
    const stream = process.get_stderr_pipe();

    await new Promise(resolve => {
        stream.read_bytes_async(1, GLib.PRIORITY_DEFAULT, null, resolve);
    });
    const end = milliseconds();
    await new Promise(resolve => {
        process.wait_async(null, resolve);
    });
    return end - start;
}

async function startWorker(type) {
    const start = milliseconds();
    const worker = new WebMessaging.Worker('data:,postMessage(null);close()', {type});

    await new Promise(resolve => {
        worker.onmessage = resolve;
    });
    const end = milliseconds();
    await new Promise(resolve => {
        worker.onclose = resolve;
    });
    return end - start;
}

const median = numbers => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function main() {
    const times = {bare: [], classic: [], module: []};

    // In turns, because the machine may do something else as well.
    for (let i = 0; i < STARTS; i++) {
        times.bare.push(await startProgram());
        times.classic.push(await startWorker('classic'));
        times.module.push(await startWorker('module'));
    }
    const bare = median(times.bare);

    print(`start of gjs -m with the library, to its first output\t${bare}\tms`);
    for (const type of ['classic', 'module']) {
        const time = median(times[type]);

        print(`start of a worker in GJS (${type}), to its first message\t${time}\tms`);
        print(`  that is\t${time / bare}\ttimes as long`);
    }
}

const loop = new GLib.MainLoop(null, false);

main().catch(error => logError(error)).finally(() => loop.quit());
loop.run();
