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

# What a value is frozen to; the cost of its hash; and its size, which is the cost of comparing it.
# Python computes the hash of a tuple again each time, and of all that it contains, as often as it
# contains it. That of a set or dict it keeps.
Frozen = tuple[Any, int, int]

# Freezes a value: yields the values in it, and is sent what they are frozen to.
Steps = Generator[Any, Frozen, Frozen]

# A number of any size would do instead: it only has to be too large.
ENDLESS = 2**62

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
        self._spend = spend
        # By the id() of a value: the value, and what it was frozen to.
        self.memory: dict[int, tuple[Any, Frozen | None]] = {}

    def spend(self, n_hashes: int) -> None:
        """Counts what a key costs."""
        self._spend(n_hashes * COST_OF_HASH)

    def open(self, value: Any) -> None:
        """A container that occurs again is being read: it cannot be frozen yet."""
        self.memory[id(value)] = (value, None)

    def close(self, value: Any) -> None:
        """The container is complete."""
        self.memory.pop(id(value), None)

    def freeze_key(self, value: Any, counts: dict[int, int]) -> Any:
        """A key. counts: how many keys of the same container have each hash."""
        key, cost, size = self._freeze(value)
        self.spend(cost)
        number = hash(key)
        # Those with the same hash are compared with each other. Other than those of text, hashes
        # can be chosen by who sends them.
        n_before = counts.get(number, 0)
        counts[number] = n_before + 1
        self.spend(n_before * size)
        return key

    def _freeze(self, value: Any) -> Frozen:
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
        """What a value is frozen to, or the steps to get there."""
        known = self.memory.get(id(value))
        if known is not None:
            if known[1] is None:
                raise CloneError("Python cannot hold a set or a key that contains itself")
            return known[1]
        for cls, freeze in FREEZERS.items():
            if isinstance(value, cls):
                return self._remember(value, freeze(self, value))
        if dataclasses.is_dataclass(value):
            return self._remember(value, self._freeze_fields(value))
        cost = get_cost(value)
        return value, cost, cost

    def _remember(self, value: Any, steps: Steps) -> Steps:
        self.open(value)
        frozen, cost, size = yield from steps
        result = frozen, min(cost, ENDLESS), min(size, ENDLESS)
        self.memory[id(value)] = (value, result)
        # A key of a dict in a key is frozen already.
        self.memory[id(frozen)] = (frozen, result)
        return result

    def _freeze_list(self, value: list) -> Steps:
        items, cost, size = [], 1, 1
        for item in value:
            frozen, item_cost, item_size = yield item
            items.append(frozen)
            cost += item_cost
            size += item_size
        return tuple(items), cost, size

    def _freeze_dict(self, value: dict) -> Steps:
        items, cost, size = {}, 1, 1
        for key, item in value.items():
            _, key_cost, key_size = yield key
            items[key], item_cost, item_size = yield item
            cost += key_cost + item_cost
            size += key_size + item_size
        self.spend(cost)
        return FrozenDict(items), 1, size

    def _freeze_set(self, value: set) -> Steps:
        size = 1
        for item in value:
            size += (yield item)[2]
        self.spend(len(value))
        return frozenset(value), 1, size

    def _freeze_fields(self, value: Any) -> Steps:
        """Those of a dataclass are frozen where they are: its hash is made of them."""
        if type(value).__hash__ is None:
            raise CloneError(f"{type(value).__name__} records cannot be keys")
        cost, size = 1, 1
        for field in dataclasses.fields(value):
            frozen, item_cost, item_size = yield getattr(value, field.name)
            object.__setattr__(value, field.name, frozen)
            cost += item_cost
            size += item_size
        return value, cost, size


FREEZERS: dict[type, Callable[[Freezer, Any], Steps]] = {
    list: Freezer._freeze_list, dict: Freezer._freeze_dict, set: Freezer._freeze_set,
}


def get_cost(value: Any) -> int:
    """The cost of hashing what contains no other values, where it is not the same for all."""
    if isinstance(value, int):
        return 1 + value.bit_length() // 64
    if isinstance(value, re.Pattern):
        return 1 + len(value.pattern)
    if isinstance(value, memoryview):
        return 1 + value.nbytes // 64
    return 1
