"""The list of what programs rely on: checks a build of a library against it, and adds to it.

Usage: abi.py [--write] RELEASE GIR LIBRARY LIST HEADER…

Each line of the list has the version that a thing came with, and the thing: a function with who owns what, a
structure, the value of an enumeration, a signal, a property. Without --write, says how the library differs
from the list; the exit status is then 1.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from pathlib import Path

Element = ElementTree.Element

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

# These change with each release, and nothing else does with them.
RELEASE = re.compile(r"_(MAJOR|MINOR|MICRO)_VERSION$")
# Only the bindings call these, and each belongs to one release, so they are not in the list.
PRIVATE = re.compile(r"^web_(\w+_)?private_")

# A macro, and the function or type that it marks.
AVAILABLE = re.compile(
    r"\bWEB_AVAILABLE_IN_(ALL|\d+_\d+)\s+(?:G_DECLARE_\w+\s*\(\s*\w+,\s*(?P<type>\w+)|[^;(]*?(?P<name>\w+)\s*\()")

TITLE = "# What programs rely on, and since which version. Written by ./dev abi; see CONTRIBUTING.md.\n"


# The major and the minor number. A release has a third one.
Version = tuple[int, int]


def get_key(text: str) -> str:
    """The kind and the name of the thing that a text is of."""
    kind, rest = text.split(" ", 1)
    match kind:
        case "function" | "virtual" | "signal" | "callback":
            return f"{kind} {rest.split(' (')[0].split()[-1]}"
        case "property":
            return f"{kind} {next(word for word in rest.split() if ':' in word)}"
        case "type":
            return f"{kind} {rest.split(':')[0]}"
        case "implements" | "prerequisite":
            return text
    return f"{kind} {rest.split()[0]}"


def text_of(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def type_of(element: Element) -> str:
    """The type of a parameter, a value, a field or a property, in C if the GIR has that."""
    kind = next((child for child in element if child.tag in
                 {CORE + "type", CORE + "array", CORE + "callback", CORE + "varargs"}), None)
    if kind is None or kind.tag == CORE + "varargs":
        return "..." if kind is not None else "void"
    if kind.tag == CORE + "callback":
        return signature(kind, "(*)")
    if kind.tag == CORE + "array":
        size = kind.get("fixed-size", "")
        return f"{kind.get(C + 'type') or type_of(kind)}[{size}]"
    return kind.get(C + "type") or kind.get("name", "")


def value(element: Element) -> str:
    """A parameter or a returned value, and who owns it."""
    notes = [element.get("direction", "in"), f"transfer {element.get('transfer-ownership', 'none')}",
             f"scope {element.get('scope', 'none')}", "nullable" if element.get("nullable") == "1" else ""]
    return type_of(element) + "".join(f" [{note}]" for note in notes
                                      if note not in {"", "in", "transfer none", "scope none"})


def signature(function: Element, name: str) -> str:
    """A function, a signal or the type of a callback."""
    arguments = [value(parameter) for parameter in function.iterfind(f"{CORE}parameters/*")]
    if function.get("throws") == "1":
        arguments.append("GError**")
    result = function.find(CORE + "return-value")
    returned = "void" if result is None else value(result)
    return f"{returned} {name} ({', '.join(arguments) or 'void'})"


def flags(element: Element, *names: str) -> str:
    return "".join(f" {name}" for name in names
                   if element.get(name, element.get(GLIB + name, "0")) not in {"0", "first", "last"})


def describe_parts(owner: Element, name: str) -> Iterator[str]:
    """What belongs to a type."""
    for child in owner:
        kind = child.tag.removeprefix(CORE)
        own = f"{name}:{child.get('name')}"
        if kind in {"method", "constructor", "function"} and child.get("moved-to") is None:
            function = child.get(C + "identifier", "")
            yield f"function {signature(child, function)}"
        elif kind == "virtual-method":
            yield f"virtual {signature(child, own)}"
        elif child.tag == GLIB + "signal":
            yield (f"signal {signature(child, own)}" +
                        flags(child, "detailed", "action", "no-recurse", "no-hooks"))
        elif kind == "property":
            readable = "" if child.get("readable") == "0" else " readable"
            yield (f"property {type_of(child)} {own}{readable}" +
                        flags(child, "writable", "construct", "construct-only"))
        elif kind in {"implements", "prerequisite"}:
            yield f"{kind} {own}"
        elif kind == "member":
            member = child.get(C + "identifier", "")
            yield f"value {member} = {child.get('value')}"


def describe(namespace: Element) -> Iterator[str]:
    """What is in a namespace."""
    yield from describe_parts(namespace, namespace.get("name", ""))
    for child in namespace:
        kind = child.tag.removeprefix(CORE)
        name = child.get(C + "type") or child.get(GLIB + "type-name", "")
        if kind in {"class", "interface"}:
            yield (f"type {name}:{child.get('parent', 'GTypeInterface')}" +
                        flags(child, "abstract", "final"))
        elif kind == "record":
            fields = [f"{type_of(field)} {field.get('name')};" for field in child.iterfind(CORE + "field")]
            yield " ".join([f"struct {name}", *fields])
        elif kind == "callback":
            yield f"callback {signature(child, name)}"
        elif kind == "constant" and not RELEASE.search(name):
            yield f"constant {name} = {child.get('value')}"
        get_type = child.get(GLIB + "get-type", "intern")
        if get_type != "intern":
            yield f"function GType {get_type} (void)"
        if name:
            yield from describe_parts(child, name)


class Library:
    """A build of the library, of a release such as 0.1.0."""

    def __init__(self, release: str, gir: str, library: str, headers: Iterable[str]) -> None:
        namespace = ElementTree.parse(gir).getroot().find(CORE + "namespace")
        assert namespace is not None
        self.release = release
        self.node = re.search(r"lib([\w-]+)-\d+\.so", library)[1].upper().replace("-", "_")
        self.things = {get_key(text): text for text in describe(namespace)}
        self.marks = dict(mark for header in headers for mark in read_marks(Path(header).read_text()))
        self.symbols = dict(read_symbols(library))

    @property
    def version(self) -> Version:
        major, minor, _micro = self.release.split(".")
        return int(major), int(minor)

    def is_out(self, version: Version) -> bool:
        """Whether programs rely on what came with a version: the first release of it is out."""
        return version < self.version or not self.release.endswith(".0")

    def version_of(self, key: str) -> Version:
        """The version that something new comes with: that of its mark, if it is a function."""
        return self.marks.get(key.removeprefix("function "), self.version)


def read_marks(header: str) -> Iterator[tuple[str, Version]]:
    """The functions of a header, and the version that each is marked with."""
    for match in AVAILABLE.finditer(header):
        name = match["name"] or f"{match['type']}_get_type"
        major, minor = (0, 1) if match[1] == "ALL" else map(int, match[1].split("_"))
        yield name, (major, minor)


def read_symbols(library: str) -> Iterator[tuple[str, str]]:
    """What a library exports, and the node of each symbol."""
    output = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library],
                            check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        _address, kind, symbol = line.split()
        name, _, node = symbol.partition("@@")
        # The node itself.
        if kind != "A":
            yield name, node


List = dict[str, tuple[Version, str]]


def read_list(text: str) -> List:
    """The things that a list has, by their keys."""
    things = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            version, thing = line.split(" ", 1)
            major, minor = version.split(".")
            things[get_key(thing)] = ((int(major), int(minor)), thing)
    return things


def write_list(things: List) -> str:
    lines = sorted((get_key(thing), f"{text_of(version)} {thing}\n") for version, thing in things.values())
    return TITLE + "".join(line for _key, line in lines)


def update(library: Library, old: List) -> List:
    """The list as it has to be."""
    return {key: (old[key][0] if key in old else library.version_of(key), text)
            for key, text in library.things.items()}


def check_list(library: Library, old: List) -> Iterator[str]:
    """How the library differs from its list."""
    for key, (version, text) in sorted(old.items()):
        now = library.things.get(key)
        if now != text:
            yield (f"gone: {text}" if now is None else f"changed: {text}\n     now: {now}") + (
                f"\n  Programs for version {text_of(version)} rely on it." if library.is_out(version) else "")
    for key, (version, text) in sorted(update(library, old).items()):
        if key not in old:
            yield f"new in {text_of(version)}: {text}"


def check_release(library: Library, old: List) -> Iterator[str]:
    """What must not be written into the list: it would break programs, or promise them too much.

    A new soname starts with an empty list.
    """
    if not old:
        return
    for key, (version, text) in sorted(old.items()):
        if library.is_out(version) and library.things.get(key) != text:
            yield f"Programs for version {text_of(version)} rely on this: {text}"
    for key, (version, text) in sorted(update(library, old).items()):
        if key not in old and library.is_out(version):
            yield f"Version {text_of(version)} is out, so mark this as newer: {text}"


def check_symbols(library: Library, listed: List) -> Iterator[str]:
    """Whether each symbol has the node of its version, and the list has each symbol."""
    functions = {key.split()[1]: version for key, (version, _text) in listed.items()
                 if key.startswith("function ")}
    for name, node in sorted(library.symbols.items()):
        if PRIVATE.search(name):
            expected = f"{library.node}_PRIVATE_{library.release}"
        elif name in functions:
            expected = f"{library.node}_{text_of(functions[name])}"
        else:
            yield f"{name} is exported, but not in the list"
            continue
        if node != expected:
            yield f"{name} has the node {node or 'of no version'}, not {expected}"
    for name in sorted(functions.keys() - library.symbols.keys()):
        yield f"{name} is in the list, but not exported"
    for name, version in functions.items():
        if library.version_of(f"function {name}") != version:
            yield f"{name} is listed for {text_of(version)}, so mark it as WEB_AVAILABLE_IN_{version[0]}_{version[1]}"


def main() -> None:
    is_write = sys.argv[1] == "--write"
    release, gir, path, list_path, *headers = sys.argv[2 if is_write else 1:]
    library = Library(release, gir, path, headers)
    old = read_list(Path(list_path).read_text())
    new = update(library, old)
    if is_write:
        problems = [*check_release(library, old), *check_symbols(library, new)]
        if not problems:
            Path(list_path).write_text(write_list(new))
    else:
        problems = [*check_list(library, old), *check_symbols(library, new)]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
