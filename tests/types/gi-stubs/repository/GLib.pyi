# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from typing import Any

class Error(RuntimeError):
    message: str
    domain: str
    code: int
    def matches(self, domain: int, code: int) -> bool: ...

class Variant:
    def __init__(self, format_string: str, value: Any) -> None: ...

class MainLoop:
    def run(self) -> None: ...
    def quit(self) -> None: ...

def __getattr__(name: str) -> Any: ...
