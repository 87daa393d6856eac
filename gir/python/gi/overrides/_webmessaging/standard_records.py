"""Classes of Python's library that are records without being registered.

docs/wire-format.md lists their names and members.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import datetime
import decimal
import enum
import pathlib
import sys
import uuid
from collections.abc import Callable
from typing import Any

from .exceptions import CloneError
from .records import Record, Registry


def _add_text(registry: Registry, cls: type, name: str, write: Callable[[Any], str],
              read: Callable[[str], Any]) -> None:
    """A class whose objects are told completely by a text."""
    registry.add(Record(
        cls, name,
        write=lambda value: {"value": write(value)},
        read=lambda members: read(_expect(members, "value", str)),
        is_value=True, with_subclasses=True))


def _expect(members: dict[str, Any], name: str, cls: type) -> Any:
    value = members.get(name)
    if not isinstance(value, cls) or isinstance(value, bool):
        raise CloneError(f"A record has no “{name}”, or one of another type")
    return value


def _write_time(value: datetime.time) -> str:
    if value.tzinfo is not None and value.utcoffset() is None:
        raise CloneError("time object could not be cloned: its time zone has no fixed offset")
    return value.isoformat()


def _write_timedelta(value: datetime.timedelta) -> dict[str, int]:
    return {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}


def _read_timedelta(members: dict[str, Any]) -> datetime.timedelta:
    return datetime.timedelta(*(_expect(members, name, int)
                                for name in ("days", "seconds", "microseconds")))


def _write_enum(member: enum.Enum) -> dict[str, Any]:
    cls = type(member)
    members = {"class": f"{cls.__module__}:{cls.__qualname__}", "name": member.name}
    if isinstance(member.value, (str, int, float, type(None))):
        members["value"] = member.value
    return members


def _read_enum(members: dict[str, Any]) -> Any:
    """The member of an enumeration that the program has, and else what would tell it."""
    cls = _find_enum(str(members.get("class")))
    if cls is None:
        return members
    member = cls.__members__.get(str(members.get("name")))
    if member is not None:
        return member
    if issubclass(cls, enum.Flag):
        return cls(_expect(members, "value", int))
    return members


def _find_enum(path: str) -> type[enum.Enum] | None:
    """Finds a class among the modules that are there. Runs no code of theirs."""
    module, _, names = path.partition(":")
    found: Any = sys.modules.get(module)
    for name in names.split("."):
        found = getattr(found, "__dict__", {}).get(name)
    return found if isinstance(found, enum.EnumMeta) else None


def add_standard_records(registry: Registry) -> None:
    """Registers them."""
    _add_text(registry, decimal.Decimal, "decimal.Decimal", str, decimal.Decimal)
    _add_text(registry, uuid.UUID, "uuid.UUID", str, uuid.UUID)
    _add_text(registry, pathlib.PurePath, "pathlib.Path", str, pathlib.Path)
    _add_text(registry, datetime.date, "datetime.date", datetime.date.isoformat,
              datetime.date.fromisoformat)
    _add_text(registry, datetime.time, "datetime.time", _write_time, datetime.time.fromisoformat)
    registry.add(Record(datetime.timedelta, "datetime.timedelta", _write_timedelta,
                        _read_timedelta, is_value=True, with_subclasses=True))
    registry.add(Record(enum.Enum, "enum.Enum", _write_enum, _read_enum, is_value=True,
                        with_subclasses=True))
