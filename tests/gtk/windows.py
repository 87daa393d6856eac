"""Runs the examples with windows, and uses them as a person would"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/examples/gtk"

sys.path.insert(0, str(ROOT / "tests/guides"))
from run import Display, environment


def find_programs(build: Path) -> dict[str, list[str]]:
    """The example in each language, as far as it was built."""
    programs = {
        "C": [str(build / "docs/examples/gtk/mandelbrot")],
        "Vala": [str(build / "docs/examples/gtk/mandelbrot-vala")],
        "Python": [sys.executable, str(FOLDER / "mandelbrot.py")],
        "GJS": ["gjs", "-m", str(FOLDER / "mandelbrot.js")],
    }
    return {name: command for name, command in programs.items()
            if not command[0].startswith(str(build)) or Path(command[0]).exists()}


@contextmanager
def display(build: Path) -> Iterator[dict[str, str]]:
    """The environment for programs on a display of their own."""
    with tempfile.TemporaryDirectory(prefix="windows-") as folder:
        env = environment(build, Path(folder))
        # A theme or a portal that a test machine lacks is a warning, too.
        env["G_DEBUG"] = "fatal-criticals"
        env["LD_PRELOAD"] = env["GUIDES_WINDOW_LIBRARY"]
        server = Display(env)
        try:
            yield env
        finally:
            server.stop()


def run(command: list[str], steps: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env={**env, "GUIDES_WINDOW": steps}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
