#!/usr/bin/env python3
"""Explore the Mandelbrot set, with a worker on each core

Click to zoom in, and on "Back" or with the right button to return. The window posts tiles of the
picture to the workers, which are processes, and each of them answers with the pixels of a tile.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import math
import os
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Graphene", "1.0")
gi.require_version("Gtk", "4.0")
gi.require_version("WebMessaging", "1")
from gi.repository import Gdk, Gio, GLib, Graphene, Gtk, WebMessaging

TILE = 32  # the size of a tile in the window
AHEAD = 2  # tasks at each worker, so that it never waits for the window
ZOOM = 3  # of a click
BLACK = Gdk.RGBA()
BLACK.parse("black")


class MandelbrotView(Gtk.Widget):
    def __init__(self, on_progress):
        super().__init__(overflow=Gtk.Overflow.HIDDEN)
        self.on_progress = on_progress
        self.view = (-0.65, 0.0, 1 / 200)  # what is in the middle, and the distance of two pixels
        self.history = []
        self.job = 0
        self.tasks = []  # to be posted, from last to first
        self.n_tasks = self.n_done = 0
        self.old = []  # tiles of earlier jobs, which show through until the new ones are there
        self.tiles = []

        self.workers = [WebMessaging.Worker("tiles:compute") for _ in range(os.cpu_count() or 1)]
        for worker in self.workers:
            worker.on_message = lambda event, worker=worker: self.add_tile(worker, event.data)
            worker.on_close = lambda _event, worker=worker: self.lose_worker(worker)

        click = Gtk.GestureClick(button=0)
        click.connect("pressed", self.on_click)
        self.add_controller(click)

    def start(self):
        self.cancel()
        if not self.workers:
            return
        x, y, step = self.view
        width, height = self.get_width(), self.get_height()
        corners = [(left - width / 2, top - height / 2)
                   for top in range(0, height, TILE) for left in range(0, width, TILE)]
        corners.sort(key=lambda corner: -math.hypot(corner[0] + TILE / 2, corner[1] + TILE / 2))
        self.tasks = [{"job": self.job, "left": x + left * step, "top": y + top * step,
                       "step": step, "size": TILE} for left, top in corners]
        self.n_tasks = len(self.tasks)
        self.old, self.tiles = (self.old + self.tiles)[-3 * self.n_tasks:], []
        for worker in self.workers * AHEAD:
            self.post_task(worker)
        self.on_progress(self)

    def cancel(self):
        """Each worker still has the tasks that it has got, which is soon over."""
        self.job += 1
        self.tasks = []
        self.n_tasks = self.n_done = 0
        self.on_progress(self)

    def post_task(self, worker):
        if self.tasks:
            worker.post_message(self.tasks.pop())

    def add_tile(self, worker, tile):
        if tile["job"] != self.job:
            return  # somebody has cancelled the job, or clicked again
        self.post_task(worker)
        size = tile["size"]
        texture = Gdk.MemoryTexture.new(
            size, size, Gdk.MemoryFormat.R8G8B8, GLib.Bytes.new(tile["pixels"]), 3 * size)
        self.tiles.append((tile["left"], tile["top"], size * tile["step"], texture))
        self.n_done += 1
        if self.n_done == self.n_tasks:
            self.old = []
        self.on_progress(self)
        self.queue_draw()

    def lose_worker(self, worker):
        """A process has crashed, or somebody has killed it. The others do its work."""
        self.workers.remove(worker)
        if self.n_done < self.n_tasks:
            self.start()

    def show(self, view):
        self.view = view
        self.start()
        self.queue_draw()

    def back(self):
        if self.history:
            self.show(self.history.pop())

    def on_click(self, gesture, _n_press, x, y):
        if gesture.get_current_button() == Gdk.BUTTON_SECONDARY:
            self.back()
            return
        middle_x, middle_y, step = self.view
        # The point where the user has clicked stays where it is.
        by = step - step / ZOOM
        self.history.append(self.view)
        self.show((middle_x + (x - self.get_width() / 2) * by,
                   middle_y + (y - self.get_height() / 2) * by, step / ZOOM))

    def do_size_allocate(self, width, height, baseline):
        # While GTK allocates sizes, other widgets must not change.
        GLib.idle_add(self.start)

    def do_snapshot(self, snapshot):
        middle_x, middle_y, step = self.view
        width, height = self.get_width(), self.get_height()
        snapshot.append_color(BLACK, Graphene.Rect().init(0, 0, width, height))
        for left, top, size, texture in self.old + self.tiles:
            x = round((left - middle_x) / step + width / 2)
            y = round((top - middle_y) / step + height / 2)
            pixels = math.ceil(size / step)
            # A tile from many clicks ago may be larger than GTK can draw.
            if -pixels < x < width and -pixels < y < height and pixels < 1e6:
                snapshot.append_texture(texture, Graphene.Rect().init(x, y, pixels, pixels))

    def end(self):
        for worker in self.workers:
            worker.terminate()


def on_activate(application):
    def on_progress(view):
        busy = view.n_done < view.n_tasks
        share = view.n_done / view.n_tasks if busy else 0
        window.set_title(f"Computing: {share:.0%}" if busy
                         else "Mandelbrot set" if view.n_tasks else "Cancelled")
        progress.set_visible(busy)
        progress.set_fraction(share)
        cancel.set_sensitive(busy)
        back.set_sensitive(bool(view.history))

    back, cancel = Gtk.Button(label="Back"), Gtk.Button(label="Cancel")
    progress = Gtk.ProgressBar(valign=Gtk.Align.START)
    header, overlay = Gtk.HeaderBar(), Gtk.Overlay()
    window = Gtk.ApplicationWindow(
        application=application, titlebar=header, child=overlay, default_width=600, default_height=460)
    view = MandelbrotView(on_progress)

    header.pack_start(back)
    header.pack_end(cancel)
    overlay.set_child(view)
    overlay.add_overlay(progress)
    back.connect("clicked", lambda _button: view.back())
    cancel.connect("clicked", lambda _button: view.cancel())
    window.connect("close-request", lambda _window: view.end())
    window.present()


if __name__ == "__main__":
    example = Gtk.Application(
        application_id="org.example.Mandelbrot", flags=Gio.ApplicationFlags.NON_UNIQUE)
    example.connect("activate", on_activate)
    sys.exit(example.run(sys.argv))
