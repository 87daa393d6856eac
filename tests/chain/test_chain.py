"""Ports that pass through a chain of processes in three languages.

This process makes a channel and posts a few numbers at its first port. Then it sends both ports away, through
five processes the second one, through four the first one. The last two processes send each other many numbers,
and each must come once and in order. By then they hold the two ends of one socket pair and nobody else has
either: the tables of the kernel tell. In the end the processes in between are killed, and the last two still
hear each other.

Each process starts the next one. They say to each other, in texts:

- "HOPS FIRST NUMBER" with a port: send it on through so many processes, or keep it; then post the numbers from
  FIRST up to NUMBER, and expect those from 0.
- "pid PID" and "done NUMBER" go back to this process.

Usage: test_chain.py CHAIN, where that is chain.c as a program. Variables: CHAIN_MESSAGES, how many numbers go
each way.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import shutil
import signal
import socket
import struct
import sys
import time
import unittest
from pathlib import Path

import gi

gi.require_version("WebMessaging", "1")

from gi.repository import Gio, WebMessaging

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "python"))

import tap
from main_loop import wait_until

N_MESSAGES = int(os.environ.get("CHAIN_MESSAGES", "20000"))
# Posted before the port sets out.
N_EARLY = 10
N_PROCESSES = 5

COMMANDS = {
    "C": sys.argv.pop(1),
    "Python": f"{sys.executable} {FOLDER / 'chain.py'}",
    "GJS": f"gjs -m {FOLDER / 'chain.js'}",
}

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLM_F_REQUEST_DUMP = 0x301
NLMSG_DONE = 3
UDIAG_SHOW_PEER = 4
UNIX_DIAG_PEER = 2


def read_peers() -> dict[int, int]:
    """The inode of the other end, for each SOCK_SEQPACKET socket of the machine."""
    peers = {}
    request = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, 0xFFFFFFFF, 0, UDIAG_SHOW_PEER, 0, 0)
    header = struct.pack("=IHHII", 16 + len(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as diag:
        diag.send(header + request)
        while True:
            data = diag.recv(1 << 20)
            while data:
                length, kind = struct.unpack_from("=IH", data)
                if kind == NLMSG_DONE:
                    return peers
                _, socket_type, _, _, inode = struct.unpack_from("=BBBBI", data, 16)
                attributes = data[32:length]
                while len(attributes) >= 8:
                    size, attribute = struct.unpack_from("=HH", attributes)
                    if attribute == UNIX_DIAG_PEER and socket_type == socket.SOCK_SEQPACKET:
                        [peers[inode]] = struct.unpack_from("=I", attributes, 4)
                    attributes = attributes[(size + 3) & ~3 :]
                data = data[(length + 3) & ~3 :]


def read_sockets(pid: int) -> list[int]:
    """The inodes of the sockets of a process, one for each of its descriptors."""
    inodes = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(path)
        except FileNotFoundError:
            continue
        if match := re.fullmatch(r"socket:\[(\d+)\]", target):
            inodes.append(int(match[1]))
    return inodes


class Chain:
    """This process, and those behind it."""

    def __init__(self, languages: list[str]):
        commands = [COMMANDS[language] for language in languages]
        self.pids = [os.getpid()]
        self.n_done = 0
        launcher = Gio.SubprocessLauncher.new(Gio.SubprocessFlags.STDOUT_PIPE)
        self.port = WebMessaging.MessagePort.new_for_launcher(launcher)
        self.child = launcher.spawnv([*commands[0].split(), "1", *commands[1:]])
        launcher.close()
        self.port.on_message = self._on_message
        # Those that are farther away may be first.
        wait_until(lambda: len(self.pids) == len(languages) + 1)
        self.pids.sort(key=self._get_depth)

    def _on_message(self, event):
        what, number = event.data.split()
        if what == "pid":
            self.pids.append(int(number))
        else:
            assert int(number) == N_MESSAGES, number
            self.n_done += 1

    def _get_depth(self, pid: int) -> int:
        depth = 0
        while pid != os.getpid():
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            depth += 1
        return depth

    def find_pairs(self) -> list[tuple[int, int]]:
        """The socket pairs between the processes, by their numbers. Each socket has one descriptor."""
        owners: dict[int, int] = {}
        peers = read_peers()
        for number, pid in enumerate(self.pids):
            for inode in read_sockets(pid):
                if inode in peers:
                    assert inode not in owners, f"{inode} is in {owners[inode]} and in {number}"
                    owners[inode] = number
        assert all(peers[inode] in owners for inode in owners), "an end that no process has"
        return sorted((n, owners[peers[inode]]) for inode, n in owners.items() if n <= owners[peers[inode]])


class TestChain(unittest.TestCase):
    def check_chain(self, *languages: str):
        chain = Chain(list(languages))
        links = [(i, i + 1) for i in range(N_PROCESSES)]
        self.assertEqual(chain.find_pairs(), links)

        start = time.monotonic()
        channel = WebMessaging.MessageChannel()
        for number in range(N_EARLY):
            channel.port1.post_message(number)
        chain.port.post_message(f"{N_PROCESSES - 2} {N_EARLY} {N_MESSAGES}", [channel.port1])
        chain.port.post_message(f"{N_PROCESSES - 1} 0 {N_MESSAGES}", [channel.port2])
        wait_until(lambda: chain.n_done == 2)
        seconds = time.monotonic() - start
        print(f"# {', '.join(languages)}: {N_MESSAGES} messages each way in {seconds:.1f} s")

        between = (N_PROCESSES - 1, N_PROCESSES)
        self.assertEqual(chain.find_pairs(), [*links, between])
        pairs = [f"{languages[n - 1]} ({chain.pids[n]})" for n in between]
        print(f"# the ends of the channel are in {pairs[0]} and {pairs[1]}, and nowhere else")

        for pid in chain.pids[1 : N_PROCESSES - 1]:
            os.kill(pid, signal.SIGKILL)
        # Its end is that of all that have inherited it.
        output = Path(f"/proc/self/fd/{chain.child.get_stdout_pipe().get_fd()}").read_text()
        self.assertEqual(output, "still connected\n")
        chain.child.wait()
        chain.port.close()

    def test_ends_in_c_and_python(self):
        self.check_chain("GJS", "Python", "C", "C", "Python")

    def test_ends_in_c_and_gjs(self):
        self.check_chain("C", "Python", "GJS", "C", "GJS")

    def test_ends_in_python_and_gjs(self):
        self.check_chain("C", "GJS", "C", "Python", "GJS")


if __name__ == "__main__":
    if shutil.which("gjs") is None:
        print("1..0 # SKIP no gjs")
        sys.exit()
    tap.main()
