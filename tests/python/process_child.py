"""A child process that does what its parent says, for tests in any language."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import time

import gi

gi.require_version("WebMessaging", "1")
from gi.repository import WebMessaging
from process_classes import Document, Note


async def main():
    port = WebMessaging.MessagePort.from_environment()
    kept = []

    async for event in port.messages():
        data = event.data
        match data["action"]:
            case "echo":
                port.post_message(data.get("value"))
            case "answer":
                for other in event.ports:
                    other.post_message(data["value"])
            case "make":
                channel = WebMessaging.MessageChannel()
                echo = channel.port1
                echo.on_message = lambda event, echo=echo: echo.post_message(event.data)
                kept.append(echo)
                port.post_message({"made": True}, [channel.port2])
            case "count":
                for number in range(data["n"]):
                    port.post_message(number)
            case "classes":
                note, document = data["note"], data["document"]
                port.post_message({
                    "note": isinstance(note, Note) and note.text,
                    "document": isinstance(document, Document) and document.read(),
                })
            case "send":
                document = Document("in Python")
                port.post_message({"note": Note("of Python"), "document": document}, [document])
            case "language":
                port.post_message("Python")
            case "sleep":
                # Does not read for a while, in the thread of the port.
                time.sleep(data["milliseconds"] / 1000)
            case "close":
                port.close()


asyncio.run(main())
