"""Values that can be keys of a dict, or members of a set."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
import re
from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any

from cbor2.types import FrozenDict

from .exceptions import CloneError
from .wire import MAX_DEPTH

# The cost of hashing one value, or of comparing two, in the units of spend() in structured_deserialize.py.
COST_OF_HASH = 16

# Python computes the hash of a tuple again each time, and of all that it contains, as often as it
# contains it. So what counts for the cost of a value is its size with all repetitions.
Steps = Generator[Any, "tuple[Any, int]", "tuple[Any, int]"]

OPEN = object()


# Below this, each integer has a hash of its own.
DISTINCT_INTEGERS = 2**60


def is_simple_key(value: Any) -> bool:
    """Tells whether a value can be a key as it is, and whoever sends it cannot choose its hash."""
    kind = type(value)
    if kind is int:
        return -DISTINCT_INTEGERS < value < DISTINCT_INTEGERS
    return kind is str or kind is bytes or value is None


class Freezer:
    """Freezes the keys of one message: a list to a tuple, a set to a frozenset, and so on."""

    def __init__(self, spend: Callable[[int], None]) -> None:
        self.spend = spend
        # For the id() of a value: the value, what it was frozen to, and the size of that.
        self.memory: dict[int, tuple[Any, Any, int]] = {}

    def open(self, value: Any) -> None:
        """A container that occurs again is being read: it cannot be frozen yet."""
        self.memory[id(value)] = (value, OPEN, 0)

    def close(self, value: Any) -> None:
        """The container is complete."""
        self.memory.pop(id(value), None)

    def freeze_key(self, value: Any, counts: dict[int, int]) -> Any:
        """A key. counts: how many keys of the same container have each hash."""
        key, size = self._freeze(value)
        self.spend(size * COST_OF_HASH)
        number = hash(key)
        # Those with the same hash are compared with each other. Other than those of text, hashes
        # can be chosen by who sends them.
        n_before = counts.get(number, 0)
        counts[number] = n_before + 1
        self.spend(n_before * size * COST_OF_HASH)
        return key

    def _freeze(self, value: Any) -> tuple[Any, int]:
        stack: list[Steps] = []
        result: Any = self._begin(value)
        while True:
            if type(result) is GeneratorType:
                if len(stack) == MAX_DEPTH:
                    raise CloneError("a key is nested too deeply")
                stack.append(result)
                result = None
            elif not stack:
                return result
            try:
                wanted = stack[-1].send(result)
            except StopIteration as stop:
                stack.pop()
                result = stop.value
            else:
                result = self._begin(wanted)

    def _begin(self, value: Any) -> Any:
        """What a value is frozen to, with its size; or the steps to get there."""
        known = self.memory.get(id(value))
        if known is not None:
            if known[1] is OPEN:
                raise CloneError("Python cannot hold a set or a key that contains itself")
            return known[1:]
        for cls, freeze in FREEZERS.items():
            if isinstance(value, cls):
                return self._remember(value, freeze(value))
        if dataclasses.is_dataclass(value):
            return self._remember(value, freeze_fields(value))
        return value, get_size(value)

    def _remember(self, value: Any, steps: Steps) -> Steps:
        self.open(value)
        frozen, size = yield from steps
        # A number of any size would do: it only has to be too large.
        size = min(size, 2**62)
        self.memory[id(value)] = (value, frozen, size)
        # A key of a dict in a key is frozen already.
        self.memory[id(frozen)] = (frozen, frozen, size)
        return frozen, size


def freeze_list(value: list) -> Steps:
    items, size = [], 1
    for item in value:
        frozen, item_size = yield item
        items.append(frozen)
        size += item_size
    return tuple(items), size


def freeze_dict(value: dict) -> Steps:
    items, size = {}, 1
    for key, item in value.items():
        frozen, item_size = yield item
        items[key] = frozen
        size += item_size + (yield key)[1]
    return FrozenDict(items), size


def freeze_set(value: set) -> Steps:
    size = 1
    for item in value:
        size += (yield item)[1]
    return frozenset(value), size


def freeze_fields(value: Any) -> Steps:
    """Those of a dataclass are frozen where they are: its hash is made of them."""
    if type(value).__hash__ is None:
        raise CloneError(f"{type(value).__name__} records cannot be keys")
    size = 1
    for field in dataclasses.fields(value):
        frozen, item_size = yield getattr(value, field.name)
        object.__setattr__(value, field.name, frozen)
        size += item_size
    return value, size


FREEZERS: dict[type, Callable[[Any], Steps]] = {
    list: freeze_list, dict: freeze_dict, set: freeze_set,
}


def get_size(value: Any) -> int:
    """The cost of hashing what contains no other values, where it is not the same for all."""
    if isinstance(value, int):
        return 1 + value.bit_length() // 64
    if isinstance(value, re.Pattern):
        return 1 + len(value.pattern)
    if isinstance(value, memoryview):
        return 1 + value.nbytes // 64
    return 1
