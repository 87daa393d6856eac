"""The introspected API as Python sees it, with GLib.Variant data."""

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
from gi.repository import Gio, GLib, GObject, WebMessaging
from main_loop import wait_until


def settle():
    """Runs all that is ready."""
    context = GLib.MainContext.ref_thread_default()
    while context.iteration(False):
        pass


def text(value):
    return GLib.Variant("s", value)


def make_channel():
    channel = WebMessaging.MessageChannel()
    return channel.get_port1(), channel.get_port2()


class TestMainContext(unittest.TestCase):
    def test_priority(self):
        context = GLib.MainContext.new()
        self.assertEqual(WebMessaging.main_context_get_priority(context), GLib.PRIORITY_DEFAULT)
        WebMessaging.main_context_set_priority(context, GLib.PRIORITY_LOW)
        self.assertEqual(WebMessaging.main_context_get_priority(context), GLib.PRIORITY_LOW)
        self.assertEqual(WebMessaging.main_context_get_priority(None), GLib.PRIORITY_DEFAULT)


class TestPorts(unittest.TestCase):
    def setUp(self):
        self.port1, self.port2 = make_channel()
        self.events = []
        self.port2.connect("message", lambda _, event: self.events.append(event))
        self.port2.connect("close", lambda _, event: self.events.append(event.get_event_type()))

    def test_message(self):
        self.port2.start()
        self.assertTrue(self.port1.post_message(GLib.Variant("(si)", ("hello", 7))))
        wait_until(lambda: self.events)
        [event] = self.events
        self.assertEqual(event.get_data().unpack(), ("hello", 7))
        self.assertEqual(event.props.type, "message")
        self.assertEqual(event.props.target, self.port2)
        self.assertTrue(event.props.is_trusted)
        self.assertEqual(list(event.get_ports() or []), [])
        self.assertEqual(event.get_origin(), "")

    def test_closed_property(self):
        action = Gio.SimpleAction.new("post", None)
        notified = []
        self.port2.connect("notify::closed", lambda port, _: notified.append(port.props.closed))
        self.port2.bind_property("closed", action, "enabled",
                                 GObject.BindingFlags.SYNC_CREATE | GObject.BindingFlags.INVERT_BOOLEAN)
        self.assertTrue(action.get_enabled())
        self.assertIs(self.port2.closed, False)
        self.port1.close()
        wait_until(lambda: notified)
        self.assertEqual(notified, [True])
        self.assertFalse(action.get_enabled())
        self.assertIs(self.port2.closed, True)

    def test_not_started(self):
        self.port1.post_message(text("early"))
        settle()
        self.assertEqual(self.events, [])
        self.port2.start()
        wait_until(lambda: self.events)

    def test_set_on_message(self):
        received = []
        self.port2.set_on_message(lambda port, event: received.append((port, event.get_data())))
        self.port1.post_message(text("hello"))
        wait_until(lambda: received)
        self.assertEqual(received, [(self.port2, text("hello"))])
        self.port2.set_on_message(None)
        self.port1.post_message(text("again"))
        wait_until(lambda: len(self.events) == 2)
        self.assertEqual(len(received), 1)

    def test_transfer(self):
        inner1, inner2 = make_channel()
        received = []
        self.port2.start()
        self.port1.post_message(GLib.Variant("h", 0), [inner2])
        wait_until(lambda: self.events)
        [port] = self.events[0].get_ports()
        self.assertIsInstance(port, WebMessaging.MessagePort)
        self.assertEqual(self.events[0].get_object(0), port)
        port.set_on_message(lambda _, event: received.append(event.get_data().unpack()))
        inner1.post_message(text("through"))
        wait_until(lambda: received)
        self.assertEqual(received, ["through"])
        self.assertTrue(inner2.is_detached())
        self.assertFalse(port.is_detached())

    def assert_error(self, code, function, *arguments):
        with self.assertRaises(GLib.Error) as caught:
            function(*arguments)
        self.assertTrue(
            caught.exception.matches(WebMessaging.messaging_error_quark(), code), caught.exception
        )

    def test_errors(self):
        inner1, _inner2 = make_channel()
        data_clone = WebMessaging.MessagingError.DATA_CLONE
        self.assert_error(data_clone, self.port1.post_message, text("x"), [self.port1])
        self.assert_error(data_clone, self.port1.post_message, text("x"), [inner1, inner1])
        self.assert_error(data_clone, self.port1.post_message, GLib.Variant("h", 1), [inner1])
        self.assertRaises(TypeError, self.port1.post_message, None, [None])
        self.assertRaises(TypeError, self.port1.post_message, text("x"), [None])
        self.assertFalse(inner1.is_detached())

    def test_close(self):
        self.port2.start()
        self.port1.post_message(text("last"))
        self.port1.close()
        wait_until(lambda: len(self.events) == 2)
        self.assertEqual(self.events[1], "close")

    def test_context_manager(self):
        with self.port1 as port:
            self.assertIs(port, self.port1)
        self.assertTrue(self.port1.is_detached())
        wait_until(lambda: self.events == ["close"])

    def test_receive(self):
        results = []

        def done(port, result):
            try:
                results.append(port.receive_finish(result).get_data().unpack())
            except GLib.Error as error:
                results.append(error.domain)

        cancellable = Gio.Cancellable()
        self.port2.receive_async(None, done)
        self.port2.receive_async(cancellable, done)
        self.port1.post_message(text("one"))
        wait_until(lambda: results == ["one"])
        cancellable.cancel()
        wait_until(lambda: results[1:] == ["g-io-error-quark"])
        self.port2.receive_async(None, done)
        self.port1.close()
        wait_until(lambda: results[2:] == ["web-messaging-error-quark"])

    def test_unstarted_port_is_collected(self):
        del self.port1
        gc.collect()
        wait_until(lambda: self.events == ["close"])

    def test_both_ports_are_collected(self):
        """Neither tells the other: the collector takes their handlers apart."""

        def make_garbage():
            ports = make_channel()
            for port in ports:
                port.connect("close", lambda *_, ports=ports: self.fail(ports))

        for _ in range(20):
            make_garbage()
            gc.collect()
        settle()

    def test_kept_event_is_collected(self):
        """A port that keeps its last event, which keeps the port."""
        ports = []
        received = []

        def keep(event):
            event.get_target().last = event
            event.get_target().close()
            received.append(event.data)

        def make_garbage():
            port1, port2 = make_channel()
            ports.append(weakref.ref(port2))
            port2.on_message = keep
            port1.post_message("hello")

        for _ in range(20):
            make_garbage()
        wait_until(lambda: len(received) == 20)
        for _ in range(3):
            settle()
            gc.collect()
        self.assertEqual([port() for port in ports], [None] * 20)

    def test_kept_event_keeps_its_target(self):
        events = []
        self.port1.on_message = events.append
        self.port1.mark = "mine"
        self.port2.post_message("hello")
        wait_until(lambda: events)
        self.port1.close()
        self.port1 = None
        gc.collect()
        self.assertEqual(events[0].get_target().mark, "mine")

    def test_started_port_stays_alive(self):
        received = []
        self.port2.set_on_message(lambda _, event: received.append(event.get_data().unpack()))
        del self.port2
        gc.collect()
        self.port1.post_message(text("still there"))
        wait_until(lambda: received == ["still there"])


class TestEvents(unittest.TestCase):
    def test_listeners(self):
        target = WebMessaging.EventTarget()
        calls = []
        target.add_event_listener("test", lambda _: calls.append("a"))
        target.add_event_listener("test", lambda _: calls.append("b"), once=True)
        target.add_event_listener("test", lambda _: calls.append("c"), capture=True)
        for _ in range(2):
            self.assertTrue(target.dispatch_event(WebMessaging.Event.new("test")))
        self.assertEqual(calls, ["c", "a", "b", "c", "a"])

    def test_prevent_default(self):
        target = WebMessaging.EventTarget()
        target.add_event_listener("test", lambda event: event.prevent_default())
        event = WebMessaging.Event(type="test", cancelable=True)
        self.assertFalse(target.dispatch_event(event))
        self.assertTrue(event.props.default_prevented)

    def test_derived_target_and_event(self):
        class Saved(WebMessaging.Event):
            pass

        class Document(WebMessaging.EventTarget):
            __gsignals__ = {
                "saved": (GObject.SignalFlags.RUN_LAST, None, (WebMessaging.Event,)),
            }

        document = Document()
        seen = []
        document.connect("saved", lambda _, event: seen.append(event))
        event = Saved()
        event.init_event("saved", False, False)
        document.dispatch_event(event)
        self.assertEqual(seen, [event])

    def test_message_event(self):
        port1, port2 = make_channel()
        event = WebMessaging.MessageEvent(
            type="test", cancelable=True, data=text("data"), origin="https://a.example", last_event_id="7",
            source=port1)
        self.assertTrue(event.get_cancelable())
        self.assertEqual(event.get_data().unpack(), "data")
        self.assertEqual(event.props.origin, "https://a.example")
        self.assertEqual(event.props.last_event_id, "7")
        self.assertEqual(event.get_source(), port1)
        event.init_message_event("other", False, False, None, None, None, None, [port1, port2])
        self.assertEqual(event.get_ports(), [port1, port2])
        self.assertEqual(event.props.ports, [port1, port2])
        self.assertIsNone(event.get_data())


class TestWindows(unittest.TestCase):
    def test_post_message(self):
        sender = WebMessaging.Window.new("https://sender.example/path")
        receiver = WebMessaging.Window.new("https://receiver.example")
        events = []
        receiver.connect("message", lambda _, event: events.append(event))
        receiver.post_message(sender, text("wrong"), "https://other.example")
        receiver.post_message(sender, text("right"), "https://receiver.example")
        wait_until(lambda: events)
        self.assertEqual(events[0].get_data().unpack(), "right")
        self.assertEqual(events[0].get_origin(), "https://sender.example")
        self.assertEqual(events[0].get_source(), sender)

    def test_origin(self):
        origin = WebMessaging.Origin.new_for_url("https://EXAMPLE.org:8443/path")
        same = WebMessaging.Origin.new_for_url("https://example.org:8443")
        opaque = WebMessaging.Origin.new_opaque()
        self.assertEqual(
            (origin.get_scheme(), origin.get_host(), origin.get_port()), ("https", "example.org", 8443))
        self.assertTrue(origin.equal(same))
        self.assertEqual(origin.hash(), same.hash())
        self.assertEqual((opaque.get_scheme(), opaque.get_host(), opaque.get_port()), (None, None, -1))
        self.assertFalse(origin.equal(opaque))

    def test_invalid_target_origin(self):
        window = WebMessaging.Window.new("https://a.example")
        port1, _port2 = make_channel()
        with self.assertRaises(ValueError):
            window.post_message(window, "hello", "https://a.example\0.b.example", [port1])
        with self.assertRaises(WebMessaging.DOMException) as caught:
            window.post_message(window, "hello", "nowhere", [port1])
        self.assertEqual(caught.exception.name, "SyntaxError")
        self.assertFalse(port1.is_detached())

    def test_invalid_origin(self):
        window = WebMessaging.Window.new(None)
        self.assertEqual(window.props.origin.serialize(), "null")
        with self.assertRaises(GLib.Error):
            window.post_message(window, None, "nowhere")
        with self.assertRaises(GLib.Error):
            WebMessaging.Window.new("nowhere")

    def test_derived(self):
        class Remote(WebMessaging.Window):
            sent = None

            def do_queue_message(self, message, target_origin, source, source_origin):
                self.sent = (message.get_value().unpack(), target_origin.serialize())

        remote = Remote()
        source = WebMessaging.Window.new("https://source.example")
        remote.post_message(source, text("far"), "https://far.example/x")
        self.assertEqual(remote.sent, ("far", "https://far.example"))

    def test_close(self):
        window = WebMessaging.Window.new(None)
        channel = WebMessaging.MessageChannel.new_for_window(window)
        window.close()
        self.assertTrue(window.props.closed)
        self.assertTrue(channel.get_port1().is_detached())


class Note(GObject.Object, WebMessaging.Serializable):
    """A class of an application whose objects are cloned."""

    __gtype_name__ = "TestPythonNote"

    def __init__(self, text=None):
        super().__init__()
        self.text = text

    def do_serialize(self):
        return GLib.Variant("s", self.text)

    def do_deserialize(self, serialized):
        self.text = serialized.unpack()
        return True


class Token(GObject.Object, WebMessaging.Transferable):
    """A class of an application whose objects are transferred."""

    __gtype_name__ = "TestPythonToken"

    def __init__(self, value=None):
        super().__init__()
        self.value = value

    def do_is_detached(self):
        return self.value is None

    def do_transfer(self):
        holder = TokenHolder()
        holder.value, self.value = self.value, None
        return holder

    def do_transfer_receive(self, data_holder):
        self.value = data_holder.value
        return True


class TokenHolder(GObject.Object):
    value = None


class TestApplicationObjects(unittest.TestCase):
    def test_both(self):
        port1, port2 = make_channel()
        events = []
        port2.connect("message", lambda _, event: events.append(event))
        port2.start()
        note, token = Note("a note"), Token(42)
        data = WebMessaging.SerializedData.new(GLib.Variant("(hh)", (0, 1)), [token], [note])
        port1.post_serialized(data)
        self.assertIsNone(token.value)
        wait_until(lambda: events)
        self.assertEqual(events[0].get_object(0).value, 42)
        self.assertEqual(events[0].get_object(1).text, "a note")
        self.assertIsNot(events[0].get_object(1), note)

    def test_deserialize(self):
        data = WebMessaging.SerializedData.new(GLib.Variant("h", 0), None, [Note("again")])
        for _ in range(2):
            value, objects = data.deserialize()
            self.assertEqual(value.unpack(), 0)
            self.assertEqual([note.text for note in objects], ["again"])


class TestThreads(unittest.TestCase):
    def test_echo_in_a_thread(self):
        port1, port2 = make_channel()
        handed_over = port2.hand_over()
        received = []

        def echo():
            context = GLib.MainContext.new()
            context.push_thread_default()
            closed = []
            port = WebMessaging.MessagePort.take_over(handed_over)
            port.connect("close", lambda *_: closed.append(True))
            port.set_on_message(lambda port, event: port.post_message(event.get_data()))
            wait_until(lambda: closed, context)
            context.pop_thread_default()

        thread = threading.Thread(target=echo)
        thread.start()
        port1.set_on_message(lambda _, event: received.append(event.get_data().unpack()))
        for number in range(500):
            port1.post_message(GLib.Variant("i", number))
        wait_until(lambda: len(received) == 500)
        self.assertEqual(received, list(range(500)))
        port1.close()
        thread.join()


if __name__ == "__main__":
    tap.main()
