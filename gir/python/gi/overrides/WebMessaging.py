"""What Python expects of the introspected classes. PyGObject loads this file by itself."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from ..module import get_introspection_module
from ..overrides import override

WebMessaging = get_introspection_module("WebMessaging")

__all__ = []


class MessagePort(WebMessaging.MessagePort):
    """A port is a context manager: `with channel.get_port1() as port:` closes it in the end."""

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()


MessagePort = override(MessagePort)
__all__.append("MessagePort")
