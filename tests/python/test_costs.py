"""Foreign bytes that would take long, or much memory, for their length.

They are refused, or read; what takes too long is stopped. tests/growth measures ordinary messages.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import resource
import signal
import struct
import unittest

import gi

gi.require_version("WebMessaging", "1")
gi.require_version("WebMessagingPrivate", "1")
import tap
from gi.repository import WebMessaging, WebMessagingPrivate

TIMEOUT_SECONDS = 60
MEMORY = 2 << 30

Tag = WebMessagingPrivate.Tag
ARRAY, MAP, TAG = 4, 5, 6


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in range(4) if number < 256 ** 2 ** size)
    return bytes([major << 5 | 24 + size]) + struct.pack(">Q", number)[8 - 2 ** size:]


def text(value):
    return head(3, len(value.encode())) + value.encode()


def bignum(value):
    data = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return head(TAG, Tag.POSITIVE_BIGNUM) + head(2, len(data)) + data


def array(*items):
    return head(ARRAY, len(items)) + b"".join(items)


def set_of(*items):
    return head(TAG, Tag.SET) + array(*items)


def map_of(*items):
    return head(TAG, Tag.MAP) + head(MAP, len(items) // 2) + b"".join(items)


def shared(item):
    return head(TAG, Tag.SHAREABLE) + item


def reference(number):
    return head(TAG, Tag.REFERENCE) + head(0, number)


def regexp(source, flags=""):
    return head(TAG, Tag.REGEXP) + array(text(source), text(flags))


def record(name, **members):
    return (head(TAG, Tag.RECORD) + head(ARRAY, 2) + text(name) + head(MAP, len(members))
            + b"".join(text(key) + value for key, value in members.items()))


def doubled(depth):
    """A list of two references to a list of two references and so on: 2 ** depth in all."""
    return (shared(head(ARRAY, 2)) * depth + shared(array(b"\1"))
            + b"".join(reference(number) for number in range(depth, 0, -1)))


def as_many_keys(item, count):
    return array(shared(item), *[set_of(reference(0))] * count)


# All multiples of this number have the same hash.
MODULUS = (1 << 61) - 1

REFUSED = {
    "a key of many repetitions": map_of(doubled(40), b"\1"),
    "a member of many repetitions": set_of(doubled(40)),
    "a member of a member of many repetitions": set_of(set_of(doubled(40))),
    "a long list as many keys": as_many_keys(array(*[b"\1"] * 20000), 20000),
    "a long integer as many keys": as_many_keys(bignum(1 << 4000000), 20000),
    "a long pattern as many keys": as_many_keys(regexp("a" * 100000), 20000),
    "a long view as many keys": as_many_keys(
        head(TAG, Tag.UINT8) + head(2, 1000000) + bytes(1000000), 20000),
    "integers with the same hash": set_of(*[bignum(MODULUS * number) for number in range(20, 20020)]),
    "tuples with the same hash": set_of(*[array(bignum(MODULUS * number)) for number in range(20, 20020)]),
    "many holes": array(*[head(TAG, Tag.SPARSE) + array(head(0, 60000), head(MAP, 0))] * 10000),
    "classes of many characters": array(*[regexp("[\1-\U0010ffff]", "i")] * 1000),
    "classes of many characters in one": regexp(r"[\u0001-\uffff0]" * 5000, "i"),
    "many classes": regexp("[a-z]" * 20000, "i"),
    "brackets without an end": regexp("[" * 100000),
    "a set in itself": shared(set_of(reference(0))),
    "a key in itself": map_of(shared(array(reference(0))), b"\1"),
    "a map as its own key": shared(map_of(reference(0), b"\1")),
    "a set that is in its member": shared(set_of(array(reference(0)))),
    "a list that is a key in itself": shared(array(map_of(reference(0), b"\1"), b"\2")),
}

READ = {
    "integers": set_of(*[head(0, number << 20) for number in range(50000)]),
    "floats": set_of(*[struct.pack(">Bd", 0xfb, number + 0.5) for number in range(50000)]),
    "nested sets": (head(TAG, Tag.SET) + head(ARRAY, 1)) * 1000 + b"\1",
    "nested lists": set_of(head(ARRAY, 1) * 1000 + b"\1"),
    "one hole after the other": head(TAG, Tag.SPARSE) + array(head(0, 60000), head(MAP, 0)),
    "some repetitions": set_of(doubled(10)),
    "a list as some keys": as_many_keys(array(*[b"\1"] * 1000), 100),
    "bytes as many keys": as_many_keys(head(2, 1000000) + bytes(1000000), 20000),
    "groups": regexp("(a)" * 2000),
    "words of many alphabets": regexp("[\\w\u0100-\u024f\u0400-\u04ff]+(?:[-'][a-z]+)*" * 20, "i"),
    "decimal numbers": set_of(*[
        record("decimal.Decimal", value=text(f"{number}e999999")) for number in range(1, 2000)]),
    "a long decimal number": record("decimal.Decimal", value=text("9" * 300000)),
}


def read(message):
    data = WebMessaging.SerializedData.from_bytes(bytes.fromhex("da57454207838080") + message)
    return data.to_value()


class TestCosts(unittest.TestCase):
    def setUp(self):
        def stop(*_):
            raise BaseException("takes too long")

        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, stop))

    def run_cases(self, cases, check):
        for name, message in cases.items():
            with self.subTest(name):
                signal.alarm(TIMEOUT_SECONDS)
                try:
                    check(message)
                finally:
                    signal.alarm(0)

    def test_refused(self):
        def check(message):
            with self.assertRaises(WebMessaging.DOMException):
                read(message)

        self.run_cases(REFUSED, check)

    def test_read(self):
        self.run_cases(READ, read)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tap.main()
