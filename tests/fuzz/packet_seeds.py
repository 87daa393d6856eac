"""Writes conversations of well-behaved processes as seeds for fuzz-packets.c, each into a file.

Usage: packet_seeds.py FOLDER
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import pathlib
import struct
import sys

HELLO, PLAIN, MESSAGE, UNWRITTEN, MOVED, ANNOUNCE, FDS = range(1, 8)
IN_FILE = 0x100
PORT, WRAPPED, OBJECT = 1, 2, 3

# The kinds of descriptors of fuzz-packets.c
SEALED, DEAD_PORT, LIVE_PORT, RECORD, N_ZOO = 0, 5, 4, 13, 14

NUMBER = bytes.fromhex("da57454207 83 80 80 07")
FILE = bytes.fromhex("da57454207 83 81 00 80 07")


def uints(*numbers: int) -> bytes:
    return struct.pack(f"={len(numbers)}I", *numbers)


def block(data: bytes) -> bytes:
    return uints(len(data)) + data


def record(kind: int, n_fds: int = 0, content: bytes = b"") -> bytes:
    return uints(kind, n_fds, len(content)) + content


def packet(content: bytes, n_fds: int = 0, first: int = 0, to_port: bool = False) -> bytes:
    """The descriptors are of consecutive kinds, from @first on."""
    head = n_fds << 4
    head |= next(low for low in range(16) if n_fds == 0 or (head | low) % N_ZOO == first)
    return bytes([head, len(content) & 0xFF, len(content) >> 8 | to_port << 6]) + content


def act(what: int) -> bytes:
    return bytes([what, 0, 0x80])


def text(string: str) -> bytes:
    return block(string.encode() + b"\0")


def endpoint(index: int, messages: tuple = (), fds: tuple = (), packets: tuple = ()) -> bytes:
    data = uints(index) + bytes(32) + uints(0, 0, len(fds), *fds, len(packets))
    for content in packets:
        data += block(content) + uints(0, 0)
    data += uints(len(messages))
    for kind, content in messages:
        data += uints(kind) + block(content)
    return data


def transferring(*objects: bytes) -> bytes:
    return uints(len(objects)) + b"".join(objects) + NUMBER


ANNOUNCED = packet(record(ANNOUNCE))
GREETING = packet(record(HELLO, 0, uints(1) + bytes(range(16))))
A_PORT = transferring(uints(PORT))
AN_OBJECT = uints(OBJECT) + text("FuzzFile") + text("(si)")
AN_OBJECT += block(b"x\0\0\0\1\0\0\0\2") + uints(1, 0)

SEEDS = {
    "plain": GREETING + packet(record(PLAIN, 0, NUMBER) * 3),
    "file": ANNOUNCED + packet(record(PLAIN, 1, FILE), 1, SEALED),
    "in-file": ANNOUNCED + packet(record(PLAIN | IN_FILE, 1), 1, RECORD),
    "port": ANNOUNCED
    + packet(record(MESSAGE, 1, block(A_PORT) + endpoint(0)), 1, LIVE_PORT)
    + packet(record(PLAIN, 0, NUMBER), to_port=True)
    + act(0x11)
    + act(0x12),
    "port-with-messages": ANNOUNCED
    + packet(
        record(
            MESSAGE,
            2,
            block(A_PORT)
            + endpoint(0, ((PLAIN, NUMBER), (MESSAGE, A_PORT)), packets=(record(PLAIN, 0, NUMBER),))
            + endpoint(1),
        ),
        2,
        LIVE_PORT,
    )
    + act(0x13),
    "wrapped": ANNOUNCED
    + packet(
        record(MESSAGE, 1, block(transferring(uints(WRAPPED) + text("FuzzFile"))) + endpoint(0)),
        1,
        DEAD_PORT,
    ),
    "object": ANNOUNCED
    + packet(record(MESSAGE, 1, block(transferring(AN_OBJECT))), 1, SEALED),
    "fds": ANNOUNCED
    + packet(record(FDS) + record(ANNOUNCE), 2, SEALED)
    + packet(record(PLAIN, 4, FILE), 2, SEALED),
    "moved": b"\5"
    + ANNOUNCED
    + packet(record(MOVED, 1, endpoint(0, ((PLAIN, NUMBER),))), 1, LIVE_PORT)
    + packet(record(PLAIN, 0, NUMBER), to_port=True),
}


def main(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in SEEDS.items():
        # The first byte tells whether packets come before the port is made.
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
