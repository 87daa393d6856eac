// tiles.js: a worker of mandelbrot.js, which computes tiles
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const ITERATIONS = 1000; // after which a point counts as a part of the set

// The number of iterations until the point is known to be outside, with a fraction; or 0.
function escape(cx, cy) {
    const r2 = (cx - 0.25) ** 2 + cy ** 2;
    let [x, y, x2, y2] = [0, 0, 0, 0];

    // Most of the set: the heart and the disk to the left of it.
    if (r2 * (r2 + cx - 0.25) < cy ** 2 / 4 || (cx + 1) ** 2 + cy ** 2 < 0.0625)
        return 0;

    for (let n = 1; n < ITERATIONS; n++) {
        y = 2 * x * y + cy;
        x = x2 - y2 + cx;
        x2 = x * x;
        y2 = y * y;
        if (x2 + y2 > 1000)
            return n + 1 - Math.log2(Math.log2(x2 + y2) / 2);
    }
    return 0;
}

self.onmessage = ({data: task}) => {
    const {left, top, step, size} = task;
    const pixels = new Uint8Array(size * size * 3);

    for (let i = 0; i < size * size; i++) {
        const n = escape(left + (i % size) * step, top + Math.floor(i / size) * step);
        const phase = Math.log(n + 1) * 1.7 - 2.6;

        for (let j = 0; j < 3 && n > 0; j++)
            pixels[3 * i + j] = 127.5 + 127.5 * Math.sin(phase + j * 0.6);
    }
    postMessage({...task, pixels}, [pixels.buffer]);
};
