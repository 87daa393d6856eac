/* window.c: uses the window of a GTK program as a person would
 *
 * A library that is loaded before the program (LD_PRELOAD). GUIDES_WINDOW has the steps, quoted as
 * for a shell: “click LABEL”, “wait TEXT” until a widget shows it, and “close” for all windows. It
 * does not link to GTK, so that it can be built without, and that processes without windows do not
 * load GTK.
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <dlfcn.h>
#include <gio/gio.h>
#include <stdlib.h>

#define INTERVAL_MS 20
#define DEADLINE_US (40 * G_USEC_PER_SEC)

static struct
{
  GListModel *(*gtk_window_get_toplevels) (void);
  void (*gtk_window_close) (gpointer window);
  gpointer (*gtk_widget_get_first_child) (gpointer widget);
  gpointer (*gtk_widget_get_next_sibling) (gpointer widget);
  gboolean (*gtk_widget_get_mapped) (gpointer widget);
  gboolean (*gtk_widget_is_sensitive) (gpointer widget);
} gtk;

static char **steps;
static gint64 deadline;

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

  if (shown != NULL && gtk.gtk_widget_get_mapped (widget) &&
      (button
         ? g_str_equal (shown, text) && g_signal_lookup ("clicked", G_OBJECT_TYPE (widget)) != 0 &&
             gtk.gtk_widget_is_sensitive (widget)
         : strstr (shown, text) != NULL))
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
