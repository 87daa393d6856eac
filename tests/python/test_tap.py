"""What tap.py prints of each kind of result."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import contextlib
import io
import unittest

import tap


class Cases(unittest.TestCase):
    def case_passes(self):
        pass

    def case_fails(self):
        self.fail("on purpose")

    def case_raises(self):
        raise ValueError

    def case_is_skipped(self):
        self.skipTest("for a reason")

    def case_fails_in_a_part(self):
        for number in range(3):
            with self.subTest(number):
                self.assertEqual(number, 0)


class TestTap(unittest.TestCase):
    def run_case(self, name: str) -> list[str]:
        """The lines of one case that are not comments."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            Cases(name).run(tap.TapResult())
        return [line for line in output.getvalue().splitlines() if not line.startswith("#")]

    def test_each_case_has_one_line(self):
        for name, line in {
            "case_passes": "ok 1 - case passes (Cases)",
            "case_fails": "not ok 1 - case fails (Cases)",
            "case_raises": "not ok 1 - case raises (Cases)",
            "case_is_skipped": "ok 1 - case is skipped (Cases) # SKIP for a reason",
            "case_fails_in_a_part": "not ok 1 - case fails in a part (Cases)",
        }.items():
            with self.subTest(name):
                self.assertEqual(self.run_case(name), [line])


if __name__ == "__main__":
    tap.main()
