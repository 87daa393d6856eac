"""Main contexts in asyncio: its event loop runs the one of its thread as well."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import weakref

from gi.repository import GLib

from .library import WebMessagingPrivate


class _Driver:
    """Runs the thread-default main context from an event loop of asyncio."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # The loop has references to this object, and not the other way round.
        self.loop = weakref.ref(loop)
        self.watch = WebMessagingPrivate.Watch.new()
        self.timer: asyncio.Handle | None = None
        self.is_started = False
        loop.call_soon(self._start)

    def _start(self) -> None:
        loop = self.loop()
        # A loop that is made of a GLib loop calls this from the main context, which runs by itself.
        if loop is not None and GLib.main_depth() == 0:
            loop.add_reader(self.watch.get_fd(), self._run)
            self.is_started = True
            self._run()

    def run_soon(self) -> None:
        """Runs the context in the next turn, to see what was attached to it in this one."""
        if self.is_started:
            self._set_timer(0)

    def _run(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        timeout = self.watch.iterate()
        if timeout >= 0:
            self._set_timer(timeout)

    def _set_timer(self, milliseconds: int) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        loop = self.loop()
        if loop is None or loop.is_closed():
            return
        if milliseconds == 0:
            self.timer = loop.call_soon(self._run)
        else:
            self.timer = loop.call_later(milliseconds / 1000, self._run)


_drivers: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Driver]" = weakref.WeakKeyDictionary()


def drive() -> _Driver | None:
    """Lets the running event loop of asyncio, if there is one, run the main context of this thread.

    It does so until it is closed, and notices what ports and windows receive at once. Other sources
    that a program attaches to the context wait until something is received.
    """
    loop = asyncio._get_running_loop()
    if loop is None:
        return None
    driver = _drivers.get(loop)
    if driver is None:
        driver = _drivers[loop] = _Driver(loop)
    return driver
