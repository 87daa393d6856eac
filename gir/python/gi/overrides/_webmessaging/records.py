"""What applications register: the dataclasses whose objects can be cloned."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
from collections.abc import Callable
from typing import Any


class Types:
    """What the override module knows, and this one does not: platform objects and records."""

    def __init__(self, dom_exception: type, is_serializable: Callable[[Any], bool]) -> None:
        self.dom_exception = dom_exception
        self.is_serializable = is_serializable
        self.record_names: dict[type, str] = {}
        self.record_classes: dict[str, type] = {}

    def register(self, cls: type, name: str) -> None:
        """Makes the objects of a dataclass records of a name."""
        if not dataclasses.is_dataclass(cls):
            raise TypeError(f"{cls.__name__} is not a dataclass")
        if self.record_classes.get(name, cls) is not cls:
            raise ValueError(f"There is another class for records “{name}”")
        self.record_names[cls] = name
        self.record_classes[name] = cls
