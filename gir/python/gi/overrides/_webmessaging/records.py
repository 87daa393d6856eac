"""How objects of classes become records, and are made of them again."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from .exceptions import CloneError

# A dataclass that is also one of these would lose what it contains.
CONTAINERS = (list, tuple, dict, set, frozenset, bytes, bytearray, str, int, float)


@dataclasses.dataclass(slots=True)
class Record:
    """A class whose objects are records of a name."""

    cls: type
    name: str
    write: Callable[[Any], Mapping[str, Any]]
    # Makes an object of its members. None for a dataclass: it is made before them, because one of
    # them may contain it.
    read: Callable[[dict[str, Any]], Any] | None
    # An immutable value: a program does not see whether two of them are the same object.
    is_value: bool = False
    with_subclasses: bool = False


def write_fields(value: Any) -> dict[str, Any]:
    """The members of a dataclass."""
    try:
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    except AttributeError as error:
        raise CloneError(f"{type(value).__name__} object could not be cloned: {error}") from None


def make_empty(cls: type) -> Any:
    """An object of a dataclass without its fields. The class does not initialize it."""
    return cls.__new__(cls) if issubclass(cls, BaseException) else object.__new__(cls)


def make_default(cls: type, field: dataclasses.Field[Any]) -> Any:
    """What a field has that the sender does not know, because its class is older."""
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is dataclasses.MISSING:
        raise CloneError(f"A {cls.__name__} record has no “{field.name}”")
    try:
        return field.default_factory()
    except Exception as error:
        raise CloneError(f"{cls.__name__} object could not be deserialized: {error}") from error


def fill_fields(value: Any, members: Mapping[str, Any]) -> None:
    """Gives an object of a dataclass its fields."""
    fields = dataclasses.fields(value)
    for field in fields:
        content = members[field.name] if field.name in members else make_default(type(value), field)
        object.__setattr__(value, field.name, content)
    if isinstance(value, BaseException):
        value.args = tuple(getattr(value, field.name) for field in fields if field.init)


class Registry:
    """The classes whose objects are records."""

    def __init__(self) -> None:
        self.by_class: dict[type, Record] = {}
        self.by_name: dict[str, Record] = {}

    def add(self, record: Record) -> None:
        """Registers a class, once."""
        known = self.by_name.get(record.name)
        if known is not None and known.cls is not record.cls:
            raise ValueError(f"Another class is registered for records “{record.name}”")
        self.by_class[record.cls] = record
        self.by_name[record.name] = record

    def register(self, cls: type, name: str | None, write: Callable | None,
                 read: Callable | None) -> None:
        """What an application calls, see register_record()."""
        if (write is None) != (read is None):
            raise TypeError("register_record() needs both write and read, or neither")
        if write is None:
            if not dataclasses.is_dataclass(cls):
                raise TypeError(f"{cls.__name__} is not a dataclass: it needs write and read")
            if issubclass(cls, CONTAINERS):
                raise TypeError(f"{cls.__name__} has content beside its fields: it needs write and read")
            write = write_fields
        self.add(Record(cls, name or cls.__name__, write, read))
