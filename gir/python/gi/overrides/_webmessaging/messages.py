"""Messages: values of Python, and what is transferred with them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from collections.abc import Callable, Sequence
from typing import Any

from gi.repository import GLib, GObject

from .dom_exception import DOMException, data_clone_error, to_exception
from .exceptions import CloneError
from .library import WebMessaging, WebMessagingPrivate, override
from .records import Types
from .structured_deserialize import Decoder
from .structured_serialize import Encoder


def _is_serializable(value: Any) -> bool:
    return isinstance(value, GObject.Object) and isinstance(value, WebMessaging.Serializable)


_types = Types(DOMException, _is_serializable)


def register_record(cls: type, name: str | None = None) -> type:
    """Lets the objects of a dataclass be cloned; also a decorator.

    A receiver that has registered a dataclass for the name gets an object of it. To any other it
    is a dict, or what stands for that in its language.
    """
    _types.register(cls, name or cls.__name__)
    return cls


def encode(value: Any, transfer: Sequence[Any]) -> tuple[bytes, list[GLib.Bytes], list[Any]]:
    handles: dict[int, int] = {}
    for item in transfer:
        if item is None:
            raise TypeError("There is a None in the transfer list")
        if not isinstance(item, GObject.Object) or not isinstance(item, WebMessaging.Transferable):
            raise data_clone_error(f"A {type(item).__name__} cannot be transferred")
        if id(item) in handles:
            raise data_clone_error("The same object stands twice in the transfer list")
        handles[id(item)] = len(handles)
    encoder = Encoder(_types, handles)
    try:
        cbor = encoder.encode(value)
    except CloneError as error:
        raise data_clone_error(str(error)) from None
    return cbor, [GLib.Bytes.new(data) for data in encoder.buffers], encoder.objects


def decode(message: "SerializedData", cbor: bytes, get_object: Callable[[int], Any]) -> Any:
    buffers: list[GLib.Bytes] = []

    def get_buffer(index: int) -> bytes:
        if not buffers:
            buffers.extend(WebMessagingPrivate.get_buffers(message))
        return buffers[index].get_data()

    try:
        return Decoder(_types, cbor, get_buffer, get_object).decode()
    except CloneError as error:
        raise data_clone_error(str(error)) from None


@override
class SerializedData(WebMessaging.SerializedData):
    """A message, for another process or for later."""

    @staticmethod
    def serialize(value: Any, transfer: Sequence[Any] = ()) -> "SerializedData":
        """Serializes a value, and transfers what is in the list."""
        cbor, buffers, objects = encode(value, transfer)
        try:
            return WebMessagingPrivate.serialize_cbor(
                GLib.Bytes.new(cbor), buffers, list(transfer), objects)
        except GLib.Error as error:
            raise to_exception(error) from None

    def to_value(self) -> Any:
        """Deserializes the message, and receives what was transferred with it."""
        try:
            _received, objects = WebMessagingPrivate.receive_objects(self)
        except GLib.Error as error:
            raise to_exception(error) from None
        cbor = WebMessagingPrivate.get_cbor(self)
        if cbor is None:
            return None
        return decode(self, cbor.get_data(), lambda index: objects[index])


def structured_clone(value: Any, transfer: Sequence[Any] = ()) -> Any:
    """A deep copy of a value, as a message would make it."""
    return SerializedData.serialize(value, transfer).to_value()
