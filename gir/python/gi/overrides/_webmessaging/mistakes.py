"""What tells a program at once that it has made a mistake, which would show late or never."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import difflib
import inspect
from types import FunctionType, MethodType
from typing import Any

from gi.repository import GObject

from .library import WebMessaging, WebMessagingPrivate

SIGNALS = ("close", "connect", "error", "message", "messageerror")

# Flags of a function that returns an object which somebody would have to run
RETURNS_STEPS = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


def check_handler(what: str, function: Any, *names: str) -> None:
    """Raises a TypeError for a function that cannot be called with these arguments.

    It would be raised when the event comes, where no program can catch it.
    """
    if not callable(function):
        raise TypeError(f"{what} is a function, not {function!r}")
    plain = function.__func__ if type(function) is MethodType else function
    if type(plain) is FunctionType:
        code = plain.__code__
        if code.co_flags & RETURNS_STEPS:
            raise TypeError(
                f"{what} is a function that is called and returns, but {function.__qualname__}() is a "
                "coroutine or generator, which nobody would run: use `async for event in port.messages()`")
        n_arguments = code.co_argcount - (plain is not function)
        if n_arguments == len(names) and not code.co_kwonlyargcount:
            return
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except (TypeError, ValueError):
        # Python does not know those of some functions of C.
        return
    try:
        signature.bind(*names)
    except TypeError as error:
        raise TypeError(
            f"{what} is called with {' and '.join(names)}, but the function has the arguments "
            f"{signature}: {error}") from None


def check_connection(args: tuple[Any, ...]) -> None:
    """Raises a TypeError if a function is connected that cannot be called with an event."""
    if len(args) > 1 and args[0] in SIGNALS:
        check_handler(f"A handler of the signal “{args[0]}”", args[1], "the object", "the event",
                      *(f"{value!r}" for value in args[2:]))


def check_type(event_type: str) -> None:
    """Raises a ValueError if the type of an event is the name of its handler."""
    for signal in SIGNALS:
        if event_type.replace("_", "").lower() == f"on{signal}":
            raise ValueError(f"The type of the event is '{signal}', not '{event_type}'")


def check_name(target: object, name: str) -> None:
    """Raises an AttributeError if the name of an event handler is misspelt.

    Python would set an attribute that nobody looks at.
    """
    cls = type(target)
    if not name.startswith("on") or hasattr(cls, name):
        return
    handlers = {known.replace("_", ""): known for known in dir(cls) if known.startswith("on_")}
    flat = name.replace("_", "").lower()
    matches = [flat] if flat in handlers else difflib.get_close_matches(flat, handlers, 1, 0.85)
    if matches:
        hint = f"Did you mean: '{handlers[matches[0]]}'?"
    elif name.startswith("on_") and cls.__module__ == "gi.overrides.WebMessaging" and handlers:
        hint = f"It has {' and '.join(sorted(handlers.values()))}"
    else:
        return
    raise AttributeError(f"'{cls.__name__}' object has no event handler '{name}'. {hint}", name=name, obj=target)


def check_thread(target: Any) -> None:
    """Raises a RuntimeError if a port, worker or scope belongs to another thread."""
    if not WebMessagingPrivate.belongs_here(target):
        raise RuntimeError(f"The {type(target).__name__} belongs to the main context of another thread: "
                           "call its methods there")


def to_transfer_list(transfer: Any) -> list[Any]:
    """The objects to transfer. Raises a TypeError if there is something else among them."""
    if not transfer:
        return []
    if isinstance(transfer, GObject.Object):
        raise TypeError("The objects to transfer are in a list: post_message(value, [port])")
    items = list(transfer)
    for number, item in enumerate(items):
        if not isinstance(item, GObject.Object) or not isinstance(item, WebMessaging.Transferable):
            hint = ": transfer one of its ports" if isinstance(item, WebMessaging.MessageChannel) else ""
            raise TypeError(f"Item {number} of the transfer list cannot be transferred, because it is "
                            f"of type {type(item).__name__}{hint}")
    return items


def check_text(what: str, text: Any) -> str:
    """Raises an error for what would not arrive in C as it is."""
    if not isinstance(text, str):
        raise TypeError(f"{what} is a str, not {text!r}")
    # PyGObject would pass what comes before it.
    if "\0" in text:
        raise ValueError("embedded null character")
    return text
