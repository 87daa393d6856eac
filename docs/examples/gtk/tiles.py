"""The function of the workers of mandelbrot.py, in a module that does not need GTK"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import math
from typing import Any

ITERATIONS = 300  # after which a point counts as a part of the set


def escape(c: complex) -> float:
    """The number of iterations until the point is known to be outside, with a fraction; or 0."""
    r2 = (c.real - 0.25) ** 2 + c.imag**2
    # Most of the set: the heart and the disk to the left of it.
    if r2 * (r2 + c.real - 0.25) < c.imag**2 / 4 or (c.real + 1) ** 2 + c.imag**2 < 0.0625:
        return 0
    z = 0j
    for n in range(1, ITERATIONS):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag > 1000:
            return n + 1 - math.log2(math.log2(abs(z)))
    return 0


def to_color(n: float) -> bytes:
    phase = math.log(n + 1) * 1.7 - 2.6
    return bytes(int(127.5 + 127.5 * math.sin(phase + i * 0.6)) if n > 0 else 0 for i in range(3))


def compute(scope: Any) -> None:
    """Answers each task with the task and the pixels of its tile."""
    for event in scope.messages():
        task = event.data
        left, top, step, size = task["left"], task["top"], task["step"], task["size"]
        pixels = b"".join(
            to_color(escape(complex(left + x * step, top + y * step)))
            for y in range(size) for x in range(size))
        scope.post_message({**task, "pixels": pixels})
