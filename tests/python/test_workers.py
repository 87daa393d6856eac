"""Workers in Python. The rules that hold for all languages are in test-worker.c."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import contextlib
import os
import sys
import unittest
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")
import tap
import worker_functions
from gi.repository import GLib, WebMessaging
from main_loop import TIMEOUT_SECONDS, wait_until

Worker = WebMessaging.Worker
HERE = Path(__file__).parent


@contextlib.contextmanager
def silence():
    """Workers print their exceptions."""
    saved = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


def receive(worker, n=None):
    """What a worker posts, and what it raises, until it has ended or has said so much."""
    received = []
    messages = worker.messages()
    while n is None or len(received) < n:
        try:
            received.append(next(messages).data)
        except StopIteration:
            break
        except Exception as error:
            received.append(error)
    return received


def run(coroutine):
    """asyncio.run() that does not hang."""
    async def limited():
        return await asyncio.wait_for(coroutine, TIMEOUT_SECONDS)

    return asyncio.run(limited())


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until_gone(pid):
    # Nothing wakes the main loop when a process has ended.
    source = GLib.timeout_source_new(5)
    source.set_callback(lambda *_: GLib.SOURCE_CONTINUE)
    source.attach(GLib.MainContext.default())
    try:
        wait_until(lambda: is_gone(pid))
    finally:
        source.destroy()


def get_pid(worker):
    return int(worker.get_subprocess().get_identifier())


class TestStart(unittest.TestCase):
    def test_environment(self):
        os.environ["WORKER_TEST"] = "inherited"
        self.addCleanup(os.environ.pop, "WORKER_TEST")
        with Worker("worker_functions:describe", 1, [2], name="ä", key={"a", 2**70}) as worker:
            seen, = receive(worker)
            self.assertEqual((worker.name, get_pid(worker)), ("ä", seen["pid"]))
        expected = {
            "args": [1, [2]], "kwargs": {"key": {"a", 2**70}}, "name": "ä", "cwd": os.getcwd(),
            "class": "DedicatedWorkerGlobalScope", "path": sys.path, "argv": sys.argv,
            "flags": list(sys.flags), "executable": sys.executable, "environment": "inherited",
            "variable": None, "main": "__main__",
        }
        self.assertEqual({key: seen[key] for key in expected}, expected)

    def test_functions(self):
        for worker, expected in (
            (Worker(worker_functions.Functions.add, 1, second=2), 3),
            (Worker("worker_functions:Functions.add", 1), 1),
            (worker_functions.multiply(2, 3), [6, ""]),
            (worker_functions.multiply(2, second=3, name="x"), [6, "x"]),
            (worker_functions.multiply_later(2, 3), [6, "named"]),
            (Worker(worker_functions.multiply, 2, 3), [6, ""]),
        ):
            with self.subTest(expected), worker:
                self.assertEqual(receive(worker), [expected])

    def test_what_cannot_run(self):
        def inner(_scope):
            pass

        for function in (lambda scope: None, inner, self.setUp, 5, object()):
            with self.subTest(function), self.assertRaises(TypeError):
                Worker(function)
        for name in ("", "module", ":name", "module:", "a:b\0c"):
            with self.subTest(name), self.assertRaises(ValueError):
                Worker(name)
        with self.assertRaises(ValueError):
            Worker(worker_functions.echo, name="a\0b")
        with self.assertRaises(WebMessaging.DOMException) as caught:
            Worker(worker_functions.echo, [print])
        self.assertEqual(caught.exception.name, "DataCloneError")
        port = WebMessaging.MessageChannel().port1
        with self.assertRaises(WebMessaging.DOMException):
            Worker(worker_functions.echo, key=port)


class TestMessages(unittest.TestCase):
    def test_handlers(self):
        with Worker(worker_functions.echo) as worker:
            seen = []
            worker.on_message = lambda event: seen.append(event.data)
            worker.on_close = lambda event: seen.append(event.type)
            for message in (1, {"a": {2}}, "close", "lost"):
                worker.post_message(message)
            wait_until(lambda: "close" in seen[3:])
            self.assertEqual(seen, [1, {"a": {2}}, "close", "last", "close"])

    def test_ports(self):
        with Worker(worker_functions.echo) as worker:
            channel = WebMessaging.MessageChannel()
            worker.post_message("port", [channel.port2])
            event = next(worker.messages())
            channel.port1.post_message("there and back")
            self.assertEqual(next(event.ports[0].messages()).data, "there and back")

    def test_iterations(self):
        for function in (worker_functions.iterate, worker_functions.iterate_async):
            with self.subTest(function), Worker(function) as worker:
                for message in (1, 2, "close", "lost"):
                    worker.post_message(message)
                self.assertEqual(receive(worker), [1, 2, "close"])

    def test_asyncio(self):
        async def main():
            async with Worker(worker_functions.echo) as worker:
                for message in (1, 2, "close"):
                    worker.post_message(message)
                first = (await worker.receive()).data
                return [first] + [event.data async for event in worker.messages()]

        self.assertEqual(run(main()), [1, 2, "close", "last"])


if __name__ == "__main__":
    tap.main()
