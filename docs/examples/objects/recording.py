"""An open file that moves to a child process, which reads it: recording.py COMMAND…"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import sys

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import Gio, GLib, GObject, WebMessaging


class Recording(GObject.Object, WebMessaging.Transferable):
    """Owns an open file. One object at a time has it."""

    __gtype_name__ = "ExampleRecording"
    fd = -1

    def do_is_detached(self):
        return self.fd < 0

    def do_transfer(self):
        # The data holder is a list of descriptors, which closes them in the end.
        holder = Gio.UnixFDList.new_from_array([self.fd])
        self.fd = -1
        return holder

    def do_transfer_receive(self, holder):
        [self.fd] = holder.steal_fds()
        return True

    def do_export_data_holder(self, holder, fd_list):
        return GLib.Variant("h", fd_list.append(holder.peek_fds()[0]))

    def do_import_data_holder(self, value, fd_list):
        return Gio.UnixFDList.new_from_array([fd_list.get(value.unpack())])


launcher = Gio.SubprocessLauncher.new(Gio.SubprocessFlags.NONE)
port = WebMessaging.MessagePort.for_launcher(launcher)
launcher.spawnv(sys.argv[1:])
launcher.close()

recording = Recording()
recording.fd = os.memfd_create("recording")
os.write(recording.fd, b"do re mi")
port.post_message({"title": "Prelude", "recording": recording}, [recording])
print("do I still have it?", recording.fd >= 0)
print(next(port.messages()).data)
port.close()
