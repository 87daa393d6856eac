/* window.c: uses the window of a GTK program as a person would
 *
 * A library that is loaded before the program (LD_PRELOAD). GUIDES_WINDOW has the steps, quoted as
 * for a shell: “click LABEL”, “wait TEXT” until a widget shows it (“?” is any character), “press
 * X,Y” at a point of the window, “picture FILE” for a PNG of the window, and “close” for all
 * windows. It does not link to GTK, so that it can be built without, and that processes without
 * windows do not load GTK.
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <dlfcn.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>

#define INTERVAL_MS          20
#define DEADLINE_US          (40 * G_USEC_PER_SEC)
#define LOOKS_BEFORE_PICTURE 3 /* so that all has been drawn */
#define PICK_DEFAULT         0

static struct
{
  GListModel *(*gtk_window_get_toplevels) (void);
  void (*gtk_window_close) (gpointer window);
  gpointer (*gtk_widget_get_first_child) (gpointer widget);
  gpointer (*gtk_widget_get_next_sibling) (gpointer widget);
  gboolean (*gtk_widget_get_mapped) (gpointer widget);
  gboolean (*gtk_widget_is_sensitive) (gpointer widget);
  int (*gdk_paintable_get_intrinsic_width) (gpointer paintable);
  int (*gdk_paintable_get_intrinsic_height) (gpointer paintable);
  gpointer (*gtk_widget_get_parent) (gpointer widget);
  gpointer (*gtk_widget_pick) (gpointer widget, double x, double y, int flags);
  gboolean (*gtk_widget_translate_coordinates) (gpointer from,
                                                gpointer to,
                                                double   x,
                                                double   y,
                                                double  *to_x,
                                                double  *to_y);
  GListModel *(*gtk_widget_observe_controllers) (gpointer widget);
  gpointer (*gtk_widget_paintable_new) (gpointer widget);
  gpointer (*gtk_snapshot_new) (void);
  gpointer (*gtk_snapshot_free_to_node) (gpointer snapshot);
  gpointer (*gtk_native_get_renderer) (gpointer native);
  void (*gdk_paintable_snapshot) (gpointer paintable,
                                  gpointer snapshot,
                                  double   width,
                                  double   height);
  gpointer (*gsk_renderer_render_texture) (gpointer      renderer,
                                           gpointer      node,
                                           gconstpointer viewport);
  void (*gsk_render_node_unref) (gpointer node);
  gboolean (*gdk_texture_save_to_png) (gpointer texture, const char *filename);
} gtk;

static char **steps;
static gint64 deadline;
static guint  looks;

static gboolean
find_gtk (void)
{
  gpointer library = dlopen ("libgtk-4.so.1", RTLD_NOW | RTLD_NOLOAD);

  if (library == NULL)
    return FALSE;
#define FIND(name)                                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gtk.name = dlsym (library, #name);                                                             \
    g_assert (gtk.name != NULL);                                                                   \
  }                                                                                                \
  G_STMT_END
  FIND (gtk_window_get_toplevels);
  FIND (gtk_window_close);
  FIND (gtk_widget_get_first_child);
  FIND (gtk_widget_get_next_sibling);
  FIND (gtk_widget_get_mapped);
  FIND (gtk_widget_is_sensitive);
  FIND (gdk_paintable_get_intrinsic_width);
  FIND (gdk_paintable_get_intrinsic_height);
  FIND (gtk_widget_get_parent);
  FIND (gtk_widget_pick);
  FIND (gtk_widget_translate_coordinates);
  FIND (gtk_widget_observe_controllers);
  FIND (gtk_widget_paintable_new);
  FIND (gtk_snapshot_new);
  FIND (gtk_snapshot_free_to_node);
  FIND (gtk_native_get_renderer);
  FIND (gdk_paintable_snapshot);
  FIND (gsk_renderer_render_texture);
  FIND (gsk_render_node_unref);
  FIND (gdk_texture_save_to_png);
#undef FIND
  deadline = g_get_monotonic_time () + DEADLINE_US;

  return TRUE;
}

/* What a widget shows: the first of its properties that is a text. */
static char *
dup_text (GObject *widget)
{
  const char *const names[] = { "label", "text", "title" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GParamSpec *property = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), names[i]);
      char       *text = NULL;

      if (property != NULL && property->value_type == G_TYPE_STRING)
        g_object_get (widget, names[i], &text, NULL);
      if (text != NULL)
        return text;
    }

  return NULL;
}

/* The widget at or below another one that shows the text, and can be clicked if that is wanted. */
static gpointer
find_widget (gpointer widget, const char *text, gboolean button)
{
  g_autofree char *shown = dup_text (widget);
  g_autofree char *pattern = g_strdup_printf ("*%s*", text);

  if (shown != NULL && gtk.gtk_widget_get_mapped (widget) &&
      (button
         ? g_str_equal (shown, text) && g_signal_lookup ("clicked", G_OBJECT_TYPE (widget)) != 0 &&
             gtk.gtk_widget_is_sensitive (widget)
         : g_pattern_match_simple (pattern, shown)))
    return widget;

  for (gpointer child = gtk.gtk_widget_get_first_child (widget); child != NULL;
       child = gtk.gtk_widget_get_next_sibling (child))
    {
      gpointer found = find_widget (child, text, button);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
describe (gpointer widget)
{
  g_autofree char *shown = dup_text (widget);

  if (shown != NULL)
    g_printerr ("window.c: a %s shows “%s”\n", G_OBJECT_TYPE_NAME (widget), shown);
  for (gpointer child = gtk.gtk_widget_get_first_child (widget); child != NULL;
       child = gtk.gtk_widget_get_next_sibling (child))
    describe (child);
}

/* The widget or one around it that takes clicks anywhere. */
static GObject *
dup_click (gpointer widget)
{
  g_autoptr (GListModel) controllers = gtk.gtk_widget_observe_controllers (widget);
  GObject *controller;

  for (guint i = 0; (controller = g_list_model_get_item (controllers, i)) != NULL; i++)
    {
      if (g_str_equal (G_OBJECT_TYPE_NAME (controller), "GtkGestureClick"))
        return controller;
      g_object_unref (controller);
    }

  return NULL;
}

static gboolean
press (gpointer window, const char *where)
{
  double x, y, inner_x, inner_y;

  g_assert (sscanf (where, "%lf,%lf", &x, &y) == 2);
  for (gpointer widget = gtk.gtk_widget_pick (window, x, y, PICK_DEFAULT);
       widget != NULL && widget != window; widget = gtk.gtk_widget_get_parent (widget))
    {
      g_autoptr (GObject) click = dup_click (widget);

      if (click == NULL ||
          !gtk.gtk_widget_translate_coordinates (window, widget, x, y, &inner_x, &inner_y))
        continue;

      g_signal_emit_by_name (click, "pressed", 1, inner_x, inner_y);
      return TRUE;
    }

  return FALSE;
}

static gboolean
save_picture (gpointer window, const char *file)
{
  g_autoptr (GObject) paintable = NULL;
  g_autoptr (GObject) texture = NULL;
  gpointer snapshot, node;

  if (++looks < LOOKS_BEFORE_PICTURE)
    return FALSE;

  paintable = gtk.gtk_widget_paintable_new (window);
  snapshot = gtk.gtk_snapshot_new ();
  gtk.gdk_paintable_snapshot (paintable, snapshot,
                              gtk.gdk_paintable_get_intrinsic_width (paintable),
                              gtk.gdk_paintable_get_intrinsic_height (paintable));
  node = gtk.gtk_snapshot_free_to_node (snapshot);
  /* The window has yet to be drawn again. */
  if (node == NULL)
    return FALSE;

  looks = 0;
  texture = gtk.gsk_renderer_render_texture (gtk.gtk_native_get_renderer (window), node, NULL);
  gtk.gsk_render_node_unref (node);
  g_assert (gtk.gdk_texture_save_to_png (texture, file));

  return TRUE;
}

/* Returns TRUE if the step was possible, and was done. */
static gboolean
take_step (GListModel *windows)
{
  gboolean done = FALSE;
  gboolean close = g_str_equal (steps[0], "close");

  for (guint i = g_list_model_get_n_items (windows); i > 0; i--)
    {
      g_autoptr (GObject) window = g_list_model_get_item (windows, i - 1);

      if (close)
        {
          gtk.gtk_window_close (window);
          done = TRUE;
        }
      else if (g_str_equal (steps[0], "press"))
        {
          done = press (window, steps[1]) || done;
        }
      else if (g_str_equal (steps[0], "picture"))
        {
          done = save_picture (window, steps[1]) || done;
        }
      else
        {
          gboolean button = g_str_equal (steps[0], "click");
          gpointer widget = find_widget (window, steps[1], button);

          if (widget != NULL && button)
            g_signal_emit_by_name (widget, "clicked");
          done = done || widget != NULL;
        }
    }
  if (done)
    steps += close ? 1 : 2;

  return done;
}

static gboolean
look (gpointer user_data)
{
  GListModel *windows;

  if (gtk.gtk_window_close == NULL && !find_gtk ())
    return G_SOURCE_CONTINUE;

  windows = gtk.gtk_window_get_toplevels ();
  while (steps[0] != NULL && take_step (windows))
    ;
  if (steps[0] == NULL)
    return G_SOURCE_REMOVE;

  if (g_get_monotonic_time () > deadline)
    {
      g_printerr ("window.c: could not %s %s\n", steps[0], steps[1] ? steps[1] : "");
      for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
        {
          g_autoptr (GObject) window = g_list_model_get_item (windows, i);

          describe (window);
        }
      exit (3);
    }

  return G_SOURCE_CONTINUE;
}

static void __attribute__ ((constructor)) begin (void)
{
  if (g_getenv ("GUIDES_WINDOW") == NULL)
    return;
  if (!g_shell_parse_argv (g_getenv ("GUIDES_WINDOW"), NULL, &steps, NULL))
    g_error ("GUIDES_WINDOW is not as in a shell");
  g_timeout_add (INTERVAL_MS, look, NULL);
}
