"""The includes of the library make no circle and point one way, and so does the test of that."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
import tempfile
import unittest
from pathlib import Path

import tap

sys.path.insert(0, str(Path(__file__).parents[1] / "style"))

import includes

GOOD = {
    "webmessaging.h": ["web-port.h", "web-error.h"],
    "web-types.h": [],
    "web-error.h": ["web-types.h", "web-enum-types.h"],
    "web-error.c": ["web-error-private.h"],
    "web-error-private.h": ["web-error.h"],
    "web-version.h.in": [],
    "web-port.h": ["web-types.h", "web-version.h"],
    "web-port-private.h": ["web-port.h"],
    "web-port.c": ["web-port-private.h", "transport/web-endpoint-private.h", "wire/web-cbor.h"],
    "transport/web-endpoint-private.h": ["loop/web-scheduler.h"],
    "transport/web-local.c": ["web-endpoint-private.h", "../web-error.h"],
    "loop/web-scheduler.h": ["web-types.h"],
    "wire/web-cbor.h": [],
    "bindings/web-private.c": ["web-port-private.h", "loop/web-scheduler.h"],
}


class TestIncludes(unittest.TestCase):
    def library(self, **changes: list[str]) -> includes.Library:
        """The good library with some more includes; `__` stands for a slash, `_` for a hyphen."""
        files = {name: list(targets) for name, targets in GOOD.items()}
        for name, targets in changes.items():
            path = f"{name.replace('__', '/').replace('_', '-')}.c"
            files[path] = files.get(path, []) + targets
        with tempfile.TemporaryDirectory() as folder:
            for name, targets in files.items():
                path = Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text("#include <glib.h>\n" +
                                "".join(f'#include "{target}"\n' for target in targets))
            return includes.Library(Path(folder))

    def assert_problem(self, problems: list[str], *parts: str) -> None:
        text = "\n".join(problems)
        for part in parts:
            self.assertIn(part, text)

    def test_a_good_library_passes(self):
        self.assertEqual(includes.check(self.library()), [])

    def test_nothing_points_up(self):
        for module, target in (("transport__web_local", "web-port.h"), ("wire__web_cbor", "web-port.h"),
                               ("loop__web_scheduler", "transport/web-endpoint-private.h"),
                               ("web_port", "bindings/web-private.c"), ("web_error", "web-port.h")):
            problems = includes.check(self.library(**{module: [target]}))
            self.assert_problem(problems, f"includes {includes.module_of(Path(target))}, but")

    def test_nothing_points_sideways(self):
        self.assert_problem(includes.check(self.library(wire__web_cbor=["transport/web-endpoint-private.h"])),
                            "wire/web-cbor.c:2: wire/web-cbor includes transport/web-endpoint, "
                            "but wire may include loop")
        self.assert_problem(includes.check(self.library(loop__web_scheduler=["wire/web-cbor.h"])),
                            "loop may include nothing else")

    def test_a_new_folder_may_include_nothing(self):
        self.assert_problem(includes.check(self.library(new__web_new=["web-port.h"])),
                            "new may include nothing else")

    def test_an_include_names_a_file(self):
        self.assert_problem(includes.check(self.library(web_port=["web-gone.h"])),
                            "web-port.c:5: there is no web-gone.h")

    def test_a_circle_is_named(self):
        library = self.library(wire__web_cbor=["web-b.c"], wire__web_b=["web-c.c"], wire__web_c=["web-cbor.h"],
                               wire__web_outside=["web-b.c"])
        self.assertEqual(includes.check(library), [
            "a circle of wire/web-b, wire/web-c, wire/web-cbor:",
            "  wire/web-b.c:2: wire/web-b includes wire/web-c",
            "  wire/web-c.c:2: wire/web-c includes wire/web-cbor",
            "  wire/web-cbor.c:2: wire/web-cbor includes wire/web-b",
        ])

    def test_a_header_and_its_private_one_are_one_module(self):
        self.assertEqual(includes.check(self.library(web_port=["web-port.h"])), [])

    def test_the_drawing_leaves_out_what_follows(self):
        library = self.library(web_port=["loop/web-scheduler.h"])
        drawing = includes.draw(library)
        self.assertIn("  subgraph transport\n    web-endpoint\n    web-local\n  end\n", drawing)
        self.assertIn("  web-port --> web-endpoint\n", drawing)
        self.assertNotIn("  web-port --> web-scheduler\n", drawing)
        self.assertNotIn("web-types", drawing)

        document = "# Map\n\n```mermaid\ngraph TD\n```\n\nEnd\n"
        self.assert_problem(includes.check_drawing(library, document), "out of date")
        document = includes.with_drawing(document, drawing)
        self.assertTrue(document.startswith("# Map\n\n```mermaid\ngraph TD\n  subgraph bindings\n"))
        self.assertTrue(document.endswith("```\n\nEnd\n"))
        self.assertEqual(includes.check_drawing(library, document), [])

    def test_the_library_is_in_order(self):
        library = includes.Library(includes.LIBRARY)
        self.assertGreater(len(library.modules), 20)
        self.assertEqual(includes.check_all(library), [])


if __name__ == "__main__":
    tap.main()
