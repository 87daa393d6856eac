"""Adds up what the test suites have reported, and prints the last line of ./dev test.

Usage: summary.py FOLDER…; each is a build folder in which meson has run tests. The exit status is
0 if some have run and none has failed.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def result_of(case: ElementTree.Element) -> str:
    """What has become of one test case."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def count_cases(folder: Path) -> Counter[str]:
    """The results of the test cases that the programs have told of."""
    counts: Counter[str] = Counter()
    for case in ElementTree.parse(folder / "meson-logs/testlog.junit.xml").iter("testcase"):
        result = result_of(case)
        counts[result] += 1
        if result == "failed":
            print(f"failed: {folder.name}: {case.get('name')}", file=sys.stderr)
    return counts


def count_broken(folder: Path) -> int:
    """How many programs have ended badly, whatever they have told before."""
    broken = 0
    for line in (folder / "meson-logs/testlog.json").read_text().splitlines():
        test = json.loads(line)
        if test["result"] not in ("OK", "SKIP", "FAIL"):
            print(f"failed: {folder.name}: {test['name']}: {test['result']}", file=sys.stderr)
            broken += 1
    return broken


def main(folders: list[str]) -> int:
    counts: Counter[str] = Counter()
    for folder in map(Path, folders):
        try:
            cases = count_cases(folder)
            cases["failed"] += count_broken(folder)
        except (OSError, ValueError, ElementTree.ParseError) as error:
            print(f"failed: {folder.name}: {error}", file=sys.stderr)
            cases = Counter(failed=1)
        if not cases:
            print(f"failed: {folder.name}: no test has run", file=sys.stderr)
            cases = Counter(failed=1)
        counts += cases

    line = f"{counts['passed']} passed, {counts['failed']} failed"
    print(f"{line}, {counts['skipped']} skipped" if counts["skipped"] else line)
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
