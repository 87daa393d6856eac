/* web-jsc-engine.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the engine can do and its GLib API does not offer.
 *
 * The functions are those of the C API of JavaScriptCore, whose headers the package for GTK 4 does
 * not have, and three of the engine itself, by their mangled names. They are looked up, so that the
 * library works without them:
 *
 * - whether an object is a proxy; without it, structuredClone() takes a proxy for an ordinary
 * object;
 * - ending a script that does not end; without it, a worker that is terminated ends when its script
 *   lets it, and there is no time limit.
 */

#include "web-jsc-engine-private.h"

#include <dlfcn.h>
#include <stdbool.h>

typedef const struct OpaqueJSContext      *ContextRef;
typedef const struct OpaqueJSValue        *ValueRef;
typedef const struct OpaqueJSContextGroup *GroupRef;
typedef struct OpaqueJSString             *StringRef;

typedef ValueRef (*FunctionCallback) (ContextRef      context,
                                      ValueRef        function,
                                      ValueRef        this_object,
                                      size_t          n_arguments,
                                      const ValueRef *arguments,
                                      ValueRef       *exception);
typedef bool (*LimitCallback) (ContextRef context, void *data);

static struct
{
  ContextRef (*get_context) (JSCContext *context);
  ValueRef (*get_value) (JSCValue *value);
  ValueRef (*make_boolean) (ContextRef context, bool value);
  ValueRef (*get_proxy_target) (ValueRef object);
  ValueRef (*make_function) (ContextRef context, StringRef name, FunctionCallback callback);
  StringRef (*make_string) (const char *text);
  void (*release_string) (StringRef string);
  void (*set_property) (ContextRef context,
                        ValueRef   object,
                        StringRef  name,
                        ValueRef   value,
                        unsigned   attributes,
                        ValueRef  *exception);
  GroupRef (*get_group) (ContextRef context);
  void (*set_limit) (GroupRef group, double seconds, LimitCallback callback, void *data);
  void (*clear_limit) (GroupRef group);
} engine;

static const struct
{
  gpointer   *function;
  const char *name;
} symbols[] = {
  { (gpointer *)&engine.get_context, "_Z22jscContextGetJSContextP11_JSCContext" },
  { (gpointer *)&engine.get_value, "_Z18jscValueGetJSValueP9_JSCValue" },
  { (gpointer *)&engine.make_boolean, "JSValueMakeBoolean" },
  { (gpointer *)&engine.get_proxy_target, "JSObjectGetProxyTarget" },
  { (gpointer *)&engine.make_function, "JSObjectMakeFunctionWithCallback" },
  { (gpointer *)&engine.make_string, "JSStringCreateWithUTF8CString" },
  { (gpointer *)&engine.release_string, "JSStringRelease" },
  { (gpointer *)&engine.set_property, "JSObjectSetProperty" },
  { (gpointer *)&engine.get_group, "JSContextGetGroup" },
  { (gpointer *)&engine.set_limit, "JSContextGroupSetExecutionTimeLimit" },
  { (gpointer *)&engine.clear_limit, "JSContextGroupClearExecutionTimeLimit" },
};

static gboolean
look_up_symbols (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      *symbols[i].function = dlsym (RTLD_DEFAULT, symbols[i].name);
      if (*symbols[i].function == NULL)
        {
          g_debug ("This JavaScriptCore has no %s", symbols[i].name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
is_known (void)
{
  static gsize state = 0;

  if (g_once_init_enter (&state))
    {
      /* Tests try the ways that do without. */
      const gboolean found = g_getenv ("WEB_MESSAGING_JSC_PUBLIC") == NULL && look_up_symbols ();

      g_once_init_leave (&state, found ? 2 : 1);
    }

  return state == 2;
}

static ValueRef
is_proxy (ContextRef      context,
          ValueRef        function,
          ValueRef        this_object,
          size_t          n_arguments,
          const ValueRef *arguments,
          ValueRef       *exception)
{
  return engine.make_boolean (context,
                              n_arguments > 0 && engine.get_proxy_target (arguments[0]) != NULL);
}

/*
 * web_jsc_engine_add_is_proxy:
 *
 * Gives @object a function isProxy(), if the engine can tell. The C API calls it three times as
 * fast as the GLib API, and structuredClone() does so for each object.
 */
void
web_jsc_engine_add_is_proxy (JSCContext *context, JSCValue *object)
{
  ContextRef ref;
  StringRef  name;

  if (!is_known ())
    return;

  ref = engine.get_context (context);
  name = engine.make_string ("isProxy");
  engine.set_property (ref, engine.get_value (object), name,
                       engine.make_function (ref, name, is_proxy), 0, NULL);
  engine.release_string (name);
}

typedef struct
{
  double          seconds;
  WebJscLimitFunc func;
  gpointer        user_data;
} Limit;

/* The limit of the machine that runs on this thread; one more machine on a thread is rare, and gets
 * the limit that was set last. */
static GPrivate current_limit = G_PRIVATE_INIT (g_free);

/* How many scripts of this thread were ended by their limit. */
static _Thread_local guint n_ended;

static bool
on_limit (ContextRef context, void *data)
{
  Limit *limit = g_private_get (&current_limit);

  if (limit == NULL)
    return false;
  if (limit->func (limit->user_data))
    {
      n_ended++;
      return true;
    }

  /* The engine asks only once. */
  engine.set_limit (engine.get_group (context), limit->seconds, on_limit, NULL);

  return false;
}

/*
 * web_jsc_engine_count_ended:
 *
 * Returns: how many scripts of this thread were ended by their limit, without running their
 *   `finally` blocks
 */
guint
web_jsc_engine_count_ended (void)
{
  return n_ended;
}

/*
 * web_jsc_engine_set_limit:
 *
 * Calls @func whenever a script has run for so long without an end. Returns %FALSE if the engine
 * cannot do that.
 */
gboolean
web_jsc_engine_set_limit (JSCContext     *context,
                          guint           milliseconds,
                          WebJscLimitFunc func,
                          gpointer        user_data)
{
  Limit *limit;

  if (!is_known ())
    return FALSE;

  limit = g_new (Limit, 1);
  *limit = (Limit){ milliseconds / 1000.0, func, user_data };
  g_private_replace (&current_limit, limit);
  engine.set_limit (engine.get_group (engine.get_context (context)), limit->seconds, on_limit,
                    NULL);

  return TRUE;
}

gboolean
web_jsc_engine_clear_limit (JSCContext *context)
{
  if (!is_known ())
    return FALSE;

  engine.clear_limit (engine.get_group (engine.get_context (context)));

  return TRUE;
}
