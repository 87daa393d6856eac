#!/usr/bin/env python3
"""Writes the types for editors: generate.py [--check] GIR-FILE…"""

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
TYPES = HERE.parent / "gjs/types"
STUBS = HERE.parent / "python/gi-stubs/repository"


def write(path: Path) -> dict[Path, str]:
    """The files of a library, by their paths."""
    namespace, name = gir.read(path), path.stem.removesuffix("-1")
    if name == "WebMessaging":
        stubs = StubWriter(namespace, Overrides(HERE.parent / "python/gi/overrides")).write()
    else:
        stubs = StubWriter(namespace).write_plain(name)
    return {
        STUBS / f"{name}.pyi": stubs,
        TYPES / f"{name}-1.d.ts": TypeWriter(namespace, HERE / f"{name}-1.d.ts.in").write(),
    }


def main() -> int:
    """Writes the files, or tells which of them would change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell what would change")
    parser.add_argument("girs", metavar="GIR-FILE", type=Path, nargs="+")
    options = parser.parse_args()
    files = {path: text for name in options.girs for path, text in write(name).items()}
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
