"""Regular expressions, in the words of Python and of JavaScript."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re

REGEXP_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}

# What the two languages have different words for. A class of characters is one word, so that
# nothing in it is taken for something else.
PYTHON_WORDS = re.compile(
    r"\\.|\(\?P<|\(\?P=(?P<name>\w+)\)|(?P<start>\[\^?)(?P<bracket>\]?)(?P<rest>(?:\\.|[^\\\]])*\])",
    re.DOTALL)
JAVASCRIPT_WORDS = re.compile(
    r"\(\?<!\[\\s\\S\]\)|\(\?!\[\\s\\S\]\)|\\k<(?P<name>\w+)>|\\.|\(\?<(?![=!])|\[\^?(?:\\.|[^\\\]])*\]",
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


def from_javascript(source: str) -> str:
    def translate(match: re.Match) -> str:
        if match["name"]:
            return f"(?P={match['name']})"
        return FROM_JAVASCRIPT.get(match[0], match[0])

    return JAVASCRIPT_WORDS.sub(translate, source)
