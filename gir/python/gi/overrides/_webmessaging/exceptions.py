"""Exceptions of Python, and the errors of JavaScript that they stand for."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import builtins
from typing import Any

from gi.repository import GLib


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

    # What cannot be cloned, if there is more to say of it.
    culprit: Any = None


# What GLib.Error is called on the wire.
GLIB_ERROR = "GLib.Error"

# Python 3.11 has groups.
GROUP = getattr(builtins, "BaseExceptionGroup", ())

# Those that are made of something else than a message: their nearest base stands for them.
UNUSUAL_CLASSES = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError)


def find_name(error: BaseException) -> str:
    """The error of JavaScript that an exception is nearest to."""
    return next((name for name, cls in reversed(ERROR_CLASSES.items()) if isinstance(error, cls)),
                "Error")


def find_class(name: str | None, base: type[Exception]) -> type[Exception]:
    """A class of Python itself, by its name; one of an application is its standard base."""
    cls = getattr(builtins, name, None) if isinstance(name, str) else None
    if not isinstance(cls, type) or not issubclass(cls, base):
        return base
    return UnicodeError if cls in UNUSUAL_CLASSES else cls


def get_members(error: BaseException) -> dict[str, Any]:
    """What is sent of an exception. The receiver makes the object of what comes first."""
    members: dict[str, Any] = {}
    if isinstance(error, GLib.Error) and error.domain is not None:
        members = {"class": GLIB_ERROR, "message": error.message, "domain": error.domain,
                   "code": error.code}
    elif type(error) is not ERROR_CLASSES[find_name(error)]:
        members["class"] = type(error).__name__
    if "domain" in members:
        pass
    elif isinstance(error, GROUP):
        members["errors"] = list(error.exceptions)
        members["message"] = error.message
    elif error.args:
        members["message"] = str(error.args[0] if len(error.args) == 1 else error)
    if isinstance(getattr(error, "stack", None), str):
        members["stack"] = error.stack
    cause = getattr(error, "cause", error.__cause__)
    if cause is not None:
        members["cause"] = cause
    return members


def make_from_members(members: dict[str, Any]) -> Exception:
    """An exception that cannot be made before its members, so none of them contains it."""
    if members.get("class") == GLIB_ERROR:
        error = _make_glib_error(members)
    else:
        error = _make_group(str(members.get("message", "")), members.get("errors"))
    for key in ("stack", "cause"):
        if key in members:
            set_member(error, key, members[key])
    return error


def _make_group(message: str, errors: Any) -> Exception:
    if not GROUP or not isinstance(errors, list) or not errors \
            or not all(isinstance(error, Exception) for error in errors):
        raise CloneError("it has a group of something other than exceptions")
    return ExceptionGroup(message, errors)


def _make_glib_error(members: dict[str, Any]) -> Exception:
    message, domain, code = members.get("message"), members.get("domain"), members.get("code")
    if not isinstance(message, str) or not isinstance(domain, str) or type(code) is not int:
        raise CloneError("it has a damaged GLib.Error")
    return GLib.Error(message, domain, code)


def set_member(error: Exception, key: str, value: Any) -> None:
    """Gives an exception what was sent of it."""
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


class RemoteTraceback(Exception):
    """The cause of an exception that comes from a worker: where it was raised there."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'
