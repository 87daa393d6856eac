"""Scripts in JavaScriptCore, in a program in Python: two languages, and so two realms, in one process."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import unittest

import gi

gi.require_version("JavaScriptCore", "6.0")
gi.require_version("WebMessaging", "1")
gi.require_version("WebMessagingJsc", "1")

import tap
from gi.repository import GLib, JavaScriptCore, WebMessaging, WebMessagingJsc

SECONDS = 60


def wait_until(condition) -> None:
    """Runs the main context until the condition holds."""
    expired = []
    source = GLib.timeout_add_seconds(SECONDS, lambda: expired.append(True) or GLib.SOURCE_CONTINUE)
    while not condition() and not expired:
        GLib.MainContext.default().iteration(True)
    GLib.source_remove(source)
    if expired:
        raise TimeoutError


class Script:
    """A context with one end of a channel; the program has the other one."""

    def __init__(self, text: str, flags=WebMessagingJsc.Flags.NONE):
        self.context = JavaScriptCore.Context()
        WebMessagingJsc.install(self.context, flags)
        channel = WebMessaging.MessageChannel()
        self.context.set_value("port", WebMessagingJsc.wrap_port(self.context, channel.port2))
        self.context.evaluate(text, -1)
        self.port = channel.port1
        self.received = []
        self.port.on_message = lambda event: self.received.append(event.data)

    def ask(self, value, n: int = 1):
        self.port.post_message(value)
        wait_until(lambda: len(self.received) >= n)
        return self.received[-1]


class TestJavaScriptCore(unittest.TestCase):
    def test_values_go_both_ways(self):
        script = Script("port.onmessage = ({data}) => port.postMessage([data, data instanceof Map, typeof data])")
        for value, is_map, kind in (
            ({"a": [1, None, "x"]}, False, "object"),
            ({1: 2}, True, "object"),
            (2**80, False, "bigint"),
            ({1, 2}, False, "object"),
            (b"x" * 100000, False, "object"),
        ):
            script.received.clear()
            self.assertEqual(script.ask(value), [value, is_map, kind])

    def test_each_port_makes_values_of_its_language(self):
        script = Script("let kind;"
                        "port.onmessage = ({data}) => { kind = data.constructor.name; port.postMessage(data) }")
        value = script.ask({"list": [1]})
        self.assertIs(type(value), dict)
        self.assertEqual(script.context.evaluate("kind", -1).to_string(), "Object")

    def test_two_contexts_talk_to_each_other(self):
        first = Script("const {port1, port2} = new MessageChannel();"
                       "port1.onmessage = ({data}) => port.postMessage(data);"
                       "port.onmessage = () => port.postMessage(port2, [port2])")
        second = Script("port.onmessage = ({ports}) => ports[0].postMessage({from: 'second'})")
        other = first.ask(0)
        self.assertIsInstance(other, WebMessaging.MessagePort)
        second.port.post_message(0, [other])
        wait_until(lambda: len(first.received) == 2)
        self.assertEqual(first.received[1], {"from": "second"})

    def test_a_context_that_goes_closes_its_ports(self):
        script = Script("port.onmessage = () => {}")
        port = script.port
        closed = []
        port.on_close = closed.append
        port.start()
        script.context = None
        gc.collect()
        wait_until(lambda: closed)

    def test_a_port_is_found_again(self):
        script = Script("")
        value = script.context.get_value("port")
        self.assertIsInstance(WebMessagingJsc.unwrap_port(value), WebMessaging.MessagePort)
        self.assertIsNone(WebMessagingJsc.unwrap_port(script.context.evaluate("({})", -1)))

    def test_a_worker(self):
        reports = []
        host = WebMessagingJsc.Host.new()
        host.set_report_func(lambda *args: reports.append(args[0]))
        worker = WebMessagingJsc.worker_new(
            "data:text/javascript,onmessage=({data})=>postMessage(data.map(x=>x*2))", "worker", host)
        received = []
        worker.on_message = lambda event: received.append(event.data)
        worker.post_message([1, 2])
        wait_until(lambda: received)
        self.assertEqual(received, [[2, 4]])
        worker.terminate()

    def test_a_context_outlives_its_worker(self):
        contexts = []
        host = WebMessagingJsc.Host()
        host.set_worker_func(contexts.append)
        worker = WebMessagingJsc.worker_new("data:text/javascript,postMessage(1)", "worker", host)
        received = []

        worker.on_message = lambda event: received.append(event.data)
        wait_until(lambda: received)
        worker.terminate()
        worker.join()
        for script in ("name", "postMessage(1)", "reportError(1)", "importScripts('data:,1')", "close()",
                       "new MessageChannel(); new BroadcastChannel('x'); setTimeout(() => {}); 0"):
            contexts[0].evaluate(script, -1)
            contexts[0].clear_exception()
        self.assertEqual(contexts[0].evaluate("1 + 1", -1).to_int32(), 2)

    def test_time_limits_hold_as_often_as_they_are_reached(self):
        script = Script("port.onmessage = ({data}) => { port.postMessage(data); for (;;); }")
        self.assertTrue(WebMessagingJsc.set_time_limit(script.context, 20))
        for i in range(12):
            self.assertEqual(script.ask(i, i + 1), i)

    def test_installed_once(self):
        script = Script("")
        with self.assertRaises(GLib.Error):
            WebMessagingJsc.install(script.context, WebMessagingJsc.Flags.ALL)


if __name__ == "__main__":
    tap.main()
