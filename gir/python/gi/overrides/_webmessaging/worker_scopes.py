"""The scopes of workers: a worker's end of the connection to its owner."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
from collections.abc import Sequence
from typing import Any

from gi.repository import GLib

from . import receiving
from .dom_exception import translate_methods
from .event_target import event_handler, has_listeners
from .events import MessageEvent
from .library import WebMessaging, override
from .messages import post
from .uncaught import Reporter

translate_methods(WebMessaging.WorkerGlobalScope)


@override
class WorkerGlobalScope(WebMessaging.WorkerGlobalScope):
    """The worker's end of the connection to its owner: its name, and how it ends."""

    # The event for which the worker goes on when its function has returned.
    _web_event_type = "message"

    _web_is_connected = False

    # Whether the worker is a function, which may go on when run() has returned.
    _web_is_function = False

    # In a process; a thread has none.
    _web_reporter: Reporter | None = None

    on_error = event_handler(
        "error", "The function that is told of errors in workers that this worker has started.")

    @staticmethod
    def from_environment() -> "WorkerGlobalScope":
        """The scope of this program, which somebody has started as a worker: see Worker.new_process().

        From now on exceptions that nobody handles are told to the owner as well, and Ctrl-C is for
        the owner alone. The program calls run() in the end.
        """
        try:
            scope = WebMessaging.WorkerGlobalScope.from_environment()
        finally:
            # Python has a copy of the environment, which it gives to children.
            os.environ.pop("WEB_MESSAGING_WORKER", None)
        scope._web_reporter = Reporter(scope)
        scope._web_reporter.install()
        return scope

    def _listen(self, event_type: str | None = None) -> None:
        super()._listen(event_type)
        if event_type == self._web_event_type:
            self.start()

    def connect(self, *args: Any) -> int:
        """Connects to a signal. Other than listeners, its handlers are told the target as well."""
        if args[:1] == (self._web_event_type,):
            self._web_is_connected = True
        return super().connect(*args)

    def _web_is_waiting(self) -> bool:
        """Tells whether the program waits for messages, or for users."""
        return self._web_is_connected or has_listeners(self, self._web_event_type)

    @property
    def name(self) -> str:
        """The name that the owner has given to the worker."""
        return self.get_name()

    @property
    def closing(self) -> bool:
        """Whether the worker is about to end, and handles no more messages."""
        return self.get_closing()

    @property
    def data(self) -> Any:
        """What the owner has given to the program at its start, in the types of Python."""
        data = self.get_data()
        return WebMessaging.SerializedData.new(data, None, None).to_value() if data is not None else None

    def close(self) -> None:
        """Ends the worker: no more messages arrive, and iterations over messages end."""
        super().close()
        receiving.close_thread()

    def run(self) -> None:
        """Handles messages until the worker is closed. A program that is a worker calls this last, so
        that its owner gets all that was posted. It raises SystemExit if a handler has."""
        self._listen()
        self.start()
        if not self.closing:
            loop = GLib.MainLoop(GLib.MainContext.ref_thread_default())
            number = super().connect("notify::closing", lambda *_: loop.quit())
            try:
                loop.run()
            finally:
                self.disconnect(number)
        if not self._web_is_function:
            self._web_leave()
            self._web_finish()

    def _web_finish(self) -> None:
        """Tells the owner that the worker ends, after all that was posted."""
        super().run()

    def _web_leave(self, exit_: SystemExit | None = None) -> None:
        """Raises what sys.exit() has raised here or in a handler, unless its status is 0."""
        if self._web_reporter is not None:
            exit_ = exit_ or self._web_reporter.exit
        if exit_ is not None and exit_.code not in (None, 0):
            # The status tells the owner that the worker has not closed.
            WebMessaging.MessagePort.flush_all()
            raise exit_


translate_methods(WebMessaging.DedicatedWorkerGlobalScope)


@override
class DedicatedWorkerGlobalScope(WebMessaging.DedicatedWorkerGlobalScope):
    """The scope of a worker with one owner. What it posts arrives at the Worker object."""

    on_message = event_handler("message", "The function that handles messages of the owner.")
    on_message_error = event_handler(
        "messageerror", "The function that is told of messages that Python cannot hold.")

    def post_message(self, message: Any = None, transfer: Sequence[Any] = ()) -> bool:
        """Posts a value of Python to the owner. A GLib.Variant is posted as it is.

        transfer: a list of what is given to the owner, such as ports.
        """
        return post(self, super().post_message, message, transfer)

    def set_on_message(self, handler: Any, *data: Any) -> None:
        """Sets the handler of C, which is told the scope as well."""
        self._listen("message")
        self._web_is_connected = handler is not None
        super().set_on_message(handler, *data)

    def messages(self) -> receiving.Messages:
        """The messages of the owner until the worker is closed, for `for` and `async for`."""
        return receiving.Messages(self)

    async def receive(self) -> MessageEvent:
        """Waits for the next message of the owner, in asyncio. See MessagePort.receive()."""
        return await receiving.receive(self)


@override
class SharedWorkerGlobalScope(WebMessaging.SharedWorkerGlobalScope):
    """The scope of a worker that several users share. Each of them gets a port of its own."""

    _web_event_type = "connect"

    on_connect = event_handler(
        "connect", "The function that is told of a new user: the event has the user's port.")
