"""The parts of the override, each on its own."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import datetime
import importlib
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")
import tap
from gi.repository import GLib, WebMessaging


def load(name):
    """A part of the override, which PyGObject has loaded with the library."""
    return importlib.import_module(f"gi.overrides._webmessaging.{name}")


cbor_reader, cbor_writer, dates = load("cbor_reader"), load("cbor_writer"), load("dates")
exceptions, frozen, interrupts = load("exceptions"), load("frozen"), load("interrupts")
library, patterns, records, views = load("library"), load("patterns"), load("records"), load("views")

ROOT = Path(__file__).parents[2]
CloneError = exceptions.CloneError


class TestLibrary(unittest.TestCase):
    def test_version(self):
        version = re.search(r"^  version: '(.*)',$", (ROOT / "meson.build").read_text(), re.MULTILINE)[1]
        self.assertEqual(library.VERSION, version)
        library.check_version(version)
        with self.assertRaisesRegex(ImportError, r"is of version 0\..*the library is of version 9\.9"):
            library.check_version("9.9")

    def test_all_is_made_at_once(self):
        """A thread cannot come while PyGObject makes a class or an enumeration."""
        for module in library.WebMessaging, library.WebMessagingPrivate:
            self.assertEqual(set(dir(module)) - set(vars(module)) - set(dir(type(module))), set())
        script = "; ".join((
            "import gi", "gi.require_version('WebMessaging', '1')",
            "from gi.repository import WebMessaging", "from gi.module import get_introspection_module",
            "print('MessagingError' in vars(get_introspection_module('WebMessaging')))",
            "print('IOErrorEnum' in vars(get_introspection_module('Gio')))"))
        output = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
        self.assertEqual(output.split(), [b"True", b"True"])

    def test_classes(self):
        """Each class is derived from the one that the override has for its base."""
        for cls, base in [(WebMessaging.BroadcastChannel, WebMessaging.EventTarget),
                          (WebMessaging.MessageEvent, WebMessaging.Event),
                          (WebMessaging.MessagePort, WebMessaging.EventTarget),
                          (WebMessaging.Window, WebMessaging.EventTarget)]:
            self.assertTrue(issubclass(cls, base))
            self.assertEqual(cls.__module__, "gi.overrides.WebMessaging")


class TestCbor(unittest.TestCase):
    def test_another_version_of_cbor2(self):
        class Other:
            def __init__(self, *_):
                pass

            def __getattr__(self, name):
                return lambda *_: 0

        for module, name in ((cbor_writer, "CBOREncoder"), (cbor_reader, "CBORDecoder")):
            original = getattr(module.cbor2, name)
            encoders = cbor_writer._encoders[:]
            cbor_writer._encoders.clear()
            setattr(module.cbor2, name, Other)
            try:
                self.assertRaisesRegex(ImportError, "cbor2", module._check_cbor2)
            finally:
                setattr(module.cbor2, name, original)
                cbor_writer._encoders[:] = encoders

    def test_writers_are_independent(self):
        first, second = cbor_writer.CborWriter(), cbor_writer.CborWriter()
        first.write_primitive(1)
        second.write_primitive("a")
        self.assertEqual(first.finish(), b"\x01")
        third = cbor_writer.CborWriter()
        third.write_head(4, 1000)
        self.assertEqual(second.finish(), b"\x61a")
        self.assertEqual(third.finish(), b"\x99\x03\xe8")

    def test_reader(self):
        reader = cbor_reader.CborReader(bytes.fromhex("19 0100 82 43 010203 f6 f8"))
        self.assertEqual(reader.read_next_primitive(), 256)
        self.assertEqual(reader.read_head(4), 2)
        self.assertRaises(CloneError, reader.read_head, 4)
        self.assertEqual(reader.read_bytes(3), b"\1\2\3")
        self.assertIsNone(reader.read_next_primitive())
        self.assertFalse(reader.is_at_end())
        self.assertRaises(CloneError, reader.read_next_primitive)

    def test_plain_messages(self):
        self.assertEqual(cbor_reader.read_plain(b"\x82\x01\x61a"), [1, "a"])
        self.assertRaises(LookupError, cbor_reader.read_plain, b"\xc1\x00")
        self.assertRaises(LookupError, cbor_reader.read_plain, b"\x81" * 5000 + b"\x01")
        self.assertRaises(CloneError, cbor_reader.read_plain, b"\x01\x01")


class TestPatterns(unittest.TestCase):
    def test_there_and_back(self):
        for pattern in (r"\A[]a/](?P<x>\d)(?P=x)\Z|\[\]", r"(?<=a)(?<!b)[^]]\\Z[Z]", "[", "[\\", r"a{,3}\("):
            again = patterns.from_javascript(patterns.to_javascript(pattern))
            self.assertEqual(again.replace(r"[\]a", "[]a").replace(r"[^\]", "[^]"), pattern)

    def test_ranges(self):
        for source, count in (("[a-z]", 25), (r"[\u0000-\uffff]", 0xffff), (r"[\x00-\u{10ffff}]", 0x10ffff),
                              ("a-b-c", 2), ("a", 0), (r"\--\.", 1)):
            self.assertEqual(patterns.count_characters(source), count, source)


class TestDates(unittest.TestCase):
    def test_seconds(self):
        utc = datetime.UTC
        for moment, seconds in [
            (datetime.datetime(1970, 1, 1, tzinfo=utc), 0), (datetime.datetime(1969, 12, 31, tzinfo=utc), -86400),
            (datetime.datetime(1970, 1, 1, microsecond=1, tzinfo=utc), 1e-6),
            (datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=utc), 253402300799.999),
        ]:
            self.assertEqual(dates.to_seconds(moment), seconds)
            self.assertLess(abs(dates.to_datetime(seconds) - moment), datetime.timedelta(milliseconds=1))


class TestViews(unittest.TestCase):
    def test_formats(self):
        for code in "BHIQbhiqfd":
            view = memoryview(bytes(8)).cast(code)
            self.assertEqual(views.VIEW_FORMATS[views.get_tag(view)], code)
        self.assertEqual(views.get_address(memoryview(b"abcd")[1:]) - views.get_address(memoryview(b"abcd")), 1)


class TestFrozen(unittest.TestCase):
    def test_values(self):
        costs = []
        freezer = frozen.Freezer(costs.append)
        counts = {}
        self.assertEqual(freezer.freeze_key([1, [2, {3}], {"a": [4]}], counts)[:2], (1, (2, frozenset({3}))))
        self.assertEqual(counts.popitem()[1], 1)
        self.assertGreater(sum(costs), 5)

    def test_open_containers(self):
        freezer = frozen.Freezer(lambda cost: None)
        container = []
        freezer.open(container)
        self.assertRaises(CloneError, freezer.freeze_key, [[container]], {})
        freezer.close(container)
        self.assertEqual(freezer.freeze_key([[container]], {}), (((),),))


class TestRecords(unittest.TestCase):
    def test_registry(self):
        registry = records.Registry()
        registry.register(complex, "complex", lambda value: {"real": value.real}, lambda members: 0j)
        self.assertEqual(registry.by_class[complex].name, "complex")
        self.assertRaises(ValueError, registry.register, bool, "complex", vars, vars)


class TestInterrupts(unittest.TestCase):
    def test_deferred(self):
        done = False
        with self.assertRaises(KeyboardInterrupt), interrupts.Deferred() as deferred:
            signal.raise_signal(signal.SIGINT)
            done = deferred.is_interrupted
        self.assertTrue(done)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_handler_of_the_program(self):
        calls = []
        previous = signal.signal(signal.SIGINT, lambda *_: calls.append(1))
        try:
            with interrupts.Deferred():
                signal.raise_signal(signal.SIGINT)
        finally:
            signal.signal(signal.SIGINT, previous)
        self.assertEqual(calls, [1])

    def test_in_a_main_loop(self):
        """The loop of PyGObject has a handler already; both end."""
        loop = GLib.MainLoop()
        seen = []

        def run(*_):
            with interrupts.Deferred() as deferred:
                signal.raise_signal(signal.SIGINT)
                seen.append(deferred.is_interrupted)
            return False

        GLib.idle_add(run)
        GLib.timeout_add_seconds(60, loop.quit)
        with self.assertRaises(KeyboardInterrupt):
            loop.run()
        self.assertEqual(len(seen), 1)


if __name__ == "__main__":
    tap.main()
