"""What bench-processes.c measures, with a pipe of multiprocessing. Prints the same lines."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection

ROUNDS = 9
ROUND_TRIPS = 2000
ONE_WAY = 20000
TEXT = "A text of thirty-two characters."


def run_child(pipe: Connection) -> None:
    """Answers a text, and posts as many as a number says."""
    while (message := pipe.recv()) is not None:
        if isinstance(message, str):
            pipe.send(message)
        else:
            for _ in range(message):
                pipe.send(TEXT)


def round_trips(pipe: Connection) -> float:
    start = time.perf_counter()
    for _ in range(ROUND_TRIPS):
        pipe.send(TEXT)
        pipe.recv()
    return (time.perf_counter() - start) / ROUND_TRIPS * 1e6


def one_way(pipe: Connection) -> float:
    start = time.perf_counter()
    pipe.send(ONE_WAY)
    for _ in range(ONE_WAY):
        pipe.recv()
    return ONE_WAY / (time.perf_counter() - start)


def main() -> None:
    pipe, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=run_child, args=(there,))
    child.start()
    figures = [(round_trips(pipe), one_way(pipe)) for _ in range(ROUNDS)]
    pipe.send(None)
    child.join()

    for what, values, unit in zip(("round trip", "one way"), zip(*figures), ("us", "messages/s")):
        print(f"{what} between processes, multiprocessing.Pipe\t{statistics.median(values):.6g}\t{unit}")


if __name__ == "__main__":
    main()
