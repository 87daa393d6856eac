"""Workers, as their owners see them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import functools
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from gi.repository import Gio, GLib

from . import receiving, worker_start
from .dom_exception import translate_methods
from .event_target import event_handler, has_listeners
from .events import Event, MessageEvent
from .library import WebMessaging, WebMessagingPrivate, override
from .messages import SerializedData, post
from .mistakes import check_handler, check_text

# How many messages are fetched that nobody asks for, to get at errors behind them.
AHEAD = 1000


def worker(function: Callable[..., Any] | None = None, *, name: str = "") -> Any:
    """A decorator for a function that runs in workers. To call it starts one, and returns the Worker.

    The function gets the scope of the worker first, and then the arguments of the call.
    """
    if function is None:
        return functools.partial(worker, name=name)

    @functools.wraps(function)
    def start(*args: Any, **kwargs: Any) -> "Worker":
        return Worker(start, *args, **{"name": name, **kwargs})

    start._web_function = function
    return start


def _pass_error(event: Event) -> None:
    """An error in a worker that nobody handles is raised where the messages are received."""
    self = event.target
    if self._web_handles_errors() or self._web_is_started:
        return
    message = getattr(event, "message", "The worker could not be started")
    receiving.get_inbox(self).put(None, getattr(event, "error", None) or RuntimeError(message))


translate_methods(WebMessaging.Worker)


@override
class Worker(WebMessaging.Worker):
    """A process of Python that runs a function. It is a context manager, which terminates it in the end.

    function: `def function(scope, *args, **kwargs)` at the top of a module, or its name as
    "module:function". The arguments are copied.
    name: a name for the worker.
    """

    _web_has_port = True

    _web_is_started = False
    _web_receives_errors = False
    _web_connected_to_errors = False

    def __new__(cls, function: Callable[..., Any] | str, /, *args: Any, name: str = "",
                **kwargs: Any) -> "Worker":
        target = worker_start.get_target(function)
        command = worker_start.make_command(target)
        data = worker_start.make_data(target, args, kwargs)
        # The process is not ready for Ctrl-C before it runs code of this package.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            self = super().new_process(command, check_text("The name of a worker", name), data, None)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        self._receive_errors()
        return self

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        """The object is made before."""

    @classmethod
    def new_process(cls, argv: Sequence[str | os.PathLike[str]], name: str = "", data: Any = None,
                    launcher: Gio.SubprocessLauncher | None = None) -> "Worker":
        """Starts any program as a worker. It calls WorkerGlobalScope.from_environment().

        data: what the program gets at its start, a value of Python or a GLib.Variant.
        launcher: what launches it, if it needs an environment, a folder or streams of its own.
        """
        if isinstance(argv, str):
            raise TypeError(f"A command is a list of str, such as [{argv!r}]")
        if data is not None and not isinstance(data, GLib.Variant):
            data = SerializedData.serialize(data).get_value()
        self = super().new_process([os.fspath(argument) for argument in argv],
                                   check_text("The name of a worker", name or ""), data, launcher)
        self._receive_errors()
        return self

    def post_message(self, message: Any = None, transfer: Sequence[Any] = ()) -> bool:
        """Posts a value of Python to the worker. A GLib.Variant is posted as it is.

        transfer: a list of what is given to the worker, such as ports.
        """
        return post(self, super().post_message, message, transfer)

    on_message = event_handler(
        "message", "The function that handles messages. Setting it starts the worker.")
    on_message_error = event_handler(
        "messageerror", "The function that is told of messages that Python cannot hold.")
    on_error = event_handler(
        "error", "The function that is told what goes wrong in the worker. It gets an ErrorEvent.")
    on_close = event_handler("close", "The function that is told that the worker has ended by itself.")

    def _listen(self, event_type: str | None = None) -> None:
        super()._listen(event_type)
        if event_type == "message":
            self.start()
        elif event_type in ("error", "close") and not self._web_is_started:
            # Messages wait for somebody who wants them, but errors are told.
            inbox = receiving.get_inbox(self)
            inbox.ahead = AHEAD
            inbox.ask(self)

    def set_on_message(self, handler: Callable[..., Any] | None, *data: Any) -> None:
        """Sets the handler of C, which is told the worker as well."""
        if handler is not None:
            check_handler("A message handler", handler, "the worker", "the event", *map(repr, data))
        self._listen("message")
        super().set_on_message(handler, *data)

    def connect(self, *args: Any) -> int:
        """Connects to a signal. Other than listeners, its handlers are told the target as well."""
        if args[:1] == ("error",):
            self._web_connected_to_errors = True
        return super().connect(*args)

    def _web_handles_errors(self) -> bool:
        return self._web_connected_to_errors or has_listeners(self, "error")

    def start(self) -> None:
        """Starts the worker: its messages are delivered to handlers, also those that have come."""
        if self._web_is_started:
            return
        self._web_is_started = True
        self._listen()
        inbox = getattr(self, "_web_inbox", None)
        if inbox is None:
            super().start()
            return
        inbox.ahead = 0
        if not inbox.waiters:
            inbox.withdraw()
        source = GLib.idle_source_new()
        source.set_priority(GLib.PRIORITY_DEFAULT)
        source.set_callback(lambda *_: self._deliver_fetched())
        source.attach(GLib.MainContext.ref_thread_default())

    def _deliver_fetched(self) -> None:
        """Fires the messages that were fetched to get at errors, and then lets others come."""
        results = receiving.get_inbox(self).results
        while results:
            event, _error = results.popleft()
            if event is not None:
                WebMessagingPrivate.fire_message(self, event)
        super().start()

    def messages(self) -> receiving.Messages:
        """The messages of the worker until it ends, for `for` and `async for`.

        An error in the worker for which there is no handler is raised here.
        """
        self._receive_errors()
        return receiving.Messages(self)

    async def receive(self) -> MessageEvent:
        """Waits for the next message of the worker, in asyncio. See MessagePort.receive().

        An error in the worker for which there is no handler is raised here.
        """
        self._receive_errors()
        return await receiving.receive(self)

    def _receive_errors(self) -> None:
        """An error is kept until somebody receives messages, if there is no handler for it then."""
        if not self._web_receives_errors:
            self._web_receives_errors = True
            error_listener.add(self, "error", WebMessaging.ListenerFlags(0))

    def terminate(self) -> None:
        """Kills the process of the worker. Nothing arrives from it any more, and on_close is not called."""
        inbox = getattr(self, "_web_inbox", None)
        if inbox is not None:
            inbox.ahead = 0
            inbox.results.clear()
        super().terminate()

    @property
    def name(self) -> str:
        """The name of the worker."""
        return self.get_name()

    @property
    def closed(self) -> bool:
        """Whether nothing will arrive from the worker any more."""
        return self.get_closed()

    @property
    def subprocess(self) -> Gio.Subprocess | None:
        """The process of the worker, None if it is a thread."""
        return self.get_subprocess()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.terminate()

    async def __aenter__(self) -> "Worker":
        return self

    async def __aexit__(self, *_exception: Any) -> None:
        self.terminate()


def _on_error(target: Worker, event: Event, *_args: Any) -> None:
    event._web_target = target
    _pass_error(event)


# What C calls for errors of workers whose messages are received.
error_listener = WebMessagingPrivate.Listener.new(_on_error)

translate_methods(WebMessaging.SharedWorker)


@override
class SharedWorker(WebMessaging.SharedWorker):
    """A process of Python that the application has once for a function and a name.

    function: `def function(scope)` at the top of a module, or its name as "module:function".
    """

    def __new__(cls, function: Callable[..., Any] | str, /, *, name: str = "") -> "SharedWorker":
        target = worker_start.get_target(function)
        url = target
        if target.startswith("__main__:"):
            url = "|".join(("python", *map(os.fsdecode, worker_start.main_module.get_source()), target))
        return super().new(url, check_text("The name of a worker", name), worker_start.make_command(target),
                           worker_start.make_data(target, (), {}))

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        """The object is made before."""

    on_error = event_handler(
        "error", "The function that is told that the worker could not be started, or has failed.")

    @property
    def port(self) -> Any:
        """The port to the worker, always the same."""
        return self.get_port()
