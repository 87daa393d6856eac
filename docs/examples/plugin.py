"""Runs a plug-in in JavaScript that sees nothing of the program but a port."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("JavaScriptCore", "6.0")
gi.require_version("WebMessaging", "1")
gi.require_version("WebMessagingJsc", "1")

from gi.repository import GLib, JavaScriptCore, WebMessaging, WebMessagingJsc

# Somebody else has written this.
SCRIPT = """
port.onmessage = ({data: {question, words}}) => {
    if (question === 'never end')
        for (;;);
    port.postMessage({question, answer: new Map(words.map(word => [word, word.length]))});
};
"""


def main() -> None:
    """Asks the plug-in, and prints its answer."""
    loop = GLib.MainLoop()
    context = JavaScriptCore.Context()
    channel = WebMessaging.MessageChannel()
    words = ["ports", "channels", "messages"]

    def on_answer(event: WebMessaging.MessageEvent) -> None:
        print("The plug-in says:", event.data)
        loop.quit()

    # No timers, no workers: what is not installed is not there.
    WebMessagingJsc.install(context, WebMessagingJsc.Flags.NONE)
    context.set_value("port", WebMessagingJsc.wrap_port(context, channel.port2))
    context.evaluate_with_source_uri(SCRIPT, -1, "app:plug-in.js", 1)

    channel.port1.on_message = on_answer
    if WebMessagingJsc.set_time_limit(context, 100):
        channel.port1.post_message({"question": "never end", "words": words})
    else:
        print("This JavaScriptCore cannot end a script: the plug-in is trusted to return")
    channel.port1.post_message({"question": "how long", "words": words})
    loop.run()


main()
