// post-message.js: which windows a message is for
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../../shared/packages.js';
import {Origin} from './origin.js';

const {URL} = requirePackage('whatwg-url');

/** Returns a function that tells whether a window may get a message: HTML,
 * web-messaging.html#window-post-message-steps, steps 4 and 5 and 8.1 */
export function makeFilter(targetOrigin, source, target, realm) {
    if (targetOrigin === '*')
        return () => true;
    if (targetOrigin === '/')
        return () => target.origin.is_same_origin(source.origin);

    const url = URL.parse(targetOrigin);

    if (url === null)
        realm.throwError('SyntaxError', `${targetOrigin} is not an origin`);
    return () => url.origin !== 'null' && target.origin.is_same_origin(Origin.new_for_url(url.href));
}
