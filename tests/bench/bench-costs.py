"""What it costs to send values of each kind in Python, to itself."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import time

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, WebMessaging

ROUNDS = 15
MESSAGES = 200

NUMBERS = [i + 0.5 for i in range(1000)]
OBJECT = {"name": "a small dict", "number": 7}

# Each value is read as a program would read it.
KINDS = {
    "a number": (lambda: 7, lambda event: event.data),
    "a small dict": (lambda: OBJECT, lambda event: event.data["number"]),
    "a small GVariant": (lambda: GLib.Variant("(si)", ("a small dict", 7)), lambda event: event.get_data().unpack()),
    "1000 numbers in a list": (lambda: NUMBERS, lambda event: len(event.data)),
    "1000 numbers in an array.array": (lambda: array.array("d", NUMBERS), lambda event: len(event.data)),
    "bytes of 1 MB": (lambda: bytes(1000000), lambda event: len(event.data)),
}


def main() -> None:
    channel = WebMessaging.MessageChannel()
    context = GLib.MainContext.default()
    best = dict.fromkeys(KINDS, float("inf"))
    state = {"left": 0, "read": None}

    def on_message(event):
        state["read"](event)
        state["left"] -= 1

    channel.port2.on_message = on_message
    for _ in range(ROUNDS):
        for what, (make, read) in KINDS.items():
            state.update(left=MESSAGES, read=read)
            start = time.perf_counter()
            for _ in range(MESSAGES):
                channel.port1.post_message(make())
            while state["left"]:
                context.iteration(True)
            best[what] = min(best[what], (time.perf_counter() - start) / MESSAGES * 1e6)
    for what, figure in best.items():
        print(f"{what}, Python\t{figure:.6g}\tus\n  that is\t{figure / best['a number']:.6g}\tnumbers")


if __name__ == "__main__":
    main()
