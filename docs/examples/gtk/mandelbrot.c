/* mandelbrot.c: explore the Mandelbrot set, with a worker on each core
 *
 * Click to zoom in, and on "Back" or with the right button to return. The window posts tiles of the
 * picture to the workers, which are threads, and each of them answers with the pixels of a tile.
 * The window does nothing but draw, so it always has time for that.
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gtk/gtk.h>
#include <math.h>
#include <webmessaging/webmessaging.h>

#define TILE       32   /* size of a tile in the window */
#define SAMPLES    3    /* in each direction for each pixel, so that edges are smooth */
#define ITERATIONS 1000 /* after which a point counts as a part of the set */
#define AHEAD      3    /* tasks at each worker, so that it never waits for the window */
#define ZOOM       3.0  /* of a click */
#define ZOOM_TIME  0.3  /* seconds that the window takes to show it */

/* What a worker gets: job, size in pixels, left and top edge, distance of two pixels. The worker
 * puts it in front of the pixels when it answers. */
#define TASK "(uuddd)"

/* The worker *********************************************************************************/

/* The number of iterations until the point is known to be outside, with a fraction; or 0. */
static double
escape (double cx, double cy)
{
  double x = 0, y = 0, x2 = 0, y2 = 0;
  double r2 = (cx - 0.25) * (cx - 0.25) + cy * cy;

  /* Most of the set: the heart and the disk to the left of it. */
  if (r2 * (r2 + cx - 0.25) < cy * cy / 4 || (cx + 1) * (cx + 1) + cy * cy < 0.0625)
    return 0;

  for (guint n = 1; n < ITERATIONS; n++)
    {
      y = 2 * x * y + cy;
      x = x2 - y2 + cx;
      x2 = x * x;
      y2 = y * y;
      if (x2 + y2 > 1000)
        return n + 1 - log2 (log2 (x2 + y2) / 2);
    }

  return 0;
}

static void
compute_pixel (guint8 *pixel, double left, double top, double step)
{
  double sums[3] = { 0 };

  for (guint i = 0; i < SAMPLES * SAMPLES; i++)
    {
      double n =
        escape (left + step * (i % SAMPLES) / SAMPLES, top + step * (i / SAMPLES) / SAMPLES);
      double phase = log (n + 1) * 1.7 - 2.6;

      for (guint j = 0; j < 3 && n > 0; j++)
        sums[j] += 127.5 + 127.5 * sin (phase + j * 0.6);
    }

  for (guint j = 0; j < 3; j++)
    pixel[j] = sums[j] / (SAMPLES * SAMPLES);
}

static void
on_task (WebDedicatedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
{
  GVariant *task = web_message_event_get_data (event);
  guint     job, size;
  double    left, top, step;
  guint8   *pixels;

  g_variant_get (task, TASK, &job, &size, &left, &top, &step);
  pixels = g_malloc (size * size * 3);
  for (guint i = 0; i < size * size; i++)
    compute_pixel (pixels + 3 * i, left + i % size * step, top + i / size * step, step);

  web_dedicated_worker_global_scope_post_message (
    scope,
    g_variant_new ("(@" TASK "@ay)", task,
                   g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, pixels, size * size * 3,
                                            TRUE, g_free, pixels)),
    NULL, 0, NULL);
}

static void
run_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  web_dedicated_worker_global_scope_set_on_message (scope, on_task, NULL, NULL);
}

/* The widget *********************************************************************************/

/* The part of the plane that is in the window. */
typedef struct
{
  double x, y; /* at the middle of the widget */
  double step; /* for one pixel */
} View;

/* A part of the picture that no worker has yet. */
typedef struct
{
  double distance; /* from the middle, where the work begins */
  int    x, y;
} Task;

typedef struct
{
  double      left, top, size; /* in the plane, so that it can be drawn in every view */
  GdkTexture *texture;
} Tile;

struct _MandelbrotView
{
  GtkWidget parent_instance;

  GtkWidget *window, *back, *cancel, *progress; /* around this widget, which they outlive */

  View    from, view, to; /* a zoom shows each view from the first to the last */
  gint64  zoom_start;     /* when it began, or 0 */
  GArray *history;        /* of View */

  guint resized; /* the source that starts a job for the new size, or 0 */

  GPtrArray *workers;
  guint      job;             /* the number of the picture that the workers compute */
  GArray    *tasks;           /* of Task: those to be posted, from last to first */
  guint      n_tasks, n_done; /* of the job */
  GArray    *tiles;           /* of Tile */
  guint      n_old;           /* the number of tiles, at the beginning, from earlier jobs */
};

#define MANDELBROT_TYPE_VIEW (mandelbrot_view_get_type ())
G_DECLARE_FINAL_TYPE (MandelbrotView, mandelbrot_view, MANDELBROT, VIEW, GtkWidget)
G_DEFINE_FINAL_TYPE (MandelbrotView, mandelbrot_view, GTK_TYPE_WIDGET)

static void
update_controls (MandelbrotView *self)
{
  gboolean         busy = self->n_done < self->n_tasks;
  double           done = self->n_tasks > 0 ? (double)self->n_done / self->n_tasks : 0;
  g_autofree char *title = NULL;

  if (busy)
    title = g_strdup_printf ("Computing: %.0f %%", 100 * done);
  else
    title = g_strdup (self->n_tasks > 0 ? "Mandelbrot set" : "Cancelled");

  gtk_window_set_title (GTK_WINDOW (self->window), title);
  gtk_widget_set_sensitive (self->back, self->history->len > 0);
  gtk_widget_set_sensitive (self->cancel, busy);
  gtk_widget_set_visible (self->progress, busy);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), done);
}

/* The picture in the window is complete, and nothing below it shows any more. */
static void
drop_old_tiles (MandelbrotView *self)
{
  if (self->zoom_start == 0 && self->n_done == self->n_tasks && self->n_tasks > 0)
    {
      g_array_remove_range (self->tiles, 0, self->n_old);
      self->n_old = 0;
    }
}

static void
post_task (MandelbrotView *self, WebWorker *worker)
{
  int    width = gtk_widget_get_width (GTK_WIDGET (self));
  int    height = gtk_widget_get_height (GTK_WIDGET (self));
  int    factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  double step = self->to.step;
  Task   task;

  if (self->tasks->len == 0)
    return;

  task = g_array_index (self->tasks, Task, self->tasks->len - 1);
  g_array_set_size (self->tasks, self->tasks->len - 1);
  web_worker_post_message (worker,
                           g_variant_new (TASK, self->job, TILE * factor,
                                          self->to.x + (task.x - width / 2) * step,
                                          self->to.y + (task.y - height / 2) * step, step / factor),
                           NULL, 0, NULL);
}

static void
on_tile (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  MandelbrotView *self = user_data;
  g_autoptr (GVariant) pixels = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint  job, size;
  double left, top, step;
  Tile   tile;

  g_variant_get (web_message_event_get_data (event), "(" TASK "@ay)", &job, &size, &left, &top,
                 &step, &pixels);

  /* Somebody has cancelled the job, or clicked again. */
  if (job != self->job)
    return;

  post_task (self, worker);

  bytes = g_variant_get_data_as_bytes (pixels);
  tile = (Tile){ left, top, size * step,
                 gdk_memory_texture_new (size, size, GDK_MEMORY_R8G8B8, bytes, size * 3) };
  g_array_append_val (self->tiles, tile);
  self->n_done++;
  drop_old_tiles (self);
  update_controls (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
compare_tasks (gconstpointer a, gconstpointer b)
{
  const Task *one = a, *other = b;

  return (one->distance < other->distance) - (one->distance > other->distance);
}

/* Ends the job. Each worker still has the tasks that it has got, which is soon over. */
static void
cancel (MandelbrotView *self)
{
  self->job++;
  self->n_tasks = self->n_done = 0;
  g_array_set_size (self->tasks, 0);
  update_controls (self);
}

static void
start (MandelbrotView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  cancel (self);
  for (int y = 0; y < height; y += TILE)
    for (int x = 0; x < width; x += TILE)
      {
        Task task = { hypot (x + (TILE - width) / 2.0, y + (TILE - height) / 2.0), x, y };

        g_array_append_val (self->tasks, task);
      }
  g_array_sort (self->tasks, compare_tasks);
  self->n_tasks = self->tasks->len;

  /* What shows through until the picture is complete, but not what is below many others. */
  self->n_old = MIN (self->tiles->len, 3 * self->n_tasks);
  g_array_remove_range (self->tiles, 0, self->tiles->len - self->n_old);

  for (guint i = 0; i < self->workers->len * AHEAD; i++)
    post_task (self, g_ptr_array_index (self->workers, i % self->workers->len));
  update_controls (self);
}

/* For each frame of a zoom: the point where the user has clicked stays where it is. */
static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  MandelbrotView *self = MANDELBROT_VIEW (widget);
  gint64          time = gdk_frame_clock_get_frame_time (clock) - self->zoom_start;
  double          done = CLAMP (time / (ZOOM_TIME * G_USEC_PER_SEC), 0, 1);
  const View     *from = &self->from, *to = &self->to;

  if (self->zoom_start == 0)
    return G_SOURCE_REMOVE;

  self->view = *to;
  if (done < 1)
    {
      double rest = (1 - done) * (1 - done), share = rest;

      self->view.step = from->step * pow (to->step / from->step, 1 - rest);
      if (from->step != to->step)
        share = (self->view.step - to->step) / (from->step - to->step);
      self->view.x = to->x + share * (from->x - to->x);
      self->view.y = to->y + share * (from->y - to->y);
    }
  else
    {
      self->zoom_start = 0;
      drop_old_tiles (self);
    }
  gtk_widget_queue_draw (widget);

  return self->zoom_start != 0;
}

static void
zoom (MandelbrotView *self, View to)
{
  if (self->zoom_start == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  self->zoom_start =
    gdk_frame_clock_get_frame_time (gtk_widget_get_frame_clock (GTK_WIDGET (self)));
  self->from = self->view;
  self->to = to;
  start (self);
}

static void
back (MandelbrotView *self)
{
  guint last = self->history->len;

  if (last == 0)
    return;

  zoom (self, g_array_index (self->history, View, last - 1));
  g_array_set_size (self->history, last - 1);
  update_controls (self);
}

static void
on_click (GtkGestureClick *gesture, int n_press, double x, double y, MandelbrotView *self)
{
  View to = self->to;

  if (gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_SECONDARY)
    {
      back (self);
      return;
    }

  x -= gtk_widget_get_width (GTK_WIDGET (self)) / 2;
  y -= gtk_widget_get_height (GTK_WIDGET (self)) / 2;
  to.step /= ZOOM;
  to.x += x * (self->to.step - to.step);
  to.y += y * (self->to.step - to.step);
  g_array_append_val (self->history, self->to);
  zoom (self, to);
}

static gboolean
start_again (gpointer user_data)
{
  MandelbrotView *self = user_data;

  self->resized = 0;
  start (self);

  return G_SOURCE_REMOVE;
}

/* While GTK allocates sizes, other widgets must not change. */
static void
mandelbrot_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MandelbrotView *self = MANDELBROT_VIEW (widget);

  if (self->resized == 0)
    self->resized = g_idle_add (start_again, self);
}

static void
mandelbrot_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MandelbrotView *self = MANDELBROT_VIEW (widget);
  int             width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0, 0, 0, 1 },
                             &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = 0; i < self->tiles->len; i++)
    {
      Tile  *tile = &g_array_index (self->tiles, Tile, i);
      double size = tile->size / self->view.step;
      double left = (tile->left - self->view.x) / self->view.step + width / 2;
      double top = (tile->top - self->view.y) / self->view.step + height / 2;
      double right = round (left + size), bottom = round (top + size);

      /* In whole pixels, so that there is nothing between two tiles. */
      left = round (left);
      top = round (top);
      /* A tile from many clicks ago may be larger than GTK can draw. */
      if (MAX (left, 0) < MIN (right, width) && MAX (top, 0) < MIN (bottom, height) && size < 1e6)
        gtk_snapshot_append_texture (snapshot, tile->texture,
                                     &GRAPHENE_RECT_INIT (left, top, right - left, bottom - top));
    }
}

static void
mandelbrot_view_dispose (GObject *object)
{
  MandelbrotView *self = MANDELBROT_VIEW (object);

  g_clear_handle_id (&self->resized, g_source_remove);
  for (guint i = 0; i < self->workers->len; i++)
    web_worker_terminate (g_ptr_array_index (self->workers, i));
  g_ptr_array_set_size (self->workers, 0);

  G_OBJECT_CLASS (mandelbrot_view_parent_class)->dispose (object);
}

static void
mandelbrot_view_finalize (GObject *object)
{
  MandelbrotView *self = MANDELBROT_VIEW (object);

  g_array_unref (self->history);
  g_array_unref (self->tasks);
  g_array_unref (self->tiles);
  g_ptr_array_unref (self->workers);

  G_OBJECT_CLASS (mandelbrot_view_parent_class)->finalize (object);
}

static void
mandelbrot_view_class_init (MandelbrotViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mandelbrot_view_dispose;
  object_class->finalize = mandelbrot_view_finalize;
  widget_class->size_allocate = mandelbrot_view_size_allocate;
  widget_class->snapshot = mandelbrot_view_snapshot;
}

static void
tile_clear (Tile *tile)
{
  g_object_unref (tile->texture);
}

static void
mandelbrot_view_init (MandelbrotView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->to = self->view = (View){ -0.65, 0, 1 / 260.0 };
  self->history = g_array_new (FALSE, FALSE, sizeof (View));
  self->tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  self->tiles = g_array_new (FALSE, FALSE, sizeof (Tile));
  g_array_set_clear_func (self->tiles, (GDestroyNotify)tile_clear);

  self->workers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_get_num_processors (); i++)
    {
      WebWorker *worker = web_worker_new_thread ("mandelbrot", run_worker, NULL, NULL);

      web_worker_set_on_message (worker, on_tile, self, NULL);
      g_ptr_array_add (self->workers, worker);
    }

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect (click, "pressed", G_CALLBACK (on_click), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/* The window *********************************************************************************/

static void
on_activate (GtkApplication *application, gpointer user_data)
{
  GtkWidget      *window = gtk_application_window_new (application);
  GtkWidget      *header = gtk_header_bar_new ();
  GtkWidget      *overlay = gtk_overlay_new ();
  MandelbrotView *view = g_object_new (MANDELBROT_TYPE_VIEW, NULL);

  view->window = window;
  view->back = gtk_button_new_with_label ("Back");
  g_signal_connect_swapped (view->back, "clicked", G_CALLBACK (back), view);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), view->back);

  view->cancel = gtk_button_new_with_label ("Cancel");
  g_signal_connect_swapped (view->cancel, "clicked", G_CALLBACK (cancel), view);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), view->cancel);

  view->progress = gtk_progress_bar_new ();
  gtk_widget_set_valign (view->progress, GTK_ALIGN_START);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (view));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), view->progress);

  gtk_window_set_default_size (GTK_WINDOW (window), 760, 540);
  gtk_window_set_titlebar (GTK_WINDOW (window), header);
  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GtkApplication) application =
    gtk_application_new ("org.example.Mandelbrot", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
