#!/usr/bin/env python3
"""Starts a child process in any language and talks to it: parent.py COMMAND…"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess
import sys

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging

channel = WebMessaging.MessageChannel()
fd = channel.port2.steal_fd()
environment = {**os.environ, "WEB_MESSAGING_FD": str(fd)}

with subprocess.Popen(sys.argv[1:], pass_fds=[fd], env=environment), channel.port1 as port:
    os.close(fd)
    port.post_message("Python")
    print(next(port.messages()).data)
