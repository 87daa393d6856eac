"""What waits for messages in asyncio."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
from collections import deque

from .events import MessageEvent


class Receivers:
    """Those who await messages of a port. A message that came for one that was cancelled meanwhile
    is for the next one."""

    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[MessageEvent]] = deque()
        self.unclaimed: deque[MessageEvent] = deque()

    def settle(self, future: "asyncio.Future[MessageEvent]", event: MessageEvent | None,
               error: Exception | None) -> None:
        """Hands over what has become of a call."""
        if event is None:
            if not future.done():
                self.waiting.remove(future)
                future.set_exception(error)
            return
        while self.waiting:
            receiver = self.waiting.popleft()
            if not receiver.done():
                receiver.set_result(event)
                return
        self.unclaimed.append(event)
