"""Handlers, listeners, iteration and asyncio."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import contextlib
import gc
import os
import signal
import threading
import unittest
import weakref

import gi

gi.require_version("WebMessaging", "1")
import tap
from gi.repository import Gio, GLib, WebMessaging
from main_loop import TIMEOUT_SECONDS, wait_until


def make_channel():
    channel = WebMessaging.MessageChannel()
    return channel.port1, channel.port2


def settle(context=None):
    context = context or GLib.MainContext.ref_thread_default()
    while context.iteration(False):
        pass


def run(coroutine):
    """asyncio.run() that does not hang."""
    async def limited():
        return await asyncio.wait_for(coroutine, TIMEOUT_SECONDS)

    return asyncio.run(limited())


async def take(port, count):
    return [(await port.receive()).data for _ in range(count)]


class TestHandlers(unittest.TestCase):
    def test_events(self):
        port1, port2 = make_channel()
        seen = []
        for name in ("on_message", "on_message_error", "on_close"):
            self.assertIsNone(getattr(port2, name))
            setattr(port2, name, seen.append)
            self.assertEqual(getattr(port2, name), seen.append)
            self.assertRaises(TypeError, setattr, port2, name, 5)
        self.assertEqual((port1.started, port2.started, port2.closed), (False, True, False))
        port1.post_message({"a": 1})
        port1.post_message(GLib.Variant("h", 0), [make_channel()[0]])
        port1.close()
        wait_until(lambda: len(seen) == 3)
        self.assertEqual([event.type for event in seen], ["message", "message", "close"])
        self.assertIs(seen[0].target, port2)
        self.assertIsNone(seen[0].current_target)
        self.assertTrue(seen[0].is_trusted)
        self.assertFalse(seen[0].bubbles or seen[0].cancelable or seen[0].default_prevented)
        port2.on_message = None
        self.assertIsNone(port2.on_message)
        self.assertTrue(port1.closed and port2.closed)

    def test_message_error(self):
        port1, port2 = make_channel()
        seen = []
        port2.on_message = port2.on_message_error = lambda event: seen.append(event.type)
        data = WebMessaging.SerializedData.from_bytes(bytes.fromhex("da57454207838080 d8 54 42 00 3c"))
        port1.post_serialized(data)
        wait_until(lambda: seen)
        self.assertEqual(seen, ["messageerror"])

    def test_listeners(self):
        target = WebMessaging.EventTarget()
        calls = []

        def add(name, **options):
            def call(event):
                calls.append(name)

            target.add_event_listener("test", call, **options)
            return call

        first, once = add("first"), add("once", once=True)
        captures = add("captures", capture=True)
        target.add_event_listener("test", first)
        target.dispatch_event(WebMessaging.Event.new("test"))
        self.assertEqual(calls, ["captures", "first", "once"])
        target.add_event_listener("test", once)
        target.remove_event_listener("test", first)
        target.remove_event_listener("test", first)
        target.remove_event_listener("test", captures)
        target.remove_event_listener("other", once)
        calls.clear()
        target.dispatch_event(WebMessaging.Event.new("test"))
        self.assertEqual(calls, ["captures", "once"])
        self.assertRaises(TypeError, target.add_event_listener, "test", 0, first)
        self.assertRaises(TypeError, target.add_event_listener, "test", None)

    def test_listeners_are_methods(self):
        class Counter:
            count = 0

            def add(self, event):
                self.count += 1

        target, counter = WebMessaging.EventTarget(), Counter()
        for _ in range(2):
            target.add_event_listener("test", counter.add)
        target.dispatch_event(WebMessaging.Event.new("test"))
        target.remove_event_listener("test", counter.add)
        target.dispatch_event(WebMessaging.Event.new("test"))
        self.assertEqual(counter.count, 1)

    def test_order_of_handler_and_listeners(self):
        port1, port2 = make_channel()
        calls = []
        port2.add_event_listener("message", lambda event: calls.append(1))
        port2.on_message = lambda event: calls.append("replaced")
        port2.add_event_listener("message", lambda event: calls.append(3))
        port2.on_message = lambda event: calls.append(2)
        port1.post_message()
        wait_until(lambda: calls)
        self.assertEqual(calls, [1, 2, 3])

    def test_windows(self):
        window = WebMessaging.Window.new("https://a.example")
        seen = []
        window.on_message = lambda event: seen.append((event.data, event.type, event.target))
        window.add_event_listener("message", lambda event: seen.append(event.data))
        window.connect("message", lambda _, event: seen.append(event.data))
        window.post_message(None, {1: {2}}, "*")
        wait_until(lambda: len(seen) == 3)
        self.assertEqual(seen, [({1: {2}}, "message", window), {1: {2}}, {1: {2}}])
        self.assertEqual(window.origin, "https://a.example")
        window.close()
        self.assertTrue(window.closed)

    def test_events_of_the_program(self):
        target = WebMessaging.EventTarget()
        seen = []
        target.add_event_listener("test", lambda event: seen.append(event.data))
        target.dispatch_event(WebMessaging.MessageEvent("test", {"a": {1}}))
        target.dispatch_event(WebMessaging.MessageEvent(type="test", data=GLib.Variant("i", 5)))
        self.assertEqual(seen, [{"a": {1}}, 5])


class TestLifetime(unittest.TestCase):
    """What a program has dropped goes, with the handlers in it."""

    def assert_collected(self, make):
        class Marker:
            pass

        markers = []
        for _ in range(10):
            marker = Marker()
            markers.append(weakref.ref(marker))
            make(marker)
            del marker
            settle()
        for _ in range(3):
            gc.collect()
            settle()
        self.assertEqual([reference() for reference in markers if reference() is not None], [])

    def test_method_as_handler(self):
        def make(marker):
            class Client:
                def __init__(self):
                    self.marker = marker
                    self.port1, self.port2 = make_channel()
                    self.port1.on_message = self.on_message
                    self.port1.on_close = self.on_message
                    self.port2.post_message(1)

                def on_message(self, event):
                    self.port1.close()
                    self.port2.close()

            Client()

        self.assert_collected(make)

    def test_closure_as_handler(self):
        def make(marker):
            port1, port2 = make_channel()

            def close(event):
                port1.marker = marker
                port1.close()
                port2.close()

            port1.on_message = close
            port2.post_message(1)

        self.assert_collected(make)

    def test_closure_as_listener(self):
        def make(marker):
            port1, port2 = make_channel()

            def close(event):
                port1.marker = marker
                port1.close()
                port2.close()

            port1.add_event_listener("message", close)
            port1.start()
            port2.post_message(1)

        self.assert_collected(make)

    def test_iteration(self):
        def make(marker):
            port1, port2 = make_channel()
            port1.post_message(1)
            for event in port2.messages():
                event.marker = port2.marker = marker
                port2.mine = port2
                break
            port1.close()

        self.assert_collected(make)

    def test_no_memory_for_each_message(self):
        """PyGObject keeps some of each callback that it makes."""
        def measure():
            gc.collect()
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        async def echo(port1, port2, count):
            for number in range(count):
                port1.post_message(number)
                await port2.receive()

        def change_handlers(port1, port2, count):
            for _ in range(count):
                port2.on_message = lambda event: port1
                listener = lambda event: port1  # noqa: E731
                port2.add_event_listener("message", listener)
                port2.remove_event_listener("message", listener)

        def iterate(port1, port2, count):
            messages = port2.messages()
            for number in range(count):
                port1.post_message(number)
                next(messages)

        for use in (change_handlers, iterate, lambda *arguments: run(echo(*arguments))):
            ports = make_channel()
            use(*ports, 500)
            before = measure()
            use(*ports, 10000)
            self.assertLess(measure() - before, 300000, use)


class TestIteration(unittest.TestCase):
    def test_messages(self):
        port1, port2 = make_channel()
        for number in range(3):
            port1.post_message(number)
        port1.close()
        messages = port2.messages()
        self.assertEqual(next(messages).data, 0)
        self.assertEqual([event.data for event in messages], [1, 2])
        self.assertEqual(list(port2.messages()), [])

    def test_a_port_is_no_sequence(self):
        port1, port2 = make_channel()
        self.assertRaises(TypeError, iter, port1)
        self.assertRaises(TypeError, list, port1)
        self.assertRaises(TypeError, port1.post_message, {}, port2)
        self.assertRaises(TypeError, WebMessaging.SerializedData.serialize, port2, port2)

    def test_what_cannot_be_read(self):
        port1, port2 = make_channel()
        port1.post_message("before")
        port1.post_serialized(WebMessaging.SerializedData.from_bytes(
            bytes.fromhex("da57454207838080 d8 54 42 00 3c")))
        port1.post_message("after")
        messages = port2.messages()
        self.assertEqual(next(messages).data, "before")
        with self.assertRaises(WebMessaging.DOMException) as caught:
            next(messages)
        self.assertEqual(caught.exception.name, "DataCloneError")
        self.assertEqual(next(messages).data, "after")

    def test_handlers_have_the_rest(self):
        port1, port2 = make_channel()
        for number in range(4):
            port1.post_message(number)
        for event in port2.messages():
            if event.data == 1:
                break
        seen = []
        port2.on_message = lambda event: seen.append(event.data)
        wait_until(lambda: len(seen) == 2)
        self.assertEqual(seen, [2, 3])

    def test_interruption(self):
        """Ctrl-C ends an iteration, and takes no message."""
        port1, port2 = make_channel()
        timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            next(port2.messages())
        timer.join()
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)
        port1.post_message("a")
        port1.post_message("b")
        self.assertEqual(next(port2.messages()).data, "a")
        port1.post_message("c")
        seen = []
        port2.on_message = lambda event: seen.append(event.data)
        wait_until(lambda: len(seen) == 2)
        self.assertEqual(seen, ["b", "c"])


class TestAsyncio(unittest.TestCase):
    def test_without_a_glib_loop(self):
        async def main():
            port1, port2 = make_channel()
            port1.post_message({"a": 1})
            self.assertEqual((await port2.receive()).data, {"a": 1})
            waiting = asyncio.create_task(take(port2, 3))
            for number in range(3):
                await asyncio.sleep(0.001)
                port1.post_message(number)
            self.assertEqual(await waiting, [0, 1, 2])

        run(main())
        run(main())

    def test_transfer_ends_a_waiting_call(self):
        async def main():
            port1, port2 = make_channel()
            other1, _other2 = make_channel()
            waiting = asyncio.create_task(port2.receive())
            await asyncio.sleep(0)
            other1.post_message(None, [port2])
            with self.assertRaises(WebMessaging.DOMException) as caught:
                await waiting
            self.assertEqual(caught.exception.name, "InvalidStateError")
            port1.close()

        run(main())

    def test_async_for(self):
        async def main():
            port1, port2 = make_channel()
            received = []
            async with port1:
                for number in range(100):
                    port1.post_message(number)
            async for event in port2.messages():
                received.append(event.data)
            self.assertEqual(received, list(range(100)))
            with self.assertRaises(WebMessaging.DOMException) as caught:
                await port2.receive()
            self.assertEqual(caught.exception.name, "InvalidStateError")

        run(main())

    def test_handlers(self):
        async def main():
            port1, port2 = make_channel()
            done = asyncio.get_running_loop().create_future()
            port2.on_message = lambda event: port2.post_message(event.data + 1)
            port1.add_event_listener("message", lambda event: done.set_result(event.data))
            port1.start()
            port1.post_message(1)
            self.assertEqual(await done, 2)
            closed = asyncio.get_running_loop().create_future()
            port2.on_close = closed.set_result
            port1.close()
            self.assertEqual((await closed).type, "close")

        run(main())

    def test_flood_leaves_time_to_others(self):
        async def main():
            port1, port2 = make_channel()
            count = 0

            def on_message(event):
                nonlocal count
                count += 1

            port2.on_message = on_message
            for _ in range(20000):
                port1.post_message()
            turns = 0
            while count < 20000:
                await asyncio.sleep(0)
                turns += 1
            self.assertGreater(turns, 3)

        run(main())

    def test_port_of_another_thread(self):
        _port1, port2 = make_channel()
        errors = []

        def work():
            context = GLib.MainContext.new()
            context.push_thread_default()
            with self.assertRaises(RuntimeError) as caught:
                run(port2.receive())
            errors.append(str(caught.exception))
            context.pop_thread_default()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual(errors, [
            "The MessagePort belongs to the main context of another thread: call its methods there"])

    def test_from_another_thread(self):
        port1, port2 = make_channel()
        holder = port1.hand_over()

        def work():
            context = GLib.MainContext.new()
            context.push_thread_default()
            port = WebMessaging.MessagePort.take_over(holder)

            async def echo():
                async for event in port.messages():
                    port.post_message(event.data + 1)

            run(echo())
            settle(context)
            context.pop_thread_default()

        async def main():
            numbers = []
            for number in range(200):
                port2.post_message(number)
                numbers.append((await port2.receive()).data)
            port2.close()
            return numbers

        thread = threading.Thread(target=work)
        thread.start()
        self.assertEqual(run(main()), list(range(1, 201)))
        thread.join()

    def test_cancelled_calls_take_nothing(self):
        async def main():
            port1, port2 = make_channel()
            received = []
            for number in range(300):
                task = asyncio.create_task(port2.receive())
                if number % 2:
                    await asyncio.sleep(0)
                port1.post_message(number)
                for _ in range(number % 7):
                    await asyncio.sleep(0)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    received.append((await task).data)
            while len(received) < 300:
                received.append((await port2.receive()).data)
            self.assertEqual(received, list(range(300)))

        run(main())

    def test_time_limits(self):
        async def main():
            port1, port2 = make_channel()
            for number in range(50):
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(port2.receive(), 0.0001)
                port1.post_message(number)
                self.assertEqual((await port2.receive()).data, number)
            # Nobody waits: the handler has what comes.
            seen = []
            port2.on_message = lambda event: seen.append(event.data)
            port1.post_message("handled")
            while not seen:
                await asyncio.sleep(0.001)

        run(main())

    def test_several_calls(self):
        async def main():
            port1, port2 = make_channel()
            tasks = [asyncio.create_task(port2.receive()) for _ in range(5)]
            await asyncio.sleep(0)
            for number in range(3):
                port1.post_message(number)
            self.assertEqual([(await task).data for task in tasks[:3]], [0, 1, 2])
            port1.close()
            for task in tasks[3:]:
                with self.assertRaises(WebMessaging.DOMException):
                    await task

        run(main())

    def test_loop_closed_with_calls_waiting(self):
        port1, port2 = make_channel()
        loop = asyncio.new_event_loop()
        task = loop.create_task(port2.receive())
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
        port1.post_message("a")
        settle()
        port1.post_message("b")
        self.assertEqual(run(take(port2, 2)), ["a", "b"])
        task.get_coro().close()
        task._log_destroy_pending = False

    def test_glib_loop_in_the_same_thread(self):
        """Whoever runs the main context, messages are delivered once."""
        async def main():
            port1, port2 = make_channel()

            async def run_glib():
                while True:
                    GLib.MainContext.default().iteration(False)
                    await asyncio.sleep(0)

            runner = asyncio.create_task(run_glib())
            for number in range(100):
                port1.post_message(number)
                self.assertEqual((await port2.receive()).data, number)
            runner.cancel()
            loop = GLib.MainLoop()
            port2.on_message = lambda event: loop.quit()
            port1.post_message("quit")
            loop.run()

        run(main())

    def test_asyncio_in_a_glib_callback(self):
        results = []
        loop = GLib.MainLoop()

        def start(*_):
            port1, port2 = make_channel()
            port1.post_message("a")
            asyncio_loop = asyncio.new_event_loop()
            task = asyncio_loop.create_task(port2.receive())

            def turn():
                asyncio_loop.call_soon(asyncio_loop.stop)
                asyncio_loop.run_forever()
                if not task.done():
                    return True
                results.append(task.result().data)
                asyncio_loop.close()
                loop.quit()
                return False

            GLib.idle_add(turn)
            return False

        GLib.idle_add(start)
        GLib.timeout_add_seconds(TIMEOUT_SECONDS, loop.quit)
        loop.run()
        self.assertEqual(results, ["a"])


class TestErrors(unittest.TestCase):
    """No error of the library is a raw one."""

    def test_names(self):
        port1, port2 = make_channel()
        inner = make_channel()[0]
        used = WebMessaging.SerializedData.serialize({"p": inner}, [inner])
        self.assertRaises(WebMessaging.DOMException, used.to_bytes)
        port1.post_serialized(used)
        bad = GLib.Bytes.new(b"junk")
        event = WebMessaging.Event()
        for name, call in [
            ("DataCloneError", lambda: WebMessaging.SerializedData.new_from_bytes(bad)),
            ("DataCloneError", lambda: WebMessaging.SerializedData.from_bytes(b"junk")),
            ("DataCloneError", lambda: port1.post_serialized(used)),
            ("DataCloneError", used.to_value),
            ("DataCloneError", used.deserialize),
            ("DataCloneError", lambda: WebMessaging.SerializedData.new(GLib.Variant("h", 7), None, None)),
            ("DataCloneError", lambda: port1.post_message(GLib.Variant("h", 7))),
            ("DataCloneError", lambda: port1.post_message(1, [port1])),
            ("DataCloneError", lambda: port1.post_message(1, [port2, port2])),
            ("DataCloneError", inner.transfer),
            ("DataCloneError", lambda: port1.transfer_receive(Gio.Cancellable())),
            ("SyntaxError", lambda: WebMessaging.Origin.new_for_url("foo bar")),
            ("SyntaxError", lambda: WebMessaging.Window.new("nowhere")),
            ("SyntaxError", lambda: WebMessaging.Window.new(None).post_message(None, 1, "nowhere")),
            ("InvalidStateError", lambda: WebMessaging.EventTarget().dispatch_event(event)),
        ]:
            with self.subTest(name):
                with self.assertRaises(WebMessaging.DOMException) as caught:
                    call()
                self.assertEqual(caught.exception.name, name)
                self.assertIsInstance(caught.exception, GLib.Error)
        for call in (lambda: port1.post_message(1, [None]), lambda: WebMessaging.SerializedData.from_bytes(5)):
            self.assertRaises(TypeError, call)


if __name__ == "__main__":
    tap.main()
