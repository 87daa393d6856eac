"""Programs that are wrong. A type checker finds each line that says so, and no other."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import JavaScriptCore, WebMessaging, WebMessagingJsc


@WebMessaging.worker
def search(scope: WebMessaging.DedicatedWorkerGlobalScope, text: str) -> None:
    """A worker with one argument."""
    scope.post_mesage(text)  # mistake


def handlers(port: WebMessaging.MessagePort) -> None:
    """Names and arguments of handlers."""
    port.onMessage = print  # mistake
    port.onmessage = print  # mistake
    port.on_message = lambda port, event: None  # mistake
    port.on_close = lambda: None  # mistake
    port.on_message = "print"  # mistake
    port.on_message = lambda event: print(event.dat)  # mistake
    port.add_event_listener("message", lambda source, event: None)  # mistake


def values(port: WebMessaging.MessagePort) -> None:
    """What is transferred is a list of things that can be."""
    port.postMessage("hello")  # mistake
    port.post_message("hello", [1])  # mistake
    port.post_message("hello", port)  # mistake
    port.started = True  # mistake
    port.messages()[0]  # mistake
    WebMessaging.MessagePort()  # mistake


async def receiving(port: WebMessaging.MessagePort) -> None:
    """A coroutine is awaited."""
    print(port.receive().data)  # mistake


def workers() -> None:
    """Arguments of workers."""
    search(1)  # mistake
    search("needle", 2)  # mistake
    WebMessaging.Worker("module:function").close()  # mistake
    WebMessaging.SharedWorker("module:function", "name")  # mistake
    WebMessaging.MessageChanel()  # mistake


def scripts(context: JavaScriptCore.Context, port: WebMessaging.MessagePort) -> None:
    """What belongs to the script, and what to the program."""
    WebMessagingJsc.install(context)  # mistake
    WebMessagingJsc.install(context, True)  # mistake
    WebMessagingJsc.wrap_port(port, context)  # mistake
    WebMessagingJsc.unwrap_port(port)  # mistake
    WebMessagingJsc.Host().set_loader()  # mistake
