"""A program that any language can start as a worker."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging

scope = WebMessaging.WorkerGlobalScope.from_environment()


def on_message(event):
    if event.data == "fail":
        raise RuntimeError("in a program")
    if event.data == "close":
        scope.close()
    scope.post_message(event.data)


scope.on_message = on_message
scope.post_message([scope.name, scope.data, os.environ.get("WEB_MESSAGING_WORKER")])
scope.run()
