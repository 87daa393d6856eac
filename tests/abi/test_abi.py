"""A library is as its list says, and the check of that sees each way in which it could not be.

Usage: test_abi.py with the arguments of abi.py
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import copy
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import abi
import tap

RELEASE, GIR, PATH, LIST, *HEADERS = sys.argv[1:]
LIBRARY = abi.Library(RELEASE, GIR, PATH, HEADERS)
LISTED = abi.read_list(Path(LIST).read_text())

NODE = LIBRARY.node

# Each library is tried with a function that returns whether it has done something, with one for bindings or hosts,
# and with all kinds of things that it has.
FUNCTION, PRIVATE, KINDS = {
    "WEBMESSAGING": (
        "web_message_port_post_message", "web_private_get_message",
        {"callback", "function", "implements", "prerequisite", "property", "signal", "struct", "type", "value",
         "virtual"}),
    "WEBMESSAGING_JSC": (
        "web_jsc_install", "web_jsc_private_get_modules", {"callback", "function", "struct", "type", "value"}),
}[NODE]


class TestAbi(unittest.TestCase):
    def setUp(self) -> None:
        self.library = copy.deepcopy(LIBRARY)
        self.release("0.1.0")
        self.listed = {key: ((0, 1), text) for key, text in LIBRARY.things.items()}

    def release(self, release: str) -> None:
        self.library.release = release
        for name in self.library.symbols:
            if abi.PRIVATE.search(name):
                self.library.symbols[name] = f"{NODE}_PRIVATE_{release}"

    def add(self, mark: abi.Version, node: str) -> None:
        """Adds a function to the library."""
        self.library.things["function web_new"] = "function void web_new (void)"
        self.library.marks["web_new"] = mark
        self.library.symbols["web_new"] = node

    def problems(self) -> list[str]:
        listed = abi.update(self.library, self.listed)
        return [*abi.check_release(self.library, self.listed), *abi.check_symbols(self.library, listed)]

    def differences(self) -> list[str]:
        return list(abi.check_list(self.library, self.listed))

    def assert_one(self, problems: list[str], *parts: str) -> None:
        self.assertEqual(len(problems), 1, problems)
        for part in parts:
            self.assertIn(part, problems[0])

    def test_the_library_is_as_its_list_says(self):
        problems = [*abi.check_list(LIBRARY, LISTED), *abi.check_symbols(LIBRARY, LISTED)]
        self.assertEqual(problems, [], "\n" + "\n".join([
            *problems, "Run ./dev abi, and look at what it changes: CONTRIBUTING.md tells what may change."]))

    def test_the_list_is_read_as_it_was_written(self):
        self.assertEqual(abi.read_list(abi.write_list(LISTED)), LISTED)
        self.assertEqual(abi.write_list(LISTED), Path(LIST).read_text())

    def test_nothing_is_missing_of_what_there_is(self):
        self.assertEqual(self.differences() + self.problems(), [])
        self.assertEqual({key.split()[0] for key in self.library.things}, KINDS)

    def test_what_is_gone_is_seen(self):
        del self.library.things[f"function {FUNCTION}"]
        del self.library.symbols[FUNCTION]
        self.assert_one(self.differences(), "gone", FUNCTION)
        self.assertEqual(self.problems(), [])

    def test_what_has_changed_is_seen(self):
        key = f"function {FUNCTION}"
        self.library.things[key] = self.library.things[key].replace("gboolean", "void")
        self.assert_one(self.differences(), "changed", "gboolean", "now: function void")
        self.assertEqual(self.problems(), [])

    def test_what_is_new_is_seen(self):
        self.add((0, 1), f"{NODE}_0.1")
        self.assert_one(self.differences(), "new in 0.1", "web_new")
        self.assertEqual(self.problems(), [])

    def test_what_is_out_stays(self):
        for release in ("0.1.1", "0.2.0"):
            with self.subTest(release):
                self.setUp()
                self.release(release)
                del self.library.things[f"function {FUNCTION}"]
                del self.library.symbols[FUNCTION]
                self.assert_one(self.problems(), "rely on", FUNCTION)

    def test_what_is_out_gets_nothing_new(self):
        self.release("0.1.1")
        self.add((0, 1), f"{NODE}_0.1")
        self.assert_one(self.problems(), "Version 0.1 is out", "web_new")

    def test_a_new_version_has_a_node_and_a_mark(self):
        self.release("0.2.0")
        self.add((0, 2), f"{NODE}_0.2")
        self.assertEqual(self.problems(), [])
        self.assert_one(self.differences(), "new in 0.2", "web_new")
        self.add((0, 2), f"{NODE}_0.1")
        self.assert_one(self.problems(), f"web_new has the node {NODE}_0.1, not {NODE}_0.2")
        self.add((0, 1), f"{NODE}_0.2")
        self.assertIn("Version 0.1 is out, so mark this as newer", self.problems()[0])
        self.listed["function web_new"] = ((0, 2), self.library.things["function web_new"])
        self.assert_one(self.problems(), "web_new", "WEB_AVAILABLE_IN_0_2")

    def test_a_new_soname_has_a_new_list(self):
        self.release("0.2.0")
        del self.library.things[f"function {FUNCTION}"]
        del self.library.symbols[FUNCTION]
        self.listed = {}
        self.assertEqual(self.problems(), [])

    def test_private_functions_belong_to_a_release(self):
        self.assertIn(PRIVATE, self.library.symbols)
        self.library.symbols[PRIVATE] = f"{NODE}_PRIVATE_0.0.9"
        self.assert_one(self.problems(), PRIVATE, "0.0.9", "0.1.0")

    def test_what_no_header_has_is_not_exported(self):
        self.library.symbols["web_endpoint_new"] = f"{NODE}_0.1"
        self.assert_one(self.problems(), "web_endpoint_new is exported")

    def test_what_a_header_has_is_exported(self):
        del self.library.symbols[FUNCTION]
        self.assert_one(self.problems(), FUNCTION, "not exported")


tap.main()
