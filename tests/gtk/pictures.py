"""Makes the pictures of the documentation: pictures.py BUILD"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys
from pathlib import Path

from windows import ROOT, display, find_programs, run

# The valley between the heart and the disk, while the last tiles are computed.
MANDELBROT = """
wait "Mandelbrot set" press 355,322 wait "Mandelbrot set" press 355,322 wait "Mandelbrot set"
press 355,322 wait "Mandelbrot set" press 127,355 wait "Computing: 6? %" picture {file} close
"""


def main(build: Path) -> int:
    file = ROOT / "docs/images/mandelbrot.png"
    file.parent.mkdir(exist_ok=True)
    with display(build) as env:
        done = run(find_programs(build)["C"], MANDELBROT.format(file=file), env)
    if done.returncode != 0:
        print(f"pictures.py: {done.stdout}", file=sys.stderr)
        return 1
    print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
