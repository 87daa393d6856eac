"""Broadcast channels."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from typing import Any

from gi.repository import GLib

from .dom_exception import translate_methods
from .event_target import event_handler
from .library import WebMessaging, override
from .messages import SerializedData
from .mistakes import check_text
from .windows import Window

translate_methods(WebMessaging.BroadcastChannel)


@override
class BroadcastChannel(WebMessaging.BroadcastChannel):
    """A named channel. It is a context manager, which closes it in the end.

    origin: only channels with the same origin hear it; by default those of the application itself.
    window: the channel has the origin of this window, and closes when the window does.
    """

    def __init__(self, name: str, *, origin: WebMessaging.Origin | None = None,
                 window: Window | None = None) -> None:
        super().__init__(name=check_text("The name of a channel", name), origin=origin, window=window)

    def post_message(self, message: Any = None) -> bool:
        """Posts a value of Python to all other channels. A GLib.Variant is posted as it is."""
        if isinstance(message, GLib.Variant):
            return super().post_message(message)
        # A closed channel does not look at the message.
        if self.closed:
            return super().post_message(None)
        return self.post_serialized(SerializedData.serialize(message))

    on_message = event_handler("message", "The function that handles messages.")
    on_message_error = event_handler(
        "messageerror", "The function that is told of messages that Python cannot hold.")

    @property
    def name(self) -> str:
        """The name of the channel."""
        return self.get_name()

    @property
    def closed(self) -> bool:
        """Whether the channel was closed, or its window was."""
        return self.get_closed()

    def __enter__(self) -> "BroadcastChannel":
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.close()

    async def __aenter__(self) -> "BroadcastChannel":
        return self

    async def __aexit__(self, *_exception: Any) -> None:
        self.close()
