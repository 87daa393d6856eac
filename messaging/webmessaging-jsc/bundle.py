"""Joins the modules of the library in JavaScript to one script, because JavaScriptCore has no loader.

Usage: bundle.py OUTPUT TAGS-HEADER BINDINGS-HEADER MODULE.js…

A module is a file as GJS imports it: its first comment of the form /* exported a, b */ names what it offers, and
it finds others in imports.overrides.webmessaging. The script is an expression: a function that gets the
natives and what contexts share, and returns the function that installs the classes.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import pathlib
import re
import sys

START = """(function (natives, shared) {
'use strict';
const webmessaging = {};
const imports = {natives, shared, overrides: {webmessaging}};
function define(name, load) {
let module;
Object.defineProperty(webmessaging, name, {get: () => module ??= load()});
}
"""

# What the modules take from the engine, they take before any script runs.
END = """for (const name of Object.getOwnPropertyNames(webmessaging))
void webmessaging[name];
return webmessaging.globals.install;
})
"""


def read_tags(header: str) -> dict[str, int]:
    """The values of the enumeration of tags, by the names that introspection gives them."""
    tags: dict[str, int] = {}
    number = -1
    for name, value in re.findall(r"^  WEB_CBOR_TAG_(\w+)(?: = (\w+))?,", header, re.MULTILINE):
        number = int(value, 0) if value else number + 1
        tags[name] = number
    return tags


def read_number(header: str, name: str) -> int:
    """The value of a macro."""
    match = re.search(rf"^#define WEB_PRIVATE_{name} (\d+)$", header, re.MULTILINE)
    assert match is not None, name
    return int(match[1])


def make_constants(tags: str, bindings: str) -> str:
    """The module that GJS takes from introspection."""
    values = {
        "Tag": read_tags(tags),
        "OUT_OF_LINE_SIZE": read_number(bindings, "OUT_OF_LINE_SIZE"),
        "MAX_DEPTH": read_number(bindings, "MAX_DEPTH"),
    }
    return f"define('constants', () => ({json.dumps(values)}));\n"


def make_module(path: pathlib.Path) -> str:
    """A module as a function, which runs when somebody imports it first."""
    source = path.read_text(encoding="utf-8")
    match = re.search(r"/\* exported (.*?)\*/", source, re.DOTALL)
    names = re.findall(r"\w+", match[1]) if match is not None else []
    source = re.sub(r"^\s*//.*\n|^\s*\n", "", source, flags=re.MULTILINE)
    return f"define('{path.stem}', () => {{\n{source}\nreturn {{{', '.join(names)}}};\n}});\n"


def main(output: str, tags: str, bindings: str, *modules: str) -> None:
    """Writes the script."""
    headers = [pathlib.Path(path).read_text(encoding="utf-8") for path in (tags, bindings)]
    parts = [START, make_constants(*headers), *(make_module(pathlib.Path(path)) for path in modules), END]
    pathlib.Path(output).write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
