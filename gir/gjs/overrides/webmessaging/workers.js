// workers.js: Worker, SharedWorker and the global scopes of workers
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {GLib, Gio, WebMessagingPrivate} = imports.gi;
const {fromCString, toCString} = imports.overrides.webmessaging.cString;
const {toWorkerOptions} = imports.overrides.webmessaging.conversions;
const {addErrorHandler, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {postMessage} = imports.overrides.webmessaging.messages;
const {adopt} = imports.overrides.webmessaging.realm;
const {stateOf} = imports.overrides.webmessaging.state;
const {extend, nameClass, requireArguments} = imports.overrides.webmessaging.webidl;

// What workerMain.js gets.
function toStartData(url, type) {
    const {getObjects} = imports.overrides.webmessaging.scriptUrls;

    return GLib.Variant.new_tuple([
        new GLib.Variant('s', toCString(url)),
        new GLib.Variant('s', type),
        GLib.Variant.new_array(new GLib.VariantType('(say)'), getObjects().map(([name, bytes]) =>
            GLib.Variant.new_tuple([
                new GLib.Variant('s', name),
                GLib.Variant.new_from_bytes(new GLib.VariantType('ay'), new GLib.Bytes(bytes), true),
            ]))),
    ]);
}

const getFolder = () => GLib.path_get_dirname(imports.overrides.webmessaging.workers.__file__);

// The worker gets the interpreter of this program, if it has one of its own.
function makeCommand() {
    const executable = GLib.file_read_link('/proc/self/exe');
    const isGjs = ['gjs', 'gjs-console'].includes(GLib.path_get_basename(executable));

    return [isGjs ? executable : 'gjs', GLib.build_filenamev([getFolder(), 'workerMain.js'])];
}

// GIRepository, of which GJS may have either version.
function getRepository() {
    const {Repository} = imports.gi.GIRepository;

    return Repository.dup_default?.() ?? Repository;
}

// The folders of scripts, typelibs and the library, of which the program may have added some.
function makeEnvironment() {
    const join = paths => [...new Set(paths)].join(':');
    // The program may have added the folder of the overrides to imports.overrides.searchPath alone.
    const ours = GLib.build_filenamev([getFolder(), '..', '..']);

    return {
        GJS_PATH: join([...imports.searchPath, ours].filter(path => !path.startsWith('resource:'))),
        GI_TYPELIB_PATH: join(getRepository().get_search_path()),
        WEB_MESSAGING_LIBRARY_PATH: WebMessagingPrivate.get_library_folder() ?? '',
    };
}

function makeLauncher() {
    const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.NONE});

    for (const [name, value] of Object.entries(makeEnvironment()))
        launcher.setenv(name, value, true);
    return launcher;
}

// With methods that start a target
function addStarting(klass, names) {
    for (const name of names) {
        const start = klass.prototype[name];

        klass.prototype[name] = function () {
            const state = stateOf(this);

            adopt(this);
            state.isStarted = true;
            state.inbox?.start();
            start.call(this);
        };
    }
}

function addReceiving(klass, name) {
    const getInbox = target => imports.overrides.webmessaging.inbox.getInbox(target);

    Object.assign(klass.prototype, {
        receive(options = null) {
            return getInbox(this).receive(options, `${name}.receive`);
        },
        [Symbol.asyncIterator]() {
            return getInbox(this).iterate();
        },
    });
}

// HTML, workers.html#dedicated-workers-and-the-worker-interface
function installWorker({Worker}) {
    Worker.prototype._init = function (...args) {
        requireArguments(args, 1, 'Worker');
        const {resolveUrl} = imports.overrides.webmessaging.scriptUrls;
        if (typeof args[0] === 'function')
            throw new TypeError('Worker: the argument is a function, but a worker runs the script of a URL');
        const {name, type} = toWorkerOptions(args[1], 'Worker');
        const url = resolveUrl(args[0], 'Worker');
        const worker = Worker.new_process(
            makeCommand(), toCString(name), toStartData(url, type), makeLauncher());

        worker.start();
        return worker;
    };
    // A thread cannot run functions of JavaScript.
    Worker.new_thread = undefined;

    nameClass(Worker, 'Worker', 1);
    addStarting(Worker, ['start']);
    extend(Worker, {
        postMessage(...args) {
            postMessage(this, args, 'Worker.postMessage');
        },
    }, {postMessage: 1});
    // Only one that new_process() has made is not started yet.
    addEventHandler(Worker, 'message', worker => worker.start());
    for (const type of ['messageerror', 'error', 'close'])
        addEventHandler(Worker, type);
    addReceiving(Worker, 'Worker');
}

// HTML, workers.html#shared-workers-and-the-sharedworker-interface
function installSharedWorker({SharedWorker}) {
    SharedWorker.prototype._init = function (...args) {
        requireArguments(args, 1, 'SharedWorker');
        const {resolveUrl} = imports.overrides.webmessaging.scriptUrls;
        const isOptions = args[1] === undefined || args[1] === null || typeof args[1] === 'object' ||
            typeof args[1] === 'function';
        const {credentials, name, type} =
            toWorkerOptions(isOptions ? args[1] : {name: args[1]}, 'SharedWorker');
        const url = resolveUrl(args[0], 'SharedWorker');
        // Another process may be the one that starts it.
        const environment = Object.entries(makeEnvironment()).map(entry => entry.join('='));
        const worker = WebMessagingPrivate.shared_worker_launch(toCString(url), toCString(name),
            `${type} ${credentials}`, ['env', ...environment, ...makeCommand()], toStartData(url, type));

        adopt(worker);
        return worker;
    };

    nameClass(SharedWorker, 'SharedWorker', 1);
    extend(SharedWorker, {
        // As with a channel: what C holds, the garbage collector does not see.
        get port() {
            const state = stateOf(this);

            if (state.port === undefined) {
                state.port = this.get_port();
                WebMessagingPrivate.release_ports(this);
            }
            return state.port;
        },
    });
    addEventHandler(SharedWorker, 'error');
}

// HTML, workers.html#the-global-scope
function installScopes(WebMessaging) {
    const {DedicatedWorkerGlobalScope, SharedWorkerGlobalScope, WorkerGlobalScope} = WebMessaging;
    const {close} = WorkerGlobalScope.prototype;

    for (const [name, klass] of Object.entries(
        {DedicatedWorkerGlobalScope, SharedWorkerGlobalScope, WorkerGlobalScope})) {
        klass.prototype._init = function () {
            throw new TypeError('Illegal constructor');
        };
        nameClass(klass, name);
    }
    addStarting(WorkerGlobalScope, ['start', 'run']);
    // Not of the web, where these are the global scope: puts them on an object that takes its place.
    WorkerGlobalScope.prototype.installGlobals = function (target, url) {
        WebMessaging.installGlobals(target);
        imports.overrides.webmessaging.workerScope.installScope(WebMessaging, this, target, url);
    };
    addErrorHandler(WorkerGlobalScope, WebMessaging.ErrorEvent);

    for (const klass of [DedicatedWorkerGlobalScope, SharedWorkerGlobalScope]) {
        extend(klass, {
            get name() {
                return fromCString(this.get_name());
            },
            close() {
                close.call(this);
            },
        });
    }
    extend(DedicatedWorkerGlobalScope, {
        postMessage(...args) {
            postMessage(this, args, 'DedicatedWorkerGlobalScope.postMessage');
        },
    }, {postMessage: 1});
    addEventHandler(DedicatedWorkerGlobalScope, 'message');
    addEventHandler(DedicatedWorkerGlobalScope, 'messageerror');
    addReceiving(DedicatedWorkerGlobalScope, 'DedicatedWorkerGlobalScope');
    addEventHandler(SharedWorkerGlobalScope, 'connect');
}

function install(WebMessaging) {
    installWorker(WebMessaging);
    installSharedWorker(WebMessaging);
    installScopes(WebMessaging);
    for (const name of ['createObjectURL', 'revokeObjectURL']) {
        WebMessaging[name] = (...args) => {
            requireArguments(args, 1, name);
            return imports.overrides.webmessaging.scriptUrls[name](args[0]);
        };
    }
}
