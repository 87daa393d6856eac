"""Receiving one message after the other, without a callback for each.

PyGObject does not give back all of the memory of a callback. So there is one for all ports, workers and
scopes of workers, and what arrives waits in the wrapper of its port.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any
from weakref import WeakSet

from gi.repository import Gio, GLib
from gi.repository.Gio import Cancellable, IOErrorEnum  # made now, see make_classes()

from . import aio, interrupts
from .dom_exception import DOMException
from .event_target import dispatcher
from .events import MessageEvent
from .library import WebMessagingPrivate
from .mistakes import check_thread
from .realm import adopt


class ChannelEndedError(DOMException):
    """What receive() raises when no message will arrive any more. An error of a worker is another."""


class Inbox:
    """What has arrived at a port for those who wait, and who waits."""

    def __init__(self) -> None:
        # An event, or an error and None.
        self.results: deque[tuple[MessageEvent | None, Exception | None]] = deque()
        self.waiters: deque[asyncio.Future[None]] = deque()
        # How many messages are fetched that nobody waits for.
        self.ahead = 0
        self.is_asked = False
        self.cancellable = Cancellable()
        _inboxes.add(self)

    def wants_more(self) -> bool:
        """Tells whether somebody waits, or there is room for what nobody waits for."""
        return bool(self.waiters) or len(self.results) < self.ahead

    def put(self, event: MessageEvent | None, error: Exception | None) -> None:
        """Adds what has arrived."""
        if isinstance(error, ChannelEndedError):
            self.ahead = 0
        elif self.results and isinstance(self.results[-1][1], ChannelEndedError):
            # How a worker has ended is told after its end, and is for those who wait for messages.
            self.results.insert(len(self.results) - 1, (event, error))
            return
        self.results.append((event, error))
        self.wake_next()

    def ask(self, port: Any) -> None:
        """Asks the port for a message, if that was not done yet."""
        if not self.is_asked:
            self.is_asked = True
            dispatcher.receive(port, self.cancellable)

    def withdraw(self) -> None:
        """Nobody waits any more: the next message is for others, such as an event handler."""
        if self.is_asked and not self.ahead:
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


_inboxes: WeakSet[Inbox] = WeakSet()

# What a thread knows: whether it was a worker, and is closed. Its main context delivers nothing more.
_thread = threading.local()


def close_thread() -> None:
    """Ends all receiving in the main context of this thread, which has closed its scope."""
    _thread.is_closed = True
    for inbox in _inboxes:
        for waiter in inbox.waiters:
            if not waiter.done() and waiter.get_loop() is asyncio._get_running_loop():
                # It finds out why.
                waiter.set_result(None)


def is_closed_thread() -> bool:
    """Tells whether this thread was a worker that has closed."""
    return getattr(_thread, "is_closed", False)


def _check_thread() -> None:
    if is_closed_thread():
        raise ChannelEndedError(
            "The worker is closed, and no message will arrive", "InvalidStateError")


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
        if isinstance(error, DOMException) and error.name == "InvalidStateError":
            error = ChannelEndedError(error.message, error.name)
    inbox = get_inbox(port)
    inbox.is_asked = False
    inbox.put(event, error)
    if inbox.wants_more():
        inbox.ask(port)


dispatcher.set_receive_func(_receive)


async def receive(port: Any) -> MessageEvent:
    """Waits for the next message."""
    check_thread(port)
    driver = aio.drive()
    if driver is None:
        raise RuntimeError("To wait for a message with `await`, call asyncio.run(). Without asyncio, use "
                           "`for event in port.messages()`")
    inbox = get_inbox(port)
    _check_thread()
    while not inbox.results:
        waiter = asyncio.get_running_loop().create_future()
        inbox.waiters.append(waiter)
        inbox.ask(port)
        if WebMessagingPrivate.is_over(port):
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
        _check_thread()
    if inbox.ahead:
        inbox.ask(port)
    return inbox.take()


def receive_now(port: Any) -> MessageEvent:
    """Runs the main context of this thread until a message has arrived."""
    inbox = get_inbox(port)
    _check_thread()
    if not inbox.results:
        check_thread(port)
        if asyncio._get_running_loop() is not None:
            raise RuntimeError("A `for` loop over messages would block the event loop of asyncio: use "
                               "`async for`")
        inbox.ask(port)
        try:
            _iterate_until_arrived(inbox)
        finally:
            if not inbox.results and not inbox.waiters:
                inbox.withdraw()
        _check_thread()
    if inbox.ahead:
        inbox.ask(port)
    return inbox.take()


def _iterate_until_arrived(inbox: Inbox) -> None:
    context = GLib.MainContext.ref_thread_default()
    with interrupts.Deferred() as deferred:
        while not (inbox.results or deferred.is_interrupted or is_closed_thread()):
            context.iteration(True)


class Messages(Iterator, AsyncIterator):
    """The messages of a port until the channel ends, for `for` and `async for`."""

    def __init__(self, port: Any) -> None:
        self.port = port

    def __next__(self) -> MessageEvent:
        try:
            return receive_now(self.port)
        except ChannelEndedError:
            raise StopIteration from None

    async def __anext__(self) -> MessageEvent:
        try:
            return await receive(self.port)
        except ChannelEndedError:
            raise StopAsyncIteration from None
