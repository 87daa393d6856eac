"""A canonical text of any value that a message can have in Python."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
import re
from collections.abc import Mapping


def describe(value) -> str:
    """All that a clone can show of a value, identity included."""
    numbers = {}

    def visit(item) -> str:
        if item is None or isinstance(item, (bool, int, float, str)):
            return f"{type(item).__name__} {item!r}"
        if id(item) in numbers:
            return f"#{numbers[id(item)][0]}"
        numbers[id(item)] = (len(numbers), item)
        return f"{type(item).__name__}({content(item)})"

    def content(item) -> str:
        if isinstance(item, Mapping):
            return ", ".join(f"{visit(key)}: {visit(value)}" for key, value in item.items())
        if isinstance(item, (list, tuple)):
            return ", ".join(map(visit, item))
        if isinstance(item, (set, frozenset)):
            return ", ".join(sorted(map(visit, item)))
        if isinstance(item, memoryview):
            return f"{item.format} {item.tolist()}"
        if isinstance(item, re.Pattern):
            return f"{item.pattern!r} {item.flags}"
        if isinstance(item, BaseException):
            return f"{item.args!r} {getattr(item, 'name', None)!r} {visit(item.__cause__)}"
        if dataclasses.is_dataclass(item):
            return ", ".join(f"{field.name}={visit(getattr(item, field.name))}"
                             for field in dataclasses.fields(item))
        return repr(item)

    return visit(value)
