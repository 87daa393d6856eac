"""How a worker that runs a function of Python is started: the command, and what it is told."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from gi.repository import GLib

from . import search_paths
from .library import WebMessagingPrivate
from .messages import SerializedData

# The paths come first, because they may be what leads to this package and to the library.
CODE = """import sys; sys.path[:] = {path!a}
from gi.overrides._webmessaging import search_paths; search_paths.put({typelibs!a}, {library!a})
import gi; gi.require_version("WebMessaging", "1"); from gi.repository import WebMessaging
from gi.overrides._webmessaging.worker_process import main; main()"""

# The main module of a worker has this name, as with multiprocessing, so that what is for the program
# alone is not run there: `if __name__ == "__main__":`
MAIN_NAME = "__mp_main__"


class MainModule:
    """The main module of the program, for functions that are in there."""

    def __init__(self) -> None:
        # "file" or "module", and which. A worker has this from its owner.
        self.source: tuple[str, bytes] | None = None
        self.is_loading = False

    def get_source(self) -> tuple[str, bytes]:
        """Tells how another process finds the module."""
        if self.source is not None:
            return self.source
        main = sys.modules["__main__"]
        spec = getattr(main, "__spec__", None)
        if spec is not None:
            return "module", spec.name.encode()
        if getattr(main, "__file__", None) is None:
            raise RuntimeError(
                "A worker cannot run a function of __main__ that is not in a file. Move it to a module")
        return "file", os.fsencode(os.path.abspath(main.__file__))


main_module = MainModule()


def find(module: Any, name: str) -> Any:
    """The object of a module that has this qualified name."""
    for part in name.split("."):
        module = getattr(module, part)
    return module


def get_target(function: Callable[..., Any] | str) -> str:
    """The name of a function that a worker can import: "module:function"."""
    if isinstance(function, str):
        module, _, name = function.partition(":")
        if not module or not name or "\0" in function:
            raise ValueError(f'{function!r} is not of the form "module:function"')
        return function
    if not callable(function):
        raise TypeError(
            f"A worker runs a function, not {function!r}: pass the function itself, and then its arguments")
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    try:
        is_found = find(sys.modules[module], name) == function
    except (AttributeError, KeyError, TypeError):
        is_found = False
    if not is_found:
        raise TypeError(
            f"A worker cannot import {function!r}: it runs a function at the top of a module, or one "
            "of a class there")
    return f"{'__main__' if module == MAIN_NAME else module}:{name}"


def make_command(target: str) -> list[str]:
    """The command that runs a function in another process of this interpreter."""
    if main_module.is_loading:
        raise RuntimeError(
            "A worker is being started while the main module of its owner is loaded in another worker. "
            'What only the program itself does has to stand under `if __name__ == "__main__":`')
    if not sys.executable:
        raise RuntimeError("A worker needs sys.executable, the path of the interpreter")
    path = [os.path.abspath(entry) if entry == "" else entry
            for entry in sys.path if isinstance(entry, str)]
    code = CODE.format(path=path, typelibs=search_paths.get(),
                       library=WebMessagingPrivate.get_library_folder())
    return [sys.executable, *subprocess._args_from_interpreter_flags(), "-c", code, target]


def make_data(target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> GLib.Variant:
    """What the process is told beside its command."""
    record = {
        "main": main_module.get_source() if target.startswith("__main__:") else None,
        "argv": [os.fsencode(argument) for argument in sys.argv if isinstance(argument, str)],
        "args": args,
        "kwargs": kwargs,
    }
    data = GLib.Bytes.new(SerializedData.serialize(record).to_bytes())
    return GLib.Variant.new_from_bytes(GLib.VariantType("ay"), data, True)


def read_data(data: GLib.Variant) -> dict[str, Any]:
    """Reads what make_data() has made."""
    return SerializedData.from_bytes(data.get_data_as_bytes()).to_value()
