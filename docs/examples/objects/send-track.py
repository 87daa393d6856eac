"""Sends a track to a child process, which returns it twice as long: send-track.py COMMAND…"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

from gi.repository import Gio
from track import Track, WebMessaging

launcher = Gio.SubprocessLauncher.new(Gio.SubprocessFlags.NONE)
port = WebMessaging.MessagePort.for_launcher(launcher)
launcher.spawnv(sys.argv[1:])
launcher.close()

port.post_message(Track("Prelude", 90.5))
track = next(port.messages()).data
print(f"{type(track).__name__} {track.title!r}, {track.seconds} s")
port.close()
