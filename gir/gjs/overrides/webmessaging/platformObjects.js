// platformObjects.js: objects of GObject and GLib in messages
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported detach, errorMakers, isDetachable, isDetached, isLocked, isTransferable, writers */

const {GLib, GObject} = imports.gi;
var {detach, isArrayBuffer: isDetachable, isDetached, isLocked} = imports.overrides.webmessaging.arrayBuffers;
const {CloneRefusal, describeOther} = imports.overrides.webmessaging.cloneRefusals;

function isOfType(object, klass) {
    return GObject.type_is_a(object.constructor.$gtype, klass.$gtype);
}

function isTransferable(object) {
    return object instanceof GObject.Object && isOfType(object, imports.gi.WebMessaging.Transferable);
}

// HTML, structured-data.html#structuredserializeinternal, steps 19 and 20
function writeGObject(serializer, object) {
    const {Serializable, Transferable} = imports.gi.WebMessaging;

    if (isOfType(object, Serializable)) {
        serializer.writeSerializable(object);
        return;
    }

    const {name} = object.constructor;
    throw isOfType(object, Transferable)
        ? new CloneRefusal(object, `A ${name} that is not in the transfer list`, 'use postMessage(message, [port])')
        : new CloneRefusal(object, `A ${name}`,
            'its class implements neither Serializable nor Transferable of WebMessaging');
}

function writeBoxed(_serializer, object) {
    if (object instanceof GLib.Variant) {
        throw new CloneRefusal(object, 'A GLib.Variant',
            'send what its recursiveUnpack() returns, or post it with post_message()');
    }
    if (object instanceof GLib.Bytes)
        throw new CloneRefusal(object, 'A GLib.Bytes', 'send what its toArray() returns');
    throw describeOther(object, 'GObject_Boxed');
}

function writeGError(serializer, error) {
    const {message, domain, code, stack} = error;
    const members = {class: 'GLib.Error', message, domain: GLib.quark_to_string(domain), code};

    if (typeof stack === 'string')
        members.stack = stack;
    serializer.writeTaggedObject('Error');
    serializer.writeProperties(members, Object.keys(members));
}

// By what brands.js calls their class.
var writers = new Map([
    ['GObject_Object', writeGObject], ['GObject_Boxed', writeBoxed], ['GLib_Error', writeGError],
]);

// An error of an unknown domain becomes a plain Error. GLib never frees the name of a domain, so that
// whoever sends names could fill the memory with them.
function makeGError({message, domain, code, stack}) {
    const quark = GLib.quark_try_string(domain);
    const error = quark === 0 ? new Error(message) : new GLib.Error(quark, code, message);

    if (stack !== undefined)
        Object.defineProperty(error, 'stack', {value: stack, configurable: true, writable: true});
    return error;
}

// By the class that an error has in a message, docs/wire-format.md.
var errorMakers = new Map([['GLib.Error', makeGError]]);
