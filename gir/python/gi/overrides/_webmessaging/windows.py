"""Windows."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from collections.abc import Sequence
from typing import Any

from gi.repository import GLib

from .dom_exception import translate_methods
from .event_target import event_handler
from .library import WebMessaging, override
from .messages import SerializedData
from .mistakes import to_transfer_list

translate_methods(WebMessaging.Window)


def _check_target_origin(origin: str | None) -> None:
    if origin is None or origin in ("/", "*"):
        return
    # PyGObject would pass what comes before it.
    if "\0" in origin:
        raise ValueError("embedded null character")
    WebMessaging.Origin.new_for_url(origin)


@override
class Window(WebMessaging.Window):
    """The target of window.postMessage()."""

    def post_message(self, source: "Window | None", message: Any = None,
                     target_origin: str | None = None, transfer: Sequence[Any] = ()) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type."""
        transfer = to_transfer_list(transfer)
        # Before anything is transferred
        _check_target_origin(target_origin)
        if isinstance(message, GLib.Variant):
            return super().post_message(source, message, target_origin, transfer)
        return self.post_serialized(
            source, SerializedData.serialize(message, transfer), target_origin)

    on_message = event_handler("message", "The function that handles messages.")
    on_message_error = event_handler(
        "messageerror", "The function that is told of messages that Python cannot hold.")

    @property
    def closed(self) -> bool:
        """Whether the window is closed."""
        return self.get_closed()

    @property
    def origin(self) -> str:
        """The origin of the window, as a text."""
        return self.get_origin().serialize()
