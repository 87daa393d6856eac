"""What test_workers.py runs in workers."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import os
import signal
import sys
import threading
import time

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, WebMessaging


def describe(scope, *args, **kwargs):
    scope.post_message({
        "args": args, "kwargs": kwargs, "name": scope.name, "class": type(scope).__name__,
        "cwd": os.getcwd(), "path": sys.path, "argv": sys.argv, "flags": list(sys.flags),
        "dev": sys.flags.dev_mode, "x": {key: str(value) for key, value in sys._xoptions.items()},
        "executable": sys.executable, "environment": os.environ.get("WORKER_TEST"), "pid": os.getpid(),
        "variable": os.environ.get("WEB_MESSAGING_WORKER"), "main": sys.modules["__main__"].__name__,
    })


def echo(scope):
    """Answers with what arrives, and closes when that is "close"."""
    def answer(event):
        scope.post_message(event.data, list(event.ports))
        if event.data == "close":
            scope.close()
            scope.post_message("last")

    scope.on_message = answer


class Functions:
    """What a worker can also run."""

    @staticmethod
    def add(scope, first, second=0):
        scope.post_message(first + second)


@WebMessaging.worker
def multiply(scope, first, second):
    scope.post_message([first * second, scope.name])


@WebMessaging.worker(name="named")
async def multiply_later(scope, first, second):
    await asyncio.sleep(0)
    scope.post_message([first * second, scope.name])


def count(scope, last, seconds=0.0):
    for number in range(last):
        scope.post_message(number)
        time.sleep(seconds)


def burst(scope):
    """Posts, and goes on to work for long."""
    for number in range(10):
        scope.post_message(number)
    time.sleep(1000)


def iterate(scope):
    for event in scope.messages():
        if event.data == "close":
            scope.close()
        scope.post_message(event.data)


async def iterate_async(scope):
    async for event in scope.messages():
        if event.data == "close":
            scope.close()
        scope.post_message(event.data)


async def receive_async(scope):
    scope.post_message((await scope.receive()).data)


async def handle_async(scope):
    """Sets its handler late, and goes on in its event loop."""
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()

    def answer(event):
        scope.post_message([event.data, asyncio.get_running_loop() is loop])
        if event.data == "close":
            scope.close()

    scope.on_message = answer


def listen(scope):
    scope.add_event_listener("message", lambda event: scope.post_message(event.data))


def connect(scope):
    scope.connect("message", lambda scope, event: scope.post_message(event.data))


def handle_as_in_c(scope):
    scope.set_on_message(lambda scope, event: scope.post_message(event.data))


def change_its_mind(scope):
    scope.on_message = print
    scope.on_message = None


def run_itself(scope):
    """Waits for messages at another port."""
    port = next(scope.messages()).ports[0]
    port.on_message = lambda event: scope.close() if event.data == "close" else port.post_message(event.data)
    scope.run()
    scope.post_message("has run")


def iterate_over_port(scope):
    """Closes while it iterates over another port."""
    port = next(scope.messages()).ports[0]
    for event in port.messages():
        scope.post_message(event.data)
        if event.data == "close":
            scope.close()
    scope.post_message("after")


async def wait_in_tasks(scope):
    """Closes while several tasks wait."""
    ports = (await scope.receive()).ports
    ended = []

    async def wait(port):
        try:
            await port.receive()
        except WebMessaging.DOMException as error:
            ended.append(error.name)

    tasks = [asyncio.ensure_future(wait(port)) for port in (*ports, *ports, scope)]
    await asyncio.sleep(0.01)
    scope.close()
    await asyncio.gather(*tasks)
    scope.post_message(ended)


# What goes wrong

def fail(scope):
    scope.post_message("before")
    raise ValueError("a bad value")


def fail_with_cause(scope):
    try:
        {}["key"]
    except KeyError as error:
        raise RuntimeError("it has a cause") from error


class OwnError(OSError):
    """An exception that the owner does not know."""


def fail_with_own_error(scope):
    raise OwnError("mine")


def fail_with_group(scope):
    raise ExceptionGroup("several", [ValueError(1), TypeError(2)])


def fail_with_what_cannot_be_cloned(scope):
    error = ValueError("has a cause that cannot be cloned")
    error.cause = lambda: None
    raise error


def fail_with_bytes(scope):
    raise ValueError(os.fsdecode(b"/no/file/\xff"))


def fail_with_syntax(scope):
    eval("1 +")


def fail_deep(scope):
    def recurse():
        recurse()

    recurse()


async def fail_async(scope):
    await asyncio.sleep(0)
    raise LookupError("in a coroutine")


def fail_in_handler(scope):
    """Fails at each message but "close"."""
    def handle(event):
        if event.data == "close":
            scope.close()
        elif isinstance(event.data, (int, str)):
            raise RuntimeError(event.data)
        elif isinstance(event.data, dict):
            sys.exit(event.data["exit"])

    scope.on_message = handle


def fail_in_signal(scope):
    def handle(_scope, _event):
        raise RuntimeError("in a signal")

    scope.connect("message", handle)


def fail_in_callback(scope):
    def handle(*_):
        GLib.timeout_add(1, scope.close)
        raise RuntimeError("in a callback")

    GLib.idle_add(handle)
    scope.run()


def fail_in_thread(scope):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    scope.on_message = lambda event: scope.close()


async def fail_in_task(scope):
    async def fail():
        raise RuntimeError("in a task")

    task = asyncio.ensure_future(fail())
    await asyncio.sleep(0.01)
    del task
    scope.on_message = lambda event: scope.close()


def leave(scope, status):
    scope.post_message("before")
    sys.exit(status)


async def leave_async(scope, status):
    sys.exit(status)


def leave_at_once(scope, status):
    scope.post_message("before")
    WebMessaging.MessagePort.flush_all()
    os._exit(status)


def interrupt_itself(scope):
    """Ctrl-C is for the owner."""
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
    scope.post_message("goes on")


def kill_itself(scope):
    os.kill(os.getpid(), signal.SIGKILL)


def busy(scope):
    scope.post_message(os.getpid())
    WebMessaging.MessagePort.flush_all()
    while True:
        pass


def flood(scope):
    """Posts as much as it can, for ever."""
    try:
        while True:
            scope.post_message(bytes(4000))
    except WebMessaging.DOMException as error:
        # The limit of what may wait.
        assert error.name == "QuotaExceededError"
        time.sleep(1000)


def nest(scope, command="echo"):
    """Starts another worker, and passes on what that says."""
    nested = WebMessaging.Worker(f"worker_functions:{command}")
    scope.post_message(int(nested.get_subprocess().get_identifier()))
    nested.on_message = lambda event: scope.post_message(event.data)
    scope.on_message = lambda event: nested.post_message(event.data)


def nest_and_handle(scope):
    """Handles the error of another worker itself."""
    nested = WebMessaging.Worker(fail)

    def handle(event):
        event.prevent_default()
        scope.post_message(["handled", event.message])

    scope.on_error = handle
    nested.on_message = lambda event: None
    nested.on_close = lambda event: scope.close()
    scope.run()


# Shared workers

def share(scope):
    """Each user learns how many there are, and gets its messages back."""
    users = []

    def connect(event):
        port, = event.ports
        users.append(port)
        port.post_message([len(users), os.getpid(), scope.name, event.data, event.source is port])
        port.on_message = lambda event: (
            scope.close() if event.data == "close" else port.post_message(event.data))

    scope.on_connect = connect
