"""The introspected library, and how its classes are overridden."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from ...module import get_introspection_module
from ...overrides import override as override_in_its_module

WebMessaging = get_introspection_module("WebMessaging")
WebMessagingPrivate = get_introspection_module("WebMessagingPrivate")


def override(cls: type) -> type:
    """Puts a class in the place of the introspected one of its name."""
    # PyGObject finds the namespace by the last part of this name.
    cls.__module__ = "gi.overrides.WebMessaging"
    return override_in_its_module(cls)
