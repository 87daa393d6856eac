"""Small dicts of Python, through a port and through a pipe of multiprocessing. One hop each."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import multiprocessing
import threading
import time

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, WebMessaging

HOPS = 20000


def report(what: str, start: float) -> None:
    print(f"{what}\t{(time.perf_counter() - start) / HOPS * 1e6:.6g}\tus")


def port_hops() -> None:
    channel = WebMessaging.MessageChannel()
    loop = GLib.MainLoop()
    count = 0

    def answer(event):
        nonlocal count
        count += 2
        if count < HOPS:
            channel.port1.post_message({"name": event.data["name"], "number": count})
        else:
            loop.quit()

    port1, port2 = channel.port1, channel.port2
    port2.on_message = lambda event: port2.post_message(event.data)
    port1.on_message = answer
    start = time.perf_counter()
    port1.post_message({"name": "a small dict", "number": 0})
    loop.run()
    report("one hop of a small dict, one thread, Python", start)


async def asyncio_hops() -> None:
    """The same, where asyncio runs the main context."""
    channel = WebMessaging.MessageChannel()

    async def answer() -> None:
        async for event in channel.port2.messages():
            channel.port2.post_message(event.data)

    task = asyncio.create_task(answer())
    start = time.perf_counter()
    for number in range(HOPS // 2):
        channel.port1.post_message({"name": "a small dict", "number": number})
        await channel.port1.receive()
    report("one hop of a small dict, asyncio, Python", start)
    channel.port1.close()
    await task


def pipe_hops() -> None:
    here, there = multiprocessing.Pipe()

    def echo():
        for _ in range(HOPS // 2):
            there.send(there.recv())

    thread = threading.Thread(target=echo)
    thread.start()
    start = time.perf_counter()
    for number in range(HOPS // 2):
        here.send({"name": "a small dict", "number": number})
        here.recv()
    report("one hop of a small dict, multiprocessing.Pipe", start)
    thread.join()


port_hops()
asyncio.run(asyncio_hops())
pipe_hops()
