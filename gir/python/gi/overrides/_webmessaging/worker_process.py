"""What a process does that runs a function of Python as a worker. Loaded there alone."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import importlib
import os
import runpy
import sys
import types
from collections.abc import Callable
from typing import Any

from . import worker_start
from .uncaught import strip
from .worker_scopes import WorkerGlobalScope


def main() -> None:
    """Runs the function that the command names, until the worker is closed."""
    target = sys.argv[1]
    scope = WorkerGlobalScope.from_environment()
    scope._web_is_function = True
    status = 0
    try:
        record = worker_start.read_data(scope.get_data())
        sys.argv[:] = [os.fsdecode(argument) for argument in record["argv"]]
        function = load(target, record["main"])
        run(scope, function, record["args"], record["kwargs"])
        scope._web_leave()
    except SystemExit as error:
        scope._web_leave(error)
    except BaseException as error:
        scope._web_reporter.report(error)
        status = 1
    scope.close()
    scope._web_finish()
    sys.exit(status)


def load(target: str, main_source: list[Any] | None) -> Callable[..., Any]:
    """Imports a function."""
    module_name, _, name = target.partition(":")
    if main_source is not None:
        load_main(*main_source)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        # Not if it is another module that this one imports
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise ImportError(f"The worker could not import {target!r}: {error}") from None
    try:
        found = worker_start.find(module, name)
    except AttributeError as error:
        hint = '. It must not be under `if __name__ == "__main__":`' if main_source is not None else ""
        raise ImportError(f"The worker could not import {target!r}: {error}{hint}") from None
    return getattr(found, "_web_function", found)


def load_main(kind: str, place: bytes) -> None:
    """Loads the main module of the owner."""
    main_module = worker_start.main_module
    main_module.source = kind, place
    main_module.is_loading = True
    module = types.ModuleType(worker_start.MAIN_NAME)
    if kind == "module":
        content = runpy.run_module(os.fsdecode(place), run_name=module.__name__, alter_sys=True)
    else:
        content = runpy.run_path(os.fsdecode(place), run_name=module.__name__)
    module.__dict__.update(content)
    sys.modules["__main__"] = sys.modules[module.__name__] = module
    main_module.is_loading = False


def run(scope: Any, function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> None:
    """Runs the function, and then the worker, if the function waits for messages."""
    if asyncio.iscoroutinefunction(function):
        error = asyncio.run(_run_async(scope, function(scope, *args, **kwargs)))
        if error is not None:
            raise error
    else:
        function(scope, *args, **kwargs)
    if scope._web_is_waiting():
        scope.run()


async def _run_async(scope: Any, coroutine: Any) -> BaseException | None:
    """The event loop goes on for as long as the worker does.

    Returns what the coroutine raises, so that asyncio is not in its traceback.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(scope._web_reporter.on_uncaught_in_loop)
    try:
        await coroutine
    except BaseException as error:
        return error.with_traceback(strip(error.__traceback__))
    if scope._web_is_waiting() and not scope.closing:
        closed = loop.create_future()
        scope.connect("notify::closing", lambda *_: loop.call_soon(closed.set_result, None))
        await closed
    return None
