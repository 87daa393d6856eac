"""The errors of the library, as the web names them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from collections.abc import Callable
from typing import Any

from gi.repository import GLib

from .library import WebMessaging, WebMessagingPrivate

DOMAIN = GLib.quark_to_string(WebMessaging.messaging_error_quark())


class DOMException(GLib.Error):
    """An error that the web knows by a name: `error.name` is `"DataCloneError"` and the like."""

    _CODES = {
        "DataCloneError": WebMessaging.MessagingError.DATA_CLONE,
        "InvalidStateError": WebMessaging.MessagingError.INVALID_STATE,
        "QuotaExceededError": WebMessaging.MessagingError.QUOTA_EXCEEDED,
        "SyntaxError": WebMessaging.MessagingError.SYNTAX,
    }

    def __init__(self, message: str = "", name: str = "Error") -> None:
        super().__init__(message, DOMAIN, int(self._CODES.get(name, -1)))
        self.name = name

    def __repr__(self) -> str:
        return f"DOMException({self.message!r}, {self.name!r})"

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def to_exception(error: GLib.Error) -> Exception:
    """An error of the library, as Python knows it."""
    if error.domain != DOMAIN or isinstance(error, DOMException):
        return error
    if error.code == WebMessaging.MessagingError.INVALID_ARGUMENT:
        return TypeError(error.message)
    return DOMException(error.message, WebMessaging.dom_exception_get_name(error))


def data_clone_error(message: str) -> DOMException:
    """The error for a value that cannot be cloned."""
    return DOMException(message, "DataCloneError")


def translate(function: Callable) -> Callable:
    """An introspected function that raises errors as Python knows them."""
    def translated(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except GLib.Error as error:
            raise to_exception(error) from None

    translated.__name__ = function.__name__
    return translated


for _name in ("post_cbor", "receive_objects", "serialize_cbor"):
    setattr(WebMessagingPrivate, _name, translate(getattr(WebMessagingPrivate, _name)))


def translate_methods(cls: type) -> type:
    """Does so with all that an introspected class has."""
    for name, method in list(vars(cls).items()):
        if not getattr(method, "can_throw_gerror", bool)():
            continue
        translated = translate(method)
        if method.is_constructor():
            # An introspected constructor takes the class first.
            setattr(cls, name, classmethod(translated))
        else:
            setattr(cls, name, translated if method.is_method() else staticmethod(translated))
    return cls
