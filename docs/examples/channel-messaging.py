#!/usr/bin/env python3
"""Two windows talk through a channel.

The page sends one port of a channel to the frame with postMessage(), and keeps the other. The
frame answers through the port that it has received.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import GLib, WebMessaging


def on_frame_message(frame, event):
    """In the frame: a message has come to the window, with a port."""
    print(f"The frame received '{event.data}' from {event.origin}")

    [port] = event.ports
    port.post_message("Hello from the frame!")


def on_page_message(event):
    """In the page: the answer has come through the channel."""
    print(f"The page received '{event.data}'")

    channel.port1.close()
    loop.quit()


loop = GLib.MainLoop()
page = WebMessaging.Window.new("https://page.example/")
frame = WebMessaging.Window.new("https://frame.example/")
channel = WebMessaging.MessageChannel.new_for_window(page)

frame.connect("message", on_frame_message)
channel.port1.on_message = on_page_message

frame.post_message(page, "Hello from the page!", "*", [channel.port2])

loop.run()
