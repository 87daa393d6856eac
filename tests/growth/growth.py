"""Reads messages in Python, for run.py."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import pathlib
import sys
import time

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, WebMessaging

STATUS = pathlib.Path("/proc/self/status")


def get_memory(field: str) -> int:
    """A field of the kernel's account of the process, in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def read(data: bytes) -> str:
    try:
        WebMessaging.SerializedData.new_from_bytes(GLib.Bytes.new(data)).to_value()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


def measure(path: str) -> None:
    data = pathlib.Path(path).read_bytes()
    gc.collect()
    # Forgets the most memory that the process had so far.
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    memory = get_memory("VmRSS:")
    start = time.thread_time()
    outcome = read(data)
    seconds = time.thread_time() - start
    memory = max(0, get_memory("VmHWM:") - memory)
    print(seconds, memory, " ".join(outcome.split()), sep="\t", flush=True)


for argument in sys.argv[1:]:
    measure(argument)
