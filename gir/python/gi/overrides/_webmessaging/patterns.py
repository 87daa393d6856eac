"""Regular expressions, in the words of Python and of JavaScript."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re

REGEXP_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}

# What the two languages have different words for. A class of characters is one word, so that
# nothing in it is taken for something else; one without an end goes to the end of the pattern, so
# that the next word does not look for it again.
PYTHON_WORDS = re.compile(
    r"\\.|\(\?P<|\(\?P=(?P<name>\w+)\)|(?P<start>\[\^?)(?P<bracket>\]?)(?P<rest>(?:\\.|[^\\\]])*(?:\]|\\?\Z))",
    re.DOTALL)
JAVASCRIPT_WORDS = re.compile(
    r"\(\?<!\[\\s\\S\]\)|\(\?!\[\\s\\S\]\)|\\k<(?P<name>\w+)>|\\.|\(\?<(?![=!])|\[\^?(?:\\.|[^\\\]])*(?:\]|\\?\Z)",
    re.DOTALL)
TO_JAVASCRIPT = {"(?P<": "(?<", r"\A": r"(?<![\s\S])", r"\Z": r"(?![\s\S])"}
FROM_JAVASCRIPT = {value: key for key, value in TO_JAVASCRIPT.items()} | {
    "[]": r"(?!)", "[^]": r"[\s\S]"}


def to_javascript(pattern: str) -> str:
    """The source of a regular expression in the words that JavaScript has for it."""
    def translate(match: re.Match) -> str:
        if match["name"]:
            return rf"\k<{match['name']}>"
        if match["bracket"]:
            return rf"{match['start']}\]{match['rest']}"
        return TO_JAVASCRIPT.get(match[0], match[0])

    return PYTHON_WORDS.sub(translate, pattern)


# What stands on the two sides of a hyphen in a class of characters.
RANGE = re.compile(
    r"(\\U[0-9a-fA-F]{8}|\\u\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\?.)-"
    r"(?=(\\U[0-9a-fA-F]{8}|\\u\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\?.))", re.DOTALL)


def count_characters(source: str) -> int:
    """How many characters the ranges in a pattern have at most: compiling visits each."""
    return sum(abs(_get_code_point(match[2]) - _get_code_point(match[1]))
               for match in RANGE.finditer(source))


def _get_code_point(word: str) -> int:
    return int(word[2:].strip("{}"), 16) if len(word) > 2 else ord(word[-1])


def from_javascript(source: str) -> str:
    """The other way round."""
    def translate(match: re.Match) -> str:
        if match["name"]:
            return f"(?P={match['name']})"
        return FROM_JAVASCRIPT.get(match[0], match[0])

    return JAVASCRIPT_WORDS.sub(translate, source)
