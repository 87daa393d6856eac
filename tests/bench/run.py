"""Runs the benchmarks and prints their figures, with the peers that are installed.

Usage: run.py FOLDER [--json FILE] [NAME…]; FOLDER has the programs, a NAME is a part of theirs.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def find_commands(folder: Path) -> dict[str, list[str]]:
    """The benchmarks, by name: programs of the build, and scripts for other engines."""
    names = [path.stem for path in sorted(HERE.glob("bench-*.c"))]
    commands = {name: [str(folder / name)] for name in names if (folder / name).exists()}
    if "bench-frames" in commands and shutil.which("xvfb-run"):
        commands["bench-frames"] = ["xvfb-run", "-a", *commands["bench-frames"]]
    for engine, script in (("gjs", "bench-broadcast.js"), ("node", "bench-broadcast.js"),
                           ("gjs", "bench-costs.js"), ("python3", "bench-costs.py"),
                           ("gjs", "bench-objects.js"), ("node", "bench-objects.js"),
                           ("python3", "bench-objects.py"), ("node", "bench-node.js"),
                           ("node", "bench-processes.js"), ("node", "bench-workers.mjs"),
                           ("gjs", "bench-workers.js"), ("python3", "bench-processes.py"),
                           ("python3", "bench-workers.py")):
        if shutil.which(engine):
            commands[f"{Path(script).stem}-{engine}"] = [engine, str(HERE / script)]
    # One script in all engines: ours first, then the peers in the same run.
    modules = HERE.parents[1] / "wpt-harness/engines/node_modules"
    engines = {
        "jsc": [str(folder.parent / "jsc/jsc-run")],
        "node": ["node"],
        "deno": ["deno", "run"],
        "bun": ["bun"],
    }
    folders = f"{modules}/@deno/linux-x64-glibc:{modules}/@oven/bun-linux-x64/bin"
    for engine, command in engines.items():
        program = shutil.which(command[0]) or shutil.which(command[0], path=folders)
        if program is not None:
            commands[f"bench-web-{engine}"] = [program, *command[1:], str(HERE / "bench-web.js")]
            if engine == "jsc":
                commands["bench-costs-jsc"] = [program, str(HERE / "bench-costs.js")]
    return commands


def run(command: list[str]) -> list[dict]:
    """The figures that a benchmark prints."""
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = []
    for line in output.splitlines():
        what, figure, unit = line.split("\t")
        rows.append({"what": what, "figure": float(figure), "unit": unit})
        print(f"{what:<60} {float(figure):>14,.2f} {unit}", flush=True)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only benchmarks with such a name")
    arguments = parser.parse_args()

    commands = {
        name: command
        for name, command in find_commands(arguments.folder).items()
        if not arguments.names or any(part in name for part in arguments.names)
    }
    if not commands:
        print("bench: no benchmark has such a name", file=sys.stderr)
        return 2

    results = {name: run(command) for name, command in commands.items()}
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
