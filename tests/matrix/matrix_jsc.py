"""The part of JavaScriptCore in the language matrix: a program in Python, which has a script in it.

Usage: as matrix.c
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
from collections.abc import Callable

import matrix
from gi.repository import GLib, GObject, WebMessaging, WebMessagingPrivate
from script import Script, text_of


def make_channel(receive: Callable[[WebMessaging.MessageEvent], object]) -> WebMessaging.MessageChannel:
    """A channel with a started port2, of which the realm of Python does not know: it cannot make values of all
    messages."""
    channel = WebMessaging.MessageChannel()
    for name in ("message", "messageerror"):
        GObject.Object.connect(channel.port2, name, lambda _port, event: receive(event))
    super(WebMessaging.MessagePort, channel.port2).start()
    return channel


def deliver_to_c(text: str) -> str:
    """What C gets when the script posts what a row calls a value."""
    results: list[str] = []
    channel = make_channel(lambda event: results.append(matrix.describe_for_c(event)))
    try:
        SCRIPT.send(channel.port1, text)
    except WebMessaging.DOMException as error:
        return error.name
    while not results:
        GLib.MainContext.default().iteration(True)
    return results[0]


def live(row: str) -> None:
    """What goes between C and the script, and from the script to itself."""
    from_c, from_here = matrix.get(row, "from-c"), text_of(matrix.get, row, "from")
    if "another process" in row:
        return
    if from_c != "none":
        result = SCRIPT.judge(lambda port: matrix.post_from_c(port, from_c), text_of(matrix.get, row, "to", "c"))
        print(f"c\tjsc\t{row}\t{result}")
    if from_here == "none":
        return

    result = SCRIPT.judge(lambda port: SCRIPT.send(port, from_here), text_of(matrix.get, row, "to", "jsc"))
    print(f"jsc\tjsc\t{row}\t{result}")
    expected = matrix.get(row, "to-c-from-jsc") or matrix.get(row, "to-c")
    print(f"jsc\tc\t{row}\t{matrix.judge_for_c(deliver_to_c(from_here), expected)}")


def send(row: str) -> None:
    """The bytes of what the script posts."""
    text = text_of(matrix.get, row, "from")
    if text == "none":
        print(f"{row}\tnone")
        return
    channel = make_channel(lambda _event: None)
    CATCHER.adopt(channel.port2)
    CAUGHT.clear()
    try:
        SCRIPT.send(channel.port1, text)
    except WebMessaging.DOMException as error:
        CAUGHT.append(f"!{error.name}")
    while not CAUGHT:
        GLib.MainContext.default().iteration(True)
    print(f"{row}\t{CAUGHT[0]}")


def catch(event: WebMessaging.MessageEvent, *_args: object) -> int:
    """Keeps the bytes of a message for another process."""
    try:
        CAUGHT.append(WebMessagingPrivate.get_message(event).to_bytes().hex())
    except GLib.Error:
        CAUGHT.append("!DataCloneError")
    return 1


def receive(line: str) -> None:
    """Bytes of another process."""
    row, text = line.rstrip("\n").split("\t")
    message = WebMessaging.SerializedData.new_from_bytes(GLib.Bytes.new(bytes.fromhex(text)))
    result = SCRIPT.judge(lambda port: port.post_serialized(message), text_of(matrix.get, row, "to", sys.argv[3]))
    print(f"{row}\t{result}")


SCRIPT = Script()
CAUGHT: list[str] = []
CATCHER = WebMessagingPrivate.Realm.new(WebMessagingPrivate.VERSION, catch)
if sys.argv[2] == "receive":
    for input_line in sys.stdin:
        receive(input_line)
else:
    for name in matrix.ROWS.get_groups()[0]:
        {"send": send, "live": live}[sys.argv[2]](name)
