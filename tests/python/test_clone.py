"""Python values in messages."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import dataclasses
import datetime
import decimal
import pathlib
import re
import threading
import unittest

import gi

gi.require_version("WebMessaging", "1")
gi.require_version("WebMessagingPrivate", "1")
import tap
from cbor2.types import FrozenDict
from describe import describe
from gi.repository import GLib, GObject, WebMessaging, WebMessagingPrivate
from main_loop import wait_until

DOCUMENT = pathlib.Path(__file__).parent.parent.parent / "docs" / "wire-format.md"


@WebMessaging.register_record
@dataclasses.dataclass
class Point:
    x: int
    y: int


class Note(GObject.Object, WebMessaging.Serializable):
    __gtype_name__ = "TestClonePythonNote"
    text = None

    def do_serialize(self):
        return GLib.Variant("s", self.text)

    def do_deserialize(self, serialized):
        self.text = serialized.unpack()
        return self.text != "bad"


NAMES = {
    "UNDEFINED": WebMessaging.UNDEFINED, "DOMException": WebMessaging.DOMException,
    "GLib": GLib, "Point": Point, "array": array, "datetime": datetime, "decimal": decimal, "re": re,
}


def deliver(post):
    """The event that arrives when something is posted."""
    channel = WebMessaging.MessageChannel()
    events = []
    channel.port2.connect("message", lambda _, event: events.append(event))
    channel.port2.connect("messageerror", lambda _, event: events.append(event))
    channel.port2.start()
    post(channel.port1)
    wait_until(lambda: events)
    channel.port1.close()
    return events[0]


def deliver_cbor(text, buffers=()):
    """The event for a message in hexadecimal."""
    return deliver(lambda port: WebMessagingPrivate.post_cbor(port, bytes.fromhex(text), list(buffers), [], []))


def clone(value):
    """What arrives of a value."""
    return deliver(lambda port: port.post_message(value)).data


class TestClone(unittest.TestCase):
    def assert_same(self, actual, expected):
        self.assertEqual(describe(actual), describe(expected))

    def assert_fails(self, value):
        with self.assertRaises(WebMessaging.DOMException) as caught:
            WebMessaging.structured_clone(value)
        self.assertEqual(caught.exception.name, "DataCloneError")

    def test_examples(self):
        checked = 0
        blocks = re.findall(r"^```example\n(.*?)^```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
        for block in blocks:
            fields = dict(line.split(maxsplit=1) for line in block.splitlines())
            text = fields.get("Python")
            if text is None:
                continue
            buffers = [GLib.Bytes.new(bytes.fromhex(fields["buffers"]))] if "buffers" in fields else []
            with self.subTest(text):
                checked += 1
                event = deliver_cbor(fields["hex"], buffers)
                if text == "DataCloneError":
                    self.assertEqual(event.get_event_type(), "messageerror")
                    continue
                value = eval(text.removeprefix("<- "), dict(NAMES))
                expected = memoryview(value) if isinstance(value, array.array) else value
                self.assert_same(event.data, expected)
                if not text.startswith("<-"):
                    data = WebMessaging.SerializedData.serialize(value)
                    self.assertEqual(WebMessagingPrivate.get_cbor(data).get_data().hex(" "), fields["hex"])
        self.assertGreater(checked, 30)

    def test_types(self):
        for value in [
            2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, -(2**64), float("inf"), 1e300, "", "\U0001f600",
            "a\ud800", b"", b"x" * 10000, [], [[[]]], {}, {"a": {"b": []}}, {1: 2, "a": 3}, {(1, (2, "x")): 4},
            {None: 1}, set(), {1, "a", None}, {frozenset([1]), (1, 2)},
            re.compile(r"\A[]a/](?P<x>\d)(?P=x)\Z|\[\]", re.DOTALL | re.MULTILINE),
            datetime.datetime(1, 1, 2, tzinfo=datetime.UTC),
            datetime.datetime(9999, 12, 30, 23, 59, 59, 999000, tzinfo=datetime.UTC),
            ValueError("a"), TypeError(), KeyError("k"), OSError("no"), WebMessaging.EvalError("e"),
            WebMessaging.URIError("u"), WebMessaging.DOMException("m", "AbortError"),
            memoryview(b"12345678").cast("Q"), Point(1, [Point(2, None)]), FrozenDict({"a": 1}) and {"a": 1},
        ]:
            with self.subTest(repr(value)[:100]):
                for copy in (clone(value), WebMessaging.structured_clone(value)):
                    if isinstance(value, re.Pattern):
                        self.assertEqual(copy.flags, value.flags)
                        self.assertIsNotNone(copy.match("]11"))
                    else:
                        self.assert_same(copy, value)

    def test_converted_types(self):
        class Text(str):
            pass

        class Number(int):
            pass

        for value, expected in [
            ((1, (2,)), [1, [2]]), (frozenset([1]), {1}), (bytearray(b"a"), b"a"),
            (array.array("d", [1.5]), memoryview(array.array("d", [1.5]))),
            (memoryview(bytearray(b"abcd"))[1:3], memoryview(b"bc")),
            (Text("a"), "a"), (Number(3), 3), ({Text("k"): 1}, {"k": 1}),
            (datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
             datetime.datetime(1999, 12, 31, 23, tzinfo=datetime.UTC)),
        ]:
            with self.subTest(repr(value)):
                self.assert_same(clone(value), expected)

    def test_failures(self):
        class Plain:
            pass

        @dataclasses.dataclass
        class Unregistered:
            x: int

        for value in [
            lambda: None, Plain(), Plain, object(), 1j, datetime.datetime.now(),
            re.compile(b"a"), re.compile("a", re.VERBOSE), range(3), (i for i in []), Unregistered(1),
            WebMessaging.MessageChannel().port1, GLib.MainContext.default(), GLib.Bytes.new(b"a"),
            memoryview(b"abcd").cast("B", (2, 2)), array.array("u", "a"), {"a": [{1: (print,)}]}, {1, print},
        ]:
            with self.subTest(repr(value)):
                self.assert_fails(value)
                channel = WebMessaging.MessageChannel()
                self.assertRaises(WebMessaging.DOMException, channel.port1.post_message, value)
        # GVariants are for the top of a message only.
        self.assert_fails([GLib.Variant("i", 1)])

    def test_identity(self):
        shared = {"a": 1}
        value = [shared, shared, {"again": shared}]
        value.append(value)
        copy = clone(value)
        self.assertIs(copy[0], copy[1])
        self.assertIs(copy[2]["again"], copy[0])
        self.assertIs(copy[3], copy)
        self.assertIsNot(copy[0], shared)

        error = ValueError("a")
        error.__cause__ = error
        copy = clone(error)
        self.assertIs(copy.__cause__, copy)

        point = Point(1, None)
        point.y = {"back": point, 1: [point]}
        copy = clone(point)
        self.assertIs(copy.y["back"], copy)
        self.assertIs(copy.y[1][0], copy)

    def test_views_share_their_bytes(self):
        data = bytes(range(16))
        for size in (16, 16384):
            data = bytes(size)
            copy = clone({"whole": memoryview(data), "part": memoryview(data)[4:8].cast("I"), "data": data})
            self.assertIs(copy["whole"].obj, copy["data"])
            self.assertIs(copy["part"].obj, copy["data"])
            self.assertEqual(len(copy["part"]), 1)

    def test_equal_members_are_refused(self):
        for text in ("d901028201f5", "d90103a2 0101 f502", "d9010282 01 fb3ff0000000000000"):
            self.assertEqual(deliver_cbor(text).get_event_type(), "messageerror")

    def test_damaged_messages(self):
        for text in ("61", "6261", "1c", "9a7fffffff", "d81d00", "d86300", "ff", "0101", "d9524a8261 2860",
                     "d84501", "da57454202841845420000 0101", "da5745420284004200000301", "da5745420000",
                     "da5745420100", "da5745420382 1affffffff 00", "da5745420382 a1 666c656e677468 1affffffff 00",
                     "d81b8263466f6f01", "61ff", "81" * 5000 + "01", "c1fb7e37e43c8800759c",
                     "da574542048 21a7fffffffa0".replace(" ", "")):
            with self.subTest(text[:60]):
                event = deliver_cbor(text)
                self.assertEqual(event.get_event_type(), "messageerror")
                self.assertIsNone(event.data)

    def test_gvariants(self):
        variant = GLib.Variant("(isa{sv})", (1, "a", {"b": GLib.Variant("d", 2)}))
        event = deliver(lambda port: port.post_message(variant))
        self.assertEqual(event.data, [1, "a", {"b": 2.0}])
        self.assertEqual(event.get_data().get_type_string(), "(isa{sv})")
        self.assertIs(event.data, event.data)
        self.assertIsNone(deliver(lambda port: port.post_message()).data)

    def test_transfer(self):
        inner = WebMessaging.MessageChannel()
        event = deliver(lambda port: port.post_message(
            {"port": inner.port1, "again": (inner.port1,)}, transfer=[inner.port1]))
        self.assertIs(event.data["port"], event.ports[0])
        self.assertIs(event.data["again"][0], event.ports[0])
        received = []
        event.ports[0].on_message = lambda message: received.append(message.data)
        inner.port2.post_message("through")
        wait_until(lambda: received)
        self.assertEqual(received, ["through"])

        channel = WebMessaging.MessageChannel()
        other = WebMessaging.MessageChannel()
        for transfer in ([channel.port1], [other.port1, other.port1], [inner.port1]):
            with self.assertRaises(WebMessaging.DOMException):
                channel.port1.post_message(1, transfer=transfer)
        for transfer in ([{}], [None], [GLib.MainContext.default()], other.port1, {}.keys, 7):
            with self.assertRaises(TypeError):
                channel.port1.post_message(1, transfer=transfer)
        self.assertFalse(other.port1.is_detached())

    def test_serializable_objects(self):
        note = Note()
        note.text = "hello"
        data = clone([note, {"again": note}])
        self.assertIsInstance(data[0], Note)
        self.assertIsNot(data[0], note)
        self.assertEqual(data[0].text, "hello")
        self.assertIs(data[1]["again"], data[0])
        note.text = "bad"
        self.assertEqual(deliver(lambda port: port.post_message(note)).get_event_type(), "messageerror")

    def test_serialized_data(self):
        data = WebMessaging.SerializedData.serialize({1: {2}})
        again = WebMessaging.SerializedData.from_bytes(data.to_bytes())
        self.assertEqual(again.to_value(), {1: {2}})
        port = WebMessaging.MessageChannel().port1
        transferred = WebMessaging.SerializedData.serialize(port, [port])
        self.assertIsInstance(transferred.to_value(), WebMessaging.MessagePort)
        self.assertRaises(WebMessaging.DOMException, transferred.to_value)

    def test_records(self):
        with self.assertRaises(TypeError):
            WebMessaging.register_record(int)

        @dataclasses.dataclass
        class Other:
            z: int

        with self.assertRaises(ValueError):
            WebMessaging.register_record(Other, "Point")
        # A field is missing.
        self.assertEqual(deliver_cbor("da5745420582 65506f696e74 a1617801").get_event_type(), "messageerror")
        # Nobody knows the class.
        self.assertEqual(deliver_cbor("da5745420582 6141 a1617801").data, {"x": 1})

    def test_iteration(self):
        channel = WebMessaging.MessageChannel()
        for number in range(3):
            channel.port1.post_message({"number": number})
        channel.port1.close()
        self.assertEqual([event.data["number"] for event in channel.port2.messages()], [0, 1, 2])

    def test_on_message(self):
        channel = WebMessaging.MessageChannel()
        received = []
        self.assertIsNone(channel.port2.on_message)
        channel.port2.on_message = received.append
        self.assertEqual(channel.port2.on_message, received.append)
        with channel.port1 as port:
            port.post_message([1])
        wait_until(lambda: received)
        self.assertEqual(received[0].data, [1])
        self.assertEqual(received[0].origin, "")
        self.assertEqual(received[0].last_event_id, "")
        self.assertIsNone(received[0].source)
        channel.port2.on_message = None
        self.assertIsNone(channel.port2.on_message)

    def test_windows(self):
        sender = WebMessaging.Window.new("https://sender.example")
        receiver = WebMessaging.Window.new("https://receiver.example")
        inner = WebMessaging.MessageChannel()
        events = []
        receiver.connect("message", lambda _, event: events.append(event))
        receiver.post_message(sender, {"set": {1}, "port": inner.port1}, "*", [inner.port1])
        receiver.post_message(None, GLib.Variant("i", 7), "*")
        wait_until(lambda: len(events) == 2)
        self.assertEqual(events[0].data["set"], {1})
        self.assertIs(events[0].data["port"], events[0].ports[0])
        self.assertEqual(events[0].origin, "https://sender.example")
        self.assertIs(events[0].source, sender)
        self.assertEqual(events[1].data, 7)
        for error, *args in [("SyntaxError", {}, "nowhere"), ("DataCloneError", print, "*"),
                             ("DataCloneError", {}, "*", [inner.port1])]:
            with self.assertRaises(WebMessaging.DOMException) as caught:
                receiver.post_message(sender, *args)
            self.assertEqual(caught.exception.name, error)

    def test_threads(self):
        """Each thread with a context of its own is a full citizen."""
        channel = WebMessaging.MessageChannel()
        holder = channel.port2.hand_over()
        results = []

        def work():
            context = GLib.MainContext.new()
            context.push_thread_default()
            port = WebMessaging.MessagePort.take_over(holder)
            for event in port.messages():
                port.post_message({"sum": sum(event.data["numbers"]), "was": event.data})
            context.pop_thread_default()

        thread = threading.Thread(target=work)
        thread.start()
        channel.port1.on_message = lambda event: results.append(event.data)
        for number in range(5):
            channel.port1.post_message({"numbers": [number, 1], "extra": {1, number + 2}})
        wait_until(lambda: len(results) == 5)
        self.assertEqual([result["sum"] for result in results], [1, 2, 3, 4, 5])
        self.assertEqual(results[3]["was"], {"numbers": [3, 1], "extra": {1, 5}})
        channel.port1.close()
        thread.join()


if __name__ == "__main__":
    tap.main()
