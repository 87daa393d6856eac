"""Ports and channels."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from gi.repository import Gio, GLib

from .aio import Receivers
from .dom_exception import to_exception
from .events import MessageEvent, realm
from .library import WebMessaging, WebMessagingPrivate, override
from .messages import encode


def _handle(handler: Callable[[MessageEvent], Any], port: "MessagePort", event: MessageEvent,
            *_data: Any) -> None:
    # A reference in C would be hidden from the garbage collector, so the library keeps none.
    event._web_target = port
    handler(event)


@override
class MessagePort(WebMessaging.MessagePort):
    """A port. It is a context manager, which closes it in the end, and an iterator of messages."""

    def post_message(self, message: Any = None, transfer: Sequence[Any] | None = None) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type."""
        transfer = list(transfer or ())
        try:
            if isinstance(message, GLib.Variant):
                return super().post_message(message, transfer)
            cbor, buffers, objects = encode(message, transfer)
            return WebMessagingPrivate.post_cbor(self, cbor, buffers, transfer, objects)
        except GLib.Error as error:
            raise to_exception(error) from None

    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages. Setting it starts the port."""
        return getattr(self, "_web_on_message", None)

    @on_message.setter
    def on_message(self, handler: Callable[[MessageEvent], Any] | None) -> None:
        self._web_on_message = handler
        realm.adopt(self)
        self.set_on_message(None if handler is None else partial(_handle, handler))

    def start(self) -> None:
        """Starts the port: what waits at it, and what will come, is delivered."""
        realm.adopt(self)
        super().start()

    def __enter__(self) -> "MessagePort":
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.close()

    def __iter__(self) -> Iterator[MessageEvent]:
        """Runs the main context of the port, and returns the events until the channel ends."""
        return self

    def __next__(self) -> MessageEvent:
        results: list[Gio.AsyncResult] = []
        realm.adopt(self)
        context = WebMessagingPrivate.get_context(self)
        self.receive_async(None, lambda _port, result: results.append(result))
        while not results:
            context.iteration(True)
        try:
            return self.receive_finish(results[0])
        except GLib.Error as error:
            if error.matches(WebMessaging.messaging_error_quark(),
                             WebMessaging.MessagingError.INVALID_STATE):
                raise StopIteration from None
            raise to_exception(error) from None

    def receive(self) -> "asyncio.Future[MessageEvent]":
        """Waits for the next message: `event = await port.receive()`.

        The main context of the port must be running, in this thread or in another one. A call that
        is cancelled takes no message from the next one.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[MessageEvent] = loop.create_future()
        try:
            receivers = self._web_receivers
        except AttributeError:
            receivers = self._web_receivers = Receivers()
        if receivers.unclaimed:
            future.set_result(receivers.unclaimed.popleft())
            return future

        receivers.waiting.append(future)
        cancellable = Gio.Cancellable()
        future.add_done_callback(lambda done: cancellable.cancel() if done.cancelled() else None)

        def finish(_port: MessagePort, result: Gio.AsyncResult) -> None:
            event, exception = None, None
            try:
                event = self.receive_finish(result)
            except GLib.Error as error:
                exception = to_exception(error)
            loop.call_soon_threadsafe(receivers.settle, future, event, exception)

        def start(*_args: Any) -> bool:
            realm.adopt(self)
            self.receive_async(cancellable, finish)
            return GLib.SOURCE_REMOVE

        source = GLib.Idle(GLib.PRIORITY_DEFAULT)
        source.set_callback(start)
        source.attach(WebMessagingPrivate.get_context(self))
        return future


@override
class MessageChannel(WebMessaging.MessageChannel):
    """Two ports that are entangled."""

    @property
    def port1(self) -> MessagePort:
        """The first port."""
        return self.get_port1()

    @property
    def port2(self) -> MessagePort:
        """The second port."""
        return self.get_port2()
