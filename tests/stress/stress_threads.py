"""Python in several threads, at random, with collections in all of them.

Each thread makes channels, posts, transfers ports to the others, receives with handlers, by iterating and
by awaiting, closes and drops. A reference cycle is around most ports, so that the collector drops them,
on whatever thread it runs. Numbers tell whether a message was lost, doubled or out of order.

Variables: STRESS_SECONDS, for how long; STRESS_SEED, as it is printed, for the same choices again.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import faulthandler
import functools
import gc
import os
import random
import sys
import threading
import time
import traceback
import unittest
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")

from gi.repository import GLib, GObject, WebMessaging

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import tap

N_THREADS = 4
SECONDS = float(os.environ.get("STRESS_SECONDS", "3"))
SEED = int(os.environ.get("STRESS_SEED", random.randrange(2**32)))
PATIENCE_SECONDS = 60


class Side:
    """A port in the hands of a thread, in a cycle with it."""

    def __init__(self, worker: "Worker", port, received: int = 0, sent: int = 0) -> None:
        self.worker = worker
        self.port = port
        self.received = received
        self.sent = sent
        self.started = False
        # An attribute makes PyGObject watch the references of the port.
        port.side = self

    def start(self) -> None:
        """Receives with a handler, for good."""
        if not self.started:
            self.started = True
            self.port.on_message = self.on_message

    def on_message(self, event) -> None:
        self.worker.take(event, self)

    def on_close(self, event) -> None:
        # The garbage collector has cleared neither of them.
        assert event.target is self.port
        assert self.port.side is self
        assert threading.current_thread() is self.worker
        self.worker.counts["ended"] += 1


class Worker(threading.Thread):
    """A thread with a main context, ports, and links to the other threads."""

    def __init__(self, index: int) -> None:
        super().__init__(name=f"worker {index}")
        self.index = index
        self.random = random.Random(SEED + index)
        self.context = GLib.MainContext.new()
        self.holders = {}   # what the links are received from
        self.links = {}
        self.sides = []
        self.counts = dict.fromkeys(
            ("posted", "received", "transferred", "closed", "ended", "iterated", "awaited", "windows",
             "to windows"), 0)
        self.error = None
        self.finished = threading.Event()

    def run(self) -> None:
        self.context.push_thread_default()
        try:
            for index, holder in self.holders.items():
                port = GObject.new(WebMessaging.MessagePort)
                port.transfer_receive(holder)
                port.on_message = self.on_link_message
                self.links[index] = port
            self.holders.clear()
            end = time.monotonic() + SECONDS
            # However slow the machine is, each thread does everything at least once.
            while time.monotonic() < end or 0 in self.counts.values():
                for _ in range(20):
                    self.choose()
                while self.context.iteration(False):
                    pass
        except BaseException as error:
            self.error = error
        finally:
            self.finished.set()

    def choose(self) -> None:
        choice = self.random.randrange(100)
        side = self.random.choice(self.sides) if self.sides else None
        if side is None or choice < 10:
            self.make_channel()
        elif choice < 50:
            self.post(side)
        elif choice < 65:
            self.give_away(side)
        elif choice < 72:
            side.start()
        elif choice < 75:
            side.port.on_close = side.on_close
        elif choice < 80:
            self.iterate()
        elif choice < 83:
            self.run_asyncio()
        elif choice < 84:
            self.close_window()
        elif choice < 86:
            self.post_to_windows()
        elif choice < 90:
            self.close(side)
        elif choice < 97:
            # The other side is told whenever the collector finds the port.
            self.sides.remove(side)
        else:
            gc.collect(self.random.randrange(3))

    def make_channel(self) -> None:
        channel = WebMessaging.MessageChannel()
        self.sides += [Side(self, channel.port1), Side(self, channel.port2)]

    def make_value(self):
        return self.random.choice((None, 1, "text", {"a": [1, 2]}, {1, 2}, b"bytes", [{}, {}]))

    def post(self, side: Side) -> None:
        side.port.post_message([side.sent, self.make_value()])
        side.sent += 1
        self.counts["posted"] += 1

    def take(self, event, side: Side) -> None:
        number = event.data[0]
        if number != side.received:
            self.error = self.error or AssertionError(f"{number} arrived in the place of {side.received}")
        side.received += 1
        self.counts["received"] += 1

    def give_away(self, side: Side) -> None:
        link = self.links[self.random.choice(list(self.links))]
        self.sides.remove(side)
        try:
            link.post_message([side.received, side.sent, side.port], [side.port])
            self.counts["transferred"] += 1
        except WebMessaging.DOMException as error:
            # Only one that was closed.
            if error.name != "DataCloneError":
                raise

    def on_link_message(self, event) -> None:
        received, sent, port = event.data
        self.sides.append(Side(self, port, received, sent))

    def close(self, side: Side) -> None:
        side.port.close()
        self.sides.remove(side)
        self.counts["closed"] += 1

    def iterate(self) -> None:
        """A conversation with oneself, by iterating."""
        channel = WebMessaging.MessageChannel()
        side = Side(self, channel.port2)
        for number in range(5):
            channel.port1.post_message([number])
        channel.port1.close()
        for event in side.port.messages():
            self.take(event, side)
        if side.received != 5:
            self.error = self.error or AssertionError(f"{side.received} of 5 were received by iterating")
        self.counts["iterated"] += 1

    def run_asyncio(self) -> None:
        """As above, by awaiting; asyncio runs the main context."""
        channel = WebMessaging.MessageChannel()
        side = Side(self, channel.port2)

        async def turn_context() -> None:
            while True:
                self.context.iteration(False)
                await asyncio.sleep(0)

        async def talk() -> None:
            turning = asyncio.create_task(turn_context())
            for number in range(5):
                channel.port1.post_message([number])
                self.take(await side.port.receive(), side)
            turning.cancel()

        asyncio.run(talk())
        self.counts["awaited"] += 1

    def close_window(self) -> None:
        """A window with many ports, half of them garbage that any thread may find meanwhile."""
        window = WebMessaging.Window.new(None)
        kept = []
        for _ in range(50):
            channel = WebMessaging.MessageChannel.new_for_window(window)
            kept.append(Side(self, channel.port1))
            Side(self, channel.port2)
        window.close()
        self.counts["windows"] += 1


    def post_to_windows(self) -> None:
        """Posts to windows that are garbage by then, unless the messages come first."""
        for _ in range(10):
            window = WebMessaging.Window.new(None)
            window.handle = window.on_message = functools.partial(self.take_from_window, window)
            window.post_message(None, "text", "*")

    def take_from_window(self, window, event) -> None:
        assert event.target is window
        assert window.handle
        assert event.data == "text"
        assert threading.current_thread() is self
        self.counts["to windows"] += 1


def make_workers() -> list[Worker]:
    workers = [Worker(index) for index in range(N_THREADS)]
    for worker in workers:
        for other in workers[:worker.index]:
            channel = WebMessaging.MessageChannel()
            worker.holders[other.index] = channel.port1.transfer()
            other.holders[worker.index] = channel.port2.transfer()
    return workers


class TestThreads(unittest.TestCase):
    def test_nothing_is_lost_while_all_threads_collect(self):
        faulthandler.dump_traceback_later(SECONDS + PATIENCE_SECONDS, exit=True)
        print(f"# STRESS_SEED={SEED}")
        # PyGObject goes on after an error in what it has called.
        errors = []
        self.addCleanup(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = lambda *error: errors.append("".join(traceback.format_exception(*error)))
        sys.setswitchinterval(0.0005)
        workers = make_workers()
        for worker in workers:
            worker.start()
        while not all(worker.finished.wait(0.01) for worker in workers):
            gc.collect()
        for worker in workers:
            worker.join()
        for worker in workers:
            print(f"# {worker.name}: {worker.counts}")
            if worker.error is not None:
                raise worker.error
        self.assertEqual(errors, [])
        faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    tap.main()
