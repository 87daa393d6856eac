// domException.js: DOMException
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported DOMException, dataCloneError, isDOMException */

const {domExceptions} = imports.overrides.webmessaging.state;

const domExceptionCodes = [
    ['IndexSizeError', 'INDEX_SIZE_ERR'], [null, 'DOMSTRING_SIZE_ERR'],
    ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR'], ['WrongDocumentError', 'WRONG_DOCUMENT_ERR'],
    ['InvalidCharacterError', 'INVALID_CHARACTER_ERR'], [null, 'NO_DATA_ALLOWED_ERR'],
    ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR'],
    ['NotFoundError', 'NOT_FOUND_ERR'], ['NotSupportedError', 'NOT_SUPPORTED_ERR'],
    ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR'], ['InvalidStateError', 'INVALID_STATE_ERR'],
    ['SyntaxError', 'SYNTAX_ERR'], ['InvalidModificationError', 'INVALID_MODIFICATION_ERR'],
    ['NamespaceError', 'NAMESPACE_ERR'], ['InvalidAccessError', 'INVALID_ACCESS_ERR'],
    [null, 'VALIDATION_ERR'], ['TypeMismatchError', 'TYPE_MISMATCH_ERR'],
    ['SecurityError', 'SECURITY_ERR'], ['NetworkError', 'NETWORK_ERR'], ['AbortError', 'ABORT_ERR'],
    ['URLMismatchError', 'URL_MISMATCH_ERR'], ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR'],
    ['TimeoutError', 'TIMEOUT_ERR'], ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR'],
    ['DataCloneError', 'DATA_CLONE_ERR'],
];

// Web IDL, #idl-DOMException. An Error in all but its attributes, which its prototype has, and in
// what its constructor inherits.
var DOMException = class DOMException {
    constructor(message = '', name = 'Error') {
        const details = {message: `${message}`, name: `${name}`};
        const error = Reflect.construct(Error, [], new.target);

        domExceptions.set(error, details);
        return error;
    }

    get name() {
        return detailsOf(this).name;
    }

    get message() {
        return detailsOf(this).message;
    }

    get code() {
        const {name} = detailsOf(this);

        return domExceptionCodes.findIndex(([errorName]) => errorName === name) + 1;
    }
};

function detailsOf(exception) {
    const details = domExceptions.get(exception);

    if (details === undefined)
        throw new TypeError('Called on an object that does not implement interface DOMException');
    return details;
}

for (const name of ['name', 'message', 'code'])
    Object.defineProperty(DOMException.prototype, name, {enumerable: true});
Object.defineProperty(DOMException.prototype, Symbol.toStringTag,
    {value: 'DOMException', configurable: true});
domExceptionCodes.forEach(([, name], index) => {
    for (const target of [DOMException, DOMException.prototype])
        Object.defineProperty(target, name, {value: index + 1, enumerable: true});
});
Object.setPrototypeOf(DOMException.prototype, Error.prototype);

var dataCloneError = message => new DOMException(message, 'DataCloneError');

function isDOMException(object) {
    return domExceptions.has(object);
}
