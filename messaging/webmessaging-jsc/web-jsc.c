/* web-jsc.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-jsc.h"

#include "web-jsc-engine-private.h"
#include "web-jsc-private.h"
#include "web-jsc-realm-private.h"

/**
 * web_jsc_install_for_host:
 * @context: a context
 * @flags: what scripts get besides the classes of messages and events
 * @host: (nullable): what loads scripts and is told of exceptions
 * @base_url: (nullable): what the URLs of workers are relative to, %NULL for the current folder
 * @error: return location for an error
 *
 * Installs the classes of the web for messages in a context, as [func@install] does, with a host.
 * Call it on the thread that uses the context.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the context has the classes already, or if its scripts
 * have changed what the classes are made of.
 *
 * Returns: %TRUE if the classes are installed
 */
gboolean
web_jsc_install_for_host (JSCContext *context,
                          WebJscFlags flags,
                          WebJscHost *host,
                          const char *base_url,
                          GError    **error)
{
  WebJscRealm *realm;
  gboolean     installed;

  g_return_val_if_fail (JSC_IS_CONTEXT (context), FALSE);
  g_return_val_if_fail (host == NULL || WEB_JSC_IS_HOST (host), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (web_jsc_realm_find (context) != NULL)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                           "The context has the classes already");
      return FALSE;
    }

  realm = web_jsc_realm_new (host, base_url);
  installed = web_jsc_realm_install (realm, context, flags);
  if (!installed)
    {
      JSCException *exception = jsc_context_get_exception (context);

      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                   "The classes could not be installed: %s",
                   exception != NULL ? jsc_exception_get_message (exception) : "no function");
      jsc_context_clear_exception (context);
      web_jsc_realm_shut_down (realm);
    }
  web_jsc_realm_unref (realm);

  return installed;
}

/**
 * web_jsc_install:
 * @context: a context
 * @flags: what scripts get besides the classes of messages and events
 * @error: return location for an error
 *
 * Installs the classes of the web for messages in a context: `EventTarget`, `Event`, `CustomEvent`,
 * `MessageEvent`, `ErrorEvent`, `PromiseRejectionEvent`, `MessageChannel`, `MessagePort`,
 * `BroadcastChannel`, `AbortController`, `AbortSignal`, `DOMException` and `structuredClone()`, and
 * what @flags names.
 *
 * The context belongs to this thread, and its messages arrive in the thread-default main context.
 * When the program drops the context, its ports are closed and its workers terminated.
 *
 * Call it before the context runs a script that is not to be trusted.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the context has the classes already, or if its scripts
 * have changed what the classes are made of.
 *
 * Returns: %TRUE if the classes are installed
 */
gboolean
web_jsc_install (JSCContext *context, WebJscFlags flags, GError **error)
{
  return web_jsc_install_for_host (context, flags, NULL, NULL, error);
}

/**
 * web_jsc_wrap_port:
 * @context: a context with the classes installed
 * @port: a port of this thread
 *
 * Gets the `MessagePort` that scripts see of a port, always the same object.
 *
 * The port belongs to the scripts from now on. It is closed when they can no longer reach it, or
 * the context goes. Use the other port of the channel to talk to them.
 *
 * Call it on the thread of the context.
 *
 * Returns: (transfer full): the value; `undefined` if the time limit of the context was reached
 */
JSCValue *
web_jsc_wrap_port (JSCContext *context, WebMessagePort *port)
{
  WebJscRealm *realm;
  WebJscSlot  *slot;
  g_autoptr (JSCValue) entry = NULL;
  JSCValue *result;

  g_return_val_if_fail (JSC_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (port), NULL);

  realm = web_jsc_realm_find (context);
  g_return_val_if_fail (realm != NULL, NULL);
  entry = web_jsc_realm_begin (realm);
  g_return_val_if_fail (entry != NULL, NULL);

  slot = web_jsc_realm_add (realm, port, WEB_JSC_KIND_PORT);
  realm->mailbox[WEB_JSC_PLACE_NUMBER] = slot->number;
  realm->mailbox[WEB_JSC_PLACE_KIND] = slot->kind;
  result = web_jsc_realm_end (realm, entry, WEB_JSC_CALL_WRAP, NULL);

  return result != NULL ? result : jsc_value_new_undefined (context);
}

/**
 * web_jsc_unwrap_port:
 * @value: a value
 *
 * Gets the port that a `MessagePort` of a script stands for. Call it on the thread of the context
 * that @value belongs to.
 *
 * Returns: (transfer full) (nullable): the port, %NULL if @value is something else
 */
WebMessagePort *
web_jsc_unwrap_port (JSCValue *value)
{
  WebJscRealm *realm;
  WebJscSlot  *slot;
  g_autoptr (JSCValue) entry = NULL;
  g_autoptr (JSCValue) result = NULL;

  g_return_val_if_fail (JSC_IS_VALUE (value), NULL);

  realm = web_jsc_realm_find (jsc_value_get_context (value));
  entry = realm != NULL ? web_jsc_realm_begin (realm) : NULL;
  if (entry == NULL)
    return NULL;

  result = web_jsc_realm_end (realm, entry, WEB_JSC_CALL_UNWRAP, value);
  slot = result != NULL ? web_jsc_realm_get (realm, realm->mailbox[WEB_JSC_PLACE_UNWRAPPED]) : NULL;

  return slot != NULL && slot->kind == WEB_JSC_KIND_PORT
           ? g_object_ref (WEB_MESSAGE_PORT (slot->target))
           : NULL;
}

/**
 * web_jsc_set_time_limit:
 * @context: a context
 * @milliseconds: for how long a script may run at a time, 0 for as long as it likes
 *
 * Limits the time that a script may take before it returns. A script that takes longer ends with an
 * exception that it cannot catch, and the context can be used again. The exception goes to who has
 * called the script; if the library has, the [callback@ReportFunc] is told. Not ended are
 * WebAssembly, `Atomics.wait()`, and an endless chain of promises.
 *
 * A promise of the script may be ended after the call of the program has returned. The engine then
 * ends the next call to this virtual machine too, whatever it is, and may crash if that makes a
 * context. The library takes that call upon itself when the main context runs, and when you call
 * this function again. Or give each plug-in a virtual machine of its own, as
 * [ctor@JavaScriptCore.Context.new] does.
 *
 * The limit holds for all contexts of the virtual machine of @context. It holds reliably if this
 * library was loaded before the first context of the process was made. Call it on the thread of the
 * context.
 *
 * Returns: %FALSE if this JavaScriptCore cannot do that
 */
gboolean
web_jsc_set_time_limit (JSCContext *context, guint milliseconds)
{
  g_return_val_if_fail (JSC_IS_CONTEXT (context), FALSE);

  web_jsc_realm_settle ();

  return web_jsc_engine_set_limit (context, milliseconds, web_jsc_realm_settle_soon);
}

/*
 * web_jsc_private_get_modules:
 *
 * Returns: (transfer full) (nullable): an object with the modules of the scripts of the library in
 *   a context, by name
 */
JSCValue *
web_jsc_private_get_modules (JSCContext *context)
{
  WebJscRealm *realm = web_jsc_realm_find (context);
  g_autoptr (JSCValue) entry = realm != NULL ? web_jsc_realm_begin (realm) : NULL;

  return entry != NULL ? web_jsc_realm_end (realm, entry, WEB_JSC_CALL_GET_MODULES, NULL) : NULL;
}

/*
 * web_jsc_private_shut_down:
 *
 * Closes the ports of a context and terminates its workers, although the context lives on: HTML,
 * document-lifecycle.html#destroy-a-document. What its scripts make from now on does nothing.
 */
void
web_jsc_private_shut_down (JSCContext *context)
{
  WebJscRealm *realm = web_jsc_realm_find (context);

  if (realm != NULL)
    web_jsc_realm_shut_down (realm);
}
