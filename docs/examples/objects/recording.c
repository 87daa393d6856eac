/* recording.c: gets an open file, and tells what is in it
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <unistd.h>
#include <webmessaging/webmessaging.h>

#define EXAMPLE_TYPE_RECORDING (example_recording_get_type ())
G_DECLARE_FINAL_TYPE (ExampleRecording, example_recording, EXAMPLE, RECORDING, GObject)

struct _ExampleRecording
{
  GObject      parent_instance;
  GUnixFDList *fd_list; /* nullable; with the descriptor of the file */
};

static gboolean
example_recording_is_detached (WebTransferable *transferable)
{
  return EXAMPLE_RECORDING (transferable)->fd_list == NULL;
}

static GObject *
example_recording_transfer (WebTransferable *transferable, GError **error)
{
  return G_OBJECT (g_steal_pointer (&EXAMPLE_RECORDING (transferable)->fd_list));
}

/* A message from another process may name this class and bring a data holder of any other. */
static gboolean
example_recording_transfer_receive (WebTransferable *transferable, GObject *holder, GError **error)
{
  if (!G_IS_UNIX_FD_LIST (holder))
    return FALSE;

  return g_set_object (&EXAMPLE_RECORDING (transferable)->fd_list, G_UNIX_FD_LIST (holder));
}

static GVariant *
example_recording_export_data_holder (WebTransferable *transferable,
                                      GObject         *holder,
                                      GUnixFDList     *fd_list,
                                      GError         **error)
{
  const int *fds = g_unix_fd_list_peek_fds (G_UNIX_FD_LIST (holder), NULL);
  int        index = g_unix_fd_list_append (fd_list, fds[0], error);

  return index >= 0 ? g_variant_new_handle (index) : NULL;
}

static GObject *
example_recording_import_data_holder (WebTransferable *transferable,
                                      GVariant        *value,
                                      GUnixFDList     *fd_list,
                                      GError         **error)
{
  int fd;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    return NULL;

  fd = g_unix_fd_list_get (fd_list, g_variant_get_handle (value), error);

  return fd >= 0 ? G_OBJECT (g_unix_fd_list_new_from_array (&fd, 1)) : NULL;
}

static void
example_recording_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->is_detached = example_recording_is_detached;
  iface->transfer = example_recording_transfer;
  iface->transfer_receive = example_recording_transfer_receive;
  iface->export_data_holder = example_recording_export_data_holder;
  iface->import_data_holder = example_recording_import_data_holder;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ExampleRecording,
                               example_recording,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                      example_recording_transferable_iface_init))

static void
example_recording_finalize (GObject *object)
{
  g_clear_object (&EXAMPLE_RECORDING (object)->fd_list);
  G_OBJECT_CLASS (example_recording_parent_class)->finalize (object);
}

static void
example_recording_class_init (ExampleRecordingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = example_recording_finalize;
}

static void
example_recording_init (ExampleRecording *self)
{
}

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_autoptr (GVariantDict) dict = g_variant_dict_new (web_message_event_get_data (event));
  char              text[100];
  const char       *title;
  gint32            handle;
  ExampleRecording *recording;
  gssize            length;

  if (!g_variant_dict_lookup (dict, "title", "&s", &title) ||
      !g_variant_dict_lookup (dict, "recording", "h", &handle))
    return;

  recording = EXAMPLE_RECORDING (web_message_event_get_object (event, handle));
  length = pread (g_unix_fd_list_peek_fds (recording->fd_list, NULL)[0], text, sizeof text, 0);

  web_message_port_post_message (port, g_variant_new_printf ("%s: %.*s", title, (int)length, text),
                                 NULL, 0, NULL);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (WebMessagePort) port = web_message_port_new_from_environment (NULL);

  g_type_ensure (EXAMPLE_TYPE_RECORDING);
  g_signal_connect_swapped (port, "close", G_CALLBACK (g_main_loop_quit), loop);
  web_message_port_set_on_message (port, on_message, NULL, NULL);
  g_main_loop_run (loop);

  return 0;
}
