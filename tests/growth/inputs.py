"""Messages of any length, one for each type and tag of the wire format, and the worst that is known.

Each value of `INPUTS` is a function that takes a number of bytes and returns a message of about that
length. Anyone may send them, so reading them must take linear time and memory in all languages.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from __future__ import annotations

import struct
from collections.abc import Callable

UINT, NEGINT, BYTES, TEXT, ARRAY, MAP, TAG = range(7)

HANDLE, BUFFER, VIEW, RESIZABLE, SPARSE, RECORD, GVARIANT, MESSAGE, HOLE = range(
    0x57454200, 0x57454209
)

TYPED_ARRAYS = {
    "Uint8Array": (64, 1), "Uint8ClampedArray": (68, 1), "Uint16Array": (69, 2),
    "Uint32Array": (70, 4), "BigUint64Array": (71, 8), "Int8Array": (72, 1), "Int16Array": (77, 2),
    "Int32Array": (78, 4), "BigInt64Array": (79, 8), "Float16Array": (84, 2),
    "Float32Array": (85, 4), "Float64Array": (86, 8),
}  # fmt: skip


def head(major: int, number: int) -> bytes:
    """The head of a CBOR item."""
    if number < 24:
        return bytes([major << 5 | number])
    for info, code in ((24, ">B"), (25, ">H"), (26, ">I")):
        if number < 256 ** struct.calcsize(code):
            return bytes([major << 5 | info]) + struct.pack(code, number)
    return bytes([major << 5 | 27]) + struct.pack(">Q", number)


def tag(number: int, content: bytes) -> bytes:
    return head(TAG, number) + content


def text(string: str) -> bytes:
    return head(TEXT, len(string.encode())) + string.encode()


def data(content: bytes) -> bytes:
    return head(BYTES, len(content)) + content


def array(*items: bytes) -> bytes:
    return head(ARRAY, len(items)) + b"".join(items)


def pairs(*members: bytes) -> bytes:
    return head(MAP, len(members) // 2) + b"".join(members)


def message(value: bytes, buffers: tuple[bytes, ...] = (), cloned: tuple[bytes, ...] = ()) -> bytes:
    return tag(MESSAGE, array(array(*map(data, buffers)), array(*cloned), value))


def each(item: bytes | Callable[[int], bytes], first: bytes = b"") -> Callable[[int], bytes]:
    """An array of as many items as there is room for; @first is the first of them."""

    def make(size: int) -> bytes:
        if isinstance(item, bytes):
            items = [item] * (size // len(item))
        else:
            items = [item(i) for i in range(size // len(item(size)))]
        return message(array(*([first] if first else []), *items))

    return make


def each_pair(key: bytes | Callable[[int], bytes], value: bytes, wrap: int | None = None):
    """A map of as many pairs as there is room for, in a tag."""

    def make(size: int) -> bytes:
        members = []
        for i in range(size // (len(value) + len(key if isinstance(key, bytes) else key(size)))):
            members += [key if isinstance(key, bytes) else key(i), value]
        return message(tag(wrap, pairs(*members)) if wrap else pairs(*members))

    return make


def whole(make: Callable[[int], bytes]) -> Callable[[int], bytes]:
    return lambda size: message(make(size))


def gvariant(kind: str, content: bytes) -> bytes:
    return tag(GVARIANT, array(text(kind), data(content)))


def variable_array(element: bytes, alignment: int, size: int) -> bytes:
    """The bytes of a GVariant that is an array of equal elements of a type that varies in size."""
    content = bytearray()
    ends = []
    for width in (1, 2, 4):
        content.clear()
        ends.clear()
        for _ in range(size // (-len(element) // alignment * -alignment + width)):
            content += bytes(-len(content) % alignment) + element
            ends.append(len(content))
        if len(content) + width * len(ends) < 256**width:
            break
    return bytes(content) + b"".join(end.to_bytes(width, "little") for end in ends)


def doubling(size: int) -> bytes:
    """Arrays of two references to the one before: 2 to the power of their number, if expanded."""
    items = [tag(28, array(tag(28, array(b"\x01")), b"\x01"))]
    items += [tag(28, array(tag(29, head(UINT, 0)), tag(29, head(UINT, 0))))]
    for i in range(2, size // 16):
        reference = tag(29, head(UINT, i))
        items.append(tag(28, array(reference, reference)))
    return message(array(*items))


def nested(levels: int, opening: bytes, inner: bytes) -> bytes:
    return opening * levels + inner


def shared_sets(wrap: Callable[[bytes], bytes], depth: int) -> Callable[[int], bytes]:
    """Sets or maps of a value that has 2 to the power of @depth leaves, if expanded."""

    def make(size: int) -> bytes:
        value = tag(28, array(b"\x01", b"\x02"))
        for i in range(depth):
            # Marked values are numbered as they begin, from the outside.
            value = tag(28, array(value, tag(29, head(UINT, depth - i))))
        return message(array(wrap(value), *[b"\x01"] * (size - len(value))))

    return make


def reference_views(size: int) -> bytes:
    """One byte array, as many views of one byte."""
    buffer = tag(28, data(bytes(size // 2)))
    first = tag(VIEW, array(head(UINT, 64), buffer, b"\x00", b"\x01"))
    rest = tag(VIEW, array(head(UINT, 64), tag(29, b"\x00"), b"\x01", b"\x01"))
    return message(array(first, *[rest] * (size // 2 // len(rest))))


def out_of_line(size: int) -> bytes:
    """As many short byte arrays out of line as there is room for."""
    items = [tag(BUFFER, head(UINT, i)) for i in range(size // 11)]
    return message(array(*items), buffers=(b"\x01",) * len(items))


def cloned_objects(size: int) -> bytes:
    one = array(text("NoSuchClass"), text("as"), data(b""))
    return message(b"\x01", cloned=(one,) * (size // len(one)))


def deep_cloned_objects(size: int) -> bytes:
    def one(number: int) -> bytes:
        members = "".join("y" if number >> bit & 1 else "b" for bit in range(16))
        return array(text("NoSuchClass"), text("(" * 120 + members + ")" * 120), data(bytes(16)))

    return message(b"\x01", cloned=tuple(one(i) for i in range(size // len(one(0)))))


def wide_tuple(size: int) -> bytes:
    return gvariant("(" + "y" * (size // 2) + ")", bytes(size // 2))


def deep_wide_tuple(size: int) -> bytes:
    return gvariant("(" * 120 + "y" * (size // 2) + ")" * 120, bytes(size // 2))


def tuple_of_strings(size: int) -> bytes:
    number = size // 6
    ends = range(number - 1, 0, -1)
    width = 2 if 3 * number < 65536 else 4
    content = bytes(number) + b"".join(end.to_bytes(width, "little") for end in ends)
    return gvariant("(" + "s" * number + ")", content)


def dictionary(size: int) -> bytes:
    """a{sv} of `'k': <byte 1>`, as GVariant aligns it."""
    entry = b"k\0" + bytes(6) + b"\x01\0y" + b"\x02"
    return gvariant("a{sv}", variable_array(entry, 8, size))


def surrogates(size: int) -> bytes:
    return tag(273, data(b"\xed\xa0\x80" * (size // 3)))


ERRORS = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"]

INPUTS: dict[str, Callable[[int], bytes]] = {
    # Items that no tag is around
    "integer of one byte": each(lambda i: bytes([i % 24])),
    "integer": each(lambda i: b"\x1a" + struct.pack(">I", i)),
    "negative integer": each(lambda i: b"\x39" + struct.pack(">H", i % 65536)),
    "integer of 64 bits": each(b"\x1b\x7f" + b"\xff" * 7),
    "float of 16 bits": each(b"\xf9\x3c\x01"),
    "float of 32 bits": each(b"\xfa\x3f\x80\x00\x01"),
    "float of 64 bits": each(b"\xfb\x3f\xf0\x00\x00\x00\x00\x00\x01"),
    "boolean": each(b"\xf5"),
    "null": each(b"\xf6"),
    "undefined": each(b"\xf7"),
    "empty string": each(b"\x60"),
    "string of one letter": each(text("x")),
    "string": each(lambda i: text(f"{i % 10000:04}")),
    "long string": whole(lambda size: text("x" * size)),
    "long string of U+0000": whole(lambda size: text("\0" * size)),
    "long string of two-byte letters": whole(lambda size: text("é" * (size // 2))),
    "long string, referred to": lambda size: message(
        array(tag(28, text("x" * (size // 2))), *[tag(29, b"\0")] * (size // 6))
    ),
    "empty array": each(b"\x80"),
    "array of one": each(b"\x81\x00"),
    "arrays, 40 deep": each(nested(40, b"\x81", b"\x00")),
    "arrays, 1000 deep": each(nested(1000, b"\x81", b"\x00")),
    "empty object": each(b"\xa0"),
    "object of one": each(pairs(b"\x60", b"\x00")),
    "object of many": each_pair(lambda i: text(f"{i % 1000000:06}"), b"\x00"),
    "object of equal keys": each_pair(text("k"), b"\x00"),
    "object of integer keys": each_pair(lambda i: text(str(1000000 + i % 1000000)), b"\x00"),
    "objects, 18 deep": each(nested(18, b"\xa1\x61a", b"\x00")),
    "byte array": each(data(b"\x01")),
    "empty byte array": each(b"\x40"),
    "long byte array": whole(lambda size: data(bytes(size))),
    # Tags
    "Date": each(tag(1, b"\x00")),
    "Date of a float": each(tag(1, b"\xf9\x3c\x01")),
    "BigInt": each(tag(2, data(b"\x01\x00"))),
    "negative BigInt": each(tag(3, data(b"\x01\x00"))),
    "long BigInt": whole(lambda size: tag(2, data(b"\x01" * size))),
    "long negative BigInt": whole(lambda size: tag(3, data(b"\xff" * size))),
    "BigInt of zeros": whole(lambda size: tag(2, data(bytes(size)))),
    "boxed Boolean": each(tag(27, array(text("Boolean"), b"\xf4"))),
    "boxed Number": each(tag(27, array(text("Number"), b"\x01"))),
    "boxed String": each(tag(27, array(text("String"), text("x")))),
    "boxed BigInt": each(tag(27, array(text("BigInt"), tag(2, data(b"\x01"))))),
    **{name: each(tag(27, array(text(name), pairs(text("message"), text("x"))))) for name in ERRORS},
    "Error without members": each(tag(27, array(text("Error"), b"\xa0"))),
    "Error of errors": each(
        nested(20, b"\xd8\x1b\x82\x65Error\xa1\x65cause", tag(27, array(text("Error"), b"\xa0")))
    ),
    "DOMException": each(tag(27, array(text("DOMException"), pairs(text("name"), text("x"))))),
    "marked value": each(tag(28, b"\x80")),
    "reference": each(tag(29, b"\x00"), first=tag(28, b"\x80")),
    "reference to a cycle": each(tag(29, b"\x00"), first=tag(28, array(tag(29, b"\x00")))),
    "references that double": doubling,
    "12 doublings in a set": shared_sets(lambda value: tag(258, array(value)), 12),
    "40 doublings in a set": shared_sets(lambda value: tag(258, array(value)), 40),
    "40 doublings in a key": shared_sets(lambda value: tag(259, pairs(value, b"\x00")), 40),
    "Set": each(tag(258, array(b"\x01"))),
    "Set of many": lambda size: message(
        tag(258, array(*[b"\x1a" + struct.pack(">I", i) for i in range(size // 5)]))
    ),
    "Set of arrays": lambda size: message(
        tag(258, array(*[array(b"\x1a" + struct.pack(">I", i)) for i in range(size // 6)]))
    ),
    "Set of sets": each(nested(20, b"\xd9\x01\x02\x81", b"\x01")),
    "Map": each(tag(259, pairs(b"\x01", b"\x02"))),
    "Map of many": each_pair(lambda i: b"\x1a" + struct.pack(">I", i), b"\x00", wrap=259),
    "Map of array keys": each_pair(
        lambda i: array(b"\x1a" + struct.pack(">I", i)), b"\x00", wrap=259
    ),
    "Map of equal keys": each_pair(b"\x01", b"\x00", wrap=259),
    "lone surrogate": each(tag(273, data(b"\xed\xa0\x80"))),
    "long string of lone surrogates": whole(surrogates),
    "RegExp": each(tag(21066, array(text("x"), text("g")))),
    "RegExp of groups": each(tag(21066, array(text("(?<a>x)"), text("g")))),
    "long RegExp": whole(lambda size: tag(21066, array(text("x" * size), text("")))),
    "long RegExp of groups": whole(lambda size: tag(21066, array(text("(?:" * 20 + "x" * size + ")" * 20)))),
    **{name: each(tag(number, data(bytes(width)))) for name, (number, width) in TYPED_ARRAYS.items()},
    **{
        f"long {name}": whole(lambda size, number=number: tag(number, data(bytes(size // 8 * 8))))
        for name, (number, _) in TYPED_ARRAYS.items()
    },
    "empty typed array": each(tag(64, b"\x40")),
    "DataView": each(tag(VIEW, array(b"\x00", data(b"\x01"), b"\x00", b"\x01"))),
    "view to the end": each(tag(VIEW, array(b"\x00", data(b"\x01"), b"\x00", b"\xf6"))),
    "views of one byte array": reference_views,
    "typed arrays of one byte array": each(tag(64, tag(29, b"\0")), first=tag(28, data(b"\x01" * 64))),
    "byte arrays out of line": out_of_line,
    "resizable byte array": each(tag(RESIZABLE, array(data(b"\x01"), b"\x02"))),
    "sparse array": each(tag(SPARSE, array(b"\x01", pairs(b"\x00", b"\x01")))),
    "sparse array of many": lambda size: message(
        tag(SPARSE, array(head(UINT, size), pairs(*[b"\x00", b"\x01"] * (size // 2))))
    ),
    "sparse array without elements": lambda size: message(
        array(tag(SPARSE, array(head(UINT, size * 4), b"\xa0")), *[b"\x01"] * size)
    ),
    "sparse array with names": lambda size: message(
        tag(SPARSE, array(b"\x01", pairs(*[text("x"), b"\x01"] * (size // 3))))
    ),
    "hole": each(tag(HOLE, b"\xf6")),
    "record": each(tag(RECORD, array(text("P"), pairs(text("x"), b"\x01")))),
    # Messages
    "cloned objects": cloned_objects,
    "cloned objects of deep types": deep_cloned_objects,
    "GVariant ay": lambda size: message(gvariant("ay", bytes(size))),
    "GVariant ai": lambda size: message(gvariant("ai", bytes(size // 4 * 4))),
    "GVariant as": lambda size: message(gvariant("as", variable_array(b"\0", 1, size))),
    "GVariant av": lambda size: message(gvariant("av", variable_array(b"\x01\0y", 8, size))),
    "GVariant aay": lambda size: message(gvariant("aay", variable_array(b"", 1, size))),
    "GVariant a(yv)": lambda size: message(
        gvariant("a(yv)", variable_array(b"\x01" + bytes(7) + b"\x01\0y", 8, size))
    ),
    "GVariant a{sv}": lambda size: message(dictionary(size)),
    "GVariant ammy": lambda size: message(
        gvariant("a" + "m" * 100 + "y", variable_array(b"", 1, size))
    ),
    "GVariant of a wide tuple": lambda size: message(wide_tuple(size)),
    "GVariant of a deep and wide tuple": lambda size: message(deep_wide_tuple(size)),
    "GVariant of a tuple of strings": lambda size: message(tuple_of_strings(size)),
    "GVariant of nested variants": lambda size: message(
        gvariant("av", variable_array(b"\x01\0y" + b"\0v" * 40, 8, size))
    ),
}


def make(name: str, size: int) -> bytes:
    return INPUTS[name](size)
