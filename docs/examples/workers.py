#!/usr/bin/env python3
"""Counts prime numbers on all cores: workers.py [SECONDS], after which it gives up"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import os
import sys

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging


def count_primes(scope):
    for event in scope.messages():
        scope.post_message(sum(all(n % i for i in range(2, int(n**0.5) + 1)) for n in range(*event.data)))


async def map_in_workers(function, tasks):
    """Each worker takes the next task as soon as it is free."""
    waiting, results = iter(enumerate(tasks)), {}

    async def work():
        async with WebMessaging.Worker(function) as worker:
            for index, task in waiting:
                worker.post_message(task)
                results[index] = (await worker.receive()).data
                print(f"{len(results) / len(tasks):.0%}")

    async with asyncio.TaskGroup() as group:
        for _ in range(os.cpu_count() or 1):
            group.create_task(work())
    return [results[index] for index in range(len(tasks))]


async def main(seconds):
    try:
        async with asyncio.timeout(seconds):
            ranges = [(n, n + 50000) for n in range(2, 500000, 50000)]
            print(sum(await map_in_workers(count_primes, ranges)), "primes up to 500000")
    except TimeoutError:
        print("given up")


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
