"""Ctrl-C while a main context runs.

Python raises KeyboardInterrupt wherever its code is. In a function that C has called, it goes nowhere:
PyGObject prints it, and what the function was to do is not done. So it has to wait until C returns.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import threading
from _signal import SIGINT, default_int_handler, getsignal, signal
from typing import Any

from gi._ossighelper import PyOS_getsig, register_sigint_fallback, startup_sigint_ptr

_main_thread = threading.main_thread().ident


class Deferred:
    """A context manager, which raises KeyboardInterrupt at its end.

    PyGObject has the same for its main loops. That takes longer than to pass a message, so it is left
    to it only where one of them is running.
    """

    __slots__ = ("_fallback", "_handler", "is_interrupted")

    def __enter__(self) -> "Deferred":
        self.is_interrupted = False
        self._handler = None
        self._fallback = None
        if threading.get_ident() != _main_thread:
            return self
        # GLib may have a handler of its own, behind the back of Python.
        if getsignal(SIGINT) is default_int_handler and PyOS_getsig(SIGINT) == startup_sigint_ptr:
            self._handler = self._note
            signal(SIGINT, self._handler)
        else:
            self._fallback = register_sigint_fallback(self._note)
            self._fallback.__enter__()
        return self

    def _note(self, *_signal: Any) -> None:
        self.is_interrupted = True

    def __exit__(self, *error: Any) -> None:
        if self._handler is not None:
            # What was called meanwhile may have set another one.
            if getsignal(SIGINT) is self._handler:
                signal(SIGINT, default_int_handler)
            if self.is_interrupted:
                raise KeyboardInterrupt
        elif self._fallback is not None:
            self._fallback.__exit__(*error)
