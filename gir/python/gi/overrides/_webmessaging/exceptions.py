"""Exceptions of Python, and the errors of JavaScript that they stand for."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import builtins
from typing import Any


class EvalError(Exception):
    """What JavaScript calls by this name."""


class URIError(ValueError):
    """What JavaScript calls by this name."""


ERROR_CLASSES: dict[str, type[Exception]] = {
    "Error": Exception,
    "EvalError": EvalError,
    "RangeError": ValueError,
    "ReferenceError": NameError,
    "SyntaxError": SyntaxError,
    "TypeError": TypeError,
    "URIError": URIError,
}


class CloneError(Exception):
    """A value that cannot be cloned. The caller makes a DOMException of it."""


def find_exception(name: str | None, base: type[Exception]) -> type[Exception]:
    """A class of Python itself, by its name; one of an application is its standard base."""
    cls = getattr(builtins, name, None) if name is not None else None
    return cls if isinstance(cls, type) and issubclass(cls, base) else base


def set_error_member(error: Exception, key: str, value: Any) -> None:
    if key == "message":
        error.args = (value,)
        if isinstance(error, SyntaxError):
            error.msg = value
    elif key == "stack":
        error.stack = value
    elif key == "cause":
        error.cause = value
        if isinstance(value, BaseException):
            error.__cause__ = value
