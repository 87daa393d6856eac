"""The errors of the library, as the web names them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.repository import GLib

from .library import WebMessaging


class DOMException(GLib.Error):
    """An error that the web knows by a name: `error.name` is `"DataCloneError"` and the like."""

    _CODES = {
        "DataCloneError": WebMessaging.MessagingError.DATA_CLONE,
        "InvalidStateError": WebMessaging.MessagingError.INVALID_STATE,
        "SyntaxError": WebMessaging.MessagingError.SYNTAX,
    }

    def __init__(self, message: str = "", name: str = "Error") -> None:
        domain = GLib.quark_to_string(WebMessaging.messaging_error_quark())
        super().__init__(message, domain, int(self._CODES.get(name, -1)))
        self.name = name

    def __repr__(self) -> str:
        return f"DOMException({self.message!r}, {self.name!r})"

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def to_exception(error: GLib.Error) -> Exception:
    """An error of the library, as Python knows it."""
    if error.domain != GLib.quark_to_string(WebMessaging.messaging_error_quark()):
        return error
    if error.code == WebMessaging.MessagingError.INVALID_ARGUMENT:
        return TypeError(error.message)
    return DOMException(error.message, WebMessaging.dom_exception_get_name(error))


def data_clone_error(message: str) -> DOMException:
    return DOMException(message, "DataCloneError")
