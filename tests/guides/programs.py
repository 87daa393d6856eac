"""Makes programs of blocks, compiles and runs them, and looks at what they print."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import selectors
import shutil
import signal
import subprocess
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

from pages import Block, Missing, Mistake

CONTEXTS = Path(__file__).parent / "contexts"
ENDINGS = {"c": "c", "python": "py", "js": "js", "javascript": "js", "vala": "vala", "sh": "sh", "meson": "meson"}

# What only a whole program has.
WHOLE = {
    "c": re.compile(r"^main \(", re.MULTILINE),
    "python": re.compile(r"^gi\.require_version\(", re.MULTILINE),
    "js": re.compile(r"^import .* from 'gi://|^imports\.gi\.versions", re.MULTILINE),
    "vala": re.compile(r"\b(?:int|void) main \("),
    "sh": re.compile(""),
}

# The first line of what does not stand in a function.
DEFINITIONS = {
    "c": re.compile(r"#|typedef |static |struct \w+$|enum|G_DE"),
    "vala": re.compile(
        r"(?:using|namespace|class|interface|struct|enum|errordomain|public|private|delegate)\b"
        r"|(?:async )?[\w.<>\[\]?]+ \w+ \([^=]*\) (?:throws [\w., ]+ )?\{"
    ),
}
SECONDS = 60


def language_of(block: Block) -> str:
    return "js" if block.language == "javascript" else block.language


def split(block: Block) -> tuple[str, str]:
    """The definitions of a block, and its statements: what is for a file, and what for a function."""
    parts: dict[bool, list[str]] = {True: [], False: []}
    chunk: list[str] = []
    depth = 0

    def flush(end: int) -> None:
        code = [line for line in chunk if line and not re.match(r"/\*|//| \*", line)]
        # A comment above a definition belongs to it; a function in the style of GNU has a brace of its own.
        is_definition = bool(code) and (bool(DEFINITIONS[language_of(block)].match(code[0])) or "{" in code)
        if language_of(block) == "c":
            parts[is_definition].append(f'#line {block.line + end - len(chunk)} "{block.page}"')
        parts[is_definition].extend(chunk)
        chunk.clear()

    lines = block.text.splitlines()
    for number, line in enumerate(lines):
        bare = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'', "", line)
        depth += sum(bare.count(c) for c in "{(") - sum(bare.count(c) for c in "})")
        chunk.append(line)
        if depth == 0 and (not line.strip() or number + 1 == len(lines)):
            flush(number + 1)
    if chunk:
        flush(len(lines))
    return "\n".join(parts[True]), "\n".join(parts[False])


@dataclass
class Program:
    """One block or several, in a context or alone, and what it should do."""

    blocks: list[Block]
    file: str | None = None
    output: str | None = None

    @property
    def first(self) -> Block:
        return self.blocks[0]

    @property
    def language(self) -> str:
        return language_of(self.first)

    @property
    def marks(self) -> dict[str, str]:
        return {name: value for block in self.blocks for name, value in block.marks.items()}

    def context(self) -> str:
        """The program around the blocks."""
        name = self.marks.get("in")
        if name is None:
            return ""
        path = CONTEXTS / f"{name}.{ENDINGS[self.language]}.in"
        if not path.exists():
            raise Mistake(f"{self.first.place}: there is no context {path.relative_to(CONTEXTS.parents[2])}")
        return path.read_text()

    def source(self) -> str:
        """The text of the whole program."""
        text = "".join(block.text for block in self.blocks)
        context = self.context()
        if not context:
            return f'#line {self.first.line} "{self.first.page}"\n{text}' if self.language == "c" else text

        def fill(placeholder: str, code: str) -> None:
            nonlocal context
            match = re.search(rf"^( *)\S+ @{placeholder}@.*\n", context, re.MULTILINE)
            if match is None:
                raise Mistake(f"{self.first.place}: its context has no place for {placeholder}: {code}")
            code = textwrap.indent(code, match[1], lambda line: bool(line.strip()) and not line.startswith("#line"))
            if self.language == "c":
                # What comes next is of the context again.
                line = self.context().count("\n", 0, self.context().index(match[0])) + 2
                code += f'\n#line {line} "tests/guides/contexts/{self.marks["in"]}.c.in"'
            context = context[: match.start()] + code + "\n" + context[match.end() :]

        if self.language in DEFINITIONS:
            halves = [split(block) for block in self.blocks]
            for placeholder, number in ("definitions", 0), ("statements", 1):
                code = "\n".join(half[number] for half in halves)
                lines = [line for line in code.split("\n") if line and not line.startswith("#line")]
                if lines or f"@{placeholder}@" in context:
                    fill(placeholder, code)
        else:
            fill("block", text)
        return context


class Runner:
    """Runs the programs of a page, in its folder, in order."""

    def __init__(self, folder: Path, env: dict[str, str]):
        self.folder = folder
        self.env = env

    def command(self, program: Program, file: str) -> list[str]:
        """Compiles a program if it needs that, and returns what runs it."""
        if program.language == "python":
            return ["python3", file]
        if program.language == "js":
            return ["gjs", "-m", file]
        if program.language == "sh":
            return ["sh", "-eu", file]
        source = (self.folder / file).read_text()
        gtk = "gtk4" if re.search(r"gtk/gtk\.h|\bGtk\.", source) else None
        out = file + ".out"
        if program.language == "c":
            jsc = "webmessaging-jsc-1" if "webmessaging-jsc/" in source else None
            packages = ["webmessaging-1", "gio-unix-2.0", *filter(None, [gtk, jsc])]
            flags = self.output(["pkg-config", "--cflags", "--libs", *packages]).split()
            whole = "in" not in program.marks
            quiet = [] if whole else ["-Wno-unused-variable", "-Wno-unused-function", "-Wno-unused-but-set-variable"]
            self.output(["cc", "-g", "-Wall", "-Werror", *quiet, file, "-o", out, *flags])
        else:
            packages = ["webmessaging-1", "gio-2.0", "posix", *filter(None, [gtk])]
            self.output(["valac", "-X", "-w", "-o", out, *(f"--pkg={package}" for package in packages), file])
        return ["./" + out]

    def output(self, command: list[str]) -> str:
        """What a command prints; one that fails is a mistake."""
        done = subprocess.run(command, cwd=self.folder, env=self.env, text=True, capture_output=True, timeout=SECONDS,
                              check=False)
        if done.returncode != 0:
            raise Mistake(f"{' '.join(command[:1])} says:\n{done.stdout}{done.stderr}")
        return done.stdout

    def run(self, program: Program) -> None:
        """Raises a Mistake if the program does not do what the page says."""
        marks = program.marks
        first = program.first
        file = program.file
        if file is None:
            file = f"{Path(first.page).stem.replace('-', '_')}_{first.line}.{ENDINGS[program.language]}"
            (self.folder / file).write_text(program.source())
        context = program.context()
        env = dict(self.env)
        env.update(pair.split("=", 1) for pair in marks.get("env", "").split() if pair)
        if "window" in marks:
            env["LD_PRELOAD"] = env["GUIDES_WINDOW_LIBRARY"]
            env["GUIDES_WINDOW"] = marks["window"]
        if re.search(r"\bgtk\b|\bGtk\b|\bgtk4\b", (self.folder / file).read_text()) or "window" in marks:
            if "GUIDES_NO_WINDOWS" in env:
                raise Missing(env["GUIDES_NO_WINDOWS"])
            # A theme or a portal that a test machine lacks is a warning, too.
            env["G_DEBUG"] = "fatal-criticals"
        needs_jsc = re.search(r"WebMessagingJsc|webmessaging-jsc/", (self.folder / file).read_text())
        has_jsc = ["pkg-config", "--exists", "webmessaging-jsc-1"]
        if needs_jsc and subprocess.run(has_jsc, env=env, check=False).returncode:
            raise Missing("JavaScriptCore is not installed")
        needs_node = program.language == "sh" and re.search(r"^node ", program.source(), re.MULTILINE)
        if needs_node and not shutil.which("node", path=env["PATH"]):
            raise Missing("Node is not installed")
        expected = program.output
        if expected is None and "@checks itself@" in context:
            expected = ""
        if expected is None and program.language != "sh":
            raise Mistake("nothing says what it prints: a ```text block after it, or <!-- prints: … --> before it")

        runs_on = "@runs on@" in context or "runs on" in marks
        status, printed = run_command(self.command(program, file), self.folder, env, expected if runs_on else None)
        said = f"it printed:\n{textwrap.indent(printed.rstrip(), '  ')}"
        if expected is not None and not matches(expected, printed):
            raise Mistake(f"expected:\n{textwrap.indent(expected.rstrip(), '  ')}\n{said}\nexit status {status}")
        ended_well = status in (0, -signal.SIGTERM) if runs_on else (status != 0) == ("fails" in marks)
        if not ended_well:
            raise Mistake(f"it ended with exit status {status}; {said}")


def pattern(expected: str) -> re.Pattern[str]:
    """A line … stands for any lines, and … in a line for any text."""
    regexp = ""
    for line in expected.strip("\n").split("\n"):
        if line.strip() == "…":
            regexp += r"(?:.*\n)*?"
        else:
            regexp += ".*?".join(map(re.escape, line.rstrip().split("…"))) + " *\n"
    return re.compile(regexp)


def matches(expected: str, printed: str) -> bool:
    text = printed.strip("\n") + "\n"
    return pattern(expected).fullmatch(text) is not None


def run_command(command: list[str], folder: Path, env: dict[str, str], until: str | None) -> tuple[int, str]:
    """Exit status and output of a command; it is ended when it has printed a text, if one is given."""
    with subprocess.Popen(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process, selectors.DefaultSelector() as selector:
        assert process.stdout is not None
        selector.register(process.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + SECONDS
        data = b""
        ended = False
        while True:
            if not selector.select(max(0, deadline - time.monotonic())):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise Mistake(f"it has not ended after {SECONDS} seconds; it printed:\n{data.decode(errors='replace')}")
            more = os.read(process.stdout.fileno(), 65536)
            if not more:
                break
            data += more
            if until is not None and not ended and matches(until, data.decode(errors="replace")):
                ended = True
                os.killpg(process.pid, signal.SIGTERM)
        return process.wait(), data.decode(errors="replace")
