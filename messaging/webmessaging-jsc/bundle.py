"""Joins the modules of the library in JavaScript to one script, because JavaScriptCore has no loader.

Usage: bundle.py OUTPUT HEADER.h… MODULE.js…

A module is a file as GJS imports it: its first comment of the form /* exported a, b */ names what it offers, and
it finds others in imports.overrides.webmessaging. Enumerations and macros of the headers make the module `constants`.
The script is an expression: a function that gets the natives and what contexts share, and returns the function that
installs the classes.
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


# By the names in scripts: what the values of an enumeration begin with, and macros.
ENUMERATIONS = {
    "Tag": "WEB_CBOR_TAG_",
    "Call": "WEB_JSC_CALL_",
    "Kind": "WEB_JSC_KIND_",
    "Place": "WEB_JSC_PLACE_",
    "EventType": "WEB_JSC_EVENT_",
    "Detail": "WEB_JSC_DETAIL_",
}
MACROS = {
    "OUT_OF_LINE_SIZE": "WEB_PRIVATE_OUT_OF_LINE_SIZE",
    "MAX_DEPTH": "WEB_PRIVATE_MAX_DEPTH",
    "CHUNK": "WEB_JSC_CHUNK",
    "MAILBOX_SIZE": "WEB_JSC_MAILBOX_SIZE",
}


def read_enumeration(headers: str, prefix: str) -> dict[str, int]:
    """The values of an enumeration, by their names without the prefix."""
    values: dict[str, int] = {}
    number = -1
    for name, value in re.findall(rf"^  {prefix}(\w+)(?: = (\w+))?,", headers, re.MULTILINE):
        number = int(value, 0) if value else number + 1
        values[name] = number
    assert values, prefix
    return values


def read_flags(headers: str) -> dict[str, int]:
    """The values of WebJscFlags."""
    return {name: 1 << int(bit) for name, bit in re.findall(r"^  WEB_JSC_(\w+) = 1 << (\d+),", headers, re.MULTILINE)}


def read_macro(headers: str, name: str) -> int:
    """The value of a macro."""
    match = re.search(rf"^#define {name} +(\d+)$", headers, re.MULTILINE)
    assert match is not None, name
    return int(match[1])


def make_constants(headers: str) -> str:
    """The module that GJS takes from introspection, with what is of JavaScriptCore only."""
    values: dict[str, object] = {name: read_enumeration(headers, prefix) for name, prefix in ENUMERATIONS.items()}
    values["Flags"] = read_flags(headers)
    values |= {name: read_macro(headers, macro) for name, macro in MACROS.items()}
    return f"define('constants', () => ({json.dumps(values)}));\n"


def make_module(path: pathlib.Path) -> str:
    """A module as a function, which runs when somebody imports it first."""
    source = path.read_text(encoding="utf-8")
    match = re.search(r"/\* exported (.*?)\*/", source, re.DOTALL)
    names = re.findall(r"\w+", match[1]) if match is not None else []
    source = re.sub(r"^\s*//.*\n|^\s*\n", "", source, flags=re.MULTILINE)
    return f"define('{path.stem}', () => {{\n{source}\nreturn {{{', '.join(names)}}};\n}});\n"


def main(output: str, *inputs: str) -> None:
    """Writes the script."""
    paths = [pathlib.Path(path) for path in inputs]
    headers = "".join(path.read_text(encoding="utf-8") for path in paths if path.suffix == ".h")
    parts = [START, make_constants(headers), *(make_module(path) for path in paths if path.suffix == ".js"), END]
    pathlib.Path(output).write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
