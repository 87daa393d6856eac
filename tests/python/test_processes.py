"""Ports whose other side is in another process, or could be."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import ast
import asyncio
import contextlib
import gc
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
import weakref
from decimal import Decimal
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")
import tap
from gi.repository import Gio, GLib, GObject, WebMessaging
from main_loop import TIMEOUT_SECONDS, wait_until
from process_classes import Document, Note

MessagePort = WebMessaging.MessagePort
HERE = Path(__file__).parent
CHILDREN = {"Python": [sys.executable, str(HERE / "process_child.py")]}
if GLib.find_program_in_path("gjs") is not None:
    CHILDREN["GJS"] = ["gjs", "-m", str(HERE.parent / "gjs/process-child.js")]


def make_channel():
    channel = WebMessaging.MessageChannel()
    return channel.port1, channel.port2


def make_socket_channel():
    """Two ports of this process that know of each other what two processes do."""
    return tuple(map(MessagePort.from_socket, socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)))


def make_slow_channel():
    """Two ports, of which the second does not read yet."""
    port1, port2 = make_socket_channel()
    for _ in range(1000):
        port1.post_message(bytes(4000))
    assert port1.buffered_amount > 1000000
    return port1, port2


def settle():
    while GLib.MainContext.default().iteration(False):
        pass


def count_descriptors():
    return len(os.listdir("/proc/self/fd"))


def receive(port):
    return next(port.messages()).data


def run(coroutine):
    """asyncio.run() that does not hang."""
    async def limited():
        return await asyncio.wait_for(coroutine, TIMEOUT_SECONDS)

    return asyncio.run(limited())


class Failing(GObject.Object, WebMessaging.Transferable):
    """A class whose objects cannot leave the process."""

    __gtype_name__ = "TestProcessPythonFailing"
    is_here = True

    def do_is_detached(self):
        return not self.is_here

    def do_transfer(self):
        self.is_here = False
        return GObject.Object()

    def do_transfer_receive(self, holder):
        self.is_here = True
        return True

    def do_export_data_holder(self, holder, fd_list):
        raise GLib.Error("cannot be exported", "g-io-error-quark", 0)


class Local(GObject.Object, WebMessaging.Transferable):
    """Another one, which does not say so."""

    __gtype_name__ = "TestProcessPythonLocal"
    is_here = True

    def do_is_detached(self):
        return not self.is_here

    def do_transfer(self):
        self.is_here = False
        return GObject.Object()

    def do_transfer_receive(self, holder):
        self.is_here = True
        return True


class TestSockets(unittest.TestCase):
    def setUp(self):
        self.port1, self.port2 = make_socket_channel()

    def tearDown(self):
        self.port1.close()
        self.port2.close()
        settle()

    def assert_dom_exception(self, name, call, *arguments):
        with self.assertRaises(WebMessaging.DOMException) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.name, name)
        return caught.exception

    def test_values(self):
        values = [
            None, WebMessaging.UNDEFINED, -0.0, 2**70, {"a": [1, (2,)]}, {1: {2}}, Decimal("1.10"), b"x" * 100,
            bytes(range(256)) * 20000, ["y" * 50000, b"z" * 5000],
        ]
        for value in values:
            self.port1.post_message(value)
            received = receive(self.port2)
            self.assertEqual(received, value if value != {"a": [1, (2,)]} else {"a": [1, [2]]})
        self.port1.post_message(array.array("d", [1.5] * 100000))
        self.assertEqual(receive(self.port2)[99999], 1.5)
        self.port1.post_message(GLib.Variant("(yas)", (7, ["x"])))
        event = next(self.port2.messages())
        self.assertEqual(event.get_data().get_type_string(), "(yas)")

    def test_documented_packet(self):
        text = (HERE.parents[1] / "docs/wire-format.md").read_text()
        value, packet = re.search(r"```packet\nPython +(.*)\nhex +(.*)\n", text).groups()
        if sys.byteorder == "big":
            self.skipTest("Integers are in the byte order of the machine")
        sock, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with sock, MessagePort.from_socket(other) as port:
            hello = sock.recv(65536)
            self.assertEqual((hello[:16], len(hello)), (struct.pack("IIII", 1, 0, 20, 1), 32))
            port.post_message(ast.literal_eval(value))
            self.assertEqual(sock.recv(65536).hex(" "), packet)
            sock.send(bytes.fromhex(packet))
            self.assertEqual(receive(port), ast.literal_eval(value))

    def test_events(self):
        seen = []
        self.port2.on_message = lambda event: seen.append((event.data, event.target is self.port2))
        self.port2.on_close = lambda event: seen.append(event.type)
        self.port1.post_message({1})
        self.port1.close()
        wait_until(lambda: len(seen) == 2)
        self.assertEqual(seen, [({1}, True), "close"])

    def test_ports(self):
        inner1, inner2 = make_channel()
        self.port1.post_message({"port": inner2}, [inner2])
        event = next(self.port2.messages())
        self.assertIs(event.data["port"], event.ports[0])
        event.ports[0].on_message = lambda event: event.target.post_message(event.data + 1)
        inner1.post_message(1)
        self.assertEqual(receive(inner1), 2)
        self.assertEqual(event.ports[0].peer_credentials.get_unix_pid(), os.getpid())
        inner1.close()

    def test_credentials(self):
        self.assertIsNone(self.port2.peer_credentials)
        self.port1.post_message(1)
        receive(self.port2)
        credentials = self.port2.peer_credentials
        self.assertEqual((credentials.get_unix_pid(), credentials.get_unix_user()), (os.getpid(), os.getuid()))
        self.assertIsNone(make_channel()[0].peer_credentials)

    def test_classes(self):
        document = Document("a text")
        self.port1.post_message([Note("a note"), document], [document])
        self.assertTrue(document.is_detached())
        note, received = receive(self.port2)
        self.assertEqual((note.text, received.read()), ("a note", "a text"))

    def test_errors_at_the_sender(self):
        inner1, inner2 = make_channel()
        local, failing = Local(), Failing()
        self.assert_dom_exception("DataCloneError", self.port1.post_message, 1, [inner2, local])
        with self.assertRaises(GLib.Error) as caught:
            self.port1.post_message(1, [inner2, failing])
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), 0))
        self.assert_dom_exception("DataCloneError", self.port1.post_message, object())
        self.assert_dom_exception("DataCloneError", self.port1.post_message, 1, [self.port1])
        self.assertTrue(local.is_here and failing.is_here and not inner2.is_detached())
        # Nothing of that was sent, and the port still works.
        self.port1.post_message("next", [inner2])
        event = next(self.port2.messages())
        event.ports[0].post_message("works")
        self.assertEqual((event.data, receive(inner1)), ("next", "works"))
        inner1.close()

    def test_message_error(self):
        seen = []
        self.port2.on_message = self.port2.on_message_error = lambda event: seen.append(event.type)
        data = WebMessaging.SerializedData.from_bytes(bytes.fromhex("da57454207838080 d8 54 42 00 3c"))
        self.port1.post_serialized(data)
        self.port1.post_message(1)
        wait_until(lambda: len(seen) == 2)
        self.assertEqual(seen, ["messageerror", "message"])

    def test_limits(self):
        port1, port2 = make_slow_channel()
        self.assertEqual((port2.message_limit, port2.descriptor_limit), (2**30, 4096))
        port1.buffer_limit = 1000000
        self.assertEqual(port1.buffer_limit, 1000000)
        error = self.assert_dom_exception("QuotaExceededError", port1.post_message, 1)
        self.assertTrue(error.matches(
            WebMessaging.messaging_error_quark(), WebMessaging.MessagingError.QUOTA_EXCEEDED))
        again = WebMessaging.DOMException("again", "QuotaExceededError")
        self.assertEqual(again.code, error.code)
        port2.on_message = lambda event: None
        wait_until(lambda: port1.buffered_amount == 0)
        port1.post_message(1)
        port2.message_limit, port2.descriptor_limit = 10**6, 5
        self.assertEqual((port2.message_limit, port2.descriptor_limit), (10**6, 5))
        port1.close()

    def test_flush_all(self):
        for number in range(100):
            self.port1.post_message(number)
        self.assertTrue(MessagePort.flush_all())
        self.assertEqual(self.port1.buffered_amount, 0)


class TestDescriptors(unittest.TestCase):
    def test_round_trips(self):
        port1, port2 = make_channel()
        for number in range(10):
            port1.post_message(number)
        port = MessagePort.from_fd(port2.steal_fd())
        self.assertTrue(port2.is_detached())
        port = MessagePort.from_socket(socket.socket(fileno=port.steal_fd()))
        gio_socket = port.steal_socket()
        port = MessagePort.from_socket(gio_socket)
        gio_socket.close()
        fd_list = Gio.UnixFDList()
        index = port.steal_to_fd_list(fd_list)
        port = MessagePort.from_fd_list(fd_list, index)
        for fd in fd_list.steal_fds():
            os.close(fd)
        port1.post_message(10)
        self.assertEqual([receive(port) for _ in range(11)], list(range(11)))
        port.close()
        self.assertEqual(list(port1.messages()), [])

    def test_wrong_descriptors(self):
        with tempfile.TemporaryFile() as file:
            self.assertRaises(TypeError, MessagePort.from_fd, file.fileno())
            os.fstat(file.fileno())
        for sock in socket.socketpair():
            with sock:
                self.assertRaises(TypeError, MessagePort.from_socket, sock)
                self.assertGreaterEqual(sock.fileno(), 0)
        self.assertRaises(TypeError, MessagePort.from_fd, -1)
        self.assertRaises(TypeError, MessagePort.from_fd_list, Gio.UnixFDList(), 0)
        self.assertRaises(WebMessaging.DOMException, self.make_closed_port().steal_fd)

    @staticmethod
    def make_closed_port():
        port, _ = make_channel()
        port.close()
        return port

    def test_environment(self):
        with self.assertRaises(GLib.Error) as caught:
            MessagePort.from_environment()
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND))
        port1, port2 = make_channel()
        os.environ["WEB_MESSAGING_FD"] = str(port2.steal_fd())
        port = MessagePort.from_environment()
        # Nor do the children of this process get it.
        self.assertNotIn("WEB_MESSAGING_FD", os.environ)
        self.assertIsNone(GLib.getenv("WEB_MESSAGING_FD"))
        port1.post_message(1)
        self.assertEqual(receive(port), 1)
        port1.close()


class TestAsyncio(unittest.TestCase):
    def test_receive(self):
        async def main():
            # The context is watched before it has a descriptor to watch.
            local1, local2 = make_channel()
            local1.post_message(0)
            await local2.receive()
            port1, port2 = make_socket_channel()
            port2.on_message = lambda event: port2.post_message(event.data)
            for number in range(100):
                port1.post_message(number)
                self.assertEqual((await port1.receive()).data, number)
            port2.close()
            with self.assertRaises(WebMessaging.DOMException):
                await port1.receive()

        run(main())

    def test_iteration(self):
        async def main():
            port1, port2 = make_socket_channel()
            for number in range(1000):
                port1.post_message(number)
            port1.close()
            seen = [event.data async for event in port2.messages()]
            self.assertEqual(seen, list(range(1000)))

        run(main())

    def test_drain(self):
        async def main():
            port1, port2 = make_slow_channel()
            calls = [asyncio.ensure_future(port1.drain(amount)) for amount in (0, 500000, 10**9)]
            await calls[2]
            self.assertFalse(calls[0].done() or calls[1].done())
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(port1.drain(), 0.01)
            port2.on_message = lambda event: None
            await calls[1]
            self.assertLessEqual(port1.buffered_amount, 500000)
            await calls[0]
            self.assertEqual(port1.buffered_amount, 0)
            await port1.drain()
            await make_channel()[0].drain()
            port1.close()

        run(main())

    def test_sender_that_waits(self):
        async def main():
            port1, port2 = make_socket_channel()
            highest, seen = 0, []
            port2.on_message = lambda event: seen.append(len(event.data))
            for _ in range(300):
                port1.post_message(bytes(20000))
                highest = max(highest, port1.buffered_amount)
                await port1.drain(100000)
            port1.close()
            while len(seen) < 300:
                await asyncio.sleep(0.01)
            self.assertLess(highest, 200000)

        run(main())

    def test_drain_at_the_end(self):
        async def main():
            port1, port2 = make_slow_channel()
            call = asyncio.ensure_future(port1.drain())
            await asyncio.sleep(0)
            port2.close()
            await call
            port1, port2 = make_slow_channel()
            call = asyncio.ensure_future(port1.drain())
            await asyncio.sleep(0)
            os.close(port1.steal_fd())
            with self.assertRaises(WebMessaging.DOMException) as caught:
                await call
            self.assertEqual(caught.exception.name, "InvalidStateError")

        run(main())


class TestLifetime(unittest.TestCase):
    def test_started_ports_stay(self):
        seen = []

        def make():
            port1, port2 = make_socket_channel()
            port2.on_message = lambda event: seen.append(event.data)
            return port1

        ports = [make() for _ in range(20)]
        gc.collect()
        settle()
        for port in ports:
            port.post_message(1)
        wait_until(lambda: len(seen) == 20)
        for port in ports:
            port.close()

    def test_others_go(self):
        class Marker:
            pass

        markers = []

        def make(number):
            port1, port2 = make_socket_channel()
            marker = Marker()
            markers.append(weakref.ref(marker))
            port2.marker = marker
            if number == 1:
                port2.on_message = lambda event: port2.close()
                port1.post_message(1)
            elif number == 2:
                port2.on_message = lambda event: port2
                port1.close()

        for number in (0, 1, 2):
            for _ in range(5):
                make(number)
                settle()
        for _ in range(3):
            gc.collect()
            settle()
        self.assertEqual([marker() for marker in markers if marker() is not None], [])

    def test_descriptors_are_closed(self):
        settle()
        gc.collect()
        before = count_descriptors()
        for number in range(10000):
            port1, port2 = make_socket_channel()
            port1.post_message(number)
            if number % 4 == 0:
                port2.on_message = lambda event: event.target.close()
            elif number % 4 == 1:
                port2.on_message = lambda event: None
                port1.close()
            elif number % 4 == 2:
                inner1, inner2 = make_channel()
                port1.post_message(inner1, [inner1])
                port1.close()
            if number % 500 == 0:
                settle()
        del port1, port2, inner1, inner2
        settle()
        gc.collect()
        wait_until(lambda: count_descriptors() <= before + 1)


@contextlib.contextmanager
def start(language):
    """A child, and the port for it."""
    port, other = make_channel()
    fd = other.steal_fd()
    try:
        child = subprocess.Popen(
            CHILDREN[language], pass_fds=[fd], env={**os.environ, "WEB_MESSAGING_FD": str(fd)})
    finally:
        os.close(fd)
    with child, port:
        yield port, child


def each_language(talk):
    """A test with a child in each language."""
    def test(self):
        for language in CHILDREN:
            with self.subTest(language), start(language) as (port, child):
                talk(self, language, port, child)

    return test


class TestProcesses(unittest.TestCase):
    @each_language
    def test_values(self, language, port, _child):
        big = bytes(range(256)) * 20000
        for value in (1, "text", {"a": [None, 1.5]}, {1: {2}}, big, big[:100]):
            port.post_message({"action": "echo", "value": value})
            self.assertEqual(receive(port), value)
        port.post_message({"action": "language"})
        self.assertEqual(receive(port), language)

    @each_language
    def test_ports(self, _language, port, _child):
        (port1, port2), (port3, port4) = make_channel(), make_channel()
        port.post_message({"action": "answer", "value": "to both"}, [port2, port4])
        self.assertEqual([receive(port1), receive(port3)], ["to both", "to both"])
        port.post_message({"action": "make"})
        other = next(port.messages()).ports[0]
        for number in range(100):
            other.post_message(number)
        self.assertEqual([receive(other) for _ in range(100)], list(range(100)))
        other.close()

    @each_language
    def test_classes(self, language, port, _child):
        document = Document("in a document")
        port.post_message(
            {"action": "classes", "note": Note("a note"), "document": document}, [document])
        self.assertEqual(receive(port), {"note": "a note", "document": "in a document"})
        port.post_message({"action": "send"})
        data = receive(port)
        self.assertEqual((data["note"].text, data["document"].read()), (f"of {language}", f"in {language}"))

    @each_language
    def test_end(self, _language, port, child):
        port.post_message({"action": "count", "n": 1000})
        port.post_message({"action": "close"})
        self.assertEqual([event.data for event in port.messages()], list(range(1000)))
        self.assertEqual(child.wait(), 0)

    @each_language
    def test_death(self, _language, port, child):
        port.post_message({"action": "language"})
        receive(port)
        port.post_message({"action": "sleep", "milliseconds": 100000})
        child.kill()
        self.assertEqual(list(port.messages()), [])
        self.assertTrue(port.closed)

    def test_asyncio(self):
        async def talk(language):
            port, other = make_channel()
            fd = other.steal_fd()
            child = await asyncio.create_subprocess_exec(
                *CHILDREN[language], pass_fds=[fd], env={**os.environ, "WEB_MESSAGING_FD": str(fd)})
            os.close(fd)
            port.post_message({"action": "sleep", "milliseconds": 100})
            for number in range(300):
                port.post_message({"action": "echo", "value": number, "content": bytes(10000)})
                await port.drain(100000)
            self.assertEqual([(await port.receive()).data for _ in range(300)], list(range(300)))
            port.close()
            self.assertEqual(await child.wait(), 0)

        for language in CHILDREN:
            with self.subTest(language):
                run(talk(language))

    def test_launcher(self):
        launcher = Gio.SubprocessLauncher()
        port = MessagePort.for_launcher(launcher)
        child = launcher.spawnv(CHILDREN["Python"])
        launcher.close()
        port.post_message({"action": "language"})
        self.assertEqual(receive(port), "Python")
        child.force_exit()
        self.assertEqual(list(port.messages()), [])
        child.wait()

    def test_grandchildren(self):
        """A port that goes from one child to another leaves nothing in this process."""
        languages = list(CHILDREN) * 2
        with start(languages[0]) as (first, _), start(languages[1]) as (second, child):
            first.post_message({"action": "make"})
            [other] = next(first.messages()).ports
            before = count_descriptors()
            second.post_message({"action": "answer", "value": "hello"}, [other])
            second.post_message({"action": "language"})
            receive(second)
            self.assertLess(count_descriptors(), before)
            child.kill()


if __name__ == "__main__":
    tap.main()
