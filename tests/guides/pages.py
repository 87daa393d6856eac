"""Reads the code blocks of a page, and the marks in the comments before them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
from dataclasses import dataclass, field
from pathlib import Path

MARKS = {"in", "continues", "file", "part of", "prints", "env", "fails", "runs on", "window", "not run"}

# A comment that is nothing but the name of a file, as the first line of a block.
FILE_NAME = re.compile(r"(?:/\* ([\w./-]+\.\w+) \*/|(?://|#) ([\w./-]+\.\w+))$")
MARK = re.compile(r"<!-- ([a-z ]+?)(?:: (.*?))? -->$")
LIST_ITEM = re.compile(r"\s*([-*]|\d+\.) ")


class Mistake(Exception):
    """What is wrong with a page or a block of it, for its author."""


class Missing(Exception):
    """What this machine lacks for a block."""


@dataclass
class Block:
    """A fenced block of code."""

    page: str
    line: int  # of the first line of code
    language: str
    text: str
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The name of the file that the block is."""
        name = FILE_NAME.match(self.text.split("\n", 1)[0])
        return self.marks.get("file") or (name and (name[1] or name[2]))


def read_marks(lines: list[str], end: int, place: str) -> dict[str, str]:
    """The marks in the comments above a line."""
    marks: dict[str, str] = {}
    while end > 0 and (not lines[end - 1].strip() or lines[end - 1].startswith("<!--")):
        end -= 1
        if mark := MARK.match(lines[end].strip()):
            if mark[1] not in MARKS:
                raise Mistake(f"{place}: unknown mark “{mark[1]}”; there are: {', '.join(sorted(MARKS))}")
            marks[mark[1]] = mark[2] or ""
    return marks


def read_blocks(path: Path, page: str) -> list[Block]:
    """All blocks of a page, from top to bottom."""
    lines = path.read_text().splitlines()
    blocks = []
    in_list = False
    number = 0
    while number < len(lines):
        line = lines[number]
        fence = re.match(r"( *)(```+) *(\w*)$", line)
        if fence:
            indent, ticks, language = fence.groups()
            end = number + 1
            while end < len(lines) and lines[end].strip() != ticks:
                end += 1
            if end == len(lines):
                raise Mistake(f"{page}:{number + 1}: this block has no end")
            text = "\n".join(inner.removeprefix(indent) for inner in lines[number + 1 : end]) + "\n"
            marks = read_marks(lines, number, f"{page}:{number + 1}")
            blocks.append(Block(page, number + 2, language, text, marks))
            number = end
        elif line.strip().startswith("```"):
            raise Mistake(f"{page}:{number + 1}: a fence and the name of a language was expected here")
        elif LIST_ITEM.match(line):
            in_list = True
        elif line.strip() and not line.startswith(" "):
            in_list = False
        elif line.startswith("    ") and not in_list and not lines[number - 1].strip():
            raise Mistake(f"{page}:{number + 1}: put code between ``` with the name of its language; do not indent it")
        number += 1
    return blocks
