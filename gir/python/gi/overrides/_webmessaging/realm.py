"""What makes values of Python of the messages that arrive."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from typing import Any
from weakref import WeakValueDictionary

from gi.repository import GLib
from gi.repository.GLib import LogLevelFlags  # made now, see make_classes()

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
            "WebMessaging", LogLevelFlags.LEVEL_DEBUG, f"A message was refused: {error}", None)
        return -1


_realm = WebMessagingPrivate.Realm.new(VERSION, _deserialize)
_targets: WeakValueDictionary[int, Any] = WeakValueDictionary()


def _find(number: int, *_args: Any) -> Any:
    """Finds an event target, unless the garbage collector has found that its wrapper is garbage.

    The collector empties all weak references to garbage at once, and then clears one object after
    the other, while other threads run. Clearing a port ends its channel, so that the other port is
    to be told of that, on its own thread, although it may be garbage as well.
    """
    return _targets.get(number)


_realm.set_find(_find)


def track(target: Any) -> None:
    """Lets the library ask for an event target before it uses it.

    That is for wrappers with attributes. Others come and go, and PyGObject does not watch the
    references of their objects.
    """
    if "_web_number" not in target.__dict__:
        number = _realm.track(target)
        target.__dict__["_web_number"] = number
        _targets[number] = target


def adopt(target: Any) -> None:
    """Messages that arrive at an event target become values of Python from now on."""
    track(target)
    _realm.adopt(target)
