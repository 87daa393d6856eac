/* plugin.c: runs a plug-in in JavaScript that sees nothing of the program but a port
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <webmessaging-jsc/webmessaging-jsc.h>

/* Somebody else has written this. */
static const char script[] =
  "port.onmessage = ({data: {question, words}}) => {\n"
  "  if (question === 'never end')\n"
  "    for (;;);\n"
  "  port.postMessage({question, answer: words.map(word => [word, word.length])});\n"
  "};\n";

static void
on_answer (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_autofree char *text = g_variant_print (web_message_event_get_data (event), FALSE);

  g_print ("The plug-in says: %s\n", text);
  g_main_loop_quit (user_data);
}

static void
ask (WebMessagePort *port, const char *question)
{
  const char *words[] = { "ports", "channels", "messages", NULL };

  web_message_port_post_message (port,
                                 g_variant_new_parsed ("{'question': <%s>, 'words': <%^as>}",
                                                       question, words),
                                 NULL, 0, NULL);
}

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (JSCContext) context = jsc_context_new ();
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *port = web_message_channel_get_port1 (channel);
  g_autoptr (JSCValue) plugin_port = NULL;
  g_autoptr (JSCValue) result = NULL;
  g_autoptr (GError) error = NULL;

  /* No timers, no workers: what is not installed is not there. */
  if (!web_jsc_install (context, WEB_JSC_NONE, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  plugin_port = web_jsc_wrap_port (context, web_message_channel_get_port2 (channel));
  jsc_context_set_value (context, "port", plugin_port);
  result = jsc_context_evaluate_with_source_uri (context, script, -1, "app:plug-in.js", 1);

  web_message_port_set_on_message (port, on_answer, loop, NULL);
  if (web_jsc_set_time_limit (context, 100))
    ask (port, "never end");
  else
    g_print ("This JavaScriptCore cannot end a script: the plug-in is trusted to return\n");
  ask (port, "how long");
  g_main_loop_run (loop);

  return 0;
}
