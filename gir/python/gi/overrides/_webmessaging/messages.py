"""Messages: values of Python, and what is transferred with them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gi.repository import GLib, GObject

from .clone_hints import find_path, get_hint
from .dom_exception import DOMException, data_clone_error, translate_methods
from .exceptions import CloneError
from .library import WebMessaging, WebMessagingPrivate, override
from .mistakes import to_transfer_list
from .records import Registry
from .standard_records import add_standard_records
from .structured_deserialize import deserialize
from .structured_serialize import Serializer

registry = Registry()
add_standard_records(registry)


def register_record(cls: type | None = None, name: str | None = None, *,
                    write: Callable[[Any], Mapping[str, Any]] | None = None,
                    read: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """Lets the objects of a class be cloned; also a decorator, with a name or without.

    A dataclass is told by its fields. A field that the sender does not have, because its class is
    older, gets its default. For any other class, `write` returns what tells an object, a dict with
    str keys, and `read` makes an object of such a dict.

    A receiver that has registered a class for the name gets an object of it. To any other it is a
    dict, or what stands for that in its language.
    """
    if cls is None:
        return functools.partial(register_record, name=name, write=write, read=read)
    registry.register(cls, name, write, read)
    return cls


def is_serializable(value: Any) -> bool:
    """Tells whether the class of an object says how it is cloned."""
    return isinstance(value, GObject.Object) and isinstance(value, WebMessaging.Serializable)


def encode(value: Any, transfer: Sequence[Any]) -> tuple[bytes, list[GLib.Bytes], list[Any]]:
    """The CBOR of a value, the byte arrays out of line, and the objects that are cloned with it."""
    handles = {id(item): index for index, item in enumerate(transfer)}
    serializer = Serializer(registry, DOMException, is_serializable, handles)
    try:
        cbor = serializer.serialize(value)
    except CloneError as error:
        raise data_clone_error(explain(error, value)) from None
    return cbor, [GLib.Bytes.new(data) for data in serializer.buffers], serializer.objects


def explain(error: CloneError, message: Any) -> str:
    """What is wrong with a value, what to do about it, and where it is."""
    culprit = error.culprit
    if culprit is None:
        return str(error)
    is_transferable = isinstance(culprit, GObject.Object) and isinstance(culprit, WebMessaging.Transferable)
    hint, path = get_hint(culprit, is_transferable), find_path(message, culprit)
    return str(error) + (f": {hint}" if hint else "") + (f" (at {path})" if path else "")


def post(target: Any, post_variant: Callable[[GLib.Variant, list[Any]], bool], message: Any,
         transfer: Sequence[Any]) -> bool:
    """Posts a value of Python through a port, a worker or a scope; a GLib.Variant as it is."""
    transfer = to_transfer_list(transfer)
    if isinstance(message, GLib.Variant):
        return post_variant(message, transfer)
    cbor, buffers, objects = encode(message, transfer)
    return WebMessagingPrivate.post_cbor(target, cbor, buffers, transfer, objects)


def decode(message: "SerializedData", cbor: bytes, get_object: Callable[[int], Any]) -> Any:
    """The value of a message. get_object returns the objects that came with it."""
    buffers: list[GLib.Bytes] = []

    def get_buffer(index: int) -> bytes:
        if not buffers:
            buffers.extend(WebMessagingPrivate.get_buffers(message))
        return buffers[index].get_data()

    try:
        return deserialize(registry, DOMException, cbor, get_buffer, get_object)
    except CloneError as error:
        raise data_clone_error(str(error)) from None


translate_methods(WebMessaging.SerializedData)


@override
class SerializedData(WebMessaging.SerializedData):
    """A message, for another process or for later."""

    @staticmethod
    def serialize(value: Any, transfer: Sequence[Any] = ()) -> "SerializedData":
        """Serializes a value, and transfers what is in the list."""
        transfer = to_transfer_list(transfer)
        cbor, buffers, objects = encode(value, transfer)
        return WebMessagingPrivate.serialize_cbor(GLib.Bytes.new(cbor), buffers, transfer, objects)

    @staticmethod
    def from_bytes(data: Any) -> "SerializedData":
        """A message of another process. data: bytes, or anything that has them."""
        if not isinstance(data, GLib.Bytes):
            data = GLib.Bytes.new(bytes(memoryview(data)))
        return WebMessaging.SerializedData.new_from_bytes(data)

    def to_bytes(self) -> bytes:
        """The message for another process. Nothing can be transferred in it."""
        return super().to_bytes().get_data()

    def to_value(self) -> Any:
        """Deserializes the message, and receives what was transferred with it."""
        _received, objects = WebMessagingPrivate.receive_objects(self)
        cbor = WebMessagingPrivate.get_cbor(self)
        if cbor is None:
            return None
        return decode(self, cbor.get_data(), lambda index: objects[index])


def structured_clone(value: Any, transfer: Sequence[Any] = ()) -> Any:
    """A deep copy of a value, as a message would make it."""
    return SerializedData.serialize(value, transfer).to_value()
