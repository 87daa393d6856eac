"""Waiting in asyncio for a receiver in another process that is slow."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
from typing import Any

from gi.repository import Gio, GLib

from . import aio
from .library import WebMessagingPrivate
from .mistakes import check_thread


class _Call:
    """A call that waits."""

    def __init__(self, amount: int) -> None:
        self.amount = amount
        self.cancellable = Gio.Cancellable()
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(self, error: Exception | None) -> None:
        """Lets the caller go on, if it is still there."""
        if self.future.done() or self.future.get_loop().is_closed():
            return
        if error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(error)


def _settle(port: Any, result: Gio.AsyncResult, *_data: Any) -> None:
    """C does not say which call this is: all that need not wait any more go on."""
    error = None
    try:
        port.drain_finish(result)
    except GLib.Error as caught:
        if caught.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
            return
        error = caught
    for call in list(port._web_drains):
        if error is not None or port.get_buffered_amount() <= call.amount:
            call.settle(error)


_listener = WebMessagingPrivate.Listener.new(lambda *_: None)
_listener.set_receive_func(_settle)


async def drain(port: Any, amount: int) -> None:
    """Waits until no more than this many bytes wait to be written."""
    check_thread(port)
    call = _Call(amount)
    try:
        calls = port._web_drains
    except AttributeError:
        calls = port._web_drains = []
    driver = aio.drive()
    _listener.drain(port, amount, call.cancellable)
    calls.append(call)
    # What need not wait comes from a source of its own, which the context was not asked about yet.
    driver.run_soon()
    try:
        await call.future
    finally:
        calls.remove(call)
        call.cancellable.cancel()
