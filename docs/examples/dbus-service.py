#!/usr/bin/env python3
"""Gives a port to whoever asks for one over D-Bus: dbus-service.py COMMAND…

The command is run with the address of the service, and asks.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import Gio, GLib, WebMessaging

INTERFACE = Gio.DBusNodeInfo.new_for_xml("""
  <node>
    <interface name="org.example.Greeter">
      <method name="Open"><arg type="h" direction="out"/></method>
    </interface>
  </node>""").interfaces[0]


def on_call(_connection, _sender, _path, _interface, _method, _arguments, invocation):
    """The value of type `h` is the number of the descriptor among those of the reply."""
    channel = WebMessaging.MessageChannel()
    fd_list = Gio.UnixFDList()
    handle = GLib.Variant("(h)", (channel.port2.steal_to_fd_list(fd_list),))

    channel.port1.on_message = lambda event: event.target.post_message(f"Hello {event.data}")
    invocation.return_value_with_unix_fd_list(handle, fd_list)


def on_connection(_server, connection):
    """Somebody has connected. The server does not keep the connection."""
    connections.append(connection)
    connection.register_object("/greeter", INTERFACE, on_call, None, None)
    return True


connections: list[Gio.DBusConnection] = []
server = Gio.DBusServer.new_sync(
    "unix:tmpdir=/tmp", Gio.DBusServerFlags.NONE, Gio.dbus_generate_guid(), None, None)
server.connect("new-connection", on_connection)
server.start()

loop = GLib.MainLoop()
client = Gio.Subprocess.new([*sys.argv[1:], server.get_client_address()], Gio.SubprocessFlags.NONE)
client.wait_async(None, lambda *_: loop.quit())
loop.run()
