"""Classes whose objects go to another process; process-classes.js has the same."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import tempfile

from gi.repository import GLib, GObject, WebMessaging


class Note(GObject.Object, WebMessaging.Serializable):
    """Copied by its text."""

    __gtype_name__ = "TestProcessNote"

    def __init__(self, text=None):
        super().__init__()
        self.text = text

    def do_serialize(self):
        return GLib.Variant("s", self.text)

    def do_deserialize(self, serialized):
        self.text = serialized.unpack()
        return True


class DocumentHolder(GObject.Object):
    """Owns the descriptor of a document on its way."""

    __gtype_name__ = "TestProcessDocumentHolder"
    fd = -1

    def __del__(self):
        if self.fd >= 0:
            os.close(self.fd)


class Document(GObject.Object, WebMessaging.Transferable):
    """Owns the descriptor of a file with a text."""

    __gtype_name__ = "TestProcessDocument"

    def __init__(self, text=None):
        super().__init__()
        self.fd = -1
        if text is not None:
            with tempfile.TemporaryFile() as file:
                file.write(text.encode())
                file.flush()
                self.fd = os.dup(file.fileno())

    def read(self):
        """The text. The descriptor is closed."""
        data = os.pread(self.fd, 1000, 0)
        os.close(self.fd)
        self.fd = -1
        return data.decode()

    def do_is_detached(self):
        return self.fd < 0

    def do_transfer(self):
        holder = DocumentHolder()
        holder.fd, self.fd = self.fd, -1
        return holder

    def do_transfer_receive(self, holder):
        self.fd, holder.fd = holder.fd, -1
        return True

    def do_export_data_holder(self, holder, fd_list):
        return GLib.Variant("(sh)", ("document", fd_list.append(holder.fd)))

    def do_import_data_holder(self, value, fd_list):
        name, index = value.unpack()
        if name != "document":
            raise TypeError("That is not a document")
        holder = DocumentHolder()
        holder.fd = fd_list.get(index)
        return holder
