"""Views of bytes, as the wire format has them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import ctypes
import sys
from typing import Any

from .exceptions import CloneError
from .wire import UINT8_CLAMPED, VIEW_TAGS

# What Python calls the elements of each tag, and what the wire calls the elements of Python.
FORMATS = {"u": "?BH?I???Q", "i": "?bh?i???q", "f": "????f???d"}
VIEW_FORMATS = {0: "B", UINT8_CLAMPED: "B"} | {
    tag: FORMATS[kind][itemsize] for (kind, itemsize), tag in VIEW_TAGS.items()}
FORMAT_KINDS = (dict.fromkeys("BHILQNc?", "u") | dict.fromkeys("bhilqn", "i")
                | dict.fromkeys("fd", "f"))

# An element of each size, to swap its bytes.
ELEMENTS = {1: "B", 2: "H", 4: "I", 8: "Q"}


class _Buffer(ctypes.Structure):
    """The beginning of Py_buffer; the rest is room for it."""

    _fields_ = [("address", ctypes.c_void_p), ("rest", ctypes.c_byte * 256)]


def get_address(exporter: Any) -> int:
    """Where the bytes of a buffer begin in memory."""
    buffer = _Buffer()
    get, release = ctypes.pythonapi.PyObject_GetBuffer, ctypes.pythonapi.PyBuffer_Release
    get.argtypes = [ctypes.py_object, ctypes.POINTER(_Buffer), ctypes.c_int]
    release.argtypes = [ctypes.POINTER(_Buffer)]
    release.restype = None
    get(exporter, ctypes.byref(buffer), 0)
    release(ctypes.byref(buffer))
    return buffer.address or 0


def get_tag(view: memoryview) -> int:
    """The tag for the elements of a view."""
    kind = FORMAT_KINDS.get(view.format[-1:])
    tag = VIEW_TAGS.get((kind, view.itemsize)) if view.format.lstrip("@=<>!")[1:] == "" else None
    if tag is None:
        raise CloneError(f"Buffer of format “{view.format}” could not be cloned")
    if view.ndim != 1:
        raise CloneError(f"Buffer of {view.ndim} dimensions could not be cloned")
    return tag


def is_little_endian(view: memoryview) -> bool:
    """Tells whether the elements of a view are on the wire as they are in memory."""
    if view.itemsize == 1:
        return True
    order = view.format[0]
    return order == "<" or (sys.byteorder == "little" and order not in ">!")


def to_little_endian(view: memoryview) -> bytes:
    """The bytes of the elements of a view."""
    return view.tobytes() if is_little_endian(view) else _swap(view.tobytes(), view.itemsize)


def _swap(data: bytes, itemsize: int) -> bytes:
    copy = array.array(ELEMENTS[itemsize], data)
    copy.byteswap()
    return copy.tobytes()


def make_view(view_format: str, data: Any) -> memoryview:
    """A view of bytes that are little-endian."""
    view = memoryview(data).cast("B")
    itemsize = memoryview(b"").cast(view_format).itemsize
    if sys.byteorder == "big" and itemsize > 1:
        view = memoryview(_swap(view.tobytes(), itemsize))
    return view.cast(view_format)
