"""Runs the language matrix, and prints the results in TAP or as a document.

Usage: run.py MATRIX-C [--write | --check] DOCUMENT

Every value of rows.ini goes from each language to each other one: through a port in one process
where the two can share one, and as bytes from one process to another. GJS and Python share none.
For JavaScriptCore, the programs in GJS and Python have a script in it (script.js).
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import configparser
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROWS = HERE / "rows.ini"
LANGUAGES = {"c": "C", "gjs": "GJS", "jsc": "JavaScriptCore", "python": "Python"}
# They do not share a process.
APART = [{"gjs", "python"}]

HEAD = """# What arrives as what

<!-- `./dev matrix` writes this page; a test compares it with what happens. -->

Each value, in the words of the sender, and what the receivers get. All of this was tried: through a
port where the two languages share a process, and as bytes between two processes. The words of C are
GVariant's. `DataCloneError` is an error of the sender, or a `messageerror` at the receiver.

| value | from | sent | C gets | GJS gets | JavaScriptCore gets | Python gets |
|---|---|---|---|---|---|---|
"""


def read_rows() -> dict[str, dict[str, str]]:
    """The rows, with the texts as they stand."""
    parser = configparser.ConfigParser(interpolation=None, delimiters="=", comment_prefixes="#")
    parser.optionxform = str
    parser.read(ROWS, encoding="utf-8")
    rows = {name: dict(parser[name]) for name in parser.sections()}
    for texts in rows.values():
        for key in [key for key in texts if key.startswith(("from-gjs", "to-gjs"))]:
            texts.setdefault(key.replace("gjs", "jsc", 1), texts[key])
    return rows


class Matrix:
    """Runs the programs of the languages, and keeps what they print."""

    def __init__(self, c_program: str) -> None:
        self.rows = read_rows()
        self.commands = {
            "c": [c_program],
            "gjs": ["gjs", "-m", str(HERE / "matrix.js")],
            "jsc": ["/usr/bin/python3", str(HERE / "matrix_jsc.py")],
            "python": ["/usr/bin/python3", str(HERE / "matrix.py")],
        }
        self.results: list[tuple[str, bool, str]] = []

    def run(self, language: str, *args: str, text: str = "") -> list[list[str]]:
        """What a program prints, in lines of fields."""
        # JavaScriptCore stops threads with signals. Without a buffer, Python loses the rest of a line then.
        process = subprocess.run([*self.commands[language], str(ROWS), *args], input=text, check=True,
                                 stdout=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": ""})
        return [line.split("\t") for line in process.stdout.splitlines()]

    def add(self, way: str, sender: str, receiver: str, row: str, result: str) -> None:
        """Notes the result for a cell."""
        self.results.append((f"{row}: from {sender} to {receiver} {way}", result == "ok", result))

    def expected(self, row: str, sender: str, receiver: str) -> str:
        """What a receiver is to get."""
        texts = self.rows[row]
        return texts.get(f"to-{receiver}-from-{sender}", texts[f"to-{receiver}"])

    def run_live(self) -> None:
        """Sends all that goes through ports."""
        for language in LANGUAGES:
            for sender, receiver, row, result in self.run(language, "live"):
                self.add("through a port", sender, receiver, row, result)

    def run_bytes(self) -> None:
        """Sends all that goes to other processes."""
        for sender in LANGUAGES:
            sent = dict(self.run(sender, "send"))
            messages = ""
            for row, text in sent.items():
                if text == "none" or row.endswith("through a port"):
                    continue
                if text.startswith("!"):
                    for receiver in LANGUAGES:
                        matches = self.expected(row, sender, receiver) == text[1:]
                        self.add("in bytes", sender, receiver, row, "ok" if matches else text)
                else:
                    messages += f"{row}\t{text}\n"
            for receiver in LANGUAGES:
                for row, result in self.run(receiver, "receive", sender, text=messages):
                    self.add("in bytes", sender, receiver, row, result)

    def count_expected(self) -> int:
        """How many results there have to be."""
        count = 0
        for name, texts in self.rows.items():
            for sender in LANGUAGES:
                if texts[f"from-{sender}"] == "none":
                    continue
                together = len(LANGUAGES) - any(sender in pair for pair in APART)
                count += 0 if "another process" in name else together
                count += 0 if name.endswith("through a port") else len(LANGUAGES)
        return count

    def make_document(self) -> str:
        """The page of the documentation."""
        text = HEAD
        for row, texts in self.rows.items():
            for sender, name in LANGUAGES.items():
                value = texts[f"from-{sender}"]
                cells = [row, name]
                if value == "none":
                    cells += [f"{name} has no such value"] + ["not sent"] * len(LANGUAGES)
                else:
                    cells.append(code(value))
                    cells += [code(self.cell(row, sender, receiver)) for receiver in LANGUAGES]
                text += f"| {' | '.join(cells)} |\n"
        return text

    def cell(self, row: str, sender: str, receiver: str) -> str:
        """What stands in a cell: a port does not get from GJS to Python, nor back."""
        if {sender, receiver} in APART and row.endswith("through a port"):
            row = next(name for name in self.rows if "another process" in name)
        return self.expected(row, sender, receiver)


def code(text: str) -> str:
    """A text as code in a table."""
    return "`{}`".format(text.replace("|", "\\|"))


def main(c_program: str, mode: str, document: pathlib.Path) -> int:
    """Runs the matrix."""
    matrix = Matrix(c_program)
    matrix.run_live()
    matrix.run_bytes()
    complete = len(matrix.results) == matrix.count_expected()
    results = [*matrix.results, (
        f"all {matrix.count_expected()} cells were tried", complete, str(len(matrix.results)))]
    if mode == "--write":
        document.write_text(matrix.make_document(), encoding="utf-8")
    else:
        current = document.read_text(encoding="utf-8") == matrix.make_document()
        results.append((f"{document.name} is up to date", current, "run ./dev matrix"))

    print(f"1..{len(results)}")
    for number, (name, passed, text) in enumerate(results, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {name}")
        if not passed:
            print(f"# {text}")
    return 0 if all(passed for _, passed, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])))
