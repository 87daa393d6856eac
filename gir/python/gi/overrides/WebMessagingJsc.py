"""Loads the library when a program imports WebMessagingJsc. PyGObject loads this file by itself.

Before the first context is made: the options of the engine cannot be changed any more then. Without
this, the first call of a function loads it.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.module import get_introspection_module

get_introspection_module("WebMessagingJsc").Host.__gtype__  # noqa: B018

__all__: list[str] = []
