"""Receiving one message after the other, without a callback for each.

PyGObject does not give back all of the memory of a callback. So there is one for all ports, and what
arrives waits in the wrapper of its port.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any

from gi.repository import Gio, GLib
from gi.repository.Gio import Cancellable, IOErrorEnum  # made now, see make_classes()

from . import aio, interrupts
from .dom_exception import DOMException
from .event_target import dispatcher
from .events import MessageEvent
from .library import WebMessagingPrivate
from .realm import adopt


class Inbox:
    """What has arrived at a port for those who wait, and who waits."""

    def __init__(self) -> None:
        # An event, or an error and None.
        self.results: deque[tuple[MessageEvent | None, Exception | None]] = deque()
        self.waiters: deque[asyncio.Future[None]] = deque()
        self.is_asked = False
        self.cancellable = Cancellable()

    def ask(self, port: Any) -> None:
        """Asks the port for a message, if that was not done yet."""
        if not self.is_asked:
            self.is_asked = True
            dispatcher.receive(port, self.cancellable)

    def withdraw(self) -> None:
        """Nobody waits any more: the next message is for others, such as an event handler."""
        if self.is_asked:
            self.is_asked = False
            self.cancellable.cancel()
            self.cancellable = Cancellable()

    def wake_next(self) -> None:
        """Lets the one who has waited longest take what has arrived."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done() and not waiter.get_loop().is_closed():
                waiter.set_result(None)
                return

    def take(self) -> MessageEvent:
        """Takes what has arrived first."""
        event, error = self.results[0]
        # Python looks for signals when it calls something. From here on it calls nothing, so that
        # Ctrl-C does not come between taking a message and returning it.
        del self.results[0]
        if error is None:
            return event
        raise error


def get_inbox(port: Any) -> Inbox:
    """The inbox of a port."""
    try:
        return port._web_inbox
    except AttributeError:
        port._web_inbox = Inbox()
        adopt(port)
        return port._web_inbox


def _receive(port: Any, result: Gio.AsyncResult, *_data: Any) -> None:
    """A message has arrived, or a call was cancelled."""
    event, error = None, None
    try:
        event = port.receive_finish(result)
    except GLib.Error as caught:
        if caught.matches(Gio.io_error_quark(), IOErrorEnum.CANCELLED):
            return
        error = caught
    inbox = get_inbox(port)
    inbox.is_asked = False
    inbox.results.append((event, error))
    inbox.wake_next()
    if inbox.waiters:
        inbox.ask(port)


dispatcher.set_receive_func(_receive)


async def receive(port: Any) -> MessageEvent:
    """Waits for the next message."""
    if not WebMessagingPrivate.belongs_here(port):
        raise RuntimeError("The port belongs to the main context of another thread")
    inbox = get_inbox(port)
    driver = aio.drive()
    while not inbox.results:
        waiter = asyncio.get_running_loop().create_future()
        inbox.waiters.append(waiter)
        inbox.ask(port)
        if port.get_closed() or port.is_detached():
            # That comes from a source of its own, which the context was not asked about yet.
            driver.run_soon()
        try:
            await waiter
        except BaseException:
            # Cancelled: what has arrived meanwhile is for the next one.
            if waiter in inbox.waiters:
                inbox.waiters.remove(waiter)
            if inbox.results:
                inbox.wake_next()
            elif not inbox.waiters:
                inbox.withdraw()
            raise
    return inbox.take()


def receive_now(port: Any) -> MessageEvent:
    """Runs the main context of this thread until a message has arrived."""
    inbox = get_inbox(port)
    if not inbox.results:
        inbox.ask(port)
        try:
            _iterate_until_arrived(inbox)
        finally:
            if not inbox.results and not inbox.waiters:
                inbox.withdraw()
    return inbox.take()


def _iterate_until_arrived(inbox: Inbox) -> None:
    context = GLib.MainContext.ref_thread_default()
    with interrupts.Deferred() as deferred:
        while not inbox.results and not deferred.is_interrupted:
            context.iteration(True)


class Messages(Iterator, AsyncIterator):
    """The messages of a port until the channel ends, for `for` and `async for`."""

    def __init__(self, port: Any) -> None:
        self.port = port

    def __next__(self) -> MessageEvent:
        try:
            return receive_now(self.port)
        except DOMException as error:
            if error.name == "InvalidStateError":
                raise StopIteration from None
            raise

    async def __anext__(self) -> MessageEvent:
        try:
            return await receive(self.port)
        except DOMException as error:
            if error.name == "InvalidStateError":
                raise StopAsyncIteration from None
            raise
