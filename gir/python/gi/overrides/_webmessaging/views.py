"""Views of bytes, as the wire format has them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import ctypes
import sys
from typing import Any


# RFC 8746, little-endian: the tag for a kind of elements and their size, and back to a format.
VIEW_TAGS = {
    ("u", 1): 64, ("u", 2): 69, ("u", 4): 70, ("u", 8): 71,
    ("i", 1): 72, ("i", 2): 77, ("i", 4): 78, ("i", 8): 79,
    ("f", 4): 85, ("f", 8): 86,
}
VIEW_FORMATS = {
    0: "B", 64: "B", 68: "B", 69: "H", 70: "I", 71: "Q",
    72: "b", 77: "h", 78: "i", 79: "q", 85: "f", 86: "d",
}
FORMAT_KINDS = dict.fromkeys("BHILQN", "u") | dict.fromkeys("bhilqn", "i") | dict.fromkeys("fd", "f")


class _Buffer(ctypes.Structure):
    """The beginning of Py_buffer; the rest is room for it."""

    _fields_ = [("address", ctypes.c_void_p), ("rest", ctypes.c_byte * 256)]


def get_address(exporter: Any) -> int:
    buffer = _Buffer()
    get, release = ctypes.pythonapi.PyObject_GetBuffer, ctypes.pythonapi.PyBuffer_Release
    get.argtypes = [ctypes.py_object, ctypes.POINTER(_Buffer), ctypes.c_int]
    release.argtypes = [ctypes.POINTER(_Buffer)]
    release.restype = None
    get(exporter, ctypes.byref(buffer), 0)
    release(ctypes.byref(buffer))
    return buffer.address or 0


def to_little_endian(view: memoryview) -> bytes:
    if sys.byteorder == "little" or view.itemsize == 1:
        return view.tobytes()
    copy = array.array(view.format.lstrip("@"), view.tobytes())
    copy.byteswap()
    return copy.tobytes()


def make_view(view_format: str, data: Any) -> memoryview:
    view = memoryview(data).cast("B")
    if sys.byteorder == "big" and memoryview(b"").cast(view_format).itemsize > 1:
        swapped = array.array(view_format, view.tobytes())
        swapped.byteswap()
        view = memoryview(swapped.tobytes())
    return view.cast(view_format)
