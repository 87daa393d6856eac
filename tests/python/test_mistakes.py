"""The likely mistakes: each is told at once, with what has happened and what to do."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import dataclasses
import functools
import threading
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gi
import tap

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, GObject, WebMessaging
from main_loop import wait_until

DOMException = WebMessaging.DOMException


@dataclasses.dataclass
class Point:
    """A class that is not registered."""

    x: int = 1


class Thing(GObject.Object):
    """A class that is not serializable."""


async def handle_later(_event: Any) -> None:
    """What nobody would await."""


def handle_in_steps(_event: Any) -> Any:
    """What nobody would iterate over."""
    yield


class MistakeTests(unittest.TestCase):
    """Each method makes mistakes of one kind."""

    def setUp(self):
        self.channel = WebMessaging.MessageChannel()
        self.port = self.channel.port1
        self.other = WebMessaging.MessageChannel()

    def check(self, cls: type[Exception], pattern: str, function: Callable[..., Any], *args: Any,
              **kwargs: Any) -> None:
        """A call raises an error of exactly this class, with this message."""
        with self.subTest(pattern=pattern), self.assertRaisesRegex(cls, pattern) as caught:
            function(*args, **kwargs)
        if hasattr(caught, "exception"):
            self.assertIs(type(caught.exception), cls)

    def check_posts(self, cases: list[tuple[str, Any]]) -> None:
        """Values that cannot be posted."""
        for pattern, value in cases:
            self.check(DOMException, f"^DataCloneError: {pattern}", self.port.post_message, value)
        self.assertTrue(self.port.post_message("goes on"))

    def test_what_holds_no_data(self):
        async def coroutine():
            """Is awaited below."""

        waiting = coroutine()
        with Path(__file__).open() as file:
            self.check_posts([
                ("function object could not be cloned: messages hold data, not code$", lambda: 1),
                ("method object could not be cloned: messages hold data", self.check),
                ("type object could not be cloned: messages hold data", Point),
                ("generator object could not be cloned: send a list of its items$", handle_in_steps(1)),
                ("dict_keys object could not be cloned: send a list", {}.keys()),
                ("TextIOWrapper object could not be cloned: send what is in the file, or its path$", file),
                ("coroutine object could not be cloned: await it, and send the result$", waiting),
            ])
        asyncio.run(waiting)

    def test_objects_of_other_classes(self):
        self.check_posts([
            (r"Point object could not be cloned: its class is not registered with WebMessaging.register_record\(\)$",
             Point()),
            ("Thing object could not be cloned: its class implements neither WebMessaging.Serializable nor",
             Thing()),
            ("Bytes object could not be cloned: send what its get_data", GLib.Bytes.new(b"a")),
        ])

    def test_where_a_value_is(self):
        variant = GLib.Variant("s", "a")
        cycle: list[Any] = []
        cycle.extend((cycle, {"b": print}))
        self.check_posts([
            (r".* its unpack\(\) returns \(at message\['list'\]\[1\]\)$", {"list": [1, variant]}),
            (r".* code \(at message\[1\]\['b'\]\)$", cycle),
        ])

    def test_transfer_lists(self):
        post, port = self.port.post_message, self.other.port1
        self.check(DOMException, r"MessagePort object could not be cloned: it must be in the transfer list: .* "
                   r"\(at message\['port'\]\)$", post, {"port": port})
        self.check(TypeError, r"^The objects to transfer are in a list: post_message\(value, \[port\]\)$",
                   post, "x", port)
        self.check(TypeError, "^Item 1 of the transfer list cannot be transferred, because it is of type int$",
                   post, "x", [port, 1])
        self.check(TypeError, "type MessageChannel: transfer one of its ports$", post, "x", [self.other])
        self.check(TypeError, "type Thing$", WebMessaging.structured_clone, "x", [Thing()])
        self.check(DOMException, "in the lists twice", post, "x", [port, port])
        post("x", [port])
        self.check(DOMException, "it was transferred or closed before", post, "x", [port])
        self.check(DOMException, "cannot be sent through itself", post, "x", [self.port])

    def test_misspelt_handlers(self):
        for name in ("onmessage", "onMessage", "on_mesage", "on_messages"):
            self.check(AttributeError, f"^'MessagePort' object has no event handler '{name}'. Did you mean: "
                       "'on_message'", setattr, self.port, name, print)
        self.check(AttributeError, "Did you mean: 'on_close'", setattr, self.port, "onclosed", print)
        self.check(AttributeError, "'on_error'. It has on_close and on_message and on_message_error$",
                   setattr, self.port, "on_error", print)
        for event_type in ("on_message", "onmessage", "onMessage"):
            self.check(ValueError, f"^The type of the event is 'message', not '{event_type}'$",
                       self.port.add_event_listener, event_type, print)
        self.port.add_event_listener("one", print)
        self.port.once = "an attribute of the program"

    def test_handlers_that_cannot_be_called(self):
        def set_handler(handler: Any) -> None:
            self.port.on_message = handler

        listen, connect = functools.partial(self.port.add_event_listener, "message"), self.port.connect
        for install in (set_handler, listen):
            self.check(TypeError, r"is called with the event, but the function has the arguments \(port, event\): "
                       "missing", install, lambda port, event: None)
            self.check(TypeError, "is called with the event", install, lambda: None)
            self.check(TypeError, "is called with the event", install, lambda event, *, extra: None)
            self.check(TypeError, "is a function, not 'x'$", install, "x")
            self.check(TypeError, r"but handle_later\(\) is a coroutine or generator, which nobody would run: "
                       "use `async for event", install, handle_later)
            self.check(TypeError, r"but handle_in_steps\(\) is", install, handle_in_steps)
        self.check(TypeError, "is called with the object and the event, but", connect, "message", lambda event: None)
        self.check(TypeError, "the object and the event and 5", connect, "message", lambda port, event: None, 5)
        self.check(TypeError, "unknown signal name", connect, "mesage", print)

    def test_handlers_that_can_be_called(self):
        class Handler:
            def __call__(self, event: Any) -> None: ...

            def handle(self, event: Any, extra: Any = None) -> None: ...

        for handler in (print, [].append, Handler(), Handler().handle, functools.partial(max, 1),
                        lambda *_: None, lambda event, extra=1: None, lambda event, **extra: None, None):
            self.port.on_message = handler
        self.port.connect("message", lambda port, event, extra: None, 5)
        self.port.connect("notify::closed", lambda *_: None)

    def test_ports_that_nobody_made(self):
        self.check(TypeError, r"channel = MessageChannel\(\), then channel.port1", WebMessaging.MessagePort)

    def test_threads(self):
        port = self.port
        ready = GLib.MainContext.default().acquire()
        self.assertTrue(ready)

        def receive_without_context() -> None:
            """This thread has no main context of its own, and another one runs the default one."""
            self.check(RuntimeError, message, next, port.messages())
            self.check(RuntimeError, message, asyncio.run, port.receive())

        def receive_in_other_context() -> None:
            context = GLib.MainContext.new()
            context.push_thread_default()
            receive_without_context()
            self.check(RuntimeError, message, setattr, port, "on_message", print)
            self.check(RuntimeError, message, port.add_event_listener, "message", print)
            self.check(RuntimeError, message, port.connect, "message", print)
            self.check(RuntimeError, message, port.start)
            context.pop_thread_default()

        message = "^The MessagePort belongs to the main context of another thread: call its methods there$"
        for function in (receive_without_context, receive_in_other_context):
            errors: list[BaseException] = []
            thread = threading.Thread(target=self.collect, args=(function, errors))
            thread.start()
            thread.join()
            self.assertEqual(errors, [])
        GLib.MainContext.default().release()

    @staticmethod
    def collect(function: Callable[[], None], errors: list[BaseException]) -> None:
        """Calls a function in a thread."""
        try:
            function()
        except BaseException as error:
            errors.append(error)

    def test_waiting(self):
        call = self.port.receive()
        self.check(RuntimeError, r"call asyncio.run\(\). Without asyncio, use `for event in port.messages\(\)`$",
                   call.send, None)

        async def iterate() -> None:
            for _event in self.port.messages():
                pass

        self.check(RuntimeError, "would block the event loop of asyncio: use `async for`$", asyncio.run, iterate())
        self.port.close()
        with self.assertRaisesRegex(DOMException, "^InvalidStateError: The channel has ended, or the port was"):
            asyncio.run(self.port.receive())

    def test_workers(self):
        worker = WebMessaging.Worker
        self.check(TypeError, "^A worker cannot import <function .*>: it runs a function at the top of a module",
                   worker, lambda scope: None)
        self.check(TypeError, "^A worker runs a function, not None: pass the function itself, and then its arg",
                   worker, None)
        self.check(ValueError, "^'worker.js' is not of the form \"module:function\"$", worker, "worker.js")
        self.check(TypeError, r"^A command is a list of str, such as \['cat'\]$", worker.new_process, "cat")
        self.check(TypeError, "^The name of a worker is a str, not 5$", worker, "os:getcwd", name=5)
        self.check(ImportError, r"'__main__:missing': .* It must not be under `if __name__ == \"__main__\":`$",
                   next, worker("__main__:missing").messages())

    def test_names(self):
        self.check(TypeError, "^The name of a channel is a str, not 5$", WebMessaging.BroadcastChannel, 5)

    def test_other_programs(self):
        self.check(GLib.Error, "there is no variable WEB_MESSAGING_FD", WebMessaging.MessagePort.from_environment)
        self.check(TypeError, "connected Unix socket", WebMessaging.MessagePort.from_fd, 0)
        self.check(GLib.Error, "No such file", WebMessaging.Worker.new_process, ["no-such-program"])

    def test_a_variant_arrives_as_it_is(self):
        events = []
        self.channel.port2.on_message = events.append
        self.port.post_message(GLib.Variant("(si)", ("a", 1)))
        self.port.post_message(False)
        wait_until(lambda: len(events) == 2)
        self.assertEqual([event.data for event in events], [["a", 1], False])
        self.assertEqual(events[0].get_data().unpack(), ("a", 1))


if __name__ == "__main__":
    tap.main()
