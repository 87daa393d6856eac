"""What a worker does with exceptions that nobody handles: it prints them, and tells its owner."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import atexit
import os
import signal
import sys
import threading
from traceback import TracebackException
from types import FrameType, TracebackType
from typing import Any

from gi.repository import GLib

from . import event_target
from .dom_exception import DOMException
from .library import WebMessaging
from .messages import SerializedData

PACKAGE = __name__.rpartition(".")[0]


class Reporter:
    """Reports to the owner of a worker, on the thread of the scope."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.context = GLib.MainContext.ref_thread_default()
        self.thread = threading.get_ident()
        self.process = os.getpid()
        # What sys.exit() has raised in a handler.
        self.exit: SystemExit | None = None

    def report(self, error: BaseException) -> None:
        """Prints an exception, and tells the owner."""
        if isinstance(error, SystemExit):
            self._leave(error)
            return
        error.with_traceback(strip(error.__traceback__))
        hook = sys.excepthook if sys.excepthook != self._on_uncaught else sys.__excepthook__
        hook(type(error), error, error.__traceback__)
        self._tell(error)

    def _leave(self, error: SystemExit) -> None:
        """sys.exit() in a handler ends the worker."""
        if threading.get_ident() == self.thread:
            self.exit = error
            self.scope.close()

    def _tell(self, error: BaseException) -> None:
        # A process that was forked is not the worker.
        if os.getpid() != self.process or isinstance(error, KeyboardInterrupt):
            return
        if threading.get_ident() == self.thread:
            tell_owner(self.scope, error)
            return
        source = GLib.Idle(priority=GLib.PRIORITY_HIGH)
        source.set_callback(lambda *_: tell_owner(self.scope, error))
        source.attach(self.context)

    def _on_uncaught(self, _type: type[BaseException], error: BaseException,
                     _traceback: TracebackType | None) -> None:
        self.report(error)

    def _on_uncaught_in_thread(self, args: Any) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            threading.__excepthook__(args)
            self._tell(args.exc_value)

    def on_uncaught_in_loop(self, loop: Any, context: dict[str, Any]) -> None:
        """What an event loop of asyncio calls."""
        error = context.get("exception")
        if error is None:
            loop.default_exception_handler(context)
        else:
            self.report(error)

    def _keep_scope(self) -> None:
        """Keeps the connection until the process ends, because the owner asks then how it has ended.

        A scope that was started is not freed while the interpreter ends.
        """
        if os.getpid() == self.process:
            self.scope.start()

    def install(self) -> None:
        """From now on, what nobody handles in this process is reported."""
        atexit.register(self._keep_scope)
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_uncaught_in_thread
        event_target.reports.append(self.report)
        # Ctrl-C in a terminal is for the owner, with which this process ends. It is not ignored,
        # because the children of this process would inherit that.
        if threading.current_thread() is threading.main_thread():
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, lambda *_: None)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def strip(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without what this package does before it calls the program."""
    first = traceback
    while first is not None and is_ours(first.tb_frame):
        first = first.tb_next
    return first or traceback


def is_ours(frame: FrameType) -> bool:
    """Tells whether a function belongs to this package, or to what loads modules."""
    return (frame.f_globals.get("__package__") == PACKAGE
            or frame.f_code.co_filename.startswith("<frozen "))


def tell_owner(scope: Any, error: BaseException) -> None:
    """Tells the owner of an exception."""
    summary = TracebackException.from_exception(error)
    filename, lineno, colno = find_place(summary)
    try:
        exception = SerializedData.serialize(error)
    except (DOMException, UnicodeEncodeError):
        exception = None
    scope.report_exception(
        to_text("".join(summary.format_exception_only()).strip()), filename and to_text(filename),
        lineno, colno, to_text("".join(summary.format())), exception)
    # The program may be about to work for long, or to end.
    WebMessaging.MessagePort.flush_all()


def to_text(text: str) -> str:
    """The text with escapes for what UTF-8 does not have, such as bytes in the name of a file."""
    return text.encode(errors="backslashreplace").decode()


def find_place(summary: TracebackException) -> tuple[str | None, int, int]:
    """The file, line and column of an exception; None and 0 for what is not known."""
    if getattr(summary, "filename", None) is not None:
        # A syntax error
        return summary.filename, int(summary.lineno or 0), int(summary.offset or 0)
    if not summary.stack:
        return None, 0, 0
    frame = summary.stack[-1]
    colno = getattr(frame, "colno", None)
    return frame.filename, frame.lineno or 0, colno + 1 if colno is not None else 0
