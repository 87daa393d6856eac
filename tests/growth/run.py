"""Reads messages of growing length in one language, and tells how time and memory grow with it.

Usage: run.py [OPTION...] READER [ARGUMENT...]; --help tells the options

READER is a program that is given paths of files, each with a message in bytes. For each of them it
reads the message and all of its value, prints a line of three fields with tabs between them, and
flushes it: seconds, bytes of memory that reading took at most, and "ok" or the error that it met.
Each type of message is read in three lengths, and fails if time or memory grow faster than its
length. Without --table, the output is that of a test.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import resource
import select
import subprocess
import sys
import tempfile

import inputs

FACTORS = (1, 4, 16)

# How much more than in proportion is still taken for linear: the allocators and caches of a machine
# are slower for more memory.
TOLERANCE = 2.5

# Less is not worth comparing, because the clock is not more exact.
LEAST_SECONDS = 0.0001

# What a reader may take for one message, and for itself.
TIMEOUT_SECONDS = 30
MEMORY = 3 << 30


@dataclasses.dataclass
class Result:
    size: int
    seconds: float
    memory: int
    outcome: str


class Reader:
    """A reader, which is started again after a message that it could not read in time."""

    def __init__(self, command: list[str]) -> None:
        self.command = command

    def read(self, paths: list[pathlib.Path]) -> list[Result | None]:
        results: list[Result | None] = []
        while len(results) < len(paths):
            results += self.run(paths[len(results) :])
        return results

    def run(self, paths: list[pathlib.Path]) -> list[Result | None]:
        process = subprocess.Popen(
            self.command + [str(path) for path in paths],
            stdout=subprocess.PIPE,
            # There is no other thread.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)),  # noqa: PLW1509
        )
        results: list[Result | None] = []
        with process:
            for path in paths:
                line = b""
                if select.select([process.stdout], [], [], TIMEOUT_SECONDS)[0]:
                    line = process.stdout.readline()
                if not line.endswith(b"\n"):
                    process.kill()
                    results.append(None)
                    break
                seconds, memory, outcome = line.decode(errors="replace").rstrip("\n").split("\t", 2)
                results.append(Result(path.stat().st_size, float(seconds), int(memory), outcome))
        return results


def grows_too_fast(small: float, large: float, ratio: float, least: float) -> bool:
    return large > max(small, least) * ratio * TOLERANCE


def find_fault(results: list[Result | None], bytes_per_byte: int, least: int) -> str | None:
    """What is wrong with the results for one type of message."""
    for result in results:
        if result is None:
            return f"is not read within {TIMEOUT_SECONDS} seconds or {MEMORY >> 30} GiB"
        if result.memory > bytes_per_byte * result.size + least:
            return f"{result.size} bytes take {result.memory} bytes of memory"
    small, large = results[0], results[-1]
    ratio = large.size / small.size
    if grows_too_fast(small.memory, large.memory, ratio, least):
        return f"memory grows from {small.memory} to {large.memory} for {ratio:.1f} times the bytes"
    if grows_too_fast(small.seconds, large.seconds, ratio, LEAST_SECONDS):
        return f"time grows from {small.seconds} to {large.seconds} for {ratio:.1f} times the bytes"
    return None


def print_row(name: str, results: list[Result | None], least: int) -> None:
    small, large = results[0], results[-1]
    if small is None or large is None:
        print(f"| {name} | | | | | | not read |", flush=True)
        return
    ratio = large.size / small.size
    time_growth = large.seconds / max(small.seconds, LEAST_SECONDS) / ratio
    memory_growth = large.memory / max(small.memory, least) / ratio
    print(
        f"| {name} | {large.size} | {large.seconds * 1e9 / large.size:.0f} | {time_growth:.2f} "
        f"| {large.memory / large.size:.1f} | {memory_growth:.2f} | {large.outcome} |",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", action="store_true", help="print a table for people")
    parser.add_argument("--size", type=int, default=8192, help="bytes of the shortest messages")
    parser.add_argument("--memory", type=int, default=256, help="bytes of memory a byte may take")
    parser.add_argument("--only", default="", help="only the types with this text in their names")
    parser.add_argument("--least", type=int, default=65536, help="bytes of memory that are not counted")
    parser.add_argument("reader", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()

    reader = Reader(arguments.reader)
    names = [name for name in inputs.INPUTS if arguments.only in name]
    failed = 0
    if arguments.table:
        print("| message | bytes | ns/byte | growth | bytes/byte | growth | result |")
        print("|---|---|---|---|---|---|---|")
    else:
        print(f"1..{len(names)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, name in enumerate(names):
            for factor in FACTORS:
                path = pathlib.Path(folder) / f"{number:03}-{factor:02}"
                path.write_bytes(inputs.make(name, arguments.size * factor))
                paths.append(path)
        results = reader.read(paths)
        for number, name in enumerate(names):
            part = slice(number * len(FACTORS), (number + 1) * len(FACTORS))
            fault = find_fault(results[part], arguments.memory, arguments.least)
            # Other programs disturb a measurement, but not each one.
            for _ in range(5):
                if fault is None or None in results[part]:
                    break
                results[part] = reader.read(paths[part])
                fault = find_fault(results[part], arguments.memory, arguments.least)
            failed += fault is not None
            if arguments.table:
                print_row(name, results[part], arguments.least)
            else:
                if fault is not None:
                    print(f"# {name}: {fault}")
                print(f"{'ok' if fault is None else 'not ok'} {number + 1} - {name}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
