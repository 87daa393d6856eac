"""Writes the examples of the wire format, and short ones of what tests/growth reads, as seeds for the
fuzzer, each into a file of its own.

Usage: seeds.py WIRE-FORMAT.MD FOLDER
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "growth"))

import inputs

MESSAGE = bytes.fromhex("da57454207 83")


def head(number: int, major: int) -> bytes:
    """The head of a short CBOR item."""
    return bytes([major << 5 | number])


def main(document: pathlib.Path, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    blocks = re.findall(r"```(example|message)\n(.*?)```", document.read_text(), re.DOTALL)
    for number, (kind, block) in enumerate(blocks):
        fields = dict(line.split(maxsplit=1) for line in block.splitlines())
        data = bytes.fromhex(fields["hex"])
        (folder / f"{number:02}").write_bytes(data)
        if kind == "example":
            buffers = [bytes.fromhex(fields["buffers"])] if "buffers" in fields else []
            message = MESSAGE + head(len(buffers), 4)
            message += b"".join(head(len(buffer), 2) + buffer for buffer in buffers)
            (folder / f"{number:02}-message").write_bytes(message + b"\x80" + data)
    # A class that bytes can name, and that fails without an error
    for number, serialized in enumerate(("s", "y")):
        note = inputs.array(inputs.text("FuzzNote"), inputs.text(serialized), inputs.data(b"\0"))
        handle = inputs.tag(inputs.HANDLE, b"\0")
        (folder / f"note-{number}").write_bytes(inputs.message(handle, cloned=(note,)))
    for number, name in enumerate(inputs.INPUTS):
        (folder / f"growth-{number:03}").write_bytes(inputs.make(name, 300))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
