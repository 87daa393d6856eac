"""Runs unittest cases and prints their results in the Test Anything Protocol."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
import unittest


class TapResult(unittest.TestResult):
    """Prints a line for each test case; one with a subtest that fails fails once."""

    def startTest(self, test):
        super().startTest(test)
        self._comment = ""

    def _line(self, test: unittest.TestCase, passed: bool, comment: str = "", directive: str = "") -> None:
        for line in comment.splitlines():
            print(f"# {line}")
        class_name, method = test.id().split(".")[-2:]
        title = f"{method.removeprefix('test_').replace('_', ' ')} ({class_name})"
        print(f"{'ok' if passed else 'not ok'} {self.testsRun} - {title}{directive}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(test, False, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self._line(test, False, self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line(test, True, directive=f" # SKIP {reason}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._comment += f"{subtest}\n{self._exc_info_to_string(err, test)}"

    def stopTest(self, test):
        super().stopTest(test)
        if self._comment:
            self._line(test, False, self._comment)


def main() -> None:
    """Runs the test cases of the main module."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}")
    sys.exit(not suite.run(TapResult()).wasSuccessful())
