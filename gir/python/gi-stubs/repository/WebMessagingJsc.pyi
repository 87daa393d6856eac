"""The types of gi.repository.WebMessagingJsc, for editors and type checkers.

Written by `./dev types`, of the GIR file.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from collections.abc import Callable
from typing import Any, ClassVar

from gi.repository import GObject, JavaScriptCore, WebMessaging

class Flags(GObject.GFlags):
    """What a script gets besides the classes of messages and events."""
    NONE: ClassVar[Flags]
    MICROTASKS: ClassVar[Flags]
    TIMERS: ClassVar[Flags]
    TEXT_CODING: ClassVar[Flags]
    REPORT_ERROR: ClassVar[Flags]
    WORKERS: ClassVar[Flags]
    ALL: ClassVar[Flags]

class Host(GObject.Object):
    """What a program does for its scripts in JavaScriptCore: loads other scripts, prepares
    workers, and is told of exceptions.
    """
    def __init__(self) -> None: ...
    @classmethod
    def new(cls) -> Host:
        """Makes a host with no functions."""
    def set_loader(self, load: Callable[..., Any], *user_data: Any) -> None:
        """Sets the function that loads the scripts of workers and of `importScripts()`."""
    def set_report_func(self, report: Callable[..., Any], *user_data: Any) -> None:
        """Sets the function that is told of exceptions that no script has handled, instead of
        printing them.
        """
    def set_worker_func(self, func: Callable[..., Any], *user_data: Any) -> None:
        """Sets the function that is called in each worker before its script runs."""

class HostClass(GObject.GPointer):
    parent_class: Any

def install(context: JavaScriptCore.Context, flags: Flags) -> bool:
    """Installs the classes of the web for messages in a context: `EventTarget`, `Event`,
    `CustomEvent`, `MessageEvent`, `ErrorEvent`, `PromiseRejectionEvent`, `MessageChannel`,
    `MessagePort`, `BroadcastChannel`, `AbortController`, `AbortSignal`, `DOMException` and
    `structuredClone()`, and what `flags` names.
    """

def install_for_host(context: JavaScriptCore.Context, flags: Flags, host: Host | None = None, base_url: str | None = None) -> bool:
    """Installs the classes of the web for messages in a context, as `install` does, with a host.
    Call it on the thread that uses the context.
    """

def set_time_limit(context: JavaScriptCore.Context, milliseconds: int) -> bool:
    """Limits the time that a script may take before it returns. A script that takes longer ends
    with an exception that it cannot catch, and the context can be used again. The exception
    goes to who has called the script; if the library has, the `ReportFunc` is told. Not ended
    are WebAssembly, `Atomics.wait()`, and an endless chain of promises.
    """

def unwrap_port(value: JavaScriptCore.Value) -> WebMessaging.MessagePort | None:
    """Gets the port that a `MessagePort` of a script stands for. Call it on the thread of the
    context that `value` belongs to.
    """

def worker_new(url: str, name: str | None = None, host: Host | None = None) -> WebMessaging.Worker:
    """Starts a worker that runs a script in JavaScriptCore, on a thread of its own with a
    virtual machine of its own.
    """

def wrap_port(context: JavaScriptCore.Context, port: WebMessaging.MessagePort) -> JavaScriptCore.Value:
    """Gets the `MessagePort` that scripts see of a port, always the same object."""
