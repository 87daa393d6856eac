"""The references and the guides: built without warnings, all links lead somewhere, the search finds sections.

Usage: test_reference.py BUILD-FOLDER
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/python"))

import tap

PAGES = sorted(path for pattern in ("*.md", "docs/**/*.md", "wpt-harness/*.md", "packaging/**/*.md")
               for path in ROOT.glob(pattern))
OUTSIDE = ("http:", "https:", "mailto:", "javascript:", "data:")


class Links(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self, text: str):
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value)
            elif name == "href" or (name == "src" and tag != "script"):
                self.targets.add(value)


def anchors_of(markdown: str) -> set[str]:
    """The fragments of the headings of a page, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


class TestReference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        # Side by side, because they link to each other. The first one has the guides.
        cls.outputs = {gir.stem: Path(cls.folder.name) / gir.stem for gir in GIRS}
        cls.output = cls.outputs["WebMessaging-1"]
        cls.built = [subprocess.run(
            [sys.executable, ROOT / "docs/reference/build.py", gir, cls.outputs[gir.stem]],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False) for gir in GIRS]

    def test_no_warnings(self):
        self.assertEqual([(built.returncode, built.stdout) for built in self.built], [(0, "")] * len(GIRS))

    def test_links_of_the_reference(self):
        pages = {path: Links(path.read_text()) for output in self.outputs.values() for path in output.glob("*.html")}
        self.assertGreater(len(pages), 200)
        dead = []
        for path, page in pages.items():
            for target in page.targets:
                file, _, fragment = unquote(target).partition("#")
                other = (path.parent / (file or path.name)).resolve()
                if target.startswith(OUTSIDE):
                    continue
                # A reference that was not built here is not looked at.
                if other.parent.name not in self.outputs and other.parent.name.startswith("WebMessaging"):
                    continue
                if not other.exists():
                    dead.append(f"{path.parent.name}/{path.name} links to {file}")
                elif fragment and fragment not in pages[other].anchors:
                    dead.append(f"{path.parent.name}/{path.name} links to {file}#{fragment}")
        self.assertFalse(dead, "\n" + "\n".join(sorted(dead)))

    def test_links_to_other_libraries(self):
        for name, output in self.outputs.items():
            urls = dict(json.loads(re.search(r"\[.*\]", (output / "urlmap.js").read_text())[0]))
            pages = {path.name: path.read_text() for path in output.glob("*.html")}
            names = {name for page in pages.values() for name in re.findall(r'data-namespace="(\w+)"', page)}
            with self.subTest(name):
                self.assertLessEqual(
                    {"GObject", "Gio"} if name == "WebMessaging-1" else {"JavaScriptCore", "WebMessaging"}, names)
                self.assertLessEqual(names - {name.removesuffix("-1")}, set(urls))
                self.assertTrue(all("urlmap.js" in page for page in pages.values()))

    def test_links_in_the_repository(self):
        dead = []
        for path in PAGES:
            text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                file, _, fragment = target.partition("#")
                other = path.parent / file if file else path
                problem = None
                if target.startswith(OUTSIDE):
                    continue
                if file.endswith(".html"):
                    # A page of the reference is there when it was built. A guide is a file.
                    if "." not in file.removesuffix(".html"):
                        problem = f"; link to {file.removesuffix('.html')}.md"
                elif not other.exists():
                    problem = ", which is not there"
                elif fragment and other.suffix == ".md" and fragment not in anchors_of(other.read_text()):
                    problem = ", which has no such heading"
                if problem:
                    dead.append(f"{path.relative_to(ROOT)} links to {target}{problem}")
        self.assertFalse(dead, "\n" + "\n".join(sorted(dead)))

    def test_front_page(self):
        targets = Links((self.output / "index.html").read_text()).targets
        for path in (ROOT / "docs").glob("*.md"):
            if path.stem != "README":
                self.assertIn(f"{path.stem}.html", targets)

    def test_search(self):
        symbols = json.loads((self.output / "index.json").read_text())["symbols"]
        sections = {symbol["name"]: symbol["href"] for symbol in symbols if symbol["type"] == "content"}
        self.assertEqual(sections["Workers: The end of a worker"], "workers.html#the-end-of-a-worker")
        self.assertIn("web_worker_new_thread", {symbol.get("ident") for symbol in symbols})


if __name__ == "__main__":
    GIRS = [gir for name in ("WebMessaging-1", "WebMessagingJsc-1")
            if (gir := Path(sys.argv[1]).resolve() / f"gir/{name}.gir").exists()]
    if shutil.which("gi-docgen") is None:
        print("1..0 # SKIP gi-docgen is not installed")
    else:
        tap.main()
