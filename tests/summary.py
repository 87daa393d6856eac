"""Adds up what the test suites have reported, in JUnit files, and prints the last line of ./dev test.

Usage: summary.py FILE…; the exit status is 0 if there is something and nothing has failed.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter


def result_of(case: ElementTree.Element) -> str:
    """What has become of one test case."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def main(paths: list[str]) -> int:
    counts: Counter[str] = Counter()
    for path in paths:
        try:
            cases = list(ElementTree.parse(path).iter("testcase"))
        except (OSError, ElementTree.ParseError) as error:
            print(f"summary: {path}: {error}", file=sys.stderr)
            cases = []
        if not cases:
            print(f"summary: {path}: no test has run", file=sys.stderr)
            counts["failed"] += 1
        counts.update(result_of(case) for case in cases)
        for case in cases:
            if result_of(case) == "failed":
                print(f"failed: {case.get('classname')}: {case.get('name')}", file=sys.stderr)

    line = f"{counts['passed']} passed, {counts['failed']} failed"
    print(f"{line}, {counts['skipped']} skipped" if counts["skipped"] else line)
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
