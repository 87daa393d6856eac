"""A program whose own functions run in workers."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging


@WebMessaging.worker
def work(scope, number):
    scope.post_message([__name__, number])


def nest(scope):
    for event in work(2).messages():
        scope.post_message(["nested", event.data])


def share(scope):
    scope.on_connect = lambda event: event.ports[0].post_message(scope.name)


if __name__ == "__main__" or "unguarded" in sys.argv:
    for worker in (work(1), WebMessaging.Worker(nest)):
        for event in worker.messages():
            print(event.data)
    shared = WebMessaging.SharedWorker(share, name="shared")
    print(next(shared.port.messages()).data)
