"""Where GIRepository looks for typelibs and libraries. Loaded before the library in a worker."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
from typing import Any

import gi

NAME = "GIRepository"


def _get_repository() -> Any:
    """The one of the process. There are two versions of the namespace."""
    from gi.repository import GIRepository

    repository = GIRepository.Repository
    return repository.dup_default() if hasattr(repository, "dup_default") else repository


def get() -> tuple[str, list[str], str | None] | None:
    """What another process is told, None if this program cannot have changed the paths."""
    module = sys.modules.get(f"gi.repository.{NAME}")
    if module is None:
        return None
    from .library import WebMessagingPrivate

    return module._version, _get_repository().get_search_path(), WebMessagingPrivate.get_library_folder()


def put(paths: tuple[str, list[str], str | None] | None) -> None:
    """Looks where the other process does."""
    if paths is None:
        return
    version, typelibs, library = paths
    gi.require_version(NAME, version)
    repository = _get_repository()
    for folder in reversed(typelibs):
        repository.prepend_search_path(folder)
    if library is not None:
        repository.prepend_library_path(library)
