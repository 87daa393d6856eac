"""The types for editors: what they name, and what type checkers say of programs with them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import venv
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "tests/python")]

import gi
import tap
from gi.repository import GLib, GObject

STUBS = ROOT / "gir/python/gi-stubs/repository"
# File, line and message of what a type checker finds
Findings = list[tuple[str, int, str]]

PYRIGHT = HERE / "node_modules/pyright/index.js"
# Tells how a program is configured.
PAGE = ROOT / "docs/scripts.md"
GIRS = [Path(path) for path in sys.argv[1:]]
NAMES = [path.stem.removesuffix("-1") for path in GIRS]
TYPES = ROOT / "gir/gjs/types"
TYPESCRIPT = HERE / "node_modules/typescript"
SCRIPTS = sorted((ROOT / "docs/examples").glob("*.js"))
EXAMPLES = sorted((ROOT / "docs/examples").glob("*.py"))


def has(*command: object) -> bool:
    """Tells whether a program is there."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def run(*command: object) -> str:
    """What a program prints, however it ends."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True,
                          check=False).stdout


class WrittenTests(unittest.TestCase):
    """The files are what ./dev types writes."""

    def test_the_types_are_those_of_the_library(self):
        self.assertEqual(run(sys.executable, ROOT / "gir/types/generate.py", "--check", *GIRS), "")


class StubTests(unittest.TestCase):
    """The stubs name what a library has."""

    def read(self, name):
        """The library, which is then compared with its stubs."""
        gi.require_version(name, "1")
        self.module = ast.parse((STUBS / f"{name}.pyi").read_text())
        self.classes = {node.name: node for node in self.module.body
                        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}
        return getattr(__import__("gi.repository", fromlist=[name]), name)

    @staticmethod
    def get_names(body: list[ast.stmt]) -> set[str]:
        """The names that are public in a module or class."""
        names = {node.name for node in body if hasattr(node, "name")}
        for node in body:
            if isinstance(node, ast.AnnAssign):
                names.add(node.target.id)
            elif isinstance(node, ast.Assign):
                names.update(target.id for target in node.targets)
        return {name for name in names if not name.startswith("_")}

    def get_all_names(self, name: str) -> set[str]:
        """Those of a class, with what it inherits from others in the stubs."""
        node = self.classes[name]
        inherited = [self.get_all_names(ast.unparse(base)) for base in node.bases
                     if ast.unparse(base) in self.classes]
        return self.get_names(node.body).union(*inherited)

    def test_the_module_has_the_names_of_the_stubs(self):
        for name in NAMES:
            library = self.read(name)
            with self.subTest(name):
                self.assertEqual(self.get_names(self.module.body),
                                 {name for name in dir(library) if not name.startswith("_")})

    def test_each_class_has_the_names_of_the_stubs(self):
        for name in NAMES:
            self.check_classes(self.read(name))

    def check_classes(self, library):
        """Compares the classes of a library with its stubs."""
        for name in self.classes:
            cls = getattr(library, name)
            foreign = {member for base in cls.__mro__ for member in vars(base)
                       if not base.__module__.startswith(("gi.repository.WebMessaging", "gi.overrides.WebMessaging",
                                                          "gi.overrides._webmessaging"))}
            foreign |= {*dir(GObject.Object), *vars(GLib.Error("", "", 0))}
            members = dir(cls() if issubclass(cls, BaseException) else cls)
            # What C keeps in the object, and virtual functions. Of these, the stubs have what a class
            # of a program implements.
            hidden = re.compile(r"_|do_|parent_instance$")
            with self.subTest(cls=name):
                self.assertEqual(
                    {member for member in self.get_all_names(name) if not hidden.match(member)} - foreign,
                    {member for member in members if not hidden.match(member)} - foreign)


class NameTests(unittest.TestCase):
    """The types for GJS name what the library has."""

    # What each class of JavaScript has, or gets from GObject.
    IMPLIED = frozenset(("_init", "constructor", "length", "name", "prototype", "toString", "valueOf"))

    # What the types say again for a class, because the types of the events are others there; and what
    # each event has for itself.
    REPEATED = frozenset(("addEventListener", "connect", "removeEventListener", "isTrusted"))

    def setUp(self):
        if not has("gjs", "--version") or not has("node", "-e", f"require({str(TYPESCRIPT)!r})"):
            self.skipTest("gjs, node or typescript is not installed: ./dev test does that")

    def read(self, name):
        """What a library has, and what its types say."""
        return (json.loads(run("gjs", "-m", HERE / "names.js", name)),
                json.loads(run("node", HERE / "names.mjs", TYPES / f"{name}-1.d.ts", name)))

    def test_the_namespace_has_the_names_of_the_types(self):
        for library in NAMES:
            live, types = self.read(library)
            with self.subTest(library):
                # Nothing is done with the class structure of GObject in JavaScript.
                self.assertEqual(
                    set(types), {name for name in live if not re.search(r"[a-z](Class|Interface)$", name)})

    def test_each_class_has_the_names_of_the_types(self):
        for library in NAMES:
            self.check_classes(*self.read(library))

    def check_classes(self, live_classes, types_of_classes):
        """Compares the classes of a library with its types."""
        for name, types in types_of_classes.items():
            if types is None:
                continue
            for part in ("statics", "prototype"):
                live = set(live_classes[name][part])
                # GJS has two names for a property, but lists only that with underscores.
                live |= {re.sub(r"_(\w)", lambda match: match[1].upper(), member) for member in live
                         if part == "prototype" and member not in ("new", *dir(object))} & set(types[part])
                if name == "MessagingError":
                    live -= {"code", "domain", "message"}
                # A program that sets one of these is told of its mistake.
                live = {member for member in live if not re.match(r"on(_|[A-Z])", member)}
                own = set(types[part]) - (self.REPEATED - live)
                with self.subTest(cls=name, part=part):
                    self.assertEqual(own - self.IMPLIED, live - self.IMPLIED)


def need(case: unittest.TestCase, *command: object) -> None:
    """Skips a test without what it runs."""
    if not has(*command):
        case.skipTest(f"{command[-2]} does not run: ./dev test installs it")


def check_mistakes(case: unittest.TestCase, path: Path, found: Findings) -> None:
    """Exactly the lines that are marked are found."""
    lines = path.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("mistake")}
    case.assertGreater(len(marked), 10)
    case.assertEqual({line for name, line, _ in found if name == path.name}, marked, found)
    case.assertEqual([finding for finding in found if finding[0] != path.name], [])


class TypeScriptTests(unittest.TestCase):
    """Programs of GJS, as an editor sees them."""

    def setUp(self):
        need(self, "node", "-e", f"require({str(TYPESCRIPT)!r})")

    def check(self, files: list[Path], **options: bool) -> Findings:
        """What TypeScript finds: file, line and message."""
        [page_config] = re.findall(r"^```json\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
        config = {
            "compilerOptions": {**json.loads(page_config)["compilerOptions"], **options},
            "files": [str(file) for file in files],
        }
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "tsconfig.json").write_text(json.dumps(config))
            # The types of GJS are found from the folder of this file on.
            (Path(folder) / "node_modules").symlink_to(HERE / "node_modules")
            output = run("node", TYPESCRIPT / "bin/tsc", "--pretty", "false", "--project", folder)
        found = re.findall(r"^(\S.*?)\((\d+),\d+\): error (.*)$", output, re.MULTILINE)
        self.assertEqual(bool(found), bool(output.strip()), output)
        return [(Path(name).name, int(line), message) for name, line, message in found]

    def test_mistakes_are_found_and_nothing_else(self):
        check_mistakes(self, HERE / "gjs/mistakes.ts", self.check(
            [*(TYPES / f"{name}-1.d.ts" for name in ("WebMessaging", "WebMessagingJsc")), *(HERE / "gjs").iterdir()]))

    def test_nothing_is_wrong_in_examples(self):
        # TypeScript does not know what a handler gets that is set at the top of a script; and to say
        # what is never null, a script would need comments.
        found = self.check([*TYPES.iterdir(), HERE / "gjs/javascriptcore.d.ts", *SCRIPTS],
                           allowJs=True, noImplicitAny=False, strictNullChecks=False)

        self.assertEqual(found, [])


class PythonTests(unittest.TestCase):
    """Programs of Python, as an editor sees them where the stubs are installed."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        venv.create(cls.folder / "venv", system_site_packages=True)
        # The stubs of PyGObject are in the environment of a program, and those of the library in the system.
        [packages] = (cls.folder / "venv/lib").glob("python3*/site-packages")
        shutil.copytree(HERE / "gi-stubs", packages / "gi-stubs")
        shutil.copytree(STUBS.parent, cls.folder / "system/gi-stubs")
        (packages / "system.pth").write_text(str(cls.folder / "system"))
        cls.stubs = sorted((cls.folder / "system/gi-stubs/repository").iterdir())
        cls.links = [packages / "gi-stubs/repository" / path.name for path in cls.stubs]
        cls.python = cls.folder / "venv/bin/python"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def check_mypy(self, *arguments: object) -> Findings:
        """What mypy finds: file, line and message."""
        output = run(sys.executable, "-m", "mypy", "--python-executable", self.python,
                     "--cache-dir", self.folder / "mypy", "--no-error-summary", "--show-absolute-path",
                     *arguments)
        found = re.findall(r"^(.+?):(\d+): error: (.*)$", output, re.MULTILINE)
        self.assertEqual(bool(found), bool(output.strip()), output)
        return [(Path(file).name, int(line), message) for file, line, message in found]

    def check_pyright(self, *files: Path) -> Findings:
        """What pyright finds."""
        sources = self.folder / "sources"
        sources.mkdir()
        for file in files:
            shutil.copy(file, sources)
        config = {"typeCheckingMode": "standard", "include": [sources.name], "strict": [sources.name + "/uses.py"],
                  "reportMissingModuleSource": False, "reportIncompatibleMethodOverride": False}
        (self.folder / "pyrightconfig.json").write_text(json.dumps(config))
        for link, path in zip(self.links, self.stubs, strict=True):
            link.symlink_to(path)
        output = run("node", PYRIGHT, "--outputjson", "--pythonpath", self.python, "--project", self.folder)
        for link in self.links:
            link.unlink()
        result = json.loads(output)
        self.assertEqual(result["summary"]["filesAnalyzed"], len(files))
        return [(Path(item["file"]).name, item["range"]["start"]["line"] + 1, item["message"])
                for item in result["generalDiagnostics"]]

    def test_mypy_finds_mistakes_and_nothing_else(self):
        need(self, sys.executable, "-m", "mypy", "--version")
        mistakes = HERE / "python/mistakes.py"
        # Each class has another new(), as everywhere in GObject.
        check_mistakes(self, mistakes, self.check_mypy(
            "--strict", "--disable-error-code=override", *self.stubs, HERE / "python/uses.py", mistakes))

    def test_mypy_finds_nothing_in_examples(self):
        need(self, sys.executable, "-m", "mypy", "--version")
        self.assertEqual(self.check_mypy("--check-untyped-defs", *EXAMPLES), [])

    def test_pyright_finds_mistakes_and_nothing_else(self):
        need(self, "node", PYRIGHT, "--version")
        mistakes = HERE / "python/mistakes.py"
        check_mistakes(self, mistakes, self.check_pyright(
            *self.stubs, HERE / "python/uses.py", mistakes, *EXAMPLES))


if __name__ == "__main__":
    tap.main()
