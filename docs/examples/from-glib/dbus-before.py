"""Starts a helper and calls it over a private D-Bus connection."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import socket
import subprocess
import sys
from pathlib import Path

from gi.repository import Gio, GLib

HELPER = Path(__file__).with_name("helper-before.py")

here, there = socket.socketpair()
with there:
    fd = there.fileno()
    child = subprocess.Popen([sys.executable, HELPER, str(fd)], pass_fds=[fd])
stream = Gio.Socket.new_from_fd(here.detach()).connection_factory_create_connection()
connection = Gio.DBusConnection.new_sync(
    stream, None, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None)


def on_answer(connection, result):
    print(connection.call_finish(result).unpack()[0])
    loop.quit()


connection.call(
    None, "/shouter", "org.example.Shouter", "Shout", GLib.Variant("(s)", ("hello",)),
    GLib.VariantType("(s)"), Gio.DBusCallFlags.NONE, -1, None, on_answer)
loop = GLib.MainLoop()
loop.run()
connection.close_sync()
child.wait()
