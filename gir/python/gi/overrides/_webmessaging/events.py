"""Message events."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from typing import Any

from gi.repository import GLib

from .dom_exception import DOMException
from .library import WebMessaging, WebMessagingPrivate, override
from .messages import decode


@override
class MessageEvent(WebMessaging.MessageEvent):
    """A message that has arrived."""

    @property
    def data(self) -> Any:
        """The message, in the types of Python."""
        try:
            return self._web_data
        except AttributeError:
            pass
        self._web_data = self._decode_data()
        return self._web_data

    def _decode_data(self) -> Any:
        message = WebMessagingPrivate.get_message(self)
        if message is None:
            data = self.get_data()
            message = WebMessaging.SerializedData.new(data, None, None) if data else None
        cbor = WebMessagingPrivate.get_cbor(message) if message is not None else None
        if cbor is None:
            return None
        return decode(message, cbor.get_data(), self.get_object)

    @property
    def ports(self) -> tuple["MessagePort", ...]:
        """The ports that were transferred with the message."""
        return tuple(self.get_ports() or ())

    @property
    def origin(self) -> str:
        """The origin of the window that has sent the message."""
        return self.get_origin()

    @property
    def last_event_id(self) -> str:
        """The identifier of the last event of a server."""
        return self.get_last_event_id()

    @property
    def source(self) -> Any:
        """The window that has sent the message."""
        return self.get_source()


def _deserialize(event: MessageEvent, cbor: bytes | None, *_args: Any) -> int:
    """Makes a value of a message that has arrived, before anybody sees the event.

    HTML, structured-data.html#structureddeserializewithtransfer.
    """
    try:
        event._web_data = decode(
            WebMessagingPrivate.get_message(event), bytes(cbor), event.get_object) if cbor else None
        return 1
    except DOMException as error:
        GLib.log_default_handler(
            "WebMessaging", GLib.LogLevelFlags.LEVEL_DEBUG, f"A message was refused: {error}", None)
        return -1


realm = WebMessagingPrivate.Realm.new(WebMessagingPrivate.VERSION, _deserialize)
