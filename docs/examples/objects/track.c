/* track.c: gets tracks of any language, and returns them twice as long
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <webmessaging/webmessaging.h>

#define EXAMPLE_TYPE_TRACK (example_track_get_type ())
G_DECLARE_FINAL_TYPE (ExampleTrack, example_track, EXAMPLE, TRACK, GObject)

struct _ExampleTrack
{
  GObject parent_instance;
  char   *title;
  double  seconds;
};

static GVariant *
example_track_serialize (WebSerializable *serializable, GError **error)
{
  ExampleTrack *self = EXAMPLE_TRACK (serializable);
  GVariantDict  members = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&members, "title", "s", self->title);
  g_variant_dict_insert (&members, "seconds", "d", self->seconds);

  return g_variant_dict_end (&members);
}

static gboolean
example_track_deserialize (WebSerializable *serializable, GVariant *description, GError **error)
{
  ExampleTrack *self = EXAMPLE_TRACK (serializable);

  if (!g_variant_is_of_type (description, G_VARIANT_TYPE_VARDICT) ||
      !g_variant_lookup (description, "title", "s", &self->title))
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "A track without a title");
      return FALSE;
    }
  g_variant_lookup (description, "seconds", "d", &self->seconds);

  return TRUE;
}

static void
example_track_serializable_iface_init (WebSerializableInterface *iface)
{
  iface->serialize = example_track_serialize;
  iface->deserialize = example_track_deserialize;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ExampleTrack,
                               example_track,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_SERIALIZABLE,
                                                      example_track_serializable_iface_init))

static void
example_track_finalize (GObject *object)
{
  g_free (EXAMPLE_TRACK (object)->title);
  G_OBJECT_CLASS (example_track_parent_class)->finalize (object);
}

static void
example_track_class_init (ExampleTrackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = example_track_finalize;
}

static void
example_track_init (ExampleTrack *self)
{
}

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  ExampleTrack    *track = EXAMPLE_TRACK (web_message_event_get_object (event, 0));
  WebSerializable *objects[] = { WEB_SERIALIZABLE (track) };
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) message = NULL;

  track->seconds *= 2;
  message = web_serialized_data_new (g_variant_new_handle (0), NULL, 0, objects, 1, &error);
  if (message == NULL || !web_message_port_post_serialized (port, message, &error))
    g_printerr ("%s\n", error->message);
}

static void
on_message_error (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_printerr ("A message that cannot be read\n");
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (WebMessagePort) port = web_message_port_new_from_environment (NULL);

  g_type_ensure (EXAMPLE_TYPE_TRACK);
  g_signal_connect (port, "messageerror", G_CALLBACK (on_message_error), NULL);
  g_signal_connect_swapped (port, "close", G_CALLBACK (g_main_loop_quit), loop);
  web_message_port_set_on_message (port, on_message, NULL, NULL);
  g_main_loop_run (loop);

  return 0;
}
