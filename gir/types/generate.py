#!/usr/bin/env python3
"""Writes the types for editors: generate.py [--check] GIR-FILE"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import sys
from pathlib import Path

import gir
from python_stubs import Overrides, StubWriter
from typescript import TypeWriter

HERE = Path(__file__).parent
TYPES = HERE.parent / "gjs/types/WebMessaging-1.d.ts"
STUBS = HERE.parent / "python/gi-stubs/repository/WebMessaging.pyi"


def main() -> int:
    """Writes the files, or tells which of them would change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell what would change")
    parser.add_argument("gir", type=Path)
    options = parser.parse_args()
    namespace = gir.read(options.gir)
    files = {
        STUBS: StubWriter(namespace, Overrides(HERE.parent / "python/gi/overrides")).write(),
        TYPES: TypeWriter(namespace, HERE / "WebMessaging-1.d.ts.in").write(),
    }
    status = 0
    for path, text in files.items():
        if path.exists() and path.read_text() == text:
            continue
        if options.check:
            print(f"{path.name} is not what the library has: run ./dev types")
            status = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return status


if __name__ == "__main__":
    sys.exit(main())
