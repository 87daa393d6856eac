"""Events, and what listens to them.

PyGObject's garbage collector does not see what C holds: a function that is given to C, and refers to
the object that it is given to, would stay for ever. So C holds no function of a program. It calls
one function for all event targets, which finds in the wrapper of the target what is to be called.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from . import aio
from .dom_exception import translate_methods
from .events import Event
from .library import WebMessaging, WebMessagingPrivate, override
from .mistakes import check_connection, check_handler, check_name, check_thread, check_type
from .realm import adopt, track


class _Registration:
    """A listener at one event target."""

    __slots__ = ("call", "key", "once")

    def __init__(self, key: tuple, call: Callable, once: bool) -> None:
        self.key = key
        self.call = call
        self.once = once


class _Listeners:
    """What the wrapper of an event target has: its handlers and listeners."""

    __slots__ = ("by_id", "handlers", "ids")

    def __init__(self) -> None:
        self.handlers: dict[str, Callable] = {}
        self.by_id: dict[int, _Registration] = {}
        self.ids: dict[tuple, int] = {}

    def remove(self, number: int) -> None:
        """Forgets a listener."""
        registration = self.by_id.pop(number)
        del self.ids[registration.key]


def _call(target: "EventTarget", event: Event, number: int, *_data: Any) -> None:
    """Calls a listener, or the event handler if the number is 0."""
    listeners = getattr(target, "_web_listeners", None)
    if listeners is None:
        return
    if number == 0:
        call = listeners.handlers.get(event.get_event_type())
    else:
        registration = listeners.by_id.get(number)
        call = registration.call if registration is not None else None
        if registration is not None and registration.once:
            listeners.remove(number)
    if call is None:
        return
    event._web_target = target
    if not reports:
        # PyGObject prints what it raises.
        call(event)
        return
    try:
        call(event)
    except BaseException as error:
        for report in reports:
            report(error)


# What is called with what listeners raise.
reports: list[Callable[[BaseException], None]] = []


# What C calls, for all event targets.
dispatcher = WebMessagingPrivate.Listener.new(_call)


def _get_listeners(target: "EventTarget") -> _Listeners:
    try:
        return target._web_listeners
    except AttributeError:
        target._web_listeners = _Listeners()
        return target._web_listeners


def has_listeners(target: "EventTarget", event_type: str) -> bool:
    """Tells whether there is a handler or a listener for events of a type. Signals do not count."""
    listeners = getattr(target, "_web_listeners", None)
    return listeners is not None and (
        event_type in listeners.handlers or any(key[0] == event_type for key in listeners.ids))


def event_handler(event_type: str, doc: str) -> property:
    """A property for the function that handles events of one type, as `onmessage` on the web."""
    def get(self: "EventTarget") -> Callable[[Event], Any] | None:
        listeners = getattr(self, "_web_listeners", None)
        return listeners.handlers.get(event_type) if listeners is not None else None

    def set_(self: "EventTarget", handler: Callable[[Event], Any] | None) -> None:
        if handler is not None:
            check_handler(f"The handler of {event_type} events", handler, "the event")
        handlers = _get_listeners(self).handlers
        is_new = event_type not in handlers
        if handler is not None:
            handlers[event_type] = handler
            self._listen(event_type)
            if is_new:
                dispatcher.set_handler(self, event_type, True)
        elif not is_new:
            del handlers[event_type]
            dispatcher.set_handler(self, event_type, False)
        if event_type == "message" and hasattr(self, "start"):
            self.start()

    return property(get, set_, doc=doc)


translate_methods(WebMessaging.EventTarget)


@override
class EventTarget(WebMessaging.EventTarget):
    """An object that tells its listeners of events."""

    # Whether messages come through a port, which belongs to a thread.
    _web_has_port = False

    def __setattr__(self, name: str, value: Any) -> None:
        check_name(self, name)
        super().__setattr__(name, value)
        # Not if a class sets attributes before it initializes the object.
        with suppress(RuntimeError):
            track(self)

    def _listen(self, _event_type: str | None = None) -> None:
        """Prepares for the first event, perhaps of this type: the realm of Python adopts the target,
        and asyncio runs its main context."""
        if self._web_has_port:
            check_thread(self)
        adopt(self)
        aio.drive()

    def add_event_listener(self, type: str, listener: Callable[[Event], Any], *,
                           capture: bool = False, once: bool = False, passive: bool = False) -> None:
        """Calls a function for each event of a type. One that is there already is not added again.

        capture: it is called before those without; once: it is removed before it is called;
        passive: it cannot cancel the event.
        """
        check_type(type)
        check_handler("A listener", listener, "the event")
        listeners = _get_listeners(self)
        key = (type, listener, bool(capture))
        if key in listeners.ids:
            return
        flags = WebMessaging.ListenerFlags(0)
        for is_set, flag in ((capture, WebMessaging.ListenerFlags.CAPTURE),
                             (once, WebMessaging.ListenerFlags.ONCE),
                             (passive, WebMessaging.ListenerFlags.PASSIVE)):
            if is_set:
                flags |= flag
        self._listen(type)
        number = dispatcher.add(self, type, flags)
        listeners.by_id[number] = _Registration(key, listener, once)
        listeners.ids[key] = number

    def remove_event_listener(self, type: str, listener: Callable[[Event], Any], *,
                              capture: bool = False) -> None:
        """Removes a function that was added with the same type and capture."""
        listeners = _get_listeners(self)
        number = listeners.ids.get((type, listener, bool(capture)))
        if number is not None:
            listeners.remove(number)
            super().remove_event_listener(number)

    def connect(self, *args: Any) -> int:
        """Connects to a signal. Other than listeners, its handlers are told the target as well."""
        check_connection(args)
        self._listen(*args[:1])
        return super().connect(*args)

    def connect_after(self, *args: Any) -> int:
        """Connects to a signal, after its default handler."""
        check_connection(args)
        self._listen(*args[:1])
        return super().connect_after(*args)
