"""Values of classes that are not the plain ones of Python, and what is registered."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import collections
import ctypes
import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import types
import unittest
import uuid

import gi

gi.require_version("WebMessaging", "1")
gi.require_version("WebMessagingPrivate", "1")
import tap
from describe import describe
from gi.repository import Gio, GLib, WebMessaging, WebMessagingPrivate

try:
    import numpy
except ImportError:
    numpy = None

clone = WebMessaging.structured_clone
UTC = datetime.UTC


class Color(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


class Shape(enum.Enum):
    ROUND = 1
    SQUARE = (2, 3)
    NONE = None


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


@WebMessaging.register_record
@dataclasses.dataclass
class Failure(Exception):
    code: int = 0
    detail: str = ""


@WebMessaging.register_record
@dataclasses.dataclass(frozen=True)
class Key:
    name: str
    path: tuple = ()


@WebMessaging.register_record(name="test.Picky")
@dataclasses.dataclass
class Picky:
    x: int

    def __new__(cls, x):
        return super().__new__(cls)


@WebMessaging.register_record
@dataclasses.dataclass
class Song:
    title: str
    length: int = dataclasses.field(default_factory=lambda: int("unknown"))
    genres: list = dataclasses.field(default_factory=list)


class Money:
    def __init__(self, amount, unit):
        self.amount, self.unit = amount, unit


WebMessaging.register_record(
    Money, "test.Money",
    write=lambda money: {"amount": money.amount, "unit": money.unit},
    read=lambda members: Money(members["amount"], members["unit"]))


def get_cbor(value):
    return WebMessagingPrivate.get_cbor(WebMessaging.SerializedData.serialize(value)).get_data()


def read_record(name, members):
    """What a receiver gets of a record that anybody may have sent."""
    head = bytes.fromhex("da57454207838080 da57454205 82") + bytes([0x60 + len(name)]) + name.encode()
    return WebMessaging.SerializedData.from_bytes(head + get_cbor(members)).to_value()


def nest(make, depth):
    value = make(None)
    for _ in range(depth - 1):
        value = make(value)
    return value


def with_cause(cause):
    error = ValueError("v")
    error.__cause__ = cause if isinstance(cause, Exception) else None
    return error


class TestSubclasses(unittest.TestCase):
    """What an object is, not what its class says that it looks like."""

    def test_strings(self):
        class Loud(str):
            def __str__(self):
                return "loud"

        copy = clone({Color.RED: Color.BLUE, Loud("k"): Loud("v")})
        self.assertEqual(describe(copy), describe({"red": "blue", "k": "v"}))
        self.assertEqual(describe(clone({Color.RED: 1, 2: 3})), describe({"red": 1, 2: 3}))
        self.assertEqual(describe(clone({Color.RED})), describe({"red"}))

    def test_numbers(self):
        class Sly(int):
            def __int__(self):
                return 99

            __index__ = __int__

        class SlyFloat(float):
            def __float__(self):
                return 99.0

        copy = clone([Level.LOW, Sly(5), SlyFloat(1.5), {Level.LOW: 1}, True])
        self.assertEqual(describe(copy), describe([1, 5, 1.5, {1: 1}, True]))

    def test_containers(self):
        class Bytes(bytes):
            def __len__(self):
                return 1

        point = collections.namedtuple("point", "x y")
        for value, expected in [
            (collections.OrderedDict(a=1), {"a": 1}), (types.MappingProxyType({"a": 1}), {"a": 1}),
            (collections.ChainMap({"a": 1}), {"a": 1}), (point(1, [2]), [1, [2]]),
            (Bytes(b"abc"), b"abc"), (collections.Counter("aa"), {"a": 2}),
        ]:
            with self.subTest(repr(value)):
                self.assertEqual(describe(clone(value)), describe(expected))


class TestConstants(unittest.TestCase):
    """Python makes one object of equal constants; a receiver must not see that."""

    def test_not_shared(self):
        for constant in ((), (1, 2), ((), (0, "a", (None, b"x"))), b"", frozenset(), frozenset({1})):
            with self.subTest(repr(constant)):
                copy = clone([constant, constant, constant])
                if not isinstance(constant, bytes):
                    self.assertIsNot(copy[0], copy[1])
                self.assertNotIn(bytes.fromhex("d81d"), get_cbor([constant, constant]))

    def test_shared(self):
        """A tuple that contains an object, or many values, is an object to be found again."""
        large = tuple(range(1000))
        for value in (large, ([],), (large,), bytearray(b"a"), b"x" * 100, []):
            with self.subTest(repr(value)[:40]):
                copy = clone([value, value])
                self.assertIs(copy[0], copy[1])
        # However often they contain each other.
        self.assertLess(len(get_cbor(nest(lambda value: (value, value), 200))), 4000)

    def test_small_bytes_with_views(self):
        data = b"0123"
        for value in ([data, memoryview(data), data], [memoryview(data), data, memoryview(data)[1:]]):
            copy = clone(value)
            exporters = {id(item.obj if isinstance(item, memoryview) else item) for item in copy}
            self.assertLessEqual(len(exporters), 2)
            self.assertEqual([bytes(item) for item in copy], [bytes(item) for item in value])
        copy = clone([data, memoryview(data)])
        self.assertIs(copy[1].obj, copy[0])


class TestExceptions(unittest.TestCase):
    def test_groups(self):
        group = ExceptionGroup("g", [ValueError("a"), ExceptionGroup("h", [KeyError("k")])])
        group.__cause__ = OSError("why")
        copy = clone(group)
        self.assertIs(type(copy), ExceptionGroup)
        self.assertEqual(repr(copy), repr(group))
        self.assertEqual(repr(copy.__cause__), "OSError('why')")
        shared = ValueError("s")
        copy = clone([shared, ExceptionGroup("g", [shared])])
        self.assertIs(copy[1].exceptions[0], copy[0])

    def test_of_glib(self):
        error = GLib.Error("no", "g-io-error-quark", 1)
        error.__cause__ = ValueError("v")
        copy = clone(error)
        self.assertTrue(copy.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND))
        self.assertEqual((copy.message, repr(copy.__cause__)), ("no", "ValueError('v')"))
        # Nothing is kept for a domain that only the sender knows.
        self.assertEqual(clone(GLib.Error("no", "nobody-knows-quark", 1)).domain, "nobody-knows-quark")
        self.assertEqual(GLib.quark_try_string("nobody-knows-quark"), 0)

    def test_of_unusual_arguments(self):
        for error in (UnicodeDecodeError("utf-8", b"x", 0, 1, "r"), UnicodeEncodeError("utf-8", "x", 0, 1, "r"),
                      FileNotFoundError(2, "No such file", "f"), SyntaxError("s"), KeyError("k"), StopIteration(5)):
            with self.subTest(repr(error)):
                self.assertEqual(str(clone(error)), str(error))
                self.assertIsInstance(error, type(clone(error)))

    def test_records(self):
        failure = Failure(5, "d")
        copy = clone(failure)
        self.assertEqual((type(copy), copy.code, copy.detail, copy.args), (Failure, 5, "d", (5, "d")))


class TestDates(unittest.TestCase):
    def test_limits(self):
        first, last = (moment.replace(tzinfo=UTC) for moment in (datetime.datetime.min, datetime.datetime.max))
        self.assertEqual(clone(first), first)
        self.assertEqual(clone(last), last.replace(microsecond=999000))
        beyond = datetime.timezone(datetime.timedelta(hours=14))
        before = datetime.timezone(-datetime.timedelta(hours=1))
        for moment in (first.replace(tzinfo=beyond), last.replace(tzinfo=before)):
            self.assertRaises(WebMessaging.DOMException, clone, moment)

    def test_microseconds(self):
        for year in (1900, 1969, 1970, 2026, 2100):
            for microsecond in (1, 999, 123457, 999999):
                moment = datetime.datetime(year, 3, 1, microsecond=microsecond, tzinfo=UTC)
                self.assertEqual(clone(moment), moment)


class TestRecords(unittest.TestCase):
    def test_standard_classes(self):
        for value in [
            decimal.Decimal("1.10"), decimal.Decimal("NaN"), decimal.Decimal("-1E+1000"), uuid.UUID(int=5),
            pathlib.Path("/a/é"), datetime.date(2020, 2, 29), datetime.time(1, 2, 3, 4),
            datetime.time(1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5))),
            datetime.timedelta(days=-1, microseconds=7), datetime.timedelta.max,
            Shape.ROUND, Shape.SQUARE, Shape.NONE, Rights.READ | Rights.WRITE, Rights(0),
        ]:
            with self.subTest(repr(value)):
                copy = clone([value, {value: value}])
                self.assertEqual(repr(copy), repr([value, {value: value}]))
                self.assertIs(type(copy[0]), type(value))

    def test_wire_form(self):
        """A receiver that does not know a class gets what tells its object."""
        for value, expected in [
            (decimal.Decimal("1.10"), {"value": "1.10"}),
            (Shape.ROUND, {"class": f"{__name__}:Shape", "name": "ROUND", "value": 1}),
            (datetime.timedelta(1, 2, 3), {"days": 1, "seconds": 2, "microseconds": 3}),
            (Money(5, "EUR"), {"amount": 5, "unit": "EUR"}),
        ]:
            cbor = bytearray(get_cbor(value))
            # Another name: its length is in the byte after the head of the array.
            start = cbor.index(0x82) + 1
            length = cbor[start] & 31
            cbor[start + 1:start + 1 + length] = b"?" * length
            data = WebMessaging.SerializedData.from_bytes(bytes.fromhex("da57454207838080") + cbor)
            self.assertEqual(data.to_value(), expected)

    def test_unknown_members_of_enumerations(self):
        for path in ("nowhere:Shape", "os:system", "sys:modules", "builtins:int", "", "enum:Enum.x",
                     f"{__name__}:Money"):
            record = {"class": path, "name": "ROUND"}
            cbor = get_cbor(record)
            head = bytes.fromhex("da57454207838080 da57454205 82 69") + b"enum.Enum"
            self.assertEqual(WebMessaging.SerializedData.from_bytes(head + cbor).to_value(), record)

    def test_damaged_records(self):
        for name, members in [
            ("decimal.Decimal", {"value": "x"}), ("decimal.Decimal", {}), ("uuid.UUID", {"value": 5}),
            ("datetime.date", {"value": "2020-02-30"}), ("test.Money", {"amount": 5}),
            ("datetime.timedelta", {"days": 10**10, "seconds": 0, "microseconds": 0}),
            ("datetime.timedelta", {"days": True, "seconds": 0, "microseconds": 0}),
            ("Key", {"path": []}), ("Song", {"genres": []}), ("Song", {"title": "t"}),
        ]:
            with self.subTest(name, **members), self.assertRaises(WebMessaging.DOMException):
                read_record(name, members)

    def test_versions(self):
        """A sender may have an older class, with fewer fields, or a newer one."""
        failure = read_record("Failure", {"code": 1})
        self.assertEqual((failure.code, failure.detail, failure.args), (1, "", (1, "")))
        songs = [read_record("Song", {"title": "t", "length": 1, "year": 2026}) for _ in range(2)]
        self.assertEqual(songs, [Song("t", 1), Song("t", 1)])
        self.assertIsNot(songs[0].genres, songs[1].genres)

    def test_registered_classes(self):
        copy = clone([Money(5, "EUR"), Picky(3)])
        self.assertEqual((copy[0].amount, copy[0].unit, copy[1].x), (5, "EUR", 3))
        money = Money(1, "EUR")
        copy = clone([money, money])
        self.assertIs(copy[0], copy[1])

    def test_as_keys(self):
        copy = clone({Key("a", (1, (2,))): 1, Key("b"): 2})
        self.assertEqual(copy, {Key("a", (1, (2,))): 1, Key("b"): 2})
        self.assertEqual(clone({Key("a")}), {Key("a")})

    def test_registration_errors(self):
        @dataclasses.dataclass
        class Content(list):
            tag: str = ""

        @dataclasses.dataclass
        class Unset:
            x: int = dataclasses.field(init=False)

        for arguments, keywords in [
            ((int,), {}), ((Content,), {}), ((Money, "m"), {"write": vars}), ((Money, "m"), {"read": Money}),
        ]:
            self.assertRaises(TypeError, WebMessaging.register_record, *arguments, **keywords)
        with self.assertRaises(ValueError):
            WebMessaging.register_record(Unset, "uuid.UUID")
        WebMessaging.register_record(Unset)
        self.assertRaises(WebMessaging.DOMException, clone, Unset())


class TestNumbersAndBuffers(unittest.TestCase):
    def test_buffers(self):
        for value, expected in [
            (memoryview(b"abcd")[::2], b"ac"), ((ctypes.c_int32 * 2)(1, -2), array.array("i", [1, -2])),
            (memoryview(b"ab").cast("c"), b"ab"), (memoryview(b"\1\0").cast("?"), b"\1\0"),
            ((ctypes.c_uint16.__ctype_be__ * 2)(1, 2), array.array("H", [1, 2])),
        ]:
            with self.subTest(repr(value)):
                copy = clone(value)
                self.assertEqual(copy, memoryview(expected))
        released = memoryview(b"a")
        released.release()
        for value in (released, memoryview(b"abcd").cast("B", (2, 2))):
            self.assertRaises(WebMessaging.DOMException, clone, value)

    def test_numbers(self):
        class Index:
            def __index__(self):
                return 7

        class Float:
            def __float__(self):
                return 1.5

        index = Index()
        self.assertEqual(describe(clone([index, index, Float()])), describe([7, 7, 1.5]))
        for value in (1j, fractions.Fraction(1, 3), object()):
            self.assertRaises(WebMessaging.DOMException, clone, value)

    @unittest.skipIf(numpy is None, "numpy is not installed")
    def test_numpy(self):
        scalar = numpy.float32(1.5)
        self.assertEqual(
            describe(clone([scalar, scalar, numpy.int64(-5), numpy.bool_(True), numpy.float64(2), numpy.str_("s")])),
            describe([1.5, 1.5, -5, True, 2.0, "s"]))
        for array_type in ("i1", "u2", "<i4", ">i4", "u8", "f4", ">f8"):
            values = numpy.array([1, 2, 3, 4], array_type)
            self.assertEqual(clone(values).tolist(), [1, 2, 3, 4])
            self.assertEqual(clone(values[::2]).tolist(), [1, 3])
        shared = numpy.zeros(10000)
        copy = clone([shared, shared])
        self.assertIs(copy[0], copy[1])
        for value in (numpy.zeros((2, 2)), numpy.zeros(1, "f2"), numpy.array([None]), numpy.datetime64("2020-01-01"),
                      numpy.complex64(1), numpy.zeros(1, "i4,f8")):
            with self.subTest(repr(value)):
                self.assertRaises(WebMessaging.DOMException, clone, value)


class TestDepth(unittest.TestCase):
    def test_alike_at_both_sides(self):
        """What can be sent can be read, also from outside; the rest is refused by the sender."""
        for make in (lambda value: [value], lambda value: {"a": value}, lambda value: {1: value}, with_cause,
                     lambda value: (1, value),
                     lambda value: [[value]] * 2):
            accepted = []
            for depth in (100, 500, 509, 513, 1000, 1020, 1021, 1022, 1023, 1024, 1025, 3000, 100000):
                value = nest(make, depth)
                try:
                    data = WebMessaging.SerializedData.serialize(value)
                except WebMessaging.DOMException as error:
                    self.assertIn("nested too deeply", error.message)
                    continue
                data.to_value()
                if make(None) == (1, None) and depth < 1020:
                    self.assertEqual(len(clone({value: 1})), 1)
                WebMessaging.SerializedData.from_bytes(data.to_bytes()).to_value()
                accepted.append(depth)
            self.assertIn(100, accepted)
            self.assertLess(max(accepted), 1025)

    def test_on_a_full_stack(self):
        """How deep the program is does not matter."""
        value = nest(lambda value: [value, b""], 1000)
        data = WebMessaging.SerializedData.serialize(value)

        def call(depth):
            return call(depth - 1) if depth > 0 else describe(clone(data.to_value())[0] is not None)

        self.assertEqual(call(900), "bool True")


class TestBytes(unittest.TestCase):
    def test_round_trip(self):
        data = WebMessaging.SerializedData.serialize({"a": 1})
        self.assertIsInstance(data.to_bytes(), bytes)
        for message in (data.to_bytes(), bytearray(data.to_bytes()), memoryview(data.to_bytes())):
            self.assertEqual(WebMessaging.SerializedData.from_bytes(message).to_value(), {"a": 1})
        self.assertRaises(TypeError, WebMessaging.SerializedData.from_bytes, "text")


if __name__ == "__main__":
    tap.main()
