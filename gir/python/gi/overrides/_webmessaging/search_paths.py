"""Where GIRepository looks for typelibs and libraries. Loaded before the library in a worker."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import importlib
import sys
from typing import Any

import gi

NAME = "GIRepository"


def _get_repository() -> Any:
    """The one of the process, in either version of the namespace."""
    repository = importlib.import_module(f"gi.repository.{NAME}").Repository
    return repository.dup_default() if hasattr(repository, "dup_default") else repository


def get() -> tuple[str, list[str]] | None:
    """The version of the namespace and the folders for typelibs; None if this program cannot have added any."""
    module = sys.modules.get(f"gi.repository.{NAME}")
    return (module._version, _get_repository().get_search_path()) if module is not None else None


def put(paths: tuple[str, list[str]] | None, library: str | None) -> None:
    """Looks where the other process does, and for libraries in the folder of its library."""
    if paths is None:
        return
    version, typelibs = paths
    gi.require_version(NAME, version)
    repository = _get_repository()
    for folder in reversed(typelibs):
        repository.prepend_search_path(folder)
    if library is not None:
        repository.prepend_library_path(library)
