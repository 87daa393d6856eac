#!/usr/bin/env -S gjs -m
// Explore the Mandelbrot set, with a worker on each core
//
// Click to zoom in, and on "Back" or with the right button to return. The window posts tiles of the
// picture to the workers, which are processes, and each of them answers with the pixels of a tile.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gdk from 'gi://Gdk?version=4.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Graphene from 'gi://Graphene';
import Gtk from 'gi://Gtk?version=4.0';
import WebMessaging from 'gi://WebMessaging?version=1';

WebMessaging.installGlobals();

const TILE = 32; // the size of a tile in the window
const AHEAD = 2; // tasks at each worker, so that it never waits for the window
const ZOOM = 3; // of a click

const MandelbrotView = GObject.registerClass(class MandelbrotView extends Gtk.Widget {
    view = {x: -0.65, y: 0, step: 1 / 260}; // what is in the middle, and the distance of two pixels
    history = [];
    job = 0;
    tasks = []; // to be posted, from last to first
    nTasks = 0;
    nDone = 0;
    old = []; // tiles of earlier jobs, which show through until the new ones are there
    tiles = [];

    constructor(onProgress) {
        super({overflow: Gtk.Overflow.HIDDEN});
        this.onProgress = () => onProgress(this);

        this.workers = Array.from({length: GLib.get_num_processors()}, () => new Worker('tiles.js'));
        for (const worker of this.workers) {
            worker.onmessage = ({data}) => this.addTile(worker, data);
            worker.onclose = () => this.loseWorker(worker);
        }

        const click = new Gtk.GestureClick({button: 0});

        click.connect('pressed', (gesture, _nPress, x, y) => this.onClick(gesture, x, y));
        this.add_controller(click);
    }

    start() {
        const {x, y, step} = this.view;
        const [width, height] = [this.get_width(), this.get_height()];

        this.cancel();
        if (this.workers.length === 0)
            return;
        for (let top = -height / 2; top < height / 2; top += TILE) {
            for (let left = -width / 2; left < width / 2; left += TILE) {
                const distance = Math.hypot(left + TILE / 2, top + TILE / 2);

                this.tasks.push(
                    {job: this.job, distance, left: x + left * step, top: y + top * step, step, size: TILE});
            }
        }
        this.tasks.sort((a, b) => b.distance - a.distance);
        this.nTasks = this.tasks.length;
        this.old = [...this.old, ...this.tiles].slice(-3 * this.nTasks);
        this.tiles = [];
        for (let i = 0; i < AHEAD; i++)
            this.workers.forEach(worker => this.postTask(worker));
        this.onProgress();
    }

    // Each worker still has the tasks that it has got, which is soon over.
    cancel() {
        this.job++;
        this.tasks = [];
        this.nTasks = this.nDone = 0;
        this.onProgress();
    }

    postTask(worker) {
        if (this.tasks.length > 0)
            worker.postMessage(this.tasks.pop());
    }

    addTile(worker, {job, left, top, step, size, pixels}) {
        if (job !== this.job)
            return; // somebody has cancelled the job, or clicked again

        this.postTask(worker);
        this.tiles.push({left, top, size: size * step, texture: Gdk.MemoryTexture.new(
            size, size, Gdk.MemoryFormat.R8G8B8, new GLib.Bytes(pixels), 3 * size)});
        if (++this.nDone === this.nTasks)
            this.old = [];
        this.onProgress();
        this.queue_draw();
    }

    // A process has crashed, or somebody has killed it. The others do its work.
    loseWorker(worker) {
        this.workers = this.workers.filter(other => other !== worker);
        if (this.nDone < this.nTasks)
            this.start();
    }

    show(view) {
        this.view = view;
        this.start();
        this.queue_draw();
    }

    back() {
        if (this.history.length > 0)
            this.show(this.history.pop());
    }

    onClick(gesture, clickX, clickY) {
        const {x, y, step} = this.view;
        const by = step - step / ZOOM;

        if (gesture.get_current_button() === Gdk.BUTTON_SECONDARY) {
            this.back();
            return;
        }
        this.history.push(this.view);
        // The point where the user has clicked stays where it is.
        this.show({
            x: x + (clickX - this.get_width() / 2) * by,
            y: y + (clickY - this.get_height() / 2) * by,
            step: step / ZOOM,
        });
    }

    // While GTK allocates sizes, other widgets must not change.
    vfunc_size_allocate() {
        GLib.idle_add(GLib.PRIORITY_DEFAULT_IDLE, () => this.start());
    }

    vfunc_snapshot(snapshot) {
        const {x, y, step} = this.view;
        const [width, height] = [this.get_width(), this.get_height()];
        const rect = new Graphene.Rect();

        snapshot.append_color(new Gdk.RGBA({alpha: 1}), rect.init(0, 0, width, height));
        for (const {left, top, size, texture} of [...this.old, ...this.tiles]) {
            const pixels = Math.ceil(size / step);
            const tileX = Math.round((left - x) / step + width / 2);
            const tileY = Math.round((top - y) / step + height / 2);

            // A tile from many clicks ago may be larger than GTK can draw.
            if (tileX > -pixels && tileX < width && tileY > -pixels && tileY < height && pixels < 1e6)
                snapshot.append_texture(texture, rect.init(tileX, tileY, pixels, pixels));
        }
    }

    end() {
        this.workers.forEach(worker => worker.terminate());
    }
});

const application = new Gtk.Application(
    {application_id: 'org.example.Mandelbrot', flags: Gio.ApplicationFlags.NON_UNIQUE});

application.connect('activate', () => {
    const back = new Gtk.Button({label: 'Back'});
    const cancel = new Gtk.Button({label: 'Cancel'});
    const progress = new Gtk.ProgressBar({valign: Gtk.Align.START});
    const header = new Gtk.HeaderBar();
    const overlay = new Gtk.Overlay();
    const window = new Gtk.ApplicationWindow(
        {application, titlebar: header, child: overlay, default_width: 760, default_height: 540});
    const view = new MandelbrotView(({nTasks, nDone, history}) => {
        const busy = nDone < nTasks;
        const share = busy ? nDone / nTasks : 0;

        if (busy)
            window.title = `Computing: ${Math.round(100 * share)} %`;
        else
            window.title = nTasks > 0 ? 'Mandelbrot set' : 'Cancelled';
        progress.visible = busy;
        progress.fraction = share;
        cancel.sensitive = busy;
        back.sensitive = history.length > 0;
    });

    header.pack_start(back);
    header.pack_end(cancel);
    overlay.child = view;
    overlay.add_overlay(progress);
    back.connect('clicked', () => view.back());
    cancel.connect('clicked', () => view.cancel());
    window.connect('close-request', () => view.end());
    window.present();
});
application.run(null);
