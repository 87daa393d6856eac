"""The helper of dbus-before.py."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

from gi.repository import Gio, GLib

INTERFACE = Gio.DBusNodeInfo.new_for_xml("""
  <node>
    <interface name="org.example.Shouter">
      <method name="Shout"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
    </interface>
  </node>""").interfaces[0]


def on_call(_connection, _sender, _path, _interface, _method, arguments, invocation):
    invocation.return_value(GLib.Variant("(s)", (arguments.unpack()[0].upper(),)))


stream = Gio.Socket.new_from_fd(int(sys.argv[1])).connection_factory_create_connection()
connection = Gio.DBusConnection.new_sync(
    stream, Gio.dbus_generate_guid(),
    Gio.DBusConnectionFlags.AUTHENTICATION_SERVER
    | Gio.DBusConnectionFlags.DELAY_MESSAGE_PROCESSING, None, None)
connection.register_object("/shouter", INTERFACE, on_call, None, None)
connection.start_message_processing()
loop = GLib.MainLoop()
connection.connect("closed", lambda *_: loop.quit())
loop.run()
