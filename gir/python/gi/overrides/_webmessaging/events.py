"""Events."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from typing import Any

from gi.repository import GLib

from .dom_exception import DOMException, translate_methods
from .exceptions import RemoteTraceback
from .library import WebMessaging, WebMessagingPrivate, override
from .messages import decode


def _getter(name: str, doc: str) -> property:
    """A property whose value the introspected getter has."""
    return property(lambda self: getattr(self, name)(), doc=doc)


translate_methods(WebMessaging.Event)


@override
class Event(WebMessaging.Event):
    """Something that has happened at an event target."""

    type = _getter("get_event_type", "What has happened: `\"message\"`, `\"close\"` and the like.")

    def get_target(self) -> Any:
        """The object at which it has happened."""
        try:
            # C would hide its reference from the garbage collector, so it keeps none.
            return self._web_target
        except AttributeError:
            return WebMessagingPrivate.ref_target(self)

    target = _getter("get_target", "The object at which it has happened.")

    current_target = _getter("get_current_target", "The object whose listeners are being called.")
    event_phase = _getter("get_event_phase", "Where the event is on its way.")
    bubbles = _getter("get_bubbles", "Whether the event goes up a tree.")
    cancelable = _getter("get_cancelable", "Whether prevent_default() has an effect.")
    composed = _getter("get_composed", "Whether the event leaves a shadow tree.")
    default_prevented = _getter("get_default_prevented", "Whether a listener has cancelled the event.")
    is_trusted = _getter("get_is_trusted", "Whether the library has made the event, not a program.")
    time_stamp = _getter("get_time_stamp", "When the event was made, in monotonic microseconds.")


translate_methods(WebMessaging.MessageEvent)


@override
class MessageEvent(WebMessaging.MessageEvent):
    """A message that has arrived."""

    def __init__(self, type: str = "", data: Any = None, **properties: Any) -> None:
        """Makes an event of the program's own. data is a value of Python, or a GLib.Variant."""
        if isinstance(data, GLib.Variant):
            properties["data"] = data
        else:
            self._web_data = data
        super().__init__(type=type, **properties)

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
    def ports(self) -> tuple[Any, ...]:
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


translate_methods(WebMessaging.ErrorEvent)


@override
class ErrorEvent(WebMessaging.ErrorEvent):
    """What has gone wrong, usually in a worker."""

    def __init__(self, type: str = "", error: Any = None, **properties: Any) -> None:
        """Makes an event of the program's own."""
        self._web_error = error
        super().__init__(**properties)
        self.init_event(type, False, True)

    message = _getter("get_message", "What has gone wrong.")
    filename = _getter("get_filename", "The file or URL of the script; empty if that is not known.")
    lineno = _getter("get_lineno", "The line in it, 0 if that is not known.")
    colno = _getter("get_colno", "The column in the line, from 1 on; 0 if that is not known.")
    stack = _getter("get_stack", "Where it was raised, as the language of the worker writes that.")

    @property
    def error(self) -> Any:
        """What was raised: an exception, whose cause has the traceback of the worker.

        None if nothing was raised, or if it could not be cloned.
        """
        try:
            return self._web_error
        except AttributeError:
            self._web_error = self._decode_error()
            return self._web_error

    def _decode_error(self) -> Any:
        exception = WebMessagingPrivate.get_exception(self)
        try:
            error = exception.to_value() if exception is not None else None
        except DOMException:
            return None
        if isinstance(error, BaseException) and self.stack:
            error.__cause__ = RemoteTraceback(self.stack)
        return error
