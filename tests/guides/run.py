"""Runs every block of code of the README and the guides, and looks at what it does.

Usage: run.py --build FOLDER [PAGE | PAGE:LINE]…

CONTRIBUTING.md tells how to write a block. Each block is a test; those of a page run from top to bottom.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pages import Block, Missing, Mistake, read_blocks
from programs import WHOLE, Program, Runner, language_of

ROOT = Path(__file__).parents[2]

# Blocks that other tests read.
READ_BY = {
    "example": "tests/python/test_clone.py",
    "message": "tests/gjs/test-clone.js",
    "packet": "tests/python/test_processes.py",
    "mermaid": "tests/style/includes.py",
}
MOST_NOT_RUN = 6


def contains(whole: str, part: str) -> bool:
    """Whether a text has all lines of another one, in order and without a gap, whatever their indentation."""

    def lines(text: str) -> list[str]:
        return [line.strip() for line in text.split("\n") if line.strip()]

    needle, hay = lines(part), lines(whole)
    return any(hay[start : start + len(needle)] == needle for start in range(len(hay) - len(needle) + 1))


def prints(block: Block) -> str | None:
    r"""What the mark says; \n begins a line."""
    text = block.marks.get("prints")
    return text and text.replace("\\n", "\n")


class Page:
    """A page, its blocks, and what has become of them."""

    def __init__(self, path: Path, root: Path = ROOT):
        self.name = str(path.relative_to(root))
        self.root = root
        self.blocks = read_blocks(path, self.name)
        self.results: dict[int, str | None] = {}  # by the line of a block: what is wrong with it
        self.skipped: dict[int, str] = {}
        self.steps: list[Block | Program] = []
        last: Program | None = None
        for block in self.blocks:
            try:
                last = self.add(block, last)
            except Mistake as mistake:
                self.results[block.line] = str(mistake)

    def add(self, block: Block, last: Program | None) -> Program | None:
        """Makes a step of a block, or a part of the last one."""
        marks = block.marks
        language = language_of(block)
        if "not run" in marks:
            if not marks["not run"]:
                raise Mistake("say why it is not run: <!-- not run: … -->")
            self.results[block.line] = None
        elif "part of" in marks:
            self.steps.append(block)
        elif block.language in READ_BY:
            # Both the test and the page are there, and the test knows the page.
            if Path(self.name).name not in (self.root / READ_BY[block.language]).read_text():
                raise Mistake(f"{READ_BY[block.language]} does not read this page")
            self.results[block.line] = None
        elif block.language == "text":
            if last is None or last.output is not None:
                raise Mistake("a text is what the program before it prints, and there is none without one")
            last.output = block.text
            self.results[block.line] = None
        elif "continues" in marks:
            if last is None or last.language != language or last.file:
                raise Mistake("there is no program to continue")
            last.blocks.append(block)
            if "prints" in marks:
                last.output = prints(block)
        elif block.file or (language in WHOLE and ("in" in marks or WHOLE[language].search(block.text))):
            last = Program([block], block.file, prints(block))
            self.steps.append(last)
        else:
            raise Mistake("it is not a whole program, and no mark says how it is run; see CONTRIBUTING.md")
        return last

    def text_of(self, name: str) -> str:
        """A file that the page has made, or one of the repository."""
        files = [block.text for block in self.blocks if block.file == name]
        if not files and not (self.root / name).is_file():
            raise Mistake(f"there is no file {name}")
        return files[-1] if files else (self.root / name).read_text()

    def mentions(self, name: str, step: Program) -> bool:
        """Whether another program or command of the page names a file, or loads it as a module."""
        names = re.escape(name)
        if name.endswith(".py"):
            module = re.escape(Path(name).stem)
            names += rf"|\b(?:import|from) {module}\b|\"{module}:"
        return any(re.search(names, block.text) for other in self.steps
                   if isinstance(other, Program) and other is not step for block in other.blocks)

    def run(self, env: dict[str, str], lines: set[int]) -> None:
        """Takes all steps, or those with one of the lines; files are written in any case."""
        with tempfile.TemporaryDirectory(prefix="guides-") as folder:
            runner = Runner(Path(folder), env)
            for name in "docs", "tests":
                (Path(folder) / name).symlink_to(ROOT / name)
            (Path(folder) / "dev").symlink_to(Path(__file__).parent / "dev")
            # A program may name a file that the page shows below it.
            for block in reversed(self.blocks):
                self.write(block, Path(folder))
            for step in self.steps:
                blocks = step.blocks if isinstance(step, Program) else [step]
                wanted = not lines or any(self.is_at(block, line) for block in blocks for line in lines)
                try:
                    self.take(step, runner, wanted)
                    problem = None
                except Mistake as mistake:
                    problem = str(mistake)
                except Missing as missing:
                    problem = None
                    self.skipped |= {block.line: str(missing) for block in blocks}
                for block in blocks if wanted or problem else []:
                    self.results[block.line] = problem

    @staticmethod
    def write(block: Block, folder: Path) -> None:
        if block.file:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)

    @staticmethod
    def is_at(block: Block, line: int) -> bool:
        return block.line - 1 <= line <= block.line + block.text.count("\n")

    def take(self, step: Block | Program, runner: Runner, wanted: bool) -> None:
        if isinstance(step, Block):
            if not contains(self.text_of(step.marks["part of"]), step.text):
                raise Mistake(f"{step.marks['part of']} does not have these lines")
            return
        if step.file:
            self.write(step.first, runner.folder)
            if step.output is None:
                if not self.mentions(step.file, step):
                    raise Mistake(f"no program or command of the page uses {step.file}")
                return
        if wanted:
            runner.run(step)


class Display:
    """An X server for programs with windows."""

    def __init__(self, env: dict[str, str]):
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
            pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            env["DISPLAY"] = ":" + pipe.readline().strip()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def environment(build: Path, folder: Path) -> dict[str, str]:
    """What a program needs to find the library in the build folder, and nothing of the user's session."""
    env = dict(os.environ)

    def prepend(name: str, *paths: Path) -> None:
        env[name] = ":".join([*map(str, paths), *filter(None, [env.get(name)])])

    (folder / "bin").mkdir()
    (folder / "bin/python3").symlink_to(sys.executable)
    (folder / "share/vala/vapi").mkdir(parents=True)
    for file in build / "gir/webmessaging-1.vapi", build / "meson-private/webmessaging-1.deps":
        (folder / "share/vala/vapi" / file.name).symlink_to(file)
    (folder / "run").mkdir(mode=0o700)
    prepend("PATH", folder / "bin")
    prepend("LD_LIBRARY_PATH", build / "messaging/webmessaging")
    prepend("GI_TYPELIB_PATH", build / "gir")
    prepend("GJS_PATH", ROOT / "gir/gjs")
    prepend("PYTHONPATH", ROOT / "gir/python")
    prepend("PKG_CONFIG_PATH", build / "meson-uninstalled")
    env.setdefault("XDG_DATA_DIRS", "/usr/local/share:/usr/share")
    prepend("XDG_DATA_DIRS", folder / "share")
    env.setdefault("G_DEBUG", "fatal-warnings")
    env |= {
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "HOME": str(folder),
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "GDK_BACKEND": "x11",
        "GSK_RENDERER": "cairo",
        "GSETTINGS_BACKEND": "memory",
        "GTK_A11Y": "none",
        "NO_AT_BRIDGE": "1",
        "GUIDES_WINDOW_LIBRARY": str(build / "tests/guides/libguides-window.so"),
    }
    env.pop("WAYLAND_DISPLAY", None)
    return env


def report(pages: list[Page]) -> int:
    """Prints a line for each block, with what is wrong with it, and returns the exit status."""
    number = failed = not_run = 0
    for page in pages:
        for block in page.blocks:
            if block.line not in page.results:
                continue
            number += 1
            problem = page.results[block.line]
            for line in (problem or "").rstrip().split("\n") if problem else []:
                print(f"# {line}")
            failed += problem is not None
            not_run += "not run" in block.marks
            reason = f", not run: {block.marks['not run']}" if "not run" in block.marks else ""
            if block.line in page.skipped:
                reason = f" # SKIP {page.skipped[block.line]}"
            print(f"{'not ' if problem else ''}ok {number} - {block.place} {block.language}{reason}")
    number += 1
    failed += not_run > MOST_NOT_RUN
    print(f"{'not ' if not_run > MOST_NOT_RUN else ''}ok {number} - {not_run} blocks of code are not run")
    print(f"1..{number}")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("places", nargs="*")
    arguments = parser.parse_args()

    wanted: dict[Path, set[int]] = {}
    for place in arguments.places:
        name, _, line = place.partition(":")
        wanted.setdefault((Path.cwd() / name).resolve(), set()).update({int(line)} if line else set())
    paths = list(wanted) or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    try:
        pages = [Page(path) for path in paths]
    except Mistake as mistake:
        print(f"Bail out! {mistake}")
        return 1

    with tempfile.TemporaryDirectory(prefix="guides-") as folder:
        env = environment(arguments.build.resolve(), Path(folder))
        display = Display(env) if shutil.which("Xvfb") else None
        if not display or subprocess.run(["pkg-config", "--exists", "gtk4"], check=False).returncode != 0:
            env["GUIDES_NO_WINDOWS"] = "Xvfb or libgtk-4-dev is not installed"
        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda page: page.run(env, wanted.get(page.root / page.name, set())), pages))
        finally:
            if display:
                display.stop()
    return report(pages)


if __name__ == "__main__":
    sys.exit(main())
