"""The map of the library: which file includes which, checked and drawn.

Usage: includes.py            checks the sources and the drawing; the exit status is 1 if something is wrong
       includes.py --draw     prints the drawing
       includes.py --write    puts it into docs/architecture.md

A module is a file without its ending and `-private`. A folder below that of the library is private.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os.path
import re
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "messaging/webmessaging"
DOCUMENT = ROOT / "docs/architecture.md"

# The folder of the API, which is the library's own.
API = ""
# For each folder, the other folders that its files may include.
MAY_INCLUDE = {
    "bindings": {API, "transport", "wire", "loop"},
    API: {"transport", "wire", "loop"},
    "transport": {"wire", "loop"},
    "wire": {"loop"},
    "loop": set(),
}
# What every file may include, as it may include GLib: errors and macros. They include only each other.
COMMON = {"web-types", "web-error", "web-version", "web-version-macros", "web-enum-types"}
# The build makes these.
GENERATED = {"web-enum-types"}


class Include:
    """One #include of a file of the library in another one."""

    def __init__(self, where: str, source: str, target: str) -> None:
        self.where = where    # file:line
        self.source = source  # module, with its folder
        self.target = target

    def __str__(self) -> str:
        return f"{self.where}: {self.source} includes {self.target}"


def module_of(path: Path) -> str:
    """`loop/web-scheduler` for `loop/web-scheduler-private.h`."""
    name = re.sub(r"\.(c|h|h\.in)$", "", path.name)
    return (path.parent / re.sub(r"(-.+)-private$", r"\1", name)).as_posix()


def folder_of(module: str) -> str:
    return module.rpartition("/")[0]


class Library:
    """The modules of a library and their includes."""

    def __init__(self, root: Path) -> None:
        files = sorted(path.relative_to(root) for pattern in ("*.c", "*.h", "*.h.in")
                       for path in root.rglob(pattern))
        self.problems: list[str] = []
        self.modules = sorted({module_of(path) for path in files})
        self.includes: list[Include] = []
        for path in files:
            for number, line in enumerate((root / path).read_text().splitlines(), 1):
                if match := re.match(r'\s*#\s*include\s*(?:"|<webmessaging/)([^">]+)[">]', line):
                    self._add(path, number, match[1], files)

    def _add(self, path: Path, number: int, name: str, files: list[Path]) -> None:
        where, source = f"{path}:{number}", module_of(path)
        for candidate in (Path(os.path.normpath(path.parent / name)), Path(name)):
            if candidate in files or candidate.with_name(f"{candidate.name}.in") in files:
                target = module_of(candidate)
                if target != source:
                    self.includes.append(Include(where, source, target))
                return
        if Path(name).stem in GENERATED:
            self.includes.append(Include(where, source, Path(name).stem))
        else:
            self.problems.append(f"{where}: there is no {name} here or in the library's folder")

    def wrong_directions(self) -> list[tuple[Include, str]]:
        """The includes that point up or sideways, each with what is allowed."""
        wrong = []
        for include in self.includes:
            source, target = folder_of(include.source), folder_of(include.target)
            if include.source in COMMON:
                if include.target not in COMMON:
                    wrong.append((include, f"all the others include {include.source}"))
            elif include.target not in COMMON and source != target:
                allowed = MAY_INCLUDE.get(source, set())
                if target not in allowed:
                    names = ", ".join(folder or "the API" for folder in sorted(allowed)) or "nothing else"
                    wrong.append((include, f"{source or 'the API'} may include {names}"))
        return wrong

    def neighbours(self) -> dict[str, set[str]]:
        """For each module, the others that it includes."""
        neighbours: dict[str, set[str]] = {module: set() for module in self.modules}
        for include in self.includes:
            neighbours[include.source].add(include.target)
            neighbours.setdefault(include.target, set())
        return neighbours

    def circles(self) -> list[tuple[set[str], list[str]]]:
        """The sets of modules that include each other, each with the shortest way round in words."""
        neighbours = self.neighbours()
        reached = {module: reach(neighbours, module) for module in neighbours}
        found: list[tuple[set[str], list[str]]] = []
        for module in sorted(neighbours):
            circle = {other for other in reached[module] if module in reached[other]}
            if circle and not any(module in known for known, _ in found):
                found.append((circle, self._way_round(circle)))
        return found

    def _way_round(self, circle: set[str]) -> list[str]:
        neighbours = {module: others & circle for module, others in self.neighbours().items()
                      if module in circle}
        ways = [shortest_way(neighbours, other, module)
                for module in sorted(circle) for other in sorted(neighbours[module])
                if module in reach(neighbours, other) | {other}]
        way = min(ways, key=len)
        way = [way[-1], *way]
        return [next(str(include) for include in self.includes
                     if (include.source, include.target) == pair) for pair in pairwise(way)]


def reach(neighbours: dict[str, set[str]], start: str) -> set[str]:
    """All that can be reached, @start itself only through a circle."""
    reached: set[str] = set()
    todo = list(neighbours[start])
    while todo:
        module = todo.pop()
        if module not in reached:
            reached.add(module)
            todo.extend(neighbours[module])
    return reached


def shortest_way(neighbours: dict[str, set[str]], start: str, end: str) -> list[str]:
    """The modules on the way, both ends included."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        if way[-1] == end:
            return way
        for module in sorted(neighbours[way[-1]] - seen):
            seen.add(module)
            ways.append([*way, module])
    raise ValueError(f"no way from {start} to {end}")


def check(library: Library) -> list[str]:
    """What is wrong with the includes, in lines."""
    problems = list(library.problems)
    problems.extend(f"{include}, but {allowed}" for include, allowed in library.wrong_directions())
    for circle, way in library.circles():
        problems.append(f"a circle of {', '.join(sorted(circle))}:")
        problems.extend(f"  {step}" for step in way)
    return problems


def draw(library: Library) -> str:
    """A graph for Mermaid, without the arrows that follow from others."""
    neighbours = {module: {other for other in others if other not in COMMON}
                  for module, others in library.neighbours().items() if module not in COMMON}
    # What includes everything shows nothing.
    neighbours.pop("webmessaging", None)
    in_circle = {module for circle, _ in library.circles() for module in circle}

    lines = ["graph TD"]
    for folder in MAY_INCLUDE:
        modules = [module for module in sorted(neighbours) if folder_of(module) == folder]
        if modules:
            lines.append(f'  subgraph {folder or "API"}')
            lines.extend(f"    {module.rpartition('/')[2]}" for module in modules)
            lines.append("  end")
    for module, others in sorted(neighbours.items()):
        for other in sorted(others):
            implied = any(other in reach(neighbours, third) for third in others - {other}
                          if third not in in_circle)
            if not implied:
                lines.append(f"  {module.rpartition('/')[2]} --> {other.rpartition('/')[2]}")
    return "\n".join(lines) + "\n"


def with_drawing(document: str, drawing: str) -> str:
    """The document with the drawing in the place of its old one."""
    return re.sub(r"(?<=^```mermaid\n).*?(?=^```$)", lambda _: drawing, document, count=1,
                  flags=re.DOTALL | re.MULTILINE)


def check_drawing(library: Library, document: str) -> list[str]:
    if with_drawing(document, draw(library)) == document:
        return []
    return ["the drawing of the includes is out of date: run tests/style/includes.py --write"]


def check_all(library: Library) -> list[str]:
    """What is wrong with the library as it is."""
    return [*check(library), *check_drawing(library, DOCUMENT.read_text())]


def main(arguments: list[str]) -> int:
    library = Library(LIBRARY)
    if arguments == ["--draw"]:
        print(draw(library), end="")
    elif arguments == ["--write"]:
        DOCUMENT.write_text(with_drawing(DOCUMENT.read_text(), draw(library)))
    elif arguments:
        print(__doc__, file=sys.stderr)
        return 2
    else:
        problems = check_all(library)
        print("\n".join(problems) or "The includes are in order.")
        return 1 if problems else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
