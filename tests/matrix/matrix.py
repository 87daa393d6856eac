"""The part of Python in the language matrix.

Usage: as matrix.c
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import dataclasses
import datetime
import decimal
import enum
import pathlib
import re
import sys

import gi

gi.require_version("WebMessaging", "1")
from cbor2.types import FrozenDict
from gi.repository import GLib, GObject, WebMessaging

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "python"))
from describe import describe
from script import Script, text_of

STRANGER = bytes.fromhex("da57454207 838081 83 68537472616e676572 61734100 da5745420000")


class Note(GObject.Object, WebMessaging.Serializable):
    """An object that every language has a class for."""

    __gtype_name__ = "MatrixNote"

    def do_serialize(self):
        return GLib.Variant("s", self.text)

    def do_deserialize(self, serialized):
        self.text = serialized.unpack()
        return True


@WebMessaging.register_record
@dataclasses.dataclass
class Point:
    """A record."""

    x: int
    y: int


class Shape(enum.Enum):
    """An enumeration."""

    ROUND = 1


NAMES = {
    "UNDEFINED": WebMessaging.UNDEFINED, "DOMException": WebMessaging.DOMException,
    "FrozenDict": FrozenDict, "Point": Point, "Shape": Shape, "array": array, "datetime": datetime,
    "decimal": decimal, "pathlib": pathlib, "re": re,
}

ROWS = GLib.KeyFile()
ROWS.load_from_file(sys.argv[1], GLib.KeyFileFlags.NONE)


def get(row, key):
    try:
        return ROWS.get_value(row, key)
    except GLib.Error:
        return None


def make(text):
    """What a row calls a value, with its transfer list."""
    if text == "port":
        port = WebMessaging.MessageChannel().port1
        return port, [port]
    if text == "note":
        note = Note()
        note.text = "a note"
        return note, []
    return eval(text, dict(NAMES)), []


def serialize(text):
    if text == "stranger":
        return WebMessaging.SerializedData.new_from_bytes(GLib.Bytes.new(STRANGER))
    return WebMessaging.SerializedData.serialize(*make(text))


def describe_event(event):
    if event.get_event_type() == "messageerror":
        return "DataCloneError"
    data = event.data
    if isinstance(data, WebMessaging.MessagePort):
        return "port"
    if isinstance(data, Note):
        return "note" if data.text == "a note" else "another note"
    return describe(data)


def describe_for_c(event):
    variant = event.get_data()
    if event.get_event_type() == "messageerror" or variant is None:
        return "DataCloneError"
    if variant.get_type_string() == "h":
        handle = event.get_object(variant.get_handle())
        return "port" if isinstance(handle, WebMessaging.MessagePort) else "note"
    return variant.print_(True)


def deliver(post, describe_it=describe_event):
    """What arrives when something is posted."""
    channel = WebMessaging.MessageChannel()
    results = []
    channel.port2.connect("message", lambda _, event: results.append(describe_it(event)))
    channel.port2.connect("messageerror", lambda _, event: results.append(describe_it(event)))
    channel.port2.start()
    try:
        post(channel.port1)
    except WebMessaging.DOMException as error:
        return error.name
    while not results:
        GLib.MainContext.default().iteration(True)
    channel.port1.close()
    return results[0]


def judge(actual, expected):
    if actual == expected:
        return "ok"
    if expected in ("DataCloneError", "port", "note"):
        return actual[:200]
    return "ok" if actual == describe(eval(expected, dict(NAMES))) else actual[:200]


def judge_for_c(actual, expected):
    if actual == expected or ("times" in expected and len(actual) > 300000):
        return "ok"
    if expected in ("DataCloneError", "port", "note"):
        return actual[:200]
    parsed = GLib.Variant.parse(None, expected, None, None)
    return "ok" if actual == parsed.print_(True) else actual[:200]


def expected_from(row, sender):
    return get(row, f"to-python-from-{sender}") or get(row, "to-python")


def post_from_c(port, text):
    if text == "port":
        port.post_message(GLib.Variant("h", 0), [WebMessaging.MessageChannel().port1])
    elif text == "note":
        port.post_serialized(
            WebMessaging.SerializedData.new(GLib.Variant("h", 0), [], [make(text)[0]]))
    elif text == "stranger":
        port.post_serialized(serialize(text))
    else:
        port.post_message(GLib.Variant.parse(None, text, None, None))


def live(row, script):
    from_c, from_here = get(row, "from-c"), get(row, "from-python")
    if "another process" in row:
        return
    from_script = text_of(get, row, "from")
    if from_script != "none":
        result = judge(deliver(lambda port: script.send(port, from_script)), expected_from(row, "jsc"))
        print(f"jsc\tpython\t{row}\t{result}")
    if from_c != "none":
        result = judge(deliver(lambda port: post_from_c(port, from_c)), expected_from(row, "c"))
        print(f"c\tpython\t{row}\t{result}")
    if from_here == "none":
        return

    def post(port):
        if from_here == "stranger":
            port.post_serialized(serialize(from_here))
        else:
            port.post_message(*make(from_here))

    print(f"python\tjsc\t{row}\t{script.judge(post, text_of(get, row, 'to', 'python'))}")
    print(f"python\tpython\t{row}\t{judge(deliver(post), expected_from(row, 'python'))}")
    expected = get(row, "to-c-from-python") or get(row, "to-c")
    print(f"python\tc\t{row}\t{judge_for_c(deliver(post, describe_for_c), expected)}")


def send(row):
    text = get(row, "from-python")
    result = "none"
    if text != "none":
        try:
            result = serialize(text).to_bytes().hex()
        except GLib.Error as error:
            data_clone = error.matches(WebMessaging.messaging_error_quark(),
                                       WebMessaging.MessagingError.DATA_CLONE)
            result = "!DataCloneError" if data_clone else f"!{error}"
    print(f"{row}\t{result}")


def receive(line):
    row, text = line.rstrip("\n").split("\t")
    message = WebMessaging.SerializedData.new_from_bytes(GLib.Bytes.new(bytes.fromhex(text)))
    result = judge(deliver(lambda port: port.post_serialized(message)),
                   expected_from(row, sys.argv[3]))
    print(f"{row}\t{result}")


if __name__ == "__main__":
    if sys.argv[2] == "receive":
        for input_line in sys.stdin:
            receive(input_line)
    else:
        script = Script()
        for name in ROWS.get_groups()[0]:
            send(name) if sys.argv[2] == "send" else live(name, script)
