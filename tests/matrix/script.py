"""A script in JavaScriptCore, for the language matrix: script.js does the work."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import pathlib

import gi

gi.require_version("JavaScriptCore", "6.0")
gi.require_version("WebMessaging", "1")
gi.require_version("WebMessagingJsc", "1")
from gi.repository import GLib, JavaScriptCore, WebMessaging, WebMessagingJsc

HERE = pathlib.Path(__file__).parent


def text_of(get, row: str, way: str, sender: str = "") -> str:
    """What a row says of JavaScriptCore: the same as of GJS, unless it says something else.

    get: a function that looks into the rows
    """
    keys = [f"{way}-{language}{f'-from-{sender}' if is_special else ''}"
            for language in ("jsc", "gjs") for is_special in ((True, False) if sender else (False,))]
    return next(text for key in keys if (text := get(row, key)) is not None)


class Script:
    """A context with the library."""

    def __init__(self) -> None:
        self.context = JavaScriptCore.Context()
        WebMessagingJsc.install(self.context, WebMessagingJsc.Flags.NONE)
        describe = (HERE.parent / "gjs/describe.mjs").read_text()
        for text in (describe.replace("export ", ""), (HERE / "script.js").read_text()):
            self.context.evaluate(text, -1)

    def call(self, name: str, port: WebMessaging.MessagePort, text: str) -> str:
        """Calls a function of the script."""
        value = self.context.get_value(name).function_call([
            WebMessagingJsc.wrap_port(self.context, port), JavaScriptCore.Value.new_string(self.context, text)])
        exception = self.context.get_exception()
        assert exception is None, exception.report()
        return value.to_string()

    def send(self, port: WebMessaging.MessagePort, text: str) -> None:
        """Posts what a row calls a value."""
        if name := self.call("send", port, text):
            raise WebMessaging.DOMException(name, name)

    def judge(self, post, expected: str) -> str:
        """Says whether the script gets what a row expects when something is posted."""
        channel = WebMessaging.MessageChannel()
        self.call("receive", channel.port2, expected)
        try:
            post(channel.port1)
        except WebMessaging.DOMException as error:
            return "ok" if error.name == expected else error.name
        while self.context.get_value("result").is_null():
            GLib.MainContext.default().iteration(True)
        channel.port1.close()
        return self.context.get_value("result").to_string()
