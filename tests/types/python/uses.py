"""Programs that are right. A type checker finds nothing in the strictest mode."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
from collections.abc import Callable
from typing import Any, assert_type

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, JavaScriptCore, WebMessaging, WebMessagingJsc


@WebMessaging.register_record
@dataclasses.dataclass
class Point:
    """A record, which stays the class that it is."""

    x: float
    y: float


assert_type(Point(1, 2).x, float)


def handlers(port: WebMessaging.MessagePort) -> None:
    """The type of an event is known from the name of the handler."""
    port.on_message = lambda event: print(event.data, event.ports[0].started)
    port.on_close = lambda event: print(event.type)
    port.on_message = None
    port.add_event_listener("message", lambda event: print(event.last_event_id), once=True)
    port.connect("message", lambda source, event: source.post_message(event.data))
    port.start()


def read_handler(port: WebMessaging.MessagePort) -> None:
    """It can be read."""
    assert_type(port.on_message, Callable[[WebMessaging.MessageEvent], Any] | None)


def values(channel: WebMessaging.MessageChannel, other: WebMessaging.MessagePort) -> None:
    """What can be posted."""
    with channel.port1 as port:
        port.post_message({"hello": [1, 2.0, b"three", {4}, None, WebMessaging.UNDEFINED]})
        port.post_message(GLib.Variant("s", "hello"))
        port.post_message({"port": other}, [other])
        port.post_message()
        port.buffer_limit = 1000
    for event in channel.port2.messages():
        assert_type(event, WebMessaging.MessageEvent)


async def receiving(port: WebMessaging.MessagePort) -> None:
    """In asyncio."""
    event = await port.receive()
    assert_type(event.ports, tuple[WebMessaging.MessagePort, ...])
    async for other in port.messages():
        assert_type(other, WebMessaging.MessageEvent)
    await port.drain()


@WebMessaging.worker
def search(scope: WebMessaging.DedicatedWorkerGlobalScope, text: str, limit: int) -> None:
    """What the arguments are is known to who starts the worker."""
    for event in scope.messages():
        scope.post_message([text, limit, event.data])


def workers() -> None:
    """Both kinds."""
    with search("needle", limit=10) as worker:
        assert_type(worker, WebMessaging.Worker)
        worker.on_error = lambda event: print(event.message, event.lineno, event.error)
        worker.post_message("question")
    WebMessaging.Worker("module:function", 1, name="first").terminate()
    assert_type(WebMessaging.SharedWorker("module:function").port, WebMessaging.MessagePort)


def errors() -> None:
    """Names and messages."""
    try:
        WebMessaging.MessagePort.from_fd(-1)
    except WebMessaging.DOMException as error:
        print(error.name, error.message)
    WebMessaging.BroadcastChannel("settings", origin=WebMessaging.Origin.new_for_url("https://a.example/"))
    assert_type(WebMessaging.SerializedData.serialize([1]).to_bytes(), bytes)


def scripts(context: JavaScriptCore.Context, port: WebMessaging.MessagePort) -> None:
    """A script in JavaScriptCore gets a port, and a worker is one like others."""
    host = WebMessagingJsc.Host()
    host.set_report_func(print)
    WebMessagingJsc.install_for_host(context, WebMessagingJsc.Flags.TIMERS | WebMessagingJsc.Flags.WORKERS, host)
    value = WebMessagingJsc.wrap_port(context, port)
    context.set_value("port", value)
    assert_type(WebMessagingJsc.unwrap_port(value), WebMessaging.MessagePort | None)
    assert_type(WebMessagingJsc.worker_new("file:///worker.js", host=host), WebMessaging.Worker)
