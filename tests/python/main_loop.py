"""What tests do with a main context."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.repository import GLib

TIMEOUT_SECONDS = 60


def wait_until(condition, context=None):
    """Iterates a main context until the condition holds."""
    context = context or GLib.MainContext.ref_thread_default()
    expired = []
    source = GLib.timeout_source_new_seconds(TIMEOUT_SECONDS)
    source.set_callback(lambda *_: expired.append(True))
    source.attach(context)
    while not condition() and not expired:
        context.iteration(True)
    source.destroy()
    assert not expired, "timed out"
