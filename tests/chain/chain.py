"""A process in a chain, in Python: test_chain.py tells what the processes say to each other.

Usage: chain.py INDEX [COMMAND…]; the commands start the processes behind this one.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import shlex
import sys

import gi

gi.require_version("WebMessaging", "1")

from gi.repository import Gio, GLib, WebMessaging

BATCH = 500
LAST = -1


class Process:
    """What has come through the chain and stays here, and the ports to the neighbours."""

    def __init__(self, index: int, commands: list[str]):
        self.loop = GLib.MainLoop()
        self.up = WebMessaging.MessagePort.new_from_environment()
        self.down = self._start_next(index, commands) if commands else None
        self.end = None
        self.n_messages = self.sent = self.received = 0
        self.up.post_message(f"pid {os.getpid()}")
        self.up.connect("close", self._on_up_close)
        self.up.on_message = self._on_up_message

    def _start_next(self, index: int, commands: list[str]) -> WebMessaging.MessagePort:
        launcher = Gio.SubprocessLauncher()
        down = WebMessaging.MessagePort.new_for_launcher(launcher)
        launcher.spawnv([*shlex.split(commands[0]), str(index + 1), *commands[1:]])
        launcher.close()
        down.on_message = lambda event: self.up.post_message(event.data)
        return down

    def _on_up_message(self, event):
        hops, first, n_messages = map(int, event.data.split())
        [port] = event.ports
        if hops > 0:
            self.down.post_message(f"{hops - 1} {first} {n_messages}", [port])
            return

        self.end = port
        self.sent, self.n_messages = first, n_messages
        port.connect("close", lambda *_: self.loop.quit())
        port.on_message = self._on_number
        GLib.idle_add(self._send_batch)

    def _on_up_close(self, *_):
        if self.end is not None:
            self.end.post_message(LAST)
        else:
            self.loop.quit()

    def _send_batch(self) -> bool:
        until = min(self.sent + BATCH, self.n_messages)
        for number in range(self.sent, until):
            self.end.post_message(number)
        self.sent = until
        if self.sent < self.n_messages:
            return GLib.SOURCE_CONTINUE
        self._report_if_done()
        return GLib.SOURCE_REMOVE

    def _report_if_done(self):
        if self.sent == self.received == self.n_messages:
            self.up.post_message(f"done {self.received}")

    def _on_number(self, event):
        if event.data == LAST and self.up.closed:
            print("still connected", flush=True)
            self.loop.quit()
        elif event.data == LAST:
            self.end.post_message(LAST)
        else:
            assert event.data == self.received, f"{event.data} has come instead of {self.received}"
            self.received += 1
            if self.received == self.n_messages:
                self._report_if_done()


def fail(*arguments):
    """An exception in a handler ends the process, instead of being printed only."""
    sys.__excepthook__(*arguments)
    os._exit(1)


sys.excepthook = fail
Process(int(sys.argv[1]), sys.argv[2:]).loop.run()
