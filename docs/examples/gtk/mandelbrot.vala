/* mandelbrot.vala: explore the Mandelbrot set, with a worker on each core
 *
 * Click to zoom in, and on "Back" or with the right button to return. The window posts tiles of the
 * picture to the workers, which are threads, and each of them answers with the pixels of a tile.
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

const int TILE_SIZE = 32; // the size of a tile in the window
const int ITERATIONS = 1000; // after which a point counts as a part of the set
const int AHEAD = 3; // tasks at each worker, so that it never waits for the window
const double ZOOM = 3; // of a click

// What a worker gets: job, left and top edge, distance of two pixels.
const string TASK = "(uddd)";

struct View {
    double x; // in the middle
    double y;
    double step; // for one pixel
}

/* In the threads of the workers */

double escape (double cx, double cy) {
    double x = 0, y = 0, x2 = 0, y2 = 0;
    double r2 = (cx - 0.25) * (cx - 0.25) + cy * cy;

    // Most of the set: the heart and the disk to the left of it.
    if (r2 * (r2 + cx - 0.25) < cy * cy / 4 || (cx + 1) * (cx + 1) + cy * cy < 0.0625)
        return 0;

    for (int n = 1; n < ITERATIONS; n++) {
        y = 2 * x * y + cy;
        x = x2 - y2 + cx;
        x2 = x * x;
        y2 = y * y;
        if (x2 + y2 > 1000)
            return n + 1 - Math.log2 (Math.log2 (x2 + y2) / 2);
    }

    return 0;
}

void compute (WebMessaging.DedicatedWorkerGlobalScope scope) {
    scope.set_on_message ((scope, event) => {
        uint job;
        double left, top, step;
        var pixels = new uint8[TILE_SIZE * TILE_SIZE * 3];

        event.data.get (TASK, out job, out left, out top, out step);
        for (int i = 0; i < TILE_SIZE * TILE_SIZE; i++) {
            double n = escape (left + i % TILE_SIZE * step, top + i / TILE_SIZE * step);
            double phase = Math.log (n + 1) * 1.7 - 2.6;

            for (int j = 0; j < 3 && n > 0; j++)
                pixels[3 * i + j] = (uint8) (127.5 + 127.5 * Math.sin (phase + j * 0.6));
        }
        try {
            scope.post_message (new Variant ("(@" + TASK + "@ay)", event.data,
                new Variant.from_bytes (VariantType.BYTESTRING, new Bytes.take ((owned) pixels), true)));
        } catch (Error error) {
            scope.report_error (error);
        }
    });
}

/* In the window */

class Tile {
    public double left;
    public double top;
    public double size;
    public Gdk.Texture texture;
}

class MandelbrotView : Gtk.Widget {
    public signal void progress (bool busy, double share, bool can_go_back);

    View view = View () { x = -0.65, y = 0, step = 1 / 260.0 };
    View[] history = {};
    uint job;
    Queue<Variant> tasks = new Queue<Variant> ();
    uint n_tasks;
    uint n_done;
    GenericArray<Tile> tiles = new GenericArray<Tile> ();
    GenericArray<WebMessaging.Worker> workers = new GenericArray<WebMessaging.Worker> ();

    construct {
        for (int i = 0; i < get_num_processors (); i++) {
            var worker = new WebMessaging.Worker.thread ("mandelbrot", compute);

            worker.set_on_message ((worker, event) => add_tile (worker, event.data));
            workers.add (worker);
        }

        var click = new Gtk.GestureClick () { button = 0 };

        click.pressed.connect ((n_press, x, y) => {
            if (click.get_current_button () == Gdk.BUTTON_SECONDARY)
                back ();
            else
                zoom (x, y);
        });
        add_controller (click);
        overflow = HIDDEN;
    }

    void start () {
        int width = get_width (), height = get_height ();

        cancel ();
        for (int y = 0; y < height; y += TILE_SIZE)
            for (int x = 0; x < width; x += TILE_SIZE)
                tasks.push_tail (new Variant (TASK, job, view.x + (x - width / 2) * view.step,
                                              view.y + (y - height / 2) * view.step, view.step));
        n_tasks = tasks.length;
        for (int i = 0; i < AHEAD; i++)
            workers.foreach (post_task);
        tell ();
    }

    public void cancel () {
        job++;
        tasks.clear ();
        n_tasks = n_done = 0;
        tell ();
    }

    void tell () {
        progress (n_done < n_tasks, n_tasks > 0 ? (double) n_done / n_tasks : 0, history.length > 0);
    }

    void post_task (WebMessaging.Worker worker) {
        if (tasks.is_empty ())
            return;

        try {
            worker.post_message (tasks.pop_head ());
        } catch (Error error) {
            critical ("%s", error.message);
        }
    }

    void add_tile (WebMessaging.Worker worker, Variant answer) {
        uint job;
        double left, top, step;
        Variant pixels;

        answer.get ("(" + TASK + "@ay)", out job, out left, out top, out step, out pixels);
        if (job != this.job)
            return; // somebody has cancelled the job, or clicked again

        post_task (worker);
        tiles.add (new Tile () {
            left = left, top = top, size = TILE_SIZE * step,
            texture = new Gdk.MemoryTexture (TILE_SIZE, TILE_SIZE, R8G8B8, pixels.get_data_as_bytes (), TILE_SIZE * 3)
        });
        // What is older shows through until the picture is complete.
        if (++n_done == n_tasks)
            tiles.remove_range (0, tiles.length - n_tasks);
        tell ();
        queue_draw ();
    }

    void zoom (double x, double y) {
        double by = view.step - view.step / ZOOM;

        // The point where the user has clicked stays where it is.
        history += view;
        view = View () {
            x = view.x + (x - get_width () / 2) * by,
            y = view.y + (y - get_height () / 2) * by,
            step = view.step / ZOOM
        };
        start ();
        queue_draw ();
    }

    public void back () {
        if (history.length == 0)
            return;

        view = history[history.length - 1];
        history.resize (history.length - 1);
        start ();
        queue_draw ();
    }

    public override void size_allocate (int width, int height, int baseline) {
        // While GTK allocates sizes, other widgets must not change.
        Idle.add (() => {
            start ();
            return Source.REMOVE;
        });
    }

    public override void snapshot (Gtk.Snapshot snapshot) {
        int width = get_width (), height = get_height ();

        snapshot.append_color ({ 0, 0, 0, 1 }, { { 0, 0 }, { width, height } });
        tiles.foreach (tile => {
            float size = (float) Math.ceil (tile.size / view.step);
            float left = (float) Math.round ((tile.left - view.x) / view.step + width / 2);
            float top = (float) Math.round ((tile.top - view.y) / view.step + height / 2);

            // A tile from many clicks ago may be larger than GTK can draw.
            if (left > -size && left < width && top > -size && top < height && size < 1e6)
                snapshot.append_texture (tile.texture, { { left, top }, { size, size } });
        });
    }

    public void end () {
        workers.foreach (worker => worker.terminate ());
    }
}

int main (string[] args) {
    var application = new Gtk.Application ("org.example.Mandelbrot", NON_UNIQUE);

    application.activate.connect (() => {
        var back = new Gtk.Button.with_label ("Back");
        var cancel = new Gtk.Button.with_label ("Cancel");
        var bar = new Gtk.ProgressBar () { valign = START };
        var header = new Gtk.HeaderBar ();
        var view = new MandelbrotView ();
        var overlay = new Gtk.Overlay () { child = view };
        var window = new Gtk.ApplicationWindow (application) {
            titlebar = header, child = overlay, default_width = 760, default_height = 540
        };

        view.progress.connect ((busy, share, can_go_back) => {
            window.title = busy ? "Computing: %.0f %%".printf (100 * share)
                                : share > 0 ? "Mandelbrot set" : "Cancelled";
            bar.visible = busy;
            bar.fraction = share;
            cancel.sensitive = busy;
            back.sensitive = can_go_back;
        });
        header.pack_start (back);
        header.pack_end (cancel);
        overlay.add_overlay (bar);
        back.clicked.connect (view.back);
        cancel.clicked.connect (view.cancel);
        window.close_request.connect (() => {
            view.end ();
            return false;
        });
        window.present ();
    });

    return application.run (args);
}
