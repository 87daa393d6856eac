"""Very many messages in Python: none is lost, and memory stays level.

Variables: ROUND_TRIPS, how many in each test; 1000000 takes some minutes.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import faulthandler
import gc
import os
import sys
import unittest
from datetime import UTC, datetime
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")

from gi.repository import GLib, WebMessaging

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import tap

ROUND_TRIPS = int(os.environ.get("ROUND_TRIPS", "12000"))
# From here on, memory has to stay level.
WARM_UP = max(10000, ROUND_TRIPS // 10)
MAX_GROWTH_KIB = 3072
PATIENCE_SECONDS = 60


def settle() -> None:
    while GLib.MainContext.default().iteration(False):
        pass


def memory() -> int:
    """The resident memory, in KiB, once garbage is gone."""
    for _ in range(3):
        gc.collect()
        settle()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def make_value(number: int):
    """Values of all kinds, small ones mostly."""
    match number % 16:
        case 0:
            return {number: {str(number)}}
        case 1:
            return bytes(100)
        case 2:
            return [datetime.fromtimestamp(number, UTC), 2**70, None, -0.0]
        case 3:
            return ValueError(str(number))
        case _:
            return {"number": number, "text": "hello", "list": [1, 2, 3]}


class TestRoundTrips(unittest.TestCase):
    def setUp(self):
        self.count = 0
        self.channels = WebMessaging.MessageChannel()
        faulthandler.dump_traceback_later(PATIENCE_SECONDS + ROUND_TRIPS // 100, exit=True)

    def tearDown(self):
        faulthandler.cancel_dump_traceback_later()

    def advance(self, number: int) -> bool:
        """A round trip is over."""
        self.assertEqual(number, self.count)
        self.count += 1
        if self.count == WARM_UP:
            self.memory = memory()
        return self.count < ROUND_TRIPS

    def finish(self) -> None:
        settle()
        growth = memory() - self.memory
        print(f"# {self.count} round trips; {self.memory} KiB after {WARM_UP}, then {growth} more")
        self.assertEqual(self.count, ROUND_TRIPS)
        self.assertLess(growth, MAX_GROWTH_KIB)

    def run_until_done(self) -> None:
        context = GLib.MainContext.default()
        while self.count < ROUND_TRIPS:
            context.iteration(True)

    def test_handlers_lose_nothing(self):
        port1, port2 = self.channels.port1, self.channels.port2

        def post(number: int) -> None:
            port1.post_message([number, make_value(number)])

        def on_answer(event) -> None:
            number = event.data[0]
            if self.advance(number):
                post(number + 1)

        port2.on_message = lambda event: port2.post_message(event.data)
        port1.on_message = on_answer
        post(0)
        self.run_until_done()
        port1.close()
        self.finish()

    def test_iterating_loses_nothing(self):
        port1, port2 = self.channels.port1, self.channels.port2
        port2.on_message = lambda event: port2.post_message(event.data)
        messages = port1.messages() if hasattr(port1, "messages") else iter(port1)
        port1.post_message([0, make_value(0)])
        for event in messages:
            number = event.data[0]
            if not self.advance(number):
                break
            port1.post_message([number + 1, make_value(number + 1)])
        port1.close()
        self.finish()

    def test_ports_that_travel_lose_nothing(self):
        port1, port2 = self.channels.port1, self.channels.port2

        def post(number: int) -> None:
            channel = WebMessaging.MessageChannel()
            near = channel.port1

            def on_answer(event) -> None:
                near.close()
                if self.advance(event.data[0]):
                    post(event.data[0] + 1)

            near.on_message = on_answer
            port1.post_message([number, make_value(number), channel.port2], [channel.port2])

        def answer(event) -> None:
            number, value, port = event.data
            port.post_message([number, value])

        port2.on_message = answer
        post(0)
        self.run_until_done()
        port1.close()
        self.finish()


if __name__ == "__main__":
    tap.main()
