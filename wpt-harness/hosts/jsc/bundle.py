"""Joins the modules of the host to one script, because JavaScriptCore has no loader.

Usage: bundle.py OUTPUT DEPFILE FOLDER… MAIN

MAIN is the path of the first module. What it imports is looked for by its name in the folders, in their order,
so that a folder can have its own module in the place of another's. The script is an expression: a function that gets
the functions of the program and the modules of the library, and returns the exports of MAIN.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import pathlib
import re
import sys

START = """(function (natives, webmessaging) {
'use strict';
const imports = {natives, overrides: {webmessaging}};
const modules = Object.create(null), loaded = Object.create(null);
const require = name => loaded[name] ??= modules[name]();
"""

IMPORT = re.compile(r"^import (.*?) from '([^']*)';$", re.MULTILINE | re.DOTALL)
EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.MULTILINE)
EXPORT_LIST = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)


def read_name(specifier: str) -> str:
    """The name of a module: gi://WebMessaging is WebMessaging.js."""
    return pathlib.PurePath(re.sub(r"^gi://(\w+).*", r"\1.js", specifier)).name


def make_import(match: re.Match[str]) -> str:
    """An import as a declaration."""
    what = re.sub(r" as ", ": ", match[1])
    if not what.startswith("{"):
        what = f"{{default: {what}}}"
    return f"const {' '.join(what.split())} = require('{read_name(match[2])}');"


def make_module(name: str, source: str) -> str:
    """A module as a function."""
    names = [next(filter(None, match.groups())) for match in EXPORT.finditer(source)]
    for match in EXPORT_LIST.finditer(source):
        names += re.findall(r"\w+", match[1])
    source = EXPORT_LIST.sub("", EXPORT.sub("", IMPORT.sub(make_import, source)))
    if default := re.search(r"^export default ", source, re.MULTILINE):
        source = source[: default.start()] + "const default_ = " + source[default.end() :]
        names.append("default: default_")
    return f"modules['{name}'] = () => {{\n{source}\nreturn {{{', '.join(names)}}};\n}};\n"


def main(output: str, depfile: str, *arguments: str) -> None:
    """Writes the script, and of which files it is made."""
    folders = [pathlib.Path(folder) for folder in arguments[:-1]]
    start = pathlib.Path(arguments[-1]).name
    waiting, parts, paths = [start], {}, []
    while waiting:
        name = waiting.pop()
        if name in parts:
            continue
        path = next(folder / name for folder in folders if (folder / name).exists())
        source = path.read_text(encoding="utf-8")
        paths.append(str(path))
        parts[name] = make_module(name, source)
        waiting += [read_name(match[2]) for match in IMPORT.finditer(source)]
    script = [START, *parts.values(), f"return require('{start}');\n}})\n"]
    pathlib.Path(output).write_text("".join(script), encoding="utf-8")
    pathlib.Path(depfile).write_text(f"{output}: {' '.join(paths)}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
