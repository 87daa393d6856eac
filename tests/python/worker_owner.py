"""What the owners of workers begin with that test_workers.py starts."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("WebMessaging", "1")
import worker_functions
from gi.repository import WebMessaging

__all__ = ["Worker", "start", "worker_functions"]

Worker = WebMessaging.Worker


def start():
    """Starts workers of several kinds, and prints the identifiers of all processes."""
    echo, nest = (Worker(f"worker_functions:{name}") for name in ("echo", "nest"))
    pids = [next(nest.messages()).data]
    busy = Worker(worker_functions.busy)
    next(busy.messages())
    workers = [echo, nest, busy]
    pids += [int(worker.get_subprocess().get_identifier()) for worker in workers]
    print(*pids, flush=True)
    return workers
