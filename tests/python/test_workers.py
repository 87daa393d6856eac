"""Workers in Python. The rules that hold for all languages are in test-worker.c."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import concurrent.futures
import contextlib
import functools
import gc
import os
import signal
import subprocess
import sys
import threading
import traceback
import unittest
import weakref
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")
import tap
import worker_functions
from gi.repository import Gio, GLib, WebMessaging
from main_loop import TIMEOUT_SECONDS, wait_until

Worker = WebMessaging.Worker
HERE = Path(__file__).parent

# A worker in C.
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else None


def start_in(stack, name, *args):
    return stack.enter_context(Worker(f"worker_functions:{name}", *args))


def make_channel():
    return WebMessaging.MessageChannel()


def settle():
    while GLib.MainContext.ref_thread_default().iteration(False):
        pass


def collect():
    for _ in range(5):
        gc.collect()
        settle()


def count_descriptors():
    return len(os.listdir("/proc/self/fd"))


def get_memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def silence():
    """Workers print their exceptions."""
    saved = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


def receive(worker, n=None):
    """What a worker posts, and what it raises, until it has ended or has said so much."""
    received = []
    messages = worker.messages()
    while n is None or len(received) < n:
        try:
            received.append(next(messages).data)
        except StopIteration:
            break
        except Exception as error:
            received.append(error)
    return received


def run(coroutine):
    """asyncio.run() that does not hang."""
    async def limited():
        return await asyncio.wait_for(coroutine, TIMEOUT_SECONDS)

    return asyncio.run(limited())


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until_gone(pid):
    # Nothing wakes the main loop when a process has ended.
    source = GLib.timeout_source_new(5)
    source.set_callback(lambda *_: GLib.SOURCE_CONTINUE)
    source.attach(GLib.MainContext.default())
    try:
        wait_until(lambda: is_gone(pid))
    finally:
        source.destroy()


def get_pid(worker):
    return int(worker.subprocess.get_identifier())


class TestStart(unittest.TestCase):
    def test_environment(self):
        os.environ["WORKER_TEST"] = "inherited"
        self.addCleanup(os.environ.pop, "WORKER_TEST")
        with Worker("worker_functions:describe", 1, [2], name="ä", key={"a", 2**70}) as worker:
            seen, = receive(worker)
            self.assertEqual((worker.name, get_pid(worker)), ("ä", seen["pid"]))
        expected = {
            "args": [1, [2]], "kwargs": {"key": {"a", 2**70}}, "name": "ä", "cwd": os.getcwd(),
            "class": "DedicatedWorkerGlobalScope", "path": sys.path, "argv": sys.argv,
            "flags": list(sys.flags), "executable": sys.executable, "environment": "inherited",
            "variable": None, "main": "__main__",
        }
        self.assertEqual({key: seen[key] for key in expected}, expected)

    def test_functions(self):
        for worker, expected in (
            (Worker(worker_functions.Functions.add, 1, second=2), 3),
            (Worker("worker_functions:Functions.add", 1), 1),
            (worker_functions.multiply(2, 3), [6, ""]),
            (worker_functions.multiply(2, second=3, name="x"), [6, "x"]),
            (worker_functions.multiply_later(2, 3), [6, "named"]),
            (Worker(worker_functions.multiply, 2, 3), [6, ""]),
        ):
            with self.subTest(expected), worker:
                self.assertEqual(receive(worker), [expected])

    def test_what_cannot_run(self):
        def inner(_scope):
            pass

        for function in (lambda scope: None, inner, self.setUp, 5, object()):
            with self.subTest(function), self.assertRaises(TypeError):
                Worker(function)
        for name in ("", "module", ":name", "module:", "a:b\0c"):
            with self.subTest(name), self.assertRaises(ValueError):
                Worker(name)
        with self.assertRaises(ValueError):
            Worker(worker_functions.echo, name="a\0b")
        with self.assertRaises(WebMessaging.DOMException) as caught:
            Worker(worker_functions.echo, [print])
        self.assertEqual(caught.exception.name, "DataCloneError")
        port = WebMessaging.MessageChannel().port1
        with self.assertRaises(WebMessaging.DOMException):
            Worker(worker_functions.echo, key=port)


class TestMessages(unittest.TestCase):
    def test_handlers(self):
        with Worker(worker_functions.echo) as worker:
            seen = []
            worker.on_message = lambda event: seen.append(event.data)
            worker.on_close = lambda event: seen.append(event.type)
            for message in (1, {"a": {2}}, "close", "lost"):
                worker.post_message(message)
            wait_until(lambda: "close" in seen[3:])
            self.assertEqual(seen, [1, {"a": {2}}, "close", "last", "close"])

    def test_ports(self):
        with Worker(worker_functions.echo) as worker:
            channel = WebMessaging.MessageChannel()
            worker.post_message("port", [channel.port2])
            event = next(worker.messages())
            channel.port1.post_message("there and back")
            self.assertEqual(next(event.ports[0].messages()).data, "there and back")

    def test_iterations(self):
        for function in (worker_functions.iterate, worker_functions.iterate_async):
            with self.subTest(function), Worker(function) as worker:
                for message in (1, 2, "close", "lost"):
                    worker.post_message(message)
                self.assertEqual(receive(worker), [1, 2, "close"])

    def test_asyncio(self):
        async def main():
            async with Worker(worker_functions.echo) as worker:
                for message in (1, 2, "close"):
                    worker.post_message(message)
                first = (await worker.receive()).data
                return [first] + [event.data async for event in worker.messages()]

        self.assertEqual(run(main()), [1, 2, "close", "last"])

    def test_handlers_of_scopes(self):
        """A worker goes on for as long as it has a handler, and ends otherwise."""
        with contextlib.ExitStack() as stack:
            start = functools.partial(start_in, stack)
            for worker in start("listen"), start("connect"), start("handle_as_in_c"):
                worker.post_message(1)
                worker.post_message(2)
                self.assertEqual(receive(worker, 2), [1, 2])
            worker = start("handle_async")
            worker.post_message(1)
            worker.post_message("close")
            self.assertEqual(receive(worker), [[1, True], ["close", True]])
            worker = start("receive_async")
            worker.post_message(1)
            self.assertEqual(receive(worker), [1])
            self.assertEqual(receive(start("change_its_mind")), [])
            worker, seen = start("count", 2), []
            worker.set_on_message(lambda worker, event: seen.append((worker, event.data)))
            wait_until(lambda: len(seen) == 2)
            self.assertEqual(seen, [(worker, 0), (worker, 1)])

    def test_close_ends_what_waits(self):
        with contextlib.ExitStack() as stack:
            waiting, iterating, running = (start_in(stack, name) for name in (
                "wait_in_tasks", "iterate_over_port", "run_itself"))
            port1, port2 = make_channel(), make_channel()
            waiting.post_message(None, [port1.port2, port2.port2])
            self.assertEqual(receive(waiting), [["InvalidStateError"] * 5])
            for worker, expected in (iterating, [1, "close", "after"]), (running, ["has run"]):
                channel = make_channel()
                worker.post_message(None, [channel.port2])
                for message in (1, "close", "lost"):
                    channel.port1.post_message(message)
                self.assertEqual(receive(worker), expected)

    def test_messages_while_it_works(self):
        """What was posted arrives although the function goes on and no main loop runs."""
        with Worker(worker_functions.burst) as worker:
            self.assertEqual(receive(worker, 10), list(range(10)))

    def test_variants(self):
        with Worker(worker_functions.echo) as worker:
            worker.post_message(GLib.Variant("(is)", (1, "a")))
            self.assertEqual(receive(worker, 1), [[1, "a"]])

    def test_start_late(self):
        """Messages and errors wait for somebody who wants them."""
        with silence(), Worker(worker_functions.fail) as worker:
            wait_until_gone(get_pid(worker))
            seen = []
            worker.on_close = lambda event: seen.append(event.type)
            worker.on_error = lambda event: seen.append(event.message)
            worker.on_message = lambda event: seen.append([event.data, event.is_trusted])
            wait_until(lambda: "close" in seen)
            self.assertEqual(seen, [["before", True], "ValueError: a bad value", "close"])

    def test_errors_and_iteration(self):
        """A handler of errors is told at once, and takes no message."""
        with silence(), Worker(worker_functions.fail) as worker, Worker(worker_functions.fail) as other:
            seen = []
            for each in worker, other:
                each.on_error = lambda event: seen.append(event.message)
            wait_until(lambda: len(seen) == 2)
            self.assertEqual(receive(worker), ["before"])
            other.add_event_listener("message", lambda event: seen.append([event.data, event.target is other]))
            wait_until(lambda: ["before", True] in seen)
            self.assertEqual(seen, ["ValueError: a bad value"] * 2 + [["before", True]])

    def test_slow_receiver(self):
        """Of what nobody takes, no more than some is fetched."""
        with Worker(worker_functions.count, 3000) as worker:
            seen = []
            worker.on_close = lambda event: seen.append(event.type)
            wait_until(lambda: len(worker._web_inbox.results) == 1000)
            settle()
            self.assertEqual(len(worker._web_inbox.results), 1000)
            self.assertEqual(receive(worker), list(range(3000)))
            wait_until(lambda: seen == ["close"])

    def test_terminate(self):
        """Whatever the worker does; nothing arrives after it."""
        with contextlib.ExitStack() as stack:
            workers = [start_in(stack, name) for name in ("busy", "flood", "echo", "busy")]
            pids = [get_pid(worker) for worker in workers]
            receive(workers[0], 1)
            receive(workers[1], 1)
            seen = []
            workers[3].on_error = workers[3].on_close = seen.append
            wait_until(lambda: workers[3]._web_inbox.results)
            for worker in workers:
                self.assertIs(worker.closed, False)
                worker.terminate()
                worker.terminate()
                self.assertIs(worker.closed, True)
                worker.post_message("lost")
                self.assertEqual(receive(worker), [])
            for pid in pids:
                wait_until_gone(pid)
            self.assertEqual(seen, [])

    def test_terminate_while_a_task_waits(self):
        async def main():
            async with Worker(worker_functions.echo) as worker:
                task = asyncio.ensure_future(worker.receive())
                await asyncio.sleep(0.01)
                worker.terminate()
                with self.assertRaises(WebMessaging.DOMException) as caught:
                    await task
                self.assertEqual(caught.exception.name, "InvalidStateError")

        run(main())

    def test_a_worker_that_does_not_read(self):
        with Worker(worker_functions.burst) as worker:
            with self.assertRaises(WebMessaging.DOMException) as caught:
                while True:
                    worker.post_message(bytes(1000000))
            self.assertEqual(caught.exception.name, "QuotaExceededError")

    def test_nested(self):
        with silence(), contextlib.ExitStack() as stack:
            nesting = start_in(stack, "nest")
            pid, = receive(nesting, 1)
            nesting.post_message("down and up")
            self.assertEqual(receive(nesting, 1), ["down and up"])
            failing = start_in(stack, "nest", "fail")
            handling = start_in(stack, "nest_and_handle")
            received = receive(failing, 3)[1:]
            self.assertEqual(sorted(map(str, received)), ["a bad value", "before"])
            self.assertEqual(receive(handling), [["handled", "ValueError: a bad value"]])
            nesting.terminate()
            wait_until_gone(pid)

    def test_threads(self):
        """What is for C works as well."""
        def work(scope, number):
            for event in scope.messages():
                scope.post_message([number, event.data, scope.name])
                if event.data == "close":
                    scope.close()

        with Worker.new_thread("name", work, 5) as worker:
            self.assertIsNone(worker.subprocess)
            worker.post_message("close")
            self.assertEqual(receive(worker), [[5, "close", "name"]])
        # The next thread may have the same number.
        with Worker.new_thread("", work, 6) as worker:
            worker.post_message(1)
            self.assertEqual(receive(worker, 1), [[6, 1, ""]])


class TestErrors(unittest.TestCase):
    def fail(self, name, *args, messages=()):
        """What a worker says that fails, as an event."""
        worker = Worker(f"worker_functions:{name}", *args)
        for message in messages:
            worker.post_message(message)
        events = []
        worker.on_error = worker.on_close = worker.on_message = events.append
        return worker, events

    def test_events(self):
        with silence():
            runs = {name: self.fail(name) for name in (
                "fail", "fail_with_cause", "fail_with_own_error", "fail_with_group", "fail_with_syntax",
                "fail_with_what_cannot_be_cloned", "fail_with_bytes", "fail_deep", "fail_async",
                "fail_in_callback", "missing")}
            runs["nowhere"] = Worker("nowhere:function"), []
            runs["nowhere"][0].on_error = runs["nowhere"][0].on_close = runs["nowhere"][1].append
            for _worker, events in runs.values():
                wait_until(lambda events=events: events and events[-1].type == "close")
        seen = {name: [event for event in events if event.type != "message"]
                for name, (_worker, events) in runs.items()}
        for name, (worker, _events) in runs.items():
            self.assertEqual([event.type for event in seen[name]], ["error", "close"], name)
            worker.terminate()

        event = seen["fail"][0]
        lines = Path(worker_functions.__file__).read_text().splitlines()
        self.assertEqual((event.message, event.filename, lines[event.lineno - 1], event.colno),
                         ("ValueError: a bad value", worker_functions.__file__,
                          '    raise ValueError("a bad value")', 5))
        self.assertTrue(event.cancelable and event.is_trusted)
        self.assertIs(event.target, runs["fail"][0])
        self.assertIs(type(event.error), ValueError)
        self.assertIs(event.error, event.error)
        self.assertEqual(event.stack.count("File"), 1)
        self.assertIn(event.stack, str(event.error.__cause__))
        text = "".join(traceback.format_exception(event.error))
        self.assertRegex(text, r'(?s)Traceback.*raise ValueError\("a bad value"\).*direct cause.*ValueError: a bad')

        error = seen["fail_with_cause"][0].error
        self.assertEqual((type(error), str(error), type(error.cause)), (RuntimeError, "it has a cause", KeyError))
        self.assertIn("KeyError: 'key'", str(error.__cause__))
        self.assertEqual([type(each) for each in seen["fail_with_group"][0].error.exceptions], [ValueError, TypeError])
        event = seen["fail_with_own_error"][0]
        self.assertEqual((event.message, type(event.error)), ("worker_functions.OwnError: mine", Exception))
        event = seen["fail_with_syntax"][0]
        self.assertEqual((event.filename, event.lineno, type(event.error)), ("<string>", 1, SyntaxError))
        event = seen["fail_with_what_cannot_be_cloned"][0]
        self.assertEqual((event.message, event.error), ("ValueError: has a cause that cannot be cloned", None))
        event = seen["fail_with_bytes"][0]
        self.assertEqual((event.message, event.error), ("ValueError: /no/file/\\udcff", None))
        self.assertIs(type(seen["fail_deep"][0].error), RecursionError)
        self.assertEqual(seen["fail_async"][0].message, "LookupError: in a coroutine")
        self.assertEqual(seen["fail_async"][0].stack.count("File"), 1)
        self.assertEqual(seen["fail_in_callback"][0].message, "RuntimeError: in a callback")
        for name, text in (("missing", "'worker_functions:missing': module"), ("nowhere", "'nowhere:function': No")):
            self.assertRegex(seen[name][0].message, f"ImportError: The worker could not import {text}")

    def test_handlers(self):
        """A worker goes on after an exception in a handler."""
        with silence(), contextlib.ExitStack() as stack:
            handler, signals, thread, task = (start_in(stack, name) for name in (
                "fail_in_handler", "fail_in_signal", "fail_in_thread", "fail_in_task"))
            for worker in handler, signals:
                for message in (1, 2):
                    worker.post_message(message)
            handler.post_message("close")
            self.assertEqual([error.args for error in receive(handler)], [("1",), ("2",)])
            self.assertEqual([error.args for error in receive(signals, 2)], [("in a signal",)] * 2)
            for worker, cls in (thread, ZeroDivisionError), (task, RuntimeError):
                worker.post_message(1)
                self.assertEqual(list(map(type, receive(worker))), [cls])

    def test_raised_where_messages_are_received(self):
        async def main():
            async with Worker(worker_functions.fail) as worker:
                self.assertEqual((await worker.receive()).data, "before")
                with self.assertRaisesRegex(ValueError, "a bad value"):
                    await worker.receive()
                with self.assertRaises(WebMessaging.DOMException):
                    await worker.receive()

        with silence():
            run(main())

    def test_exits(self):
        with silence(), contextlib.ExitStack() as stack:
            runs = []
            for name, status, expected in (
                ("leave", None, []), ("leave", 0, []), ("leave", 3, "exited with status 3"),
                ("leave", "text", "exited with status 1"), ("leave_async", 0, []),
                ("leave_async", 4, "exited with status 4"), ("leave_at_once", 0, "exited with status 0"),
            ):
                runs.append((start_in(stack, name, status), name != "leave_async", expected))
            for status, expected in (0, []), (5, "exited with status 5"):
                worker = start_in(stack, "fail_in_handler")
                worker.post_message({"exit": status})
                worker.post_message("lost")
                runs.append((worker, False, expected))
            runs.append((start_in(stack, "kill_itself"), False, r"killed by signal 9 \(Killed\)"))
            for worker, posts, expected in runs:
                received = receive(worker)
                if posts:
                    self.assertEqual(received.pop(0), "before")
                if expected:
                    self.assertRegex(str(received.pop()), f"^The worker (has|was) {expected}$")
                self.assertEqual(received, [])

    def test_plain_process_that_fails(self):
        with self.assertRaises(GLib.Error):
            Worker.new_process(["/nonexistent/program"])
        with Worker.new_process(["true"]) as worker:
            error, = receive(worker)
            self.assertEqual(str(error), "The worker has exited with status 0")

    def test_own_events(self):
        event = WebMessaging.ErrorEvent("error", ValueError(1), message="text", filename="file", lineno=2, colno=3)
        self.assertEqual((event.type, event.message, event.filename, event.lineno, event.colno, event.stack),
                         ("error", "text", "file", 2, 3, None))
        self.assertEqual(event.error.args, (1,))
        self.assertTrue(event.cancelable)
        self.assertIsNone(WebMessaging.ErrorEvent("error").error)
        self.assertIsNone(WebMessaging.ErrorEvent.new("error", None, None, 0, 0).error)


class TestShared(unittest.TestCase):
    def test_users(self):
        first = WebMessaging.SharedWorker(worker_functions.share, name="a")
        second = WebMessaging.SharedWorker("worker_functions:share", name="a")
        other = WebMessaging.SharedWorker("worker_functions:share")
        messages = [next(worker.port.messages()).data for worker in (first, second, other)]
        pid = messages[0][1]
        self.assertEqual(messages[0], [1, pid, "a", "", True])
        self.assertEqual(messages[1], [2, pid, "a", "", True])
        self.assertEqual(messages[2], [1, messages[2][1], "", "", True])
        self.assertIs(first.port, first.port)
        first.port.post_message({1})
        self.assertEqual(next(first.port.messages()).data, {1})
        second.port.post_message("close")
        self.assertEqual(list(first.port.messages()), [])
        wait_until_gone(pid)

    def test_errors(self):
        with silence():
            worker = WebMessaging.SharedWorker("worker_functions:kill_itself")
            seen = []
            worker.on_error = seen.append
            wait_until(lambda: seen)
            self.assertEqual(seen[0].message, "The worker was killed by signal 9 (Killed)")


@unittest.skipIf(PROGRAM is None, "needs the worker-program of the build")
class TestOtherLanguages(unittest.TestCase):
    def test_program_in_c(self):
        with Worker.new_process([PROGRAM], "name", {"a": 1}) as worker:
            messages = worker.messages()
            self.assertEqual(next(messages).data, ["name", {"a": 1}])
            worker.post_message("echo")
            worker.post_message("report")
            self.assertEqual(next(messages).data, "echo")
            with self.assertRaisesRegex(RuntimeError, "it has failed"):
                next(messages)
            worker.post_message("close")
            self.assertEqual([event.data for event in messages], ["before", "after"])

    def test_launcher(self):
        launcher = Gio.SubprocessLauncher.new(Gio.SubprocessFlags.STDOUT_PIPE)
        with Worker.new_process([Path(PROGRAM)], data=GLib.Variant("i", 5), launcher=launcher) as worker:
            self.assertEqual(receive(worker, 1), [["", 5]])
            self.assertIsNotNone(worker.get_subprocess().get_stdout_pipe())

    def test_program_in_python(self):
        """As a worker of any language."""
        with silence(), Worker.new_process(
                [sys.executable, str(HERE / "worker_program.py")], "name", {"key": [1]}) as worker:
            self.assertEqual(receive(worker, 1), [["name", {"key": [1]}, None]])
            worker.post_message("fail")
            self.assertRegex(str(receive(worker, 1)), "in a program")
            worker.post_message("close")
            self.assertEqual(receive(worker), ["close"])


def run_python(*arguments):
    """Runs an interpreter."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=HERE, check=False)


class TestEnds(unittest.TestCase):
    """Nothing survives."""

    def run_owner(self, script, **kwargs):
        """Runs an owner. Returns the identifiers that it prints, and how it has ended."""
        # What starts the tests may ignore Ctrl-C.
        prelude = ("import gc, os, signal, sys, threading, time\nfrom worker_owner import *\n"
                   "signal.signal(signal.SIGINT, signal.default_int_handler)\n")
        with subprocess.Popen([sys.executable, "-c", prelude + script], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, cwd=HERE, **kwargs) as owner:
            try:
                output, errors = owner.communicate(timeout=TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                owner.kill()
                raise
        return [int(word) for word in output.split()], owner.returncode, errors

    def test_ends_of_owners(self):
        """However the owner ends, its workers end: the busy ones, the idle ones and theirs."""
        ends = {
            "pass": 0,
            "raise RuntimeError": 1,
            "os._exit(4)": 4,
            "os.kill(os.getpid(), signal.SIGKILL)": -9,
            "os.abort()": -6,
            "del workers; gc.collect()": 0,
            "threading.Thread(target=time.sleep, args=[1000], daemon=True).start()": 0,
        }
        with concurrent.futures.ThreadPoolExecutor(2) as executor:
            runs = {end: executor.submit(self.run_owner, f"workers = start()\n{end}") for end in ends}
            for end, status in ends.items():
                with self.subTest(end):
                    pids, returned, errors = runs[end].result()
                    self.assertEqual((len(pids), returned), (4, status), errors)
                    for pid in pids:
                        wait_until_gone(pid)

    def test_ctrl_c(self):
        """It is for the owner alone, and workers print nothing of it."""
        script = "workers = start()\nos.killpg(0, signal.SIGINT)\ntime.sleep(1000)"
        pids, status, errors = self.run_owner(script, start_new_session=True)
        self.assertEqual((len(pids), status), (4, -signal.SIGINT))
        self.assertEqual(errors.count("Traceback"), 1, errors)
        for pid in pids:
            wait_until_gone(pid)

    def test_ctrl_c_at_the_start(self):
        script = ("worker = Worker(worker_functions.count, 1)\n"
                  "try:\n    os.killpg(0, signal.SIGINT); time.sleep(1000)\n"
                  "except KeyboardInterrupt:\n    print(*[event.data for event in worker.messages()])")
        values, status, errors = self.run_owner(script, start_new_session=True)
        self.assertEqual((values, status, errors), ([0], 0, ""))

    def test_ctrl_c_in_a_worker(self):
        with Worker(worker_functions.interrupt_itself) as worker:
            self.assertEqual(receive(worker), ["goes on"])

    def test_forks(self):
        """A child of the owner does not end what belongs to the owner."""
        script = """
import multiprocessing
workers = start()
for end in ("sys.exit()", "os._exit(0)", "for worker in workers: worker.terminate()", "del workers; gc.collect()"):
    child = os.fork()
    if child == 0:
        exec(end)
        sys.exit()
    os.waitpid(child, 0)
process = multiprocessing.get_context("fork").Process(target=gc.collect)
process.start()
process.join()
workers[0].post_message("still here")
assert next(workers[0].messages()).data == "still here"
"""
        pids, status, errors = self.run_owner(script)
        self.assertEqual((len(pids), status), (4, 0), errors)
        for pid in pids:
            wait_until_gone(pid)

    def test_main_modules(self):
        """Functions of the program itself run, and what is for it alone does not."""
        for command in (["worker_main.py"], ["-m", "worker_main"]):
            run = run_python(*command)
            self.assertEqual((run.stdout, run.stderr, run.returncode), (
                "['__mp_main__', 1]\n['nested', ['__mp_main__', 2]]\nshared\n", "", 0))
        run = run_python("worker_main.py", "unguarded")
        self.assertIn('if __name__ == "__main__"', run.stderr)
        self.assertEqual(run.returncode, 1)
        run = run_python("-c", "from worker_owner import *\ndef work(scope): pass\nWorker(work)")
        self.assertIn("not in a file", run.stderr)

    def test_flags(self):
        """The worker has the options of the interpreter, and its path."""
        script = (f"import sys; sys.path.insert(0, {str(HERE)!r})\nfrom worker_owner import *\n"
                  "worker = Worker(worker_functions.describe)\n"
                  "seen = next(worker.messages()).data\n"
                  "assert seen['flags'] == list(sys.flags), seen\n"
                  "assert seen['path'] == [*sys.path[:1], os.getcwd(), *sys.path[2:]], seen\n"
                  "assert seen['x'] == {'utf8': '1', 'dev': 'True'}, seen").replace("import sys", "import os, sys", 1)
        run = run_python("-O", "-X", "utf8=1", "-X", "dev", "-W", "ignore", "-c", script)
        self.assertEqual((run.stderr, run.returncode), ("", 0))

    def test_under_load(self):
        """Workers that are killed while they post."""
        with contextlib.ExitStack() as stack:
            workers = [start_in(stack, "flood") for _ in range(4)]
            iterators = [worker.messages() for worker in workers]
            for iterator in iterators:
                next(iterator)
            for worker, iterator in zip(workers, iterators):
                pid = get_pid(worker)
                os.kill(pid, signal.SIGKILL)
                with self.assertRaisesRegex(RuntimeError, "killed by signal 9"):
                    for event in iterator:
                        self.assertEqual(len(event.data), 4000)
                self.assertEqual(list(iterator), [])
                wait_until_gone(pid)

    def test_many_in_a_row(self):
        """Fifty of them leave nothing: no process, no descriptor, no object."""
        def use(number):
            worker = Worker(worker_functions.echo)
            pids.append(get_pid(worker))
            worker.itself = worker
            references.append(weakref.ref(worker))
            if number % 2:
                worker.on_message = lambda event: seen.append(worker)
                worker.on_error = lambda event: seen.append(worker)
            worker.post_message("close")
            if number % 3 == 0:
                worker.terminate()
            elif number % 2:
                wait_until(lambda: len(seen) == 2)
            else:
                self.assertEqual(receive(worker), ["close", "last"])
            seen.clear()

        seen, pids, references = [], [], []
        use(1)
        collect()
        before, memory = count_descriptors(), None
        for number in range(0, 50, 2):
            use(number)
            use(number + 1)
            if number == 10:
                collect()
                memory = get_memory()
        collect()
        for pid in pids:
            wait_until_gone(pid)
        wait_until(lambda: count_descriptors() <= before + 1)
        self.assertEqual([each() for each in references if each() is not None], [])
        self.assertLess(get_memory() - memory, 3 << 20)


class TestLifetime(unittest.TestCase):
    def test_garbage(self):
        """A worker that nobody listens to goes with the last reference; others stay until they end."""
        kept = []

        def make(listen, command):
            worker = Worker(worker_functions.echo)
            worker.itself = worker
            listen(worker)
            if command:
                worker.post_message(command)
            kept.append(weakref.ref(worker))
            return get_pid(worker)

        seen = []
        pids = [
            make(lambda worker: None, None),
            make(lambda worker: worker.messages(), None),
            make(lambda worker: setattr(worker, "on_message", lambda event: seen.append(worker.name)), "close"),
            make(lambda worker: setattr(worker, "on_error", lambda event: worker), "close"),
        ]
        collect()
        wait_until_gone(pids[0])
        wait_until_gone(pids[1])
        wait_until(lambda: len(seen) == 2)
        wait_until_gone(pids[2])
        wait_until_gone(pids[3])
        wait_until(lambda: collect() or [each() for each in kept] == [None] * 4)

    def test_collections_in_several_threads(self):
        """Workers are garbage on one thread while another one collects."""
        stop = threading.Event()

        def collect_all_the_time():
            while not stop.is_set():
                gc.collect()

        thread = threading.Thread(target=collect_all_the_time)
        thread.start()
        try:
            pids = []
            for number in range(8):
                worker = Worker(worker_functions.count, 100)
                worker.itself = worker
                pids.append(get_pid(worker))
                if number % 2:
                    worker.on_message = worker.on_error = worker.on_close = lambda event: event.target
                del worker
            for pid in pids:
                wait_until_gone(pid)
        finally:
            stop.set()
            thread.join()

    def test_threads_have_workers(self):
        """A worker belongs to the thread that has made it, and ends with the main context there."""
        pids = []

        def use():
            context = GLib.MainContext.new()
            context.push_thread_default()
            worker = Worker(worker_functions.echo)
            worker.post_message(1)
            pids.append([get_pid(worker), receive(worker, 1)])
            other = Worker(worker_functions.echo)
            other.on_message = print
            pids.append([get_pid(other), [1]])
            context.pop_thread_default()

        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
        collect()
        for pid, received in pids:
            self.assertEqual(received, [1])
            wait_until_gone(pid)


if __name__ == "__main__":
    tap.main()
