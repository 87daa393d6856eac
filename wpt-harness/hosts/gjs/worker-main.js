// worker-main.js: runs the script of a worker in a process of its own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// The library starts it, for workers.js.

import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {requirePackage} from '../../shared/packages.js';
import {Site} from '../../shared/site.js';
import {locateTests} from '../../shared/tests.js';
import {WorkerEnvironment} from './worker-environment.js';

const {URL} = requirePackage('whatwg-url');
const scope = WebMessaging.WorkerGlobalScope.from_environment();
const {root, url, type, script} = JSON.parse(scope.get_data().unpack());
const site = new Site(locateTests(root), '');
const environment = new WorkerEnvironment(site, new URL(url), scope, type);

globalThis.reportError = error => environment.reportException(error);
environment.run(script);
scope.run();
System.exit(0);
