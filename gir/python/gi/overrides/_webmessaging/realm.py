"""What makes values of Python of the messages that arrive."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from typing import Any

from gi.repository import GLib

from .dom_exception import DOMException
from .events import MessageEvent  # PyGObject looks for the class as soon as there is a realm
from .library import VERSION, WebMessagingPrivate
from .messages import decode


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


realm = WebMessagingPrivate.Realm.new(VERSION, _deserialize)
