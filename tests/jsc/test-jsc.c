/* test-jsc.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Scripts in JavaScriptCore, as a program in C sees them. */

#include "../web-test-ports.h"

#include <webmessaging-jsc/webmessaging-jsc.h>

/* The engine keeps strings where LeakSanitizer does not find them. */
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:WTF::StringImpl::create\n";
}

static JSCContext *
context_new (WebJscFlags flags)
{
  JSCContext *context = jsc_context_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (web_jsc_install (context, flags, &error));
  g_assert_no_error (error);

  return context;
}

static void
evaluate (JSCContext *context, const char *text)
{
  g_autoptr (JSCValue) result = jsc_context_evaluate (context, text, -1);

  g_assert_null (jsc_context_get_exception (context));
}

/* Asserts what an expression is as a string. */
static void
assert_value (JSCContext *context, const char *expression, const char *expected)
{
  g_autoptr (JSCValue) result = jsc_context_evaluate (context, expression, -1);
  g_autofree char *text = jsc_value_to_string (result);

  g_assert_cmpstr (text, ==, expected);
}

static void
set_port (JSCContext *context, const char *name, WebMessagePort *port)
{
  g_autoptr (JSCValue) value = web_jsc_wrap_port (context, port);

  jsc_context_set_value (context, name, value);
}

static void
test_messages (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);

  set_port (context, "port", self->port2);
  evaluate (context, "port.onmessage = ({data}) => port.postMessage(data * 2)");
  web_message_port_start (self->port1);
  web_test_post (self->port1, 21, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "42");

  /* Without a context nobody answers, and the port is closed. */
  g_clear_pointer (&self->log2, web_test_log_free);
  g_clear_object (&self->port2);
  g_clear_object (&context);
  web_test_wait_until (web_message_port_get_closed (self->port1));
  web_test_assert_log (self->log1, "42 close");
}

static void
count_event (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_assert_false (web_event_get_default_prevented (event));
  ++*(guint *)user_data;
}

/* What a microtask does comes between the answer of the script and the next listener. */
static void
test_microtask_posts (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);
  guint n_events = 0;
  guint id;

  set_port (context, "port", self->port2);
  evaluate (context, "port.onmessage = async () => { await null; port.postMessage(42); }");
  id = web_event_target_add_event_listener (WEB_EVENT_TARGET (self->port2), "message",
                                            WEB_LISTENER_NONE, count_event, &n_events, NULL);
  web_message_port_start (self->port1);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "42");
  g_assert_cmpuint (n_events, ==, 1);
  web_event_target_remove_event_listener (WEB_EVENT_TARGET (self->port2), id);
}

/* The program still refers to the port, and its main context comes to rest nevertheless. */
static void
test_closed_port_rests (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);
  int n = 0;

  set_port (context, "port", self->port2);
  evaluate (context, "seen = ''; port.onmessage = ({data}) => { seen += data; }");
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  evaluate (context, "port.close()");
  while (n < 1000 && g_main_context_iteration (NULL, FALSE))
    n++;

  g_assert_cmpint (n, <, 1000);
  assert_value (context, "seen", "12");
}

/* A program has not turned shared memory on, but WebAssembly makes such a buffer. */
static void
test_hidden_shared_buffers (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);

  set_port (context, "port", self->port2);
  assert_value (context,
                "var {buffer} = new WebAssembly.Memory({initial: 1, maximum: 1, shared: true});"
                "typeof SharedArrayBuffer + [() => structuredClone(buffer),"
                "  () => structuredClone([new Uint8Array(buffer)]), () => port.postMessage(buffer),"
                "  () => port.postMessage(0, [buffer])].map(f => {"
                "    try { f(); return 'no error'; } catch ({name}) { return name; }"
                "  })",
                "undefinedDataCloneError,DataCloneError,DataCloneError,DataCloneError");
}

static void
test_wrappers (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);
  g_autoptr (JSCValue) value = NULL;
  g_autoptr (JSCValue) other = NULL;
  g_autoptr (WebMessagePort) unwrapped = NULL;

  set_port (context, "a", self->port2);
  set_port (context, "b", self->port2);
  assert_value (context, "a === b && a instanceof MessagePort", "true");

  value = jsc_context_get_value (context, "a");
  unwrapped = web_jsc_unwrap_port (value);
  g_assert_true (unwrapped == self->port2);
  other = jsc_context_evaluate (context, "new EventTarget()", -1);
  g_assert_null (web_jsc_unwrap_port (other));
  g_clear_object (&other);
  other = jsc_context_evaluate (context, "5", -1);
  g_assert_null (web_jsc_unwrap_port (other));
  g_clear_object (&unwrapped);
}

static void
test_flags (void)
{
  const char *all = "[typeof queueMicrotask, typeof setTimeout, typeof TextEncoder, "
                    "typeof reportError, typeof Worker, typeof structuredClone].join()";
  g_autoptr (JSCContext) none = context_new (WEB_JSC_NONE);
  g_autoptr (JSCContext) some = context_new (WEB_JSC_TIMERS | WEB_JSC_REPORT_ERROR);
  g_autoptr (JSCContext) full = context_new (WEB_JSC_ALL);

  assert_value (none, all, "undefined,undefined,undefined,undefined,undefined,function");
  assert_value (some, all, "undefined,function,undefined,function,undefined,function");
  assert_value (full, all, "function,function,function,function,function,function");
}

static void
test_install_twice (void)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);
  g_autoptr (GError) error = NULL;

  g_assert_false (web_jsc_install (context, WEB_JSC_NONE, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_STATE);
}

/* One that has got hold of the classes of an installation that has failed. */
static void
test_stolen_classes (void)
{
  g_autoptr (JSCContext) context = jsc_context_new ();
  g_autoptr (GError) error = NULL;

  evaluate (context, "const stolen = {}, {defineProperty} = Object;"
                     "Object.defineProperty = (object, name, descriptor) => {"
                     "  if (object === globalThis && typeof name === 'symbol') throw new Error();"
                     "  if (object === globalThis) stolen[name] = descriptor.value;"
                     "  return defineProperty(object, name, descriptor);"
                     "}");
  g_assert_false (web_jsc_install (context, WEB_JSC_ALL, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_STATE);

  evaluate (context, "const {port1, port2} = new stolen.MessageChannel();"
                     "port1.onmessage = port2.onclose = () => {};"
                     "port2.postMessage({list: [1, 'a'.repeat(1e6)]});"
                     "stolen.structuredClone(port1, {transfer: [port1]}).start();"
                     "new stolen.BroadcastChannel('a').postMessage(1);"
                     "stolen.setTimeout(() => {});"
                     "new stolen.Worker('data:,').postMessage(1);");
  web_test_settle ();
}

/* A script that was there before has broken the engine. */
static void
test_install_after_vandals (void)
{
  g_autoptr (JSCContext) context = jsc_context_new ();
  g_autoptr (GError) error = NULL;

  evaluate (context, "Function.prototype.call = null; Map.prototype.get = undefined;"
                     "Object.defineProperty = () => { throw new Error('vandals') }");
  g_assert_false (web_jsc_install (context, WEB_JSC_NONE, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_STATE);
}

/* Messages of C that only a realm reads, and what it has no value for. */
static void
test_values_of_c (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);
  g_autoptr (GVariant) value =
    g_variant_ref_sink (g_variant_new_parsed ("(1, <'a'>, @mi nothing, {1: true}, [1, 2], b'x')"));
  g_autofree char *large = g_strnfill (200000, 'x');

  set_port (context, "port", self->port2);
  evaluate (context, "const log = []; port.onmessage = ({data}) => log.push(data)");
  g_assert_true (web_message_port_post_message (self->port1, value, NULL, 0, NULL));
  g_assert_true (
    web_message_port_post_message (self->port1, g_variant_new_string (large), NULL, 0, NULL));
  g_assert_true (web_message_port_post_message (self->port1, NULL, NULL, 0, NULL));
  web_test_settle ();
  assert_value (context,
                "[log[0].slice(0, 3).join(), log[0][3].get(1), log[0][4].constructor.name, "
                "log[0][5].byteLength, log[1].length, log[2]].join()",
                "1,a,,true,Int32Array,2,200000,");
}

static void
on_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  GVariant *data = web_message_event_get_data (event);

  g_string_append_printf (user_data, "%s ", g_variant_get_string (data, NULL));
}

static void
on_error (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  g_string_append_printf (user_data, "%s:%u ",
                          web_error_event_get_message (WEB_ERROR_EVENT (event)),
                          web_error_event_get_lineno (WEB_ERROR_EVENT (event)));
}

static void
on_close (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  g_string_append (user_data, "close");
}

static GBytes *
load (const char *url, gpointer user_data, GError **error)
{
  const char *text = "postMessage(typeof prepared);\n"
                     "setTimeout(close, 1);\n"
                     "throw new Error('in the worker')";

  g_assert_cmpstr (url, ==, "app:worker");

  return g_bytes_new_static (text, strlen (text));
}

static void
prepare (JSCContext *context, gpointer user_data)
{
  evaluate (context, "globalThis.prepared = 1");
}

static void
report (const char *message,
        const char *filename,
        guint       lineno,
        guint       colno,
        const char *stack,
        gpointer    user_data)
{
  g_assert_cmpstr (message, ==, "Uncaught Error: in the worker");
  g_assert_cmpuint (lineno, ==, 3);
  g_atomic_int_inc ((gint *)user_data);
}

static void
test_worker (void)
{
  g_autoptr (WebJscHost) host = web_jsc_host_new ();
  g_autoptr (WebWorker) worker = NULL;
  GString *log = g_string_new (NULL);
  gint     n_reports = 0;

  web_jsc_host_set_loader (host, load, NULL, NULL);
  web_jsc_host_set_worker_func (host, prepare, NULL, NULL);
  web_jsc_host_set_report_func (host, report, &n_reports, NULL);
  worker = web_jsc_worker_new ("app:worker", "named", host);
  g_signal_connect (worker, "message", G_CALLBACK (on_message), log);
  g_signal_connect (worker, "error", G_CALLBACK (on_error), log);
  g_signal_connect (worker, "close", G_CALLBACK (on_close), log);
  web_worker_start (worker);
  web_test_wait_until (g_str_has_suffix (log->str, "close"));
  g_assert_cmpstr (log->str, ==, "number Uncaught Error: in the worker:3 close");
  g_assert_cmpint (g_atomic_int_get (&n_reports), ==, 1);
  g_string_free (log, TRUE);
}

static void
prepare_with_limit (JSCContext *context, gpointer user_data)
{
  web_jsc_set_time_limit (context, 0);
}

/* Until it has posted a message. */
static void
run_worker (const char *url, WebJscWorkerFunc func)
{
  g_autoptr (WebJscHost) host = web_jsc_host_new ();
  g_autoptr (WebWorker) worker = NULL;
  GString *log = g_string_new (NULL);

  web_jsc_host_set_worker_func (host, func, NULL, NULL);
  worker = web_jsc_worker_new (url, NULL, host);
  g_signal_connect (worker, "message", G_CALLBACK (on_message), log);
  web_worker_start (worker);
  web_test_wait_until (log->len > 0);
  web_worker_terminate (worker);
  web_worker_join (worker);
  g_string_free (log, TRUE);
}

/* A limit of the program is not that by which terminate() ends a script. */
static void
test_worker_with_limit (void)
{
  run_worker ("data:text/javascript,postMessage('busy'); for (;;);", prepare_with_limit);
}

static void
log_report (const char *message,
            const char *filename,
            guint       lineno,
            guint       colno,
            const char *stack,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "%s:%s:%u ", message, filename, lineno);
}

static void
free_log (gpointer log)
{
  g_string_free (log, TRUE);
}

static void
prepare_with_short_limit (JSCContext *context, gpointer user_data)
{
  web_jsc_set_time_limit (context, 200);
}

static void
prepare_with_scripts (JSCContext *context, gpointer user_data)
{
  int i;

  web_jsc_set_time_limit (context, 200);
  for (i = 0; i < 5; i++)
    evaluate (context, "{ const end = Date.now() + 70; while (Date.now() < end); }");
}

/* Each script that the program evaluates there has the limit to itself. */
static void
test_worker_with_scripts (void)
{
  run_worker ("data:,postMessage('done')", prepare_with_scripts);
}

/* The owner is told, and the exceptions that come later reach the listener of the scope again. */
static void
test_worker_with_short_limit (void)
{
  g_autoptr (WebJscHost) host = web_jsc_host_new ();
  g_autoptr (WebWorker) worker = NULL;
  GString *log = g_string_new (NULL);
  guint    i;

  web_jsc_host_set_worker_func (host, prepare_with_short_limit, NULL, NULL);
  web_jsc_host_set_report_func (host, log_report, g_string_new (NULL), free_log);
  worker = web_jsc_worker_new ("data:,let n = 0; onmessage = () => { throw new Error('a'); };"
                               "onerror = () => { n++; for (; n == 1;); postMessage(`${n}`); };",
                               NULL, host);
  g_signal_connect (worker, "message", G_CALLBACK (on_message), log);
  g_signal_connect (worker, "error", G_CALLBACK (on_error), log);
  web_worker_start (worker);
  for (i = 0; i < 2; i++)
    web_worker_post_message (worker, g_variant_new_string (""), NULL, 0, NULL);
  web_test_wait_until (strstr (log->str, "2") != NULL);
  g_assert_true (g_str_has_prefix (log->str, "The script took longer than its time limit:0 2 "));
  web_worker_terminate (worker);
  web_worker_join (worker);
  g_string_free (log, TRUE);
}

/* What the library has called and a limit has ended, is reported. */
static void
test_limits_are_reported (WebTestPair *self, gconstpointer data)
{
  static const char *const scripts[] = {
    "for (;;);",
    "setTimeout(() => { for (;;); })",
    "Promise.resolve().then(() => { for (;;); })",
    "(async () => { await null; for (;;); })()",
  };
  g_autoptr (WebJscHost) host = web_jsc_host_new ();
  g_autoptr (JSCContext) context = jsc_context_new ();
  g_autoptr (JSCContext) other = NULL;
  g_autoptr (JSCValue) result = NULL;
  GString *log = g_string_new (NULL);
  guint    i;

  web_jsc_host_set_report_func (host, log_report, log, free_log);
  g_assert_true (web_jsc_install_for_host (context, WEB_JSC_ALL, host, NULL, NULL));
  if (!web_jsc_set_time_limit (context, 200))
    {
      g_test_skip ("This JavaScriptCore cannot end a script");
      return;
    }
  set_port (context, "port", self->port2);
  evaluate (context, "port.onmessage = ({data}) => eval(data)");
  for (i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      web_test_post (self->port1, 0, NULL);
      g_string_truncate (log, 0);
      web_message_port_post_message (self->port1, g_variant_new_string (scripts[i]), NULL, 0, NULL);
      web_test_wait_until (log->len > 0);
      g_assert_cmpstr (log->str, ==, "The script took longer than its time limit::0 ");
    }

  /* A microtask that is ended after a call of the program. */
  g_string_truncate (log, 0);
  evaluate (context, "Promise.resolve().then(() => { for (;;); }); 1");
  web_test_settle ();
  g_assert_cmpstr (log->str, ==, "The script took longer than its time limit::0 ");
  assert_value (context, "1 + 1", "2");
  evaluate (context, "Promise.resolve().then(() => { for (;;); }); 1");
  web_jsc_set_time_limit (context, 200);
  other = jsc_context_new_with_virtual_machine (jsc_context_get_virtual_machine (context));
  assert_value (other, "1 + 1", "2");

  /* The program has got an exception itself. */
  g_string_truncate (log, 0);
  result = jsc_context_evaluate (context, "for (;;);", -1);
  g_assert_nonnull (jsc_context_get_exception (context));
  jsc_context_clear_exception (context);
  web_test_post (self->port1, 0, NULL);
  web_test_settle ();
  g_assert_cmpstr (log->str, ==, "");
}

static void
test_rejections (void)
{
  g_autoptr (WebJscHost) host = web_jsc_host_new ();
  g_autoptr (JSCContext) context = jsc_context_new ();
  g_autoptr (JSCValue) result = NULL;
  GString *log = g_string_new (NULL);

  web_jsc_host_set_report_func (host, log_report, log, NULL);
  g_assert_true (web_jsc_install_for_host (context, WEB_JSC_NONE, host, NULL, NULL));
  result = jsc_context_evaluate_with_source_uri (
    context, "Promise.reject(1).catch(() => {});\nPromise.reject(new Error('a'));", -1, "file:///a",
    1);
  g_assert_cmpstr (log->str, ==, "Uncaught (in promise) Error: a:file:///a:2 ");
  g_string_free (log, TRUE);
}

/* It ends with its last user, even while it is busy. */
static void
test_shared_worker_ends (WebTestPair *self, gconstpointer data)
{
  const char *text = "const {port: mine} = new SharedWorker('data:text/javascript,"
                     "onconnect = ({ports: [port]}) => {"
                     "  port.onmessage = ({ports: [other]}) => {"
                     "    other.onmessage = ({data}) => {"
                     "      other.postMessage(data);"
                     "      while (data)"
                     "        ;"
                     "    };"
                     "  };"
                     "}');";
  JSCContext *contexts[] = { context_new (WEB_JSC_ALL), context_new (WEB_JSC_ALL) };

  web_message_port_start (self->port1);
  evaluate (contexts[0], text);
  evaluate (contexts[1], text);
  set_port (contexts[0], "port", self->port2);
  evaluate (contexts[0], "mine.postMessage(0, [port])");
  web_test_post (self->port1, 0, NULL);
  web_test_wait_until (self->log1->n_events == 1);

  g_clear_object (&contexts[0]);
  web_test_settle ();
  web_test_post (self->port1, 1, NULL);
  web_test_wait_until (self->log1->n_events == 2);
  g_clear_object (&contexts[1]);
  web_test_wait_until (web_message_port_get_closed (self->port1));
  web_test_assert_log (self->log1, "0 1 close");
}

/* Called on the thread that makes the worker, which is the only one where the blob is. */
static GBytes *
load_blob (const char *url, gpointer user_data, GError **error)
{
  const char *text = "postMessage(location.origin + ' ' + location.pathname);";

  if (g_thread_self () == user_data)
    return g_bytes_new_static (text, strlen (text));

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The URL was revoked");

  return NULL;
}

static void
test_worker_of_blob (void)
{
  g_autoptr (WebJscHost) host = web_jsc_host_new ();
  g_autoptr (JSCContext) context = jsc_context_new ();
  g_autoptr (JSCValue) result = NULL;

  web_jsc_host_set_loader (host, load_blob, g_thread_self (), NULL);
  g_assert_true (web_jsc_install_for_host (context, WEB_JSC_ALL, host, "https://a.test/", NULL));
  evaluate (context, "var log = '';\n"
                     "const worker = new Worker('blob:https://a.test:8/1-2');\n"
                     "worker.onmessage = ({data}) => { log = data; };\n"
                     "worker.onerror = () => { log = 'error'; };");
  while ((result = jsc_context_evaluate (context, "log !== ''", -1)) != NULL &&
         !jsc_value_to_boolean (result))
    {
      g_clear_object (&result);
      g_main_context_iteration (NULL, TRUE);
    }
  assert_value (context, "log", "https://a.test:8 https://a.test:8/1-2");
}

static void
test_time_limit (WebTestPair *self, gconstpointer data)
{
  g_autoptr (JSCContext) context = context_new (WEB_JSC_NONE);
  g_autoptr (JSCContext) other = NULL;
  g_autoptr (JSCValue) result = NULL;
  int i;

  if (!web_jsc_set_time_limit (context, 50))
    {
      g_test_skip ("This JavaScriptCore cannot end a script");
      return;
    }

  result = jsc_context_evaluate (context, "try { for (;;); } finally { globalThis.after = 1 }", -1);
  g_assert_nonnull (jsc_context_get_exception (context));
  jsc_context_clear_exception (context);

  /* Also in a listener; the events after it arrive, and the dispatch is over. */
  set_port (context, "port", self->port2);
  evaluate (context,
            "let n = 0, last; port.onmessage = event => { last = event; n++; for (; n == 1;); "
            "port.postMessage(n); }");
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_message_port_start (self->port1);
  web_test_settle ();
  web_test_assert_log (self->log1, "2");
  assert_value (context, "[n, last.eventPhase, typeof after].join()", "2,0,undefined");

  /* In the middle of a message, which leaves nothing to the next one. */
  g_clear_object (&result);
  result = jsc_context_evaluate (
    context,
    "const {set} = Uint8Array.prototype; let calls = 0;"
    "Uint8Array.prototype.set = function (...args) { if (this.length === 65536 && ++calls === 2) "
    "for (;;); return set.apply(this, args); };"
    "port.postMessage([new Uint8Array(10000), 'x'.repeat(200000)])",
    -1);
  g_assert_nonnull (jsc_context_get_exception (context));
  jsc_context_clear_exception (context);
  evaluate (context, "Uint8Array.prototype.set = set; port.postMessage('whole')");
  web_test_settle ();
  web_test_assert_log (self->log1, "2 'whole'");

  /* In a microtask: the next call is not ended with it. */
  web_jsc_set_time_limit (context, 20);
  evaluate (context, "port.onmessage = ({data}) => { port.postMessage(data); if (data == 100)"
                     "Promise.resolve().then(() => { for (;;); }); else for (;;); }");
  web_test_post (self->port1, 100, NULL);
  web_test_post (self->port1, 3, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "2 'whole' 100 3");
  assert_value (context, "1 + 1", "2");

  /* As often as it happens: the engine has compiled the function. */
  for (i = 4; i < 16; i++)
    web_test_post (self->port1, i, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "2 'whole' 100 3 4 5 6 7 8 9 10 11 12 13 14 15");

  /* Another machine has limits of its own. */
  other = jsc_context_new ();
  web_jsc_set_time_limit (other, 0);
  g_clear_object (&result);
  result = jsc_context_evaluate (context, "for (;;);", -1);
  g_assert_nonnull (jsc_context_get_exception (context));
  jsc_context_clear_exception (context);
  g_assert_true (web_jsc_set_time_limit (context, 0));
}

/* The workers of a context end with it, while they are busy too, and so do theirs. */
static void
test_workers_go (void)
{
  static const char *const ends[] = { "for (;;);", "" };
  guint                    i;

  for (i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      JSCContext      *context = context_new (WEB_JSC_ALL);
      WebTestPair      pair = web_test_pair ();
      g_autofree char *script = g_strdup_printf (
        "const toUrl = text => `data:text/javascript,${encodeURIComponent(text)}`;"
        "const inner = toUrl('onmessage = ({ports: [port]}) => { port.postMessage(1); %s }');"
        "const outer = toUrl(`const inner = new Worker(${JSON.stringify(inner)});"
        "  onmessage = ({ports: [port]}) => { inner.postMessage(0, [port]); %s }`);"
        "new Worker(outer).postMessage(0, [port]);",
        ends[i], ends[i]);

      set_port (context, "port", pair.port2);
      g_clear_pointer (&pair.log2, web_test_log_free);
      g_clear_object (&pair.port2);
      evaluate (context, script);
      web_message_port_start (pair.port1);
      web_test_wait_until (g_str_equal (pair.log1->text->str, "1"));
      g_object_unref (context);
      web_test_wait_until (web_message_port_get_closed (pair.port1));
      web_test_pair_clear (&pair);
    }
}

/* Thousands of contexts leave nothing behind, and close what their scripts had. */
static void
test_contexts_go (void)
{
  int i;

  for (i = 0; i < 20; i++)
    {
      JSCContext *context = context_new (WEB_JSC_ALL);
      WebTestPair pair = web_test_pair ();

      set_port (context, "port", pair.port2);
      evaluate (context, "port.onmessage = () => {}; setTimeout(() => {}, 1e9);"
                         "const c = new MessageChannel(); c.port1.onmessage = () => {};"
                         "c.port2.postMessage(1); new BroadcastChannel('x').onmessage = () => {};"
                         "new Worker('data:text/javascript,')");
      g_object_unref (context);
      web_message_port_start (pair.port1);
      g_clear_pointer (&pair.log2, web_test_log_free);
      g_clear_object (&pair.port2);
      web_test_wait_until (web_message_port_get_closed (pair.port1));
      web_test_pair_clear (&pair);
    }
}

static gpointer
thread (gpointer handed_over)
{
  g_autoptr (GMainContext) main_context = g_main_context_new ();
  g_autoptr (JSCContext) context = NULL;
  g_autoptr (WebMessagePort) port = NULL;

  /* As a program in C must: before the main context, see the documentation. */
  context = jsc_context_new ();
  g_main_context_push_thread_default (main_context);
  g_assert_true (web_jsc_install (context, WEB_JSC_NONE, NULL));
  port = web_message_port_take_over (handed_over, NULL);
  set_port (context, "port", port);
  evaluate (context, "port.onmessage = ({data}) => { port.postMessage(data + 1); port.close() }");
  web_test_wait_until (web_message_port_get_closed (port));
  g_clear_object (&port);
  g_clear_object (&context);
  g_main_context_pop_thread_default (main_context);
  g_object_unref (handed_over);

  return NULL;
}

static void
test_thread (WebTestPair *self, gconstpointer data)
{
  GThread *other = g_thread_new ("jsc", thread, web_message_port_hand_over (self->port2, NULL));

  web_message_port_start (self->port1);
  web_test_post (self->port1, 1, NULL);
  web_test_wait_until (web_message_port_get_closed (self->port1));
  web_test_assert_log (self->log1, "2 close");
  g_thread_join (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  web_test_add_pair ("/jsc/messages", test_messages);
  web_test_add_pair ("/jsc/hidden shared buffers", test_hidden_shared_buffers);
  web_test_add_pair ("/jsc/wrappers", test_wrappers);
  web_test_add_pair ("/jsc/a closed port rests", test_closed_port_rests);
  web_test_add_pair ("/jsc/microtask posts", test_microtask_posts);
  g_test_add_func ("/jsc/flags", test_flags);
  g_test_add_func ("/jsc/install twice", test_install_twice);
  g_test_add_func ("/jsc/install after vandals", test_install_after_vandals);
  g_test_add_func ("/jsc/stolen classes", test_stolen_classes);
  web_test_add_pair ("/jsc/values of C", test_values_of_c);
  g_test_add_func ("/jsc/worker", test_worker);
  g_test_add_func ("/jsc/worker with a limit", test_worker_with_limit);
  g_test_add_func ("/jsc/worker with scripts of the program", test_worker_with_scripts);
  g_test_add_func ("/jsc/worker with a short limit", test_worker_with_short_limit);
  web_test_add_pair ("/jsc/limits are reported", test_limits_are_reported);
  g_test_add_func ("/jsc/worker of a blob", test_worker_of_blob);
  g_test_add_func ("/jsc/rejections", test_rejections);
  web_test_add_pair ("/jsc/shared worker ends", test_shared_worker_ends);
  web_test_add_pair ("/jsc/time limit", test_time_limit);
  g_test_add_func ("/jsc/contexts go", test_contexts_go);
  g_test_add_func ("/jsc/workers go", test_workers_go);
  web_test_add_pair ("/jsc/thread", test_thread);

  return g_test_run ();
}
