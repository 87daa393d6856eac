"""Compares what GJS or JavaScriptCore and Node make of the same random values. TAP.

Usage: compare.py [--jsc JSC-RUN] [N-VALUES [N-IMPOSSIBLE]]
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import pathlib
import subprocess
import sys

RUN = pathlib.Path(__file__).with_name("run.mjs")
ARGUMENTS = sys.argv[1:]
JSC = ARGUMENTS[1] if ARGUMENTS[:1] == ["--jsc"] else None
OURS = "JSC" if JSC else "GJS"


def run(engine: list[str], counts: list[int], script: pathlib.Path = RUN) -> list[str]:
    """The lines that an engine prints, one for each value."""
    output = subprocess.run([*engine, str(script), *map(str, counts)], check=True,
                            capture_output=True, encoding="utf-8").stdout
    return output.splitlines()


def report(number: int, name: str, ours: list[str], theirs: list[str]) -> bool:
    """Prints a test for a list of values."""
    different = [seed for seed, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]]
    passed = len(ours) == len(theirs) and not different
    print(f"{'ok' if passed else 'not ok'} {number} - "
          f"{len(ours) - len(different)} of {len(ours)} {name} are equal in {OURS} and Node")
    for seed in different[:5]:
        print(f"# seed {seed}\n#   {OURS:4} {ours[seed][:2000]}\n#   Node {theirs[seed][:2000]}")
    return passed


def main(n_values: int = 10000, n_impossible: int = 1000) -> int:
    """Runs both engines and prints the results."""
    counts = [n_values, n_impossible]
    ours = run([JSC], counts, RUN.with_name("run-jsc.js")) if JSC else run(["gjs", "-m"], counts)
    theirs = run(["node"], counts)
    print("1..3")
    results = [
        report(1, "values", ours[:n_values], theirs[:n_values]),
        report(2, "errors", ours[n_values:], theirs[n_values:]),
    ]
    # A generator that makes nothing of interest would pass as well.
    failures = set(ours[n_values:])
    varied = len(set(ours[:n_values])) > n_values * 0.6 and \
        not any(line.startswith("throws") for line in ours[:n_values]) and \
        all(line.startswith("throws") for line in failures)
    print(f"{'ok' if varied else 'not ok'} 3 - {len(set(ours[:n_values]))} values are different, "
          f"all errors are errors: {', '.join(sorted(failures))[:200]}")
    return 0 if all([*results, varied]) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, ARGUMENTS[2 if JSC else 0 :])))
