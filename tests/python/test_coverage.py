"""docs/spec-coverage.md tells the truth: the functions and tests that it names exist."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import fnmatch
import re
import unittest
from pathlib import Path

import tap

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/spec-coverage.md").read_text()
# What comes after it is not there yet.
COVERED = DOCUMENT[: DOCUMENT.index("## Where we depart")]
SUITE = ROOT / "wpt-harness/suite"


def read_all(*patterns: str) -> str:
    return "".join(path.read_text() for pattern in patterns for path in ROOT.glob(pattern))


def names(pattern: str) -> list[str]:
    """What stands in code quotes and matches the pattern as a whole."""
    return sorted({name for name in re.findall(r"`([^`]+)`", COVERED) if re.fullmatch(pattern, name)})


def test_paths() -> set[str]:
    """The cases of the C tests. Most fixtures put a prefix of their own before the name."""
    paths = set()
    for path in ROOT.glob("tests/**/*.c"):
        text = path.read_text()
        paths.update(re.findall(r'(?:g_test_add(?:_data)?_func|web_test_add_pair) \(\s*"([^"]+)"', text))
        for prefix in re.findall(r'(?:g_test_add|web_test_add_pair|g_strconcat) \("([^"]+)",? (?:name|title)', text):
            paths.update(prefix + name for name in re.findall(r'^ *add \(\s*"([^"]+)"', text, re.M))
    return paths


class TestCoverage(unittest.TestCase):
    def test_functions(self):
        sources = read_all("messaging/**/*.c", "gir/gjs/overrides/**/*.js", "messaging/**/*.js")
        functions = names(r"[A-Za-z_]{6,}\(\)")
        self.assertGreater(len(functions), 40)
        for function in functions:
            if function != "postMessage()":
                self.assertTrue(re.search(rf"\b{re.escape(function[:-2])} ?\(", sources), function)

    def test_c_tests(self):
        paths = test_paths()
        patterns = names(r"/[a-z-]+/[^`]*[^`/]")
        self.assertGreater(len(patterns), 40)
        for pattern in patterns:
            self.assertTrue(fnmatch.filter(paths, pattern), pattern)

    def test_suite_files(self):
        files = names("|".join(f"{area.name}/[a-z-]+" for area in SUITE.iterdir()))
        self.assertGreater(len(files), 5)
        for file in files:
            self.assertTrue(list(SUITE.glob(f"{file}.*")), file)
        for path in SUITE.glob("*/*.js"):
            name = path.relative_to(SUITE).as_posix().split(".")[0]
            self.assertIn(f"`{name}`", DOCUMENT)


if __name__ == "__main__":
    tap.main()
