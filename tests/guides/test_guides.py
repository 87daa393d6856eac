"""The test of the guides notices blocks that are wrong. Usage: test_guides.py BUILD-FOLDER"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import programs
import tap
from pages import Mistake
from programs import matches
from run import Page, environment


def block(language: str, code: str, *marks: str) -> str:
    return "".join(f"<!-- {mark} -->\n" for mark in marks) + f"```{language}\n{code}\n```\n\n"


class TestGuides(unittest.TestCase):
    def problems(self, text: str) -> list[str | None]:
        """What is wrong with each block of a page."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "page.md"
            path.write_text(text)
            page = Page(path, folder)
            (folder / "env").mkdir()
            page.run(environment(BUILD, folder / "env"), set())
            return [page.results[each.line] for each in page.blocks]

    def assertWrong(self, words: str, *blocks: str):
        problems = [problem for problem in self.problems("\n".join(blocks)) if problem]
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(words, problems[0])

    def assertRight(self, *blocks: str):
        problems = self.problems("\n".join(blocks))
        self.assertEqual(problems, [None] * len(problems))

    def test_right(self):
        self.assertRight(
            block("sh", "echo hello"),
            block("text", "hello"),
            block("sh", "echo a $$ c", "prints: a … c"),
            block("sh", "# name.sh\necho in a file"),
            block("sh", "sh name.sh", "prints: in a file"),
            block("sh", "  echo in a file", "part of: name.sh"),
            block("sh", "cat below.txt; echo b", "prints: a\\nb"),
            block("ini", "a", "file: below.txt"),
            block("sh", "exit 1", "fails"),
            block("sh", "echo $ONE$TWO", "env: ONE=1 TWO=2", "prints: 12"),
            block("sh", "echo ready; sleep 100", "runs on", "prints: ready"),
            block("sh", "rm -rf /", "not run: nobody should"),
        )

    def test_contexts(self):
        self.assertRight(
            block("c", 'static int\ntwo (void)\n{\n  g_print ("1");\n\n  return 2;\n}\n', "in: loop"),
            block("c", 'g_print ("%d", two ());', "continues"),
            block("c", 'g_print ("3\\n");', "continues", "prints: 123"),
            block("python", "print(WebMessaging.structured_clone(5))", "in: loop", "prints: 5"),
            block("js", "print(new Gio.Cancellable().is_cancelled())", "in: loop", "prints: false"),
        )

    def test_wrong_output(self):
        self.assertWrong("it printed:\n  bye", block("sh", "echo bye"), block("text", "hello"))
        self.assertWrong("it printed:\n  hello\n  you", block("sh", "echo hello; echo you", "prints: hello"))
        self.assertWrong("it printed:", block("sh", "true", "prints: hello"))

    def test_wrong_end(self):
        self.assertWrong("exit status 3", block("sh", "exit 3"))
        self.assertWrong("exit status 3", block("sh", "echo a; exit 3", "prints: a"))
        self.assertWrong("exit status 0", block("sh", "echo a", "prints: a", "fails"))

    def test_hanging(self):
        self.addCleanup(setattr, programs, "SECONDS", programs.SECONDS)
        programs.SECONDS = 1
        self.assertWrong("has not ended", block("sh", "echo a; sleep 100", "prints: a"))
        self.assertWrong("has not ended", block("sh", "echo a; sleep 100", "prints: b", "runs on"))

    def test_compiler(self):
        self.assertWrong("page.md:4", block("c", "unknown ();", "in: loop", "prints: a"))

    def test_unmarked(self):
        self.assertWrong("no mark says", block("c", "f ();"))
        self.assertWrong("no mark says", block("python", "f()", "prints: a"))
        self.assertWrong("no mark says", block("js", "f()"))
        self.assertWrong("no mark says", block("brainfuck", "+"))
        self.assertWrong("no mark says", block("", "f"))
        self.assertWrong("nothing says what it prints", block("python", "f()", "in: loop"))
        self.assertWrong("say why", block("sh", "true", "not run"))
        self.assertWrong("no context", block("python", "f()", "in: nowhere", "prints: a"))
        self.assertWrong("no program to continue", block("python", "f()", "continues"))
        self.assertWrong("there is none", block("text", "hello"))
        self.assertWrong("there is none", block("sh", "echo a"), block("text", "a"), block("text", "a"))

    def test_files(self):
        self.assertWrong("uses name.sh", block("sh", "# name.sh\necho"))
        self.assertWrong("no file other.sh", block("sh", "echo a", "part of: other.sh"))
        self.assertWrong("these lines", block("sh", "true", "file: a.sh"), block("sh", "sh a.sh\n"),
                         block("sh", "false", "part of: a.sh"))

    def test_page(self):
        for text, words in (
            ("```sh\ntrue\n", "page.md:1: this block has no end"),
            ("```sh what\ntrue\n```\n", "page.md:1: a fence"),
            ("Text\n\n    code\n", "page.md:3: put code between"),
            ("<!-- run: not -->\n```sh\ntrue\n```\n", "unknown mark “run”"),
        ):
            with self.assertRaises(Mistake) as caught:
                self.problems(text)
            self.assertIn(words, str(caught.exception))
        self.assertRight("- an item\n\n    its text\n")

    def test_wildcards(self):
        self.assertTrue(matches("a…b", "a-b\n"))
        self.assertFalse(matches("a…b", "a\nb\n"))
        self.assertTrue(matches("a\n…\nd", "a\nb\nc\nd"))
        self.assertTrue(matches("a\n…\nd", "a\nd"))
        self.assertFalse(matches("a.c", "abc"))


if __name__ == "__main__":
    BUILD = Path(sys.argv[1]).resolve()
    tap.main()
