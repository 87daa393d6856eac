/* web-jsc-engine.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the engine can do and its GLib API does not offer.
 *
 * The functions are those of the C API of JavaScriptCore, whose headers the package for GTK 4 does
 * not have, and two of the engine itself, by their mangled names. They are looked up, so that the
 * library works without them:
 *
 * - whether an object is a proxy; without it, structuredClone() takes a proxy for an ordinary
 *   object;
 * - ending a script that does not end; without it, a worker that is terminated ends when its script
 *   lets it, and there is no time limit;
 * - the memory that goes with an object; without it, more objects pile up before a collection;
 * - promises that are rejected without a handler; without it, nobody is told;
 * - calls between C and scripts without the objects that the GLib API makes for each of them;
 *   without it, a message takes longer.
 *
 * What an object is, the library also sees in memory, if it looks as it has learned; otherwise, a
 * clone takes longer.
 */

#include "web-jsc-engine-private.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "web-jsc-private.h"

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
typedef struct OpaqueJSClass *ClassRef;

/* JSClassDefinition of the C API, version 0 */
typedef struct
{
  int         version;
  unsigned    attributes;
  const char *name;
  ClassRef    parent;
  const void *static_values;
  const void *static_functions;
  GCallback   initialize;
  void (*finalize) (ValueRef object);
  GCallback        property_functions[5];
  FunctionCallback call_as_function;
  GCallback        other_functions[3];
} ClassDefinition;

#define CLASS_HAS_NO_PROTOTYPE (1 << 1)

#define GET_CONTEXT "_Z22jscContextGetJSContextP11_JSCContext"

static struct
{
  ContextRef (*get_context) (JSCContext *context);
  ValueRef (*get_value) (JSCValue *value);
  ValueRef (*make_boolean) (ContextRef context, bool value);
  bool (*is_object) (ContextRef context, ValueRef value);
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
  ClassRef (*make_class) (const ClassDefinition *definition);
  ValueRef (*make_object) (ContextRef context, ClassRef object_class, void *data);
  void *(*get_private) (ValueRef object);
  ValueRef (*call_function) (ContextRef      context,
                             ValueRef        function,
                             ValueRef        this_object,
                             size_t          n_arguments,
                             const ValueRef *arguments,
                             ValueRef       *exception);
  void (*set_rejection_callback) (ContextRef context, ValueRef function, ValueRef *exception);
  void (*report_memory) (ContextRef context, size_t size);
} engine;

static const struct
{
  gpointer   *function;
  const char *name;
} symbols[] = {
  { (gpointer *)&engine.get_context, GET_CONTEXT },
  { (gpointer *)&engine.get_value, "_Z18jscValueGetJSValueP9_JSCValue" },
  { (gpointer *)&engine.make_boolean, "JSValueMakeBoolean" },
  { (gpointer *)&engine.is_object, "JSValueIsObject" },
  { (gpointer *)&engine.get_proxy_target, "JSObjectGetProxyTarget" },
  { (gpointer *)&engine.make_function, "JSObjectMakeFunctionWithCallback" },
  { (gpointer *)&engine.make_string, "JSStringCreateWithUTF8CString" },
  { (gpointer *)&engine.release_string, "JSStringRelease" },
  { (gpointer *)&engine.set_property, "JSObjectSetProperty" },
  { (gpointer *)&engine.get_group, "JSContextGetGroup" },
  { (gpointer *)&engine.set_limit, "JSContextGroupSetExecutionTimeLimit" },
  { (gpointer *)&engine.clear_limit, "JSContextGroupClearExecutionTimeLimit" },
  { (gpointer *)&engine.make_class, "JSClassCreate" },
  { (gpointer *)&engine.make_object, "JSObjectMake" },
  { (gpointer *)&engine.get_private, "JSObjectGetPrivate" },
  { (gpointer *)&engine.call_function, "JSObjectCallAsFunction" },
  { (gpointer *)&engine.set_rejection_callback, "JSGlobalContextSetUnhandledRejectionCallback" },
  { (gpointer *)&engine.report_memory, "JSReportExtraMemoryCost" },
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

/* A script that the engine has compiled is ended by a trap that it looks for. The other way, a
 * signal that changes the compiled script, gets lost after some times in this engine. The options
 * cannot be written any more when there is a machine. */
__attribute__ ((constructor)) static void
choose_traps (void)
{
  const GType type = g_type_from_name ("JSCVirtualMachine");

  if (type == 0 || g_type_class_peek (type) == NULL)
    jsc_options_set_boolean ("usePollingTraps", TRUE);
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

static void
set_property (JSCContext *context, JSCValue *object, const char *name, ValueRef value)
{
  StringRef string = engine.make_string (name);

  engine.set_property (engine.get_context (context), engine.get_value (object), string, value, 0,
                       NULL);
  engine.release_string (string);
}

/* Each function of the engine that tells something of an object takes a lock, and structuredClone()
 * asks for each object. So the library looks at the head of an object itself, which the engine
 * gives to all that it allocates. What it looks for, it has learned from examples; it does so only
 * if that tells other examples apart, and asks the engine otherwise. */
typedef struct
{
  guint32 shape; /* objects with the same one have the same prototype, keys and attributes */
  guint8  indexing;
  guint8  type;
  guint8  flags[2]; /* not looked at */
} Head;

static struct
{
  gboolean is_learned;
  guint8   proxy_type;
  guint8   global_type; /* of a global object, which the engine calls a proxy, too */
  guint8   object_type;
  guint8   array_type;
  gboolean indexings[256]; /* which of them have elements without attributes */
} heads;

typedef enum
{
  LOOK_OTHER,
  LOOK_PROXY,
  LOOK_ORDINARY_OBJECT,
  LOOK_PLAIN_ARRAY,
} Look;

/* Returns %FALSE for what is not an object, or not at this address. */
static gboolean
read_head (ValueRef value, Head *head)
{
  const guint64 address = (guintptr)value;

  if (sizeof value != 8 || address < 4096 || address >> 48 != 0 || address % 8 != 0)
    return FALSE;

  memcpy (head, value, sizeof *head);

  return TRUE;
}

/* The other arrays are plain arrays of the context: their shapes do not occur in another one. */
static Look
look_at (ContextRef context, ValueRef value, const ValueRef *arrays, gsize n_arrays)
{
  Head  head, array;
  gsize i;

  if (heads.is_learned)
    {
      if (!read_head (value, &head))
        return LOOK_OTHER;
      if (head.type == heads.object_type)
        return LOOK_ORDINARY_OBJECT;
      if (head.type == heads.array_type && heads.indexings[head.indexing])
        {
          for (i = 0; i < n_arrays; i++)
            {
              if (read_head (arrays[i], &array) && array.shape == head.shape)
                return LOOK_PLAIN_ARRAY;
            }
        }
      if (head.type != heads.proxy_type && head.type != heads.global_type)
        return LOOK_OTHER;
    }

  /* A script that has changed prototypes can make the library ask for anything. */
  return engine.is_object (context, value) && engine.get_proxy_target (value) != NULL ? LOOK_PROXY
                                                                                      : LOOK_OTHER;
}

static ValueRef
look (ContextRef      context,
      ValueRef        function,
      ValueRef        this_object,
      size_t          n_arguments,
      const ValueRef *arguments,
      ValueRef       *exception)
{
  const Look result =
    n_arguments > 0 ? look_at (context, arguments[0], arguments + 1, n_arguments - 1) : LOOK_OTHER;

  switch (result)
    {
    case LOOK_PROXY:
    case LOOK_PLAIN_ARRAY:
      return engine.make_boolean (context, result == LOOK_PROXY);
    case LOOK_ORDINARY_OBJECT:
      return arguments[0];
    default:
      return NULL;
    }
}

static const char *examples =
  "({"
  "proxies: [new Proxy({}, {}), new Proxy([], {}), new Proxy(() => {}, {}), globalThis],"
  "objects: [{}, {a: 1}, {[0]: 1}, Object.create(null), Object.create(Date.prototype),"
  "  new (class Class {})()],"
  "arrays: [[], [1], [1.5], [''], new Array(1), ...[1, 1.5, ''].map(item => [item])],"
  "others: [() => {}, new Date(), new Map(), new Set(), /a/, new Error(), Promise.resolve(),"
  "  new WeakMap(), new WeakSet(), new WeakRef({}), new FinalizationRegistry(() => {}), Math,"
  "  new ArrayBuffer(1), new Uint8Array(1), new DataView(new ArrayBuffer(1)),"
  "  Object(1), Object(''), Object(true), Object(1n), Object(Symbol()),"
  "  (function* () {})(), [].values(), new Map().keys(), 'a'.matchAll(/a/g),"
  "  (function () { return arguments; })(),"
  "  (function () { 'use strict'; return arguments; })(),"
  "  Object.assign([1], {a: 1}), Object.assign([''], {a: 1}), new (class extends Array {})(),"
  "  Object.freeze([1]), Object.preventExtensions(['']), Object.setPrototypeOf([1], null),"
  "  Object.defineProperty([1, 2], 0, {get() {}}),"
  "  Object.defineProperty([''], 0, {enumerable: false}),"
  "  Object.defineProperty([1], 'length', {writable: false})]"
  "})";

typedef struct
{
  ContextRef context;
  ValueRef   values[64];
  gsize      n_values;
} Examples;

/* The list keeps them. */
static void
read_examples (Examples *self, JSCValue *all, const char *name)
{
  g_autoptr (JSCValue) list = jsc_value_object_get_property (all, name);
  g_autoptr (JSCValue) length = jsc_value_object_get_property (list, "length");

  self->context = engine.get_context (jsc_value_get_context (all));
  for (self->n_values = 0;
       self->n_values < MIN ((gsize)jsc_value_to_int32 (length), G_N_ELEMENTS (self->values));
       self->n_values++)
    {
      g_autoptr (JSCValue) value = jsc_value_object_get_property_at_index (list, self->n_values);

      self->values[self->n_values] = engine.get_value (value);
    }
}

static gboolean
read_type (const Examples *self, gsize i, guint8 *type)
{
  Head head;

  if (i >= self->n_values || !read_head (self->values[i], &head))
    return FALSE;

  *type = head.type;

  return TRUE;
}

static gboolean
look_like (const Examples *self, const Examples *arrays, Look expected)
{
  gsize i;

  for (i = 0; i < self->n_values; i++)
    {
      if (look_at (self->context, self->values[i], arrays->values, arrays->n_values) != expected)
        return FALSE;
    }

  return self->n_values > 0;
}

static gboolean
learn_heads (JSCContext *context)
{
  g_autoptr (JSCValue) all = jsc_context_evaluate (context, examples, -1);
  g_autoptr (JSCValue) done = NULL;
  Examples proxies, objects, arrays, others;
  Head     head;
  gsize    i;

  if (!jsc_value_is_object (all))
    return FALSE;
  read_examples (&proxies, all, "proxies");
  read_examples (&objects, all, "objects");
  read_examples (&arrays, all, "arrays");
  read_examples (&others, all, "others");

  for (i = 0; i < arrays.n_values; i++)
    {
      if (!read_head (arrays.values[i], &head))
        return FALSE;
      heads.array_type = head.type;
      heads.indexings[head.indexing] = TRUE;
    }
  if (!read_type (&proxies, 0, &heads.proxy_type) ||
      !read_type (&proxies, proxies.n_values - 1, &heads.global_type) ||
      !read_type (&objects, 0, &heads.object_type))
    return FALSE;

  heads.is_learned = TRUE;
  if (!look_like (&proxies, &arrays, LOOK_PROXY) ||
      !look_like (&objects, &arrays, LOOK_ORDINARY_OBJECT) ||
      !look_like (&arrays, &arrays, LOOK_PLAIN_ARRAY) || !look_like (&others, &arrays, LOOK_OTHER))
    return FALSE;

  /* From then on, the engine makes all arrays such as may have accessors. */
  done =
    jsc_context_evaluate (context, "Object.defineProperty(Array.prototype, 0, {set() {}})", -1);

  return look_like (&arrays, &arrays, LOOK_OTHER);
}

/* In a context that no script has changed. */
static void
learn_heads_once (JSCContext *context)
{
  static gsize state = 0;

  if (g_once_init_enter (&state))
    {
      g_autoptr (JSCContext) hidden =
        jsc_context_new_with_virtual_machine (jsc_context_get_virtual_machine (context));

      /* Tests also try the way that does without. */
      heads.is_learned = g_getenv ("WEB_MESSAGING_JSC_ASK") == NULL && learn_heads (hidden);
      if (!heads.is_learned)
        g_debug ("The library does not know the objects of this JavaScriptCore");
      g_once_init_leave (&state, 1);
    }
}

/*
 * web_jsc_engine_add_look:
 *
 * Gives @object a function look(), if the engine can tell. It returns `true` for a proxy, its
 * argument for an object that is ordinary in the sense of the language, and `false` for an array
 * that has nothing but elements, without accessors, if its other arguments are arrays of all kinds.
 * For the rest it returns `undefined`. The C API calls it three times as fast as the GLib API.
 */
void
web_jsc_engine_add_look (JSCContext *context, JSCValue *object)
{
  StringRef name;

  if (!is_known ())
    return;

  learn_heads_once (context);
  name = engine.make_string ("look");
  set_property (context, object, "look",
                engine.make_function (engine.get_context (context), name, look));
  engine.release_string (name);
}

/* What a function of add_function() calls. */
typedef struct
{
  WebJscNativeFunc func;
  gpointer         user_data;
  GDestroyNotify   destroy;
} Native;

static ValueRef
call_native (ContextRef      context,
             ValueRef        function,
             ValueRef        this_object,
             size_t          n_arguments,
             const ValueRef *arguments,
             ValueRef       *exception)
{
  Native *self = engine.get_private (function);

  return engine.make_boolean (context, self->func (self->user_data));
}

static void
finalize_native (ValueRef function)
{
  Native *self = engine.get_private (function);

  self->destroy (self->user_data);
  g_free (self);
}

static ClassRef
get_native_class (void)
{
  static ClassRef native_class = NULL;

  if (g_once_init_enter (&native_class))
    {
      const ClassDefinition definition = {
        .attributes = CLASS_HAS_NO_PROTOTYPE,
        .name = "WebMessagingNative",
        .finalize = finalize_native,
        .call_as_function = call_native,
      };

      g_once_init_leave (&native_class, engine.make_class (&definition));
    }

  return native_class;
}

/*
 * web_jsc_engine_add_function:
 * @destroy: called with @user_data when the function is garbage, on any thread
 *
 * Gives @object a function without arguments, which scripts call quicker than one of the GLib API.
 * It does not know jsc_context_get_current(). Returns %FALSE if the engine cannot do that; nothing
 * happens then.
 */
gboolean
web_jsc_engine_add_function (JSCContext      *context,
                             JSCValue        *object,
                             const char      *name,
                             WebJscNativeFunc func,
                             gpointer         user_data,
                             GDestroyNotify   destroy)
{
  Native *native;

  if (!is_known ())
    return FALSE;

  native = g_new (Native, 1);
  *native = (Native){ func, user_data, destroy };
  set_property (context, object, name,
                engine.make_object (engine.get_context (context), get_native_class (), native));

  return TRUE;
}

/*
 * web_jsc_engine_find_function:
 *
 * Sets @function to what web_jsc_engine_call() needs, as long as somebody keeps the function of the
 * script. Returns %FALSE if the engine cannot do that.
 */
gboolean
web_jsc_engine_find_function (JSCValue *value, WebJscFunction *function)
{
  if (!is_known ())
    return FALSE;

  *function = (WebJscFunction){
    engine.get_context (jsc_value_get_context (value)),
    engine.get_value (value),
  };

  return TRUE;
}

/* How many calls of this thread there were, and how many were ended by a limit. */
static _Thread_local guint n_calls, n_ended;

/*
 * web_jsc_engine_call:
 *
 * Calls a function of a script, without arguments. When the stack is empty then, the engine runs
 * the microtasks. Returns %FALSE if the function has thrown, or was ended from outside.
 */
gboolean
web_jsc_engine_call (const WebJscFunction *function)
{
  ValueRef exception = NULL;

  n_calls++;
  engine.call_function (function->context, function->function, NULL, 0, NULL, &exception);

  return exception == NULL;
}

/*
 * web_jsc_engine_watch_rejections:
 * @function: a function of another context, as the engine keeps it, and with it its context
 *
 * Has @function called with each promise that is still rejected without a handler when the
 * microtasks have run, and with the reason, if the engine can do that.
 */
void
web_jsc_engine_watch_rejections (JSCContext *context, JSCValue *function)
{
  if (is_known () && jsc_value_is_function (function))
    engine.set_rejection_callback (engine.get_context (context), engine.get_value (function), NULL);
}

/* Of a machine, in milliseconds, 0 for none. */
typedef struct
{
  guint           time;     /* that a call may take */
  guint           interval; /* after which func is asked */
  WebJscLimitFunc func;     /* nullable */
  gpointer        user_data;
  void (*ended) (void); /* nullable: called when a script is ended */
  guint spent;          /* by the call that is under way */
  guint spent_call;     /* its number */
} Limits;

/* Returns how long the engine is to wait before it asks, 0 for ever. */
static guint
get_interval (const Limits *self)
{
  return self->interval > 0 ? self->interval : self->time;
}

static gboolean
is_limit_reached (Limits *self)
{
  if (self->spent_call != n_calls)
    self->spent = 0;
  self->spent_call = n_calls;
  self->spent += get_interval (self);

  return (self->time > 0 && self->spent >= self->time) ||
         (self->func != NULL && self->func (self->user_data));
}

static bool on_limit (ContextRef context, void *data);

static void
apply_limits (Limits *self, ContextRef context)
{
  const guint interval = get_interval (self);

  if (interval > 0)
    engine.set_limit (engine.get_group (context), interval / 1000.0, on_limit, self);
  else
    engine.clear_limit (engine.get_group (context));
}

static bool
on_limit (ContextRef context, void *data)
{
  Limits *self = data;

  if (is_limit_reached (self))
    {
      self->spent = 0;
      n_ended++;
      if (self->ended != NULL)
        self->ended ();
      return true;
    }

  /* The engine asks only once. */
  apply_limits (self, context);

  return false;
}

/* They live as long as the machine. */
static Limits *
get_limits (JSCContext *context)
{
  const GQuark quark = g_quark_from_static_string ("web-jsc-limits");
  GObject     *machine = G_OBJECT (jsc_context_get_virtual_machine (context));
  Limits      *self = g_object_get_qdata (machine, quark);

  if (self == NULL)
    {
      self = g_new0 (Limits, 1);
      g_object_set_qdata_full (machine, quark, self, g_free);
    }

  return self;
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
 * web_jsc_engine_note_call:
 *
 * The time that a call may take begins.
 */
void
web_jsc_engine_note_call (void)
{
  n_calls++;
}

/*
 * web_jsc_engine_report_memory:
 *
 * Tells the garbage collector of memory that goes with an object of a script. Without it, there may
 * be many such objects before the engine collects any.
 */
void
web_jsc_engine_report_memory (JSCContext *context, gsize size)
{
  if (is_known ())
    engine.report_memory (engine.get_context (context), size);
}

/*
 * web_jsc_private_collect_garbage:
 *
 * Collects all garbage before it returns, if the engine can do that. It has its own look-up,
 * because nothing but tests needs the function, and those that set WEB_MESSAGING_JSC_PUBLIC need it
 * too.
 */
void
web_jsc_private_collect_garbage (JSCContext *context)
{
  ContextRef (*get_context) (JSCContext *) = dlsym (RTLD_DEFAULT, GET_CONTEXT);
  void (*collect) (ContextRef) = dlsym (RTLD_DEFAULT, "JSSynchronousGarbageCollectForDebugging");

  if (get_context != NULL && collect != NULL)
    collect (get_context (context));
}

/*
 * web_jsc_engine_set_limit:
 *
 * Ends scripts that have run for so long, 0 for never, and calls @ended before each end. Returns
 * %FALSE if the engine cannot do that.
 */
gboolean
web_jsc_engine_set_limit (JSCContext *context, guint milliseconds, void (*ended) (void))
{
  Limits *limits;

  if (!is_known ())
    return FALSE;

  limits = get_limits (context);
  limits->time = milliseconds;
  limits->ended = ended;
  apply_limits (limits, engine.get_context (context));

  return TRUE;
}

/*
 * web_jsc_engine_watch:
 *
 * Calls @func at such intervals while a script runs. Does nothing if the engine cannot do that.
 */
void
web_jsc_engine_watch (JSCContext     *context,
                      guint           milliseconds,
                      WebJscLimitFunc func,
                      gpointer        user_data)
{
  Limits *limits;

  if (!is_known ())
    return;

  limits = get_limits (context);
  limits->interval = milliseconds;
  limits->func = func;
  limits->user_data = user_data;
  apply_limits (limits, engine.get_context (context));
}
