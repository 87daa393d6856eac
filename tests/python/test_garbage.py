"""Garbage that one thread collects while another one receives."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import threading
import unittest
import weakref

import gi

gi.require_version("WebMessaging", "1")
import tap
from gi.repository import Gio, GLib, WebMessaging
from main_loop import TIMEOUT_SECONDS, wait_until


class Receiver:
    """A thread that runs a main context of its own."""

    def __init__(self):
        self.context = GLib.MainContext.new()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        self.context.push_thread_default()
        self.loop.run()
        self.context.pop_thread_default()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.call(self.loop.quit)
        self.thread.join()

    def call_later(self, function):
        """Calls a function in the thread, after what it has to do already."""
        def run(*_args):
            function()
            return GLib.SOURCE_REMOVE

        # Messages come first, even if the library holds back.
        source = GLib.Idle(priority=2**31 - 1)
        source.set_callback(run)
        source.attach(self.context)

    def call(self, function):
        """As above; waits for the result."""
        results = []
        done = threading.Event()

        def run():
            results.append(function())
            done.set()

        self.call_later(run)
        if not done.wait(TIMEOUT_SECONDS):
            raise TimeoutError
        return results.pop()


def make_ports():
    channel = WebMessaging.MessageChannel()
    return channel.port1, channel.port2


class Node:
    """What the garbage collector has to take together with all that it refers to."""

    def __init__(self, *targets):
        self.targets = targets
        for target in targets:
            target.node = self


class TestGarbage(unittest.TestCase):
    def setUp(self):
        gc.collect()
        gc.disable()

    def tearDown(self):
        gc.enable()

    def collect_while_receiving(self, make_targets):
        """Collects targets of another thread, which receives as soon as the first of them is freed."""
        n_freed = 0
        targets = []
        made, collecting = threading.Event(), threading.Event()

        def on_freed():
            nonlocal n_freed
            n_freed += 1
            collecting.set()
            receiver.call(lambda: None)

        def make():
            made_targets = make_targets()
            for target in made_targets:
                target.weak_ref(on_freed)
            Node(*made_targets)
            targets.extend(map(weakref.ref, made_targets))

        def make_and_wait():
            make()
            made.set()
            collecting.wait(TIMEOUT_SECONDS)

        with Receiver() as receiver:
            receiver.call_later(make_and_wait)
            made.wait(TIMEOUT_SECONDS)
            gc.collect()
            self.assertEqual([target() for target in targets], [None] * len(targets))
            self.assertEqual(n_freed, len(targets))

    def test_port_is_not_told_of_the_end(self):
        told = []

        def make_listening_ports():
            ports = make_ports()
            for port in ports:
                port.on_close = told.append
            return ports

        self.collect_while_receiving(make_listening_ports)
        self.assertEqual(told, [])

    def test_port_without_a_listener(self):
        self.collect_while_receiving(make_ports)

    def test_window_receives_nothing(self):
        received = []

        def make_windows():
            windows = WebMessaging.Window.new(None), WebMessaging.Window.new(None)
            for window in windows:
                window.on_message = received.append
                window.post_message(None, "lost", "*")
            return windows

        self.collect_while_receiving(make_windows)
        self.assertEqual(received, [])

    def test_others_receive(self):
        """What is no garbage is told, although nothing but its wrapper refers to it."""
        seen = []

        def make():
            channel = WebMessaging.MessageChannel()
            window = WebMessaging.Window.new(None)
            channel.port2.on_close = seen.append
            window.on_message = seen.append
            return channel.port1.hand_over(), Node(channel.port2, window)

        with Receiver() as receiver:
            holder, node = receiver.call(make)
            node.targets[1].post_message(None, "kept", "*")
            del holder
            gc.collect()
            receiver.call(lambda: None)
            self.assertEqual({event.type for event in seen}, {"close", "message"})
            targets = [weakref.ref(target) for target in node.targets]
            del node
            seen.clear()
            gc.collect()
        self.assertEqual([target() for target in targets], [None, None])

    def test_window_that_only_c_keeps(self):
        store = Gio.ListStore.new(WebMessaging.Window)
        seen = []
        window = WebMessaging.Window.new(None)
        window.connect("message", lambda _window, event: seen.append(event.data))
        store.append(window)
        del window
        gc.collect()
        store.get_item(0).post_message(None, "kept", "*")
        gc.collect()
        wait_until(lambda: seen)
        self.assertEqual(seen, ["kept"])

    def test_attributes_before_the_object(self):
        class Early(WebMessaging.Window):
            def __init__(self):
                self.early = 1
                super().__init__()
                self.late = 2

        window = Early()
        self.assertEqual((window.early, window.late), (1, 2))
        received = []
        window.on_message = received.append
        window.post_message(None, "kept", "*")
        wait_until(lambda: received)

    def test_target_of_a_kept_event(self):
        """A program that has connected to a signal may ask an event for its target later."""
        events = []
        port1, port2 = make_ports()
        port2.connect("message", lambda _port, event: events.append(event))
        port2.start()
        port1.post_message(1)
        wait_until(lambda: events)
        for get_target in (lambda event: event.target, lambda event: event.get_target(),
                           lambda event: event.props.target):
            self.assertIs(get_target(events[0]), port2)
        port1.close()
        port2.close()
        del port1, port2
        wait_until(lambda: gc.collect() == 0)
        self.assertIsNone(events[0].target)


if __name__ == "__main__":
    tap.main()
