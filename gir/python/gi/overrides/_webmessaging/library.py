"""The introspected library, and how its classes are overridden."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from ...module import get_introspection_module
from ...overrides import override as override_in_its_module

# The version of the library that this package is a part of.
VERSION = "0.1.0"

WebMessaging = get_introspection_module("WebMessaging")
WebMessagingPrivate = get_introspection_module("WebMessagingPrivate")


def check_version(version: str) -> None:
    """Raises an error if the library is not of the version of this package."""
    if version != VERSION:
        raise ImportError(
            f"The Python package of libwebmessaging is of version {VERSION}, but the library is of "
            f"version {version}", name="WebMessaging")


check_version(WebMessagingPrivate.VERSION)


def make_classes() -> None:
    """Makes all classes and enumerations of the library.

    PyGObject makes them when a program asks for them first. A thread that asks at the same moment
    may get an enumeration without its members.
    """
    for module in (WebMessaging, WebMessagingPrivate):
        for name in dir(module):
            getattr(module, name)


def override(cls: type) -> type:
    """Puts a class in the place of the introspected one of its name."""
    # PyGObject finds the namespace by the last part of this name.
    cls.__module__ = "gi.overrides.WebMessaging"
    return override_in_its_module(cls)
