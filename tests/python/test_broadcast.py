"""Broadcast channels in Python. The rules are in test-broadcast-channel.c."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import gc
import threading
import unittest
import weakref

import gi

gi.require_version("WebMessaging", "1")
import tap
from gi.repository import GLib, GObject, WebMessaging
from main_loop import TIMEOUT_SECONDS, wait_until

BroadcastChannel = WebMessaging.BroadcastChannel


def settle():
    context = GLib.MainContext.ref_thread_default()
    while context.iteration(False):
        pass


def collect():
    for _ in range(5):
        gc.collect()
        settle()


def receive(channel):
    """The data of the messages that arrive, in a list."""
    received = []
    channel.on_message = lambda event: received.append(event.data)
    return received


class Stubborn(GObject.Object, WebMessaging.Serializable):
    """What cannot be received."""

    __gtype_name__ = "TestBroadcastStubborn"

    def do_serialize(self):
        return GLib.Variant("i", 1)

    def do_deserialize(self, _serialized):
        return False


class TestBroadcast(unittest.TestCase):
    def setUp(self):
        self.here = BroadcastChannel(self.id())
        self.there = BroadcastChannel(self.id())
        self.addCleanup(self.here.close)
        self.addCleanup(self.there.close)

    def test_values(self):
        value = {"set": {1, 2**70}, "bytes": bytes(10000), "list": [None, "ä"]}
        value["self"] = value
        events = []
        self.there.on_message = events.append
        self.here.post_message(value)
        self.here.post_message(GLib.Variant("(is)", (1, "a")))
        self.here.post_message()
        settle()
        first, second, third = events
        self.assertIs(first.data["self"], first.data)
        self.assertEqual(first.data["set"], {1, 2**70})
        self.assertEqual(first.data["bytes"], bytes(10000))
        self.assertEqual(second.data, [1, "a"])
        self.assertIsNone(third.data)
        self.assertEqual((first.origin, first.source, tuple(first.ports)), ("", None, ()))
        self.assertIs(first.target, self.there)

    def test_each_gets_a_copy(self):
        other = BroadcastChannel(self.id())
        received = [receive(self.there), receive(other)]
        mine = receive(self.here)
        self.here.post_message([1])
        settle()
        self.assertEqual(received, [[[1]], [[1]]])
        self.assertIsNot(received[0][0], received[1][0])
        self.assertEqual(mine, [])

    def test_properties(self):
        self.assertEqual(self.here.name, self.id())
        self.assertFalse(self.here.closed)
        self.assertIsNone(self.here.get_origin())
        self.assertEqual(BroadcastChannel("ä").get_name(), "ä")
        self.assertEqual(BroadcastChannel.new("").name, "")
        for name in (5, None, "lone \ud800"):
            with self.subTest(name), self.assertRaises(TypeError):
                BroadcastChannel(name)
        with self.assertRaises(TypeError):
            BroadcastChannel()
        with self.assertRaises(ValueError):
            BroadcastChannel("a\0b")

    def test_what_cannot_be_posted(self):
        received = receive(self.there)
        channel = WebMessaging.MessageChannel()
        for value in (lambda: None, channel.port1, [channel.port1], object()):
            with self.assertRaises(WebMessaging.DOMException) as caught:
                self.here.post_message(value)
            self.assertEqual(caught.exception.name, "DataCloneError")
        settle()
        self.assertEqual(received, [])

    def test_close(self):
        received = receive(self.there)
        self.here.post_message(1)
        self.there.close()
        self.there.close()
        settle()
        self.assertEqual(received, [])
        self.assertTrue(self.there.closed)
        for value in (1, lambda: None, GLib.Variant("i", 1)):
            with self.assertRaises(WebMessaging.DOMException) as caught:
                self.there.post_message(value)
            self.assertEqual(caught.exception.name, "InvalidStateError")

    def test_context_managers(self):
        with BroadcastChannel(self.id()) as channel:
            self.assertFalse(channel.closed)
        self.assertTrue(channel.closed)

        async def use():
            async with BroadcastChannel(self.id()) as other:
                self.assertFalse(other.closed)
            return other

        self.assertTrue(asyncio.run(use()).closed)

    def test_message_error(self):
        seen = []
        self.there.on_message_error = lambda event: seen.append((event.type, event.data))
        self.here.post_message(Stubborn())
        settle()
        self.assertEqual(seen, [("messageerror", None)])

    def test_origins_and_windows(self):
        origin = WebMessaging.Origin.new_for_url("https://a.example")
        window = WebMessaging.Window.new("https://a.example/page")
        with BroadcastChannel("place", origin=origin) as mine, BroadcastChannel("place") as other:
            framed = BroadcastChannel("place", window=window)
            events, others = [], receive(other)
            framed.on_message = events.append
            mine.post_message(1)
            settle()
            self.assertEqual([(event.data, event.origin) for event in events],
                             [(1, "https://a.example")])
            self.assertEqual(framed.get_origin().serialize(), "https://a.example")
            window.close()
            mine.post_message(2)
            self.assertTrue(framed.post_message(3))
            settle()
            self.assertEqual((len(events), others, framed.closed), (1, [], True))

    def test_introspected_functions(self):
        origin = WebMessaging.Origin.new_opaque()
        window = WebMessaging.Window.new_for_origin(origin)
        here = BroadcastChannel.new_for_origin("raw", origin)
        there = BroadcastChannel.new_for_window("raw", window)
        seen = []
        there.set_on_message(lambda _channel, event: seen.append(event.get_data().unpack()))
        here.post_serialized(WebMessaging.SerializedData.serialize(5))
        settle()
        self.assertEqual(seen, [5])

    def test_asyncio(self):
        async def run():
            message = asyncio.get_running_loop().create_future()
            with BroadcastChannel("loop") as there, BroadcastChannel("loop") as here:
                there.on_message = lambda event: message.set_result(event.data)
                here.post_message("a")
                return await asyncio.wait_for(message, TIMEOUT_SECONDS)

        self.assertEqual(asyncio.run(run()), "a")

    def test_threads(self):
        done, results = threading.Event(), []

        def run():
            context = GLib.MainContext.new()
            context.push_thread_default()
            with BroadcastChannel(self.id()) as channel:
                received = receive(channel)
                channel.post_message("ready")
                wait_until(lambda: len(received) == 100, context)
                results.extend(received)
                channel.post_message("done")
            context.pop_thread_default()
            done.set()

        received = receive(self.here)
        thread = threading.Thread(target=run)
        thread.start()
        wait_until(lambda: received == ["ready"])
        for i in range(100):
            self.here.post_message(i)
        wait_until(lambda: received == ["ready", "done"])
        thread.join()
        self.assertEqual(results, list(range(100)))


class TestGarbage(unittest.TestCase):
    def test_a_channel_that_is_listened_to_stays(self):
        seen = []

        def listen(number):
            channel = BroadcastChannel("kept")
            channel.itself = channel

            def on_message(event):
                seen.append((number, event.data))
                channel.close()

            if number == 0:
                channel.on_message = on_message
            else:
                channel.add_event_listener("message", on_message)
            return weakref.ref(channel)

        kept = [listen(0), listen(1)]
        gc.collect()
        BroadcastChannel("kept").post_message("a")
        settle()
        self.assertEqual(seen, [(0, "a"), (1, "a")])
        collect()
        self.assertEqual([channel() for channel in kept], [None, None])

    def test_others_go(self):
        def forget(prepare):
            channel = BroadcastChannel("gone")
            channel.itself = channel
            prepare(channel)
            return weakref.ref(channel)

        def stop(channel):
            channel.on_message = lambda event: channel
            channel.add_event_listener("messageerror", print)
            channel.on_message = None
            channel.remove_event_listener("messageerror", print)

        def close(channel):
            channel.on_message = lambda event: channel
            channel.close()

        gone = [forget(prepare) for prepare in (
            lambda channel: None,
            lambda channel: channel.add_event_listener("other", lambda event: channel),
            lambda channel: channel.connect("message", print),
            stop, close)]
        BroadcastChannel("gone").post_message("a")
        collect()
        self.assertEqual([channel() for channel in gone], [None] * len(gone))

    def test_a_thread_that_ends_takes_its_channels(self):
        channels = []

        def run():
            context = GLib.MainContext.new()
            context.push_thread_default()
            channel = BroadcastChannel("thread")
            channel.on_message = lambda event: channel
            channels.append(weakref.ref(channel))
            context.pop_thread_default()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        BroadcastChannel("thread").post_message(1)
        collect()
        self.assertEqual([channel() for channel in channels], [None])

    def test_posts_while_channels_are_collected(self):
        """A channel that nobody listens to is garbage while another thread posts at it."""
        stop = threading.Event()

        def post():
            context = GLib.MainContext.new()
            context.push_thread_default()
            with BroadcastChannel("busy") as channel:
                while not stop.is_set():
                    channel.post_message(1)
            context.pop_thread_default()

        thread = threading.Thread(target=post)
        thread.start()
        for i in range(200):
            channel = BroadcastChannel("busy")
            channel.itself = channel
            if i % 2:
                channel.on_message = lambda event: event.target.close()
            del channel
            GLib.MainContext.default().iteration(False)
            if i % 10 == 0:
                gc.collect()
        stop.set()
        thread.join()


if __name__ == "__main__":
    tap.main()
