"""What to do about a value that cannot be cloned, and where it is."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
import inspect
import io
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gi.repository import GLib, GObject

# How many values are looked at to find one.
MAX_SEARCH = 100_000

FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.LambdaType)

# How objects of these classes are sent, the first that fits.
HINTS: tuple[tuple[Any, str], ...] = (
    (FUNCTIONS, "messages hold data, not code"),
    (type, "messages hold data, not code"),
    (types.CoroutineType, "await it, and send the result"),
    (io.IOBase, "send what is in the file, or its path"),
    (GLib.Variant, "a GLib.Variant is the whole message or none of it. Send what its unpack() returns"),
    (GLib.Bytes, "send what its get_data() returns"),
    (GObject.Object,
     "its class implements neither WebMessaging.Serializable nor WebMessaging.Transferable"),
    (Iterator, "send a list of its items"),
    (Iterable, "send a list of its items"),
)


def get_hint(value: Any, is_transferable: bool) -> str:
    """What to do with such a value."""
    if is_transferable:
        return "it must be in the transfer list: post_message(value, [port])"
    hint = next((hint for classes, hint in HINTS if isinstance(value, classes)), None)
    if hint is not None:
        return hint
    if type(value).__module__ == "builtins" or isinstance(value, GObject.GBoxed):
        return ""
    return "its class is not registered with WebMessaging.register_record()"


def get_items(value: Any) -> Iterable[tuple[str, Any]]:
    """What a value contains, and how a program writes that."""
    if isinstance(value, Mapping):
        return ((f"[{key!r}]", item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ((f"[{index}]", item) for index, item in enumerate(value))
    if dataclasses.is_dataclass(value) and not inspect.isclass(value):
        return ((f".{field.name}", getattr(value, field.name, None)) for field in dataclasses.fields(value))
    return ()


def find_path(message: Any, wanted: Any) -> str:
    """Where an object is in a message, such as `message["list"][0]`. Empty if it is the message itself."""
    waiting, seen = [("", message)], set()
    for path, value in waiting:
        if value is wanted:
            return path and f"message{path}"
        if id(value) in seen or len(waiting) > MAX_SEARCH:
            continue
        seen.add(id(value))
        waiting.extend((path + step, item) for step, item in get_items(value))
    return ""
