"""Builds the reference of a namespace with gi-docgen, and makes one thing of that of WebMessaging and the guides.

Usage: build.py --gi-docgen PROGRAM GIR-FILE OUTPUT-FOLDER

The guides are read in the repository as well, so they link to each other, to pictures and to programs as
files there; here these links become those of the built pages. gi-docgen has no front page: that is
docs/README.md, which also says which guides there are, in which order. Their sections go into the search
index.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from pathlib import Path

import markdown

HERE = Path(__file__).parent
DOCS = HERE.parent
FRONT = DOCS / "README.md"
EXTENSIONS = ["def_list", "fenced_code", "tables", "toc"]
LINK = re.compile(r"(?<=\]\()([\w./-]+)((?:#[\w-]*)?)(?=\))")


class Mistake(Exception):
    """What the author of a page has to mend."""


def order(index: str) -> list[str]:
    """The guides that the front page names."""
    names = list(dict.fromkeys(re.findall(r"\]\(([\w-]+\.md)", index)))
    missing = {path.name for path in DOCS.glob("*.md")} - {FRONT.name, *names}
    if missing:
        raise Mistake(f"docs/README.md does not link to {', '.join(sorted(missing))}")
    return names


def for_site(page: str, text: str, files: set[str]) -> str:
    """A page with the links of the site. Adds the other files that it links to."""

    def replace(match: re.Match[str]) -> str:
        target, fragment = match.groups()
        if target.endswith(".html"):
            return match[0]
        if not (DOCS / target).is_file():
            raise Mistake(f"docs/{page} links to {target}, which is not there")
        if target == FRONT.name:
            return "index.html" + fragment
        if target.endswith(".md"):
            return target.removesuffix(".md") + ".html" + fragment
        files.add(target)
        return Path(target).name if target.endswith(".png") else target

    return LINK.sub(replace, text)


def title_of(text: str) -> str:
    return re.search(r"^# (.*)$", text, re.MULTILINE)[1]


def front_page(html: str, front: str) -> str:
    """The page of the namespace with ours at the top, and without what is empty or said there."""
    html = re.sub(r"<tr><td><em>\w+</em></td><td><a href=\"\"[^\n]*</tr>\n", "", html)
    html, count = re.subn(r"  <section>\s*<div class=\"toggle-wrapper\">\s*<h4 id=\"extra\".*?</section>", "", html,
                          flags=re.DOTALL)
    assert count == 1, "gi-docgen has another template"
    front = f'\n<section><div class="docblock">\n{front}\n</div></section>\n'
    head, end = html.split("</header>", 1)
    # The version and what to link with come after what it is for.
    head = re.sub(r'<div class="description">.*?</div>', "", head, flags=re.DOTALL)
    start = head.index('<div class="meta info">')
    return head[:start] + "</header>" + front + "<section>" + head[start:] + "</section>" + end


def without_markup(summary: str) -> str:
    """What gi-docgen leaves of links and constants in the summaries of the search, as plain text."""
    summary = re.sub(r"\[(?:\w+@)?(?:WebMessaging(?:Jsc)?\.)?([^\]]*)\](?:\([^)]*\)?)?", r"\1", summary)
    return re.sub(r"(?<!\w)[%@](?=\w)", "", summary)


def search_entries(name: str, html: str) -> list[dict[str, str]]:
    """An entry for a guide, and one for each of its sections."""

    def plain(fragment: str) -> str:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", fragment)).strip()

    parts = re.split(r"<h([1-3]) id=\"([^\"]*)\">(.*?)</h\1>", html, flags=re.DOTALL)
    entries = []
    for level, anchor, heading, content in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True):
        if level == "1":
            title = plain(heading)
        paragraph = re.search(r"<p>(.*?)</p>", content, re.DOTALL)
        entries.append({
            "type": "content",
            "name": title if level == "1" else f"{title}: {plain(heading)}",
            "href": name.replace(".md", ".html") + ("" if level == "1" else f"#{anchor}"),
            "summary": textwrap.shorten(plain(paragraph[1]), 200, placeholder=" …") if paragraph else "",
        })
    return entries


def run_gi_docgen(gi_docgen: str, gir: Path, output: Path, content: Path, extra: dict[str, list[str]]) -> None:
    """Builds the reference of a namespace, with the guides and pictures that a folder has."""
    name = gir.stem.removesuffix("-1")
    version = re.search(r"version: '([\d.]+)'", (DOCS.parent / "meson.build").read_text())[1]
    settings = (HERE / f"{name}.toml").read_text().replace("@VERSION@", version)
    # Without it, links to the classes of other libraries do nothing.
    urls = [[library["name"], library["docs_url"]] for library in tomllib.loads(settings)["dependencies"].values()]
    (content / "urlmap.js").write_text(f"const baseURLs = {json.dumps(urls)};\n")
    config = content / f"{name}.toml"
    config.write_text(f"{settings}\n[extra]\n" + "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in {"urlmap_file": "urlmap.js", **extra}.items()))
    subprocess.run(
        [gi_docgen, "generate", "--quiet", "--fatal-warnings", f"--config={config}", f"--output-dir={output}",
         "--no-namespace-dir", f"--content-dir={content}", f"--add-include-path={gir.parent}", gir],
        check=True,
    )


def write_front_page(output: Path, text: str) -> None:
    """Gives the page of the namespace a beginning."""
    page = output / "index.html"
    page.write_text(front_page(page.read_text(), markdown.markdown(text, extensions=EXTENSIONS)))


def write_search(output: Path, names: list[str]) -> None:
    """Mends the search index, and adds the guides."""
    page = output / "index.json"
    search = json.loads(page.read_text())
    search["symbols"] = [symbol for symbol in search["symbols"] if symbol["type"] != "content"]
    for symbol in search["symbols"]:
        symbol["summary"] = without_markup(symbol["summary"])
    for name in names:
        html = markdown.markdown((DOCS / name).read_text(), extensions=EXTENSIONS)
        search["symbols"] += search_entries(name, html)
    page.write_text(json.dumps(search))


def build_with_guides(gi_docgen: str, gir: Path, output: Path) -> None:
    """The reference of the library, which also has the guides."""
    files: set[str] = set()
    index = FRONT.read_text()
    names = order(index)
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder)
        for name in names:
            text = (DOCS / name).read_text()
            (content / name).write_text(f"Title: {title_of(text)}\n\n{for_site(name, text, files)}")
        index = for_site(FRONT.name, re.sub(r"^# .*\n", "", index), files)
        images = {file for file in files if file.endswith(".png")}
        for file in images:
            shutil.copy(DOCS / file, content / Path(file).name)
        run_gi_docgen(gi_docgen, gir, output, content, {
            "content_files": names, "content_images": sorted(Path(file).name for file in images)})

    for file in files - images:
        (output / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DOCS / file, output / file)
    write_front_page(output, index)
    write_search(output, names)


def build(gi_docgen: str, gir: Path, output: Path) -> None:
    """The reference of a namespace. That of WebMessaging is beside the others."""
    if gir.stem == "WebMessaging-1":
        build_with_guides(gi_docgen, gir, output)
        return
    with tempfile.TemporaryDirectory() as folder:
        run_gi_docgen(gi_docgen, gir, output, Path(folder), {})
    write_front_page(output, (HERE / gir.with_suffix(".md").name.replace("-1", "")).read_text())
    write_search(output, [])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gi-docgen", default="gi-docgen")
    parser.add_argument("gir", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    try:
        build(arguments.gi_docgen, arguments.gir, arguments.output)
    except Mistake as mistake:
        print(f"build.py: {mistake}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
