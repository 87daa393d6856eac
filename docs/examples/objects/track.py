"""A track of a record, which can be sent; track.js and track.c have the same class."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, GObject, WebMessaging


class Track(GObject.Object, WebMessaging.Serializable):
    """Copied into a message."""

    __gtype_name__ = "ExampleTrack"

    def __init__(self, title="", seconds=0.0):
        super().__init__()
        self.title = title
        self.seconds = seconds

    def do_serialize(self):
        return GLib.Variant("a{sv}", {
            "title": GLib.Variant("s", self.title),
            "seconds": GLib.Variant("d", self.seconds),
            "language": GLib.Variant("s", "Python"),    # new in version 2
        })

    def do_deserialize(self, description):
        members = description.unpack()
        self.title = members["title"]
        self.seconds = members.get("seconds", 0.0)
        return True
