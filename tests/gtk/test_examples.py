"""Uses the example with a window in each language: computes, zooms, cancels, goes back, closes

Usage: test_examples.py BUILD
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import shutil
import signal
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gi
from windows import display, find_programs, run

try:
    gi.require_version("GdkPixbuf", "2.0")
    gi.require_version("Gtk", "4.0")
    from gi.repository import GdkPixbuf
except ValueError as error:
    print(f"1..0 # SKIP {error}")
    sys.exit(0)

STEPS = """
wait "Mandelbrot set" picture {folder}/whole.png
press 200,230 wait Computing wait "Mandelbrot set" picture {folder}/part.png
press 300,200 wait Computing click Cancel wait Cancelled
click Back wait "Mandelbrot set" click Back wait "Mandelbrot set" picture {folder}/again.png
{presses} wait Computing wait "Mandelbrot set" press 300,230 wait Computing close
"""
LOSS_STEPS = 'wait "Mandelbrot set" ' + 'press 200,230 wait Computing wait "Mandelbrot set" ' * 2 + "close"
PRESSES = "press 300,230 " * 60  # faster than the tiles, which grow from click to click


def read_picture(file: Path) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes, without the header bar."""
    picture = GdkPixbuf.Pixbuf.new_from_file(str(file))
    top, border = 60, 10
    part = picture.new_subpixbuf(border, top, picture.get_width() - 2 * border, picture.get_height() - top - border)
    pixels, stride, size = part.get_pixels(), part.get_rowstride(), part.get_n_channels()
    rgb = b"".join(
        pixels[y * stride + x * size:y * stride + x * size + 3]
        for y in range(part.get_height()) for x in range(part.get_width()))
    return part.get_width(), part.get_height(), rgb


def check_pictures(folder: Path) -> None:
    width, height, whole = read_picture(folder / "whole.png")
    colors = {whole[i:i + 3] for i in range(0, len(whole), 3)}
    black = sum(whole[i:i + 3] == b"\0\0\0" for i in range(0, len(whole), 3))
    middle = 3 * (height // 2 * width + width // 2)
    assert len(colors) > 1000, f"only {len(colors)} colours"
    assert width * height / 10 < black < width * height / 2, f"{black} of {width * height} points are in the set"
    assert whole[middle:middle + 3] == b"\0\0\0", "the middle is not in the set"
    assert whole[:3] != b"\0\0\0", "the corner is in the set"
    _, _, part = read_picture(folder / "part.png")
    assert part != whole, "a click has not zoomed"
    _, _, again = read_picture(folder / "again.png")
    assert again == whole, "going back does not show the same picture"


def find_processes(mark: str) -> dict[int, str]:
    """Those with a mark in their environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def check(command: list[str], env: dict[str, str], folder: Path) -> None:
    mark = str(uuid.uuid4())
    folder.mkdir()
    done = run(command, STEPS.format(folder=folder, presses=PRESSES), {**env, "MARK": mark})
    assert done.returncode == 0, f"exit status {done.returncode}: {done.stdout}"
    assert "WebMessaging" not in done.stdout and "CRITICAL" not in done.stdout, done.stdout
    assert "BUG" not in done.stdout, done.stdout
    check_pictures(folder)
    left = find_processes(mark)
    assert not left, f"left running: {left}"


def check_loss(command: list[str], env: dict[str, str]) -> None:
    """Kills a worker that is a process: the others do its work."""
    mark = str(uuid.uuid4())
    with ThreadPoolExecutor() as pool:
        program = pool.submit(run, command, LOSS_STEPS, {**env, "MARK": mark})
        while not program.done() and len(found := find_processes(mark)) < 2:
            time.sleep(0.02)
        if not program.done():
            os.kill(max(found), signal.SIGKILL)
    done = program.result()
    assert done.returncode == 0, f"exit status {done.returncode} without a worker: {done.stdout}"


def main(build: Path) -> int:
    if not shutil.which("Xvfb"):
        print("1..0 # SKIP Xvfb is not installed")
        return 0

    failed = False
    programs = find_programs(build)
    print(f"1..{len(programs)}")
    with display(build) as env:
        for number, (language, command) in enumerate(programs.items(), 1):
            try:
                check(command, env, Path(env["HOME"]) / language)
                if language in ("Python", "GJS") and (os.cpu_count() or 1) > 1:
                    check_loss(command, env)
                print(f"ok {number} - {language}", flush=True)
            except Exception as error:
                failed = True
                print(*(f"# {line}" for line in str(error).splitlines()), sep="\n")
                print(f"not ok {number} - {language}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
