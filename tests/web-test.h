/* web-test.h: what the tests share
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/socket.h>
#include <webmessaging/webmessaging.h>

/* Only reached by a test that hangs. */
#define WEB_TEST_TIMEOUT_SECONDS 60

static inline gboolean
web_test_timed_out (gpointer what)
{
  g_error ("Timed out while waiting for: %s", (const char *)what);
  return G_SOURCE_REMOVE;
}

static inline GSource *
web_test_arm_timeout (GMainContext *context, const char *what)
{
  GSource *source = g_timeout_source_new_seconds (WEB_TEST_TIMEOUT_SECONDS);

  g_source_set_callback (source, web_test_timed_out, (gpointer)what, NULL);
  g_source_attach (source, context);

  return source;
}

/* Iterates the thread-default main context until @condition holds. */
#define web_test_wait_until(condition)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GMainContext *context_ = g_main_context_ref_thread_default ();                                 \
    GSource      *timeout_ = web_test_arm_timeout (context_, #condition);                          \
                                                                                                   \
    while (!(condition))                                                                           \
      g_main_context_iteration (context_, TRUE);                                                   \
    g_source_destroy (timeout_);                                                                   \
    g_source_unref (timeout_);                                                                     \
    g_main_context_unref (context_);                                                               \
  }                                                                                                \
  G_STMT_END

/* Runs all that is ready in the thread-default main context. What has not happened then will not
 * happen by itself. */
static inline void
web_test_settle (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  while (g_main_context_iteration (context, FALSE))
    ;
}

/* Returns the value of a message that has one; %NULL and an error if a GVariant cannot hold it. */
static inline GVariant *
web_test_get_value (WebSerializedData *data, GError **error)
{
  GVariant *value;

  return web_serialized_data_get_value (data, &value, error) ? value : NULL;
}

#define web_test_assert_error(error, code_)                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_error ((error), WEB_MESSAGING_ERROR, (int)(code_));                                   \
    g_assert_cmpstr ((error)->message, !=, "");                                                    \
    g_clear_error (&(error));                                                                      \
  }                                                                                                \
  G_STMT_END

/* Counts the descriptors of this process, with the one that this takes. */
static inline guint
web_test_count_fds (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n_fds = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n_fds++;

  return n_fds;
}

/* Logs the events at a port or window, one word each. */
typedef struct
{
  GString         *text;
  guint            n_events;
  WebMessageEvent *last;   /* owned */
  gpointer         target; /* unowned, a weak pointer */
} WebTestLog;

static inline void
web_test_log_add (WebTestLog *self, const char *word)
{
  g_string_append_printf (self->text, "%s%s", self->text->len > 0 ? " " : "", word);
  self->n_events++;
}

static inline void
web_test_log_message (WebEventTarget *target, WebMessageEvent *event, gpointer user_data)
{
  GVariant        *data = web_message_event_get_data (event);
  g_autofree char *word = data == NULL                       ? g_strdup ("-")
                          : g_variant_get_size (data) > 4096 ? g_strdup ("large")
                                                             : g_variant_print (data, FALSE);

  web_test_log_add (user_data, word);
  g_set_object (&((WebTestLog *)user_data)->last, event);
}

static inline void
web_test_log_messageerror (WebEventTarget *target, WebMessageEvent *event, gpointer user_data)
{
  web_test_log_add (user_data, "messageerror");
  g_set_object (&((WebTestLog *)user_data)->last, event);
}

static inline void
web_test_log_close (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  web_test_log_add (user_data, "close");
}

static inline WebTestLog *
web_test_log_new (gpointer target)
{
  WebTestLog *self = g_new0 (WebTestLog, 1);

  self->text = g_string_new (NULL);
  g_set_weak_pointer (&self->target, target);
  g_signal_connect (target, "message", G_CALLBACK (web_test_log_message), self);
  g_signal_connect (target, "messageerror", G_CALLBACK (web_test_log_messageerror), self);
  if (WEB_IS_MESSAGE_PORT (target))
    g_signal_connect (target, "close", G_CALLBACK (web_test_log_close), self);

  return self;
}

static inline void
web_test_log_free (WebTestLog *self)
{
  if (self->target != NULL)
    g_signal_handlers_disconnect_by_data (self->target, self);
  g_clear_weak_pointer (&self->target);
  g_clear_object (&self->last);
  g_string_free (self->text, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebTestLog, web_test_log_free)

#define web_test_assert_log(log, expected) g_assert_cmpstr ((log)->text->str, ==, (expected))

/* Whether channels are over sockets: a test of what holds only within a process is skipped. */
static inline gboolean
web_test_over_sockets (void)
{
  return g_getenv ("WEB_TEST_SOCKETS") != NULL;
}

#define web_test_skip_over_sockets(reason)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (web_test_over_sockets ())                                                                  \
      {                                                                                            \
        g_test_skip (reason);                                                                      \
        return;                                                                                    \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

/* Posts a number, with ports to transfer, up to a %NULL. */
G_GNUC_NULL_TERMINATED
static inline void
web_test_post (WebMessagePort *port, int number, ...)
{
  WebTransferable *transfer[8];
  gsize            n_transfer = 0;
  g_autoptr (GError) error = NULL;
  gboolean posted;
  va_list  ports;

  va_start (ports, number);
  while ((transfer[n_transfer] = va_arg (ports, gpointer)) != NULL)
    n_transfer++;
  va_end (ports);

  posted = web_message_port_post_message (port, g_variant_new_int32 (number), transfer, n_transfer,
                                          &error);
  g_assert_no_error (error);
  g_assert_true (posted);
  /* What was posted has arrived, as it does within a process; a flood need not. */
  if (web_test_over_sockets () && number < 100)
    web_message_port_flush_all (NULL, NULL);
}

/* Makes a channel over a socket, as if one of the ports were in another process. */
static inline void
web_test_socket_channel (WebMessagePort **port1, WebMessagePort **port2)
{
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  *port1 = web_message_port_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  *port2 = web_message_port_new_from_fd (fds[1], &error);
  g_assert_no_error (error);
}

/* A channel whose ports the caller owns. */
static inline void
web_test_channel (WebMessagePort **port1, WebMessagePort **port2)
{
  g_autoptr (WebMessageChannel) channel = NULL;

  if (web_test_over_sockets ())
    {
      web_test_socket_channel (port1, port2);
      return;
    }

  channel = web_message_channel_new ();
  *port1 = g_object_ref (web_message_channel_get_port1 (channel));
  *port2 = g_object_ref (web_message_channel_get_port2 (channel));
}

/* Returns the only port of the last message, owned by the caller. The log drops the event. */
static inline WebMessagePort *
web_test_log_steal_port (WebTestLog *log)
{
  WebMessagePort **ports;
  WebMessagePort  *port;
  gsize            n_ports;

  g_assert_nonnull (log->last);
  ports = web_message_event_get_ports (log->last, &n_ports);
  g_assert_cmpuint (n_ports, ==, 1);
  port = g_object_ref (ports[0]);
  g_clear_object (&log->last);

  return port;
}
