#!/usr/bin/env python3
"""A child process, which answers its parent."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging

port = WebMessaging.MessagePort.from_environment()

for event in port.messages():
    port.post_message(f"Hello {event.data}, here is Python")
