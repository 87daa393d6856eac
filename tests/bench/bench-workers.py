"""How long a worker of Python takes to its first message, beside its interpreter with the same imports."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import statistics
import subprocess
import sys
import time

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging

ROUNDS = 21
BARE = """
import gi
gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging
import sys
sys.stdout.write("x")
sys.stdout.flush()
sys.stdin.read()
"""


def greet(scope):
    scope.post_message("x")


def start_interpreter() -> float:
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", BARE], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdout.read(1)
        end = time.perf_counter()
        process.communicate()
    return end - start


def start_worker() -> float:
    start = time.perf_counter()
    with WebMessaging.Worker(greet) as worker:
        messages = worker.messages()
        next(messages)
        end = time.perf_counter()
        list(messages)
    return end - start


def main() -> None:
    # In turns, so that both see the same machine.
    figures = [(start_interpreter(), start_worker()) for _ in range(ROUNDS)]
    for what, values, unit in (
        ("start of the bare interpreter, Python", [bare * 1e3 for bare, _ in figures], "ms"),
        ("start to first message, Python", [worker * 1e3 for _, worker in figures], "ms"),
        ("worker : bare interpreter, Python", [worker / bare for bare, worker in figures], "times"),
    ):
        print(f"{what}\t{statistics.median(values):.6g}\t{unit}")


if __name__ == "__main__":
    main()
