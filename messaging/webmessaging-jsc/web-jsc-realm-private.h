/* web-jsc-realm-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <webmessaging/bindings/web-private.h>

#include "web-jsc-engine-private.h"
#include "web-jsc-host.h"
#include "web-jsc-timers-private.h"

G_BEGIN_DECLS

/* bundle.py gives the scripts these numbers, and those of the enumerations below. */

/* How many bytes go to or from a script at once. */
#define WEB_JSC_CHUNK 65536

/* Where the mailbox has what. */
typedef enum
{
  WEB_JSC_PLACE_CALL,   /* what C asks of a script */
  WEB_JSC_PLACE_NUMBER, /* of the object or timer that a call is about */
  WEB_JSC_PLACE_KIND,   /* of that object */
  WEB_JSC_PLACE_TIME,   /* in milliseconds since the realm was made */
  WEB_JSC_PLACE_DEPTH,  /* how many dispatches are under way */
  WEB_JSC_PLACE_OVER,   /* whether the realm is over */

  /* An event that begins */
  WEB_JSC_PLACE_TYPE,
  WEB_JSC_PLACE_SIZE, /* of the message, -1 for none */
  WEB_JSC_PLACE_N_PORTS,
  WEB_JSC_PLACE_HAS_ORIGIN,
  WEB_JSC_PLACE_HAS_DETAILS, /* whether it is an ErrorEvent */
  WEB_JSC_PLACE_LINENO,
  WEB_JSC_PLACE_COLNO,
  WEB_JSC_PLACE_DISPATCH,       /* its number */
  WEB_JSC_PLACE_DISPATCH_PLACE, /* where that is as long as it is dispatched, 0 for nowhere */

  /* What a script answers. Microtasks may call C again before it is read, so nothing else is there.
   */
  WEB_JSC_PLACE_HAS_MORE, /* whether there may be more listeners */
  WEB_JSC_PLACE_IS_CANCELED,
  WEB_JSC_PLACE_STOPS_IMMEDIATELY,
  WEB_JSC_PLACE_UNWRAPPED, /* the number of an object, 0 for none */

  /* A message that a script posts */
  WEB_JSC_PLACE_LENGTH, /* of its last part */
  WEB_JSC_PLACE_IS_IN_SCRATCH,

  /* What the other functions of C return besides their results */
  WEB_JSC_PLACE_PORT1,
  WEB_JSC_PLACE_PORT2,
  WEB_JSC_PLACE_N_WAITING, /* messages at a port */
  WEB_JSC_PLACE_N_WAITING_AT_PEER,
  WEB_JSC_N_PLACES
} WebJscPlace;

/* The numbers of the dispatches that are under way are behind these places. */
#define WEB_JSC_FIRST_DISPATCH WEB_JSC_N_PLACES
#define WEB_JSC_N_DISPATCHES   32

#define WEB_JSC_MAILBOX_SIZE 64
G_STATIC_ASSERT (WEB_JSC_FIRST_DISPATCH + WEB_JSC_N_DISPATCHES <= WEB_JSC_MAILBOX_SIZE);

/* What C asks of a script. */
typedef enum
{
  WEB_JSC_CALL_BEGIN,
  WEB_JSC_CALL_STEP,
  WEB_JSC_CALL_ABANDON,
  WEB_JSC_CALL_WRAP,
  WEB_JSC_CALL_UNWRAP,
  WEB_JSC_CALL_FIRE_TIMER,
  WEB_JSC_CALL_INSTALL_SCOPE,
  WEB_JSC_CALL_RUN_SCRIPT,
  WEB_JSC_CALL_GET_MODULES,
  WEB_JSC_CALL_PART,
  WEB_JSC_CALL_NOTHING,
} WebJscCall;

/* The kinds of objects that have a wrapper. */
typedef enum
{
  WEB_JSC_KIND_NONE,
  WEB_JSC_KIND_PORT,
  WEB_JSC_KIND_WORKER,
  WEB_JSC_KIND_BROADCAST_CHANNEL,
  WEB_JSC_KIND_SCOPE,
  WEB_JSC_KIND_SHARED_WORKER,
  WEB_JSC_KIND_SHARED_SCOPE,
} WebJscKind;

/* The types of events that scripts get from C. */
typedef enum
{
  WEB_JSC_EVENT_MESSAGE,
  WEB_JSC_EVENT_MESSAGEERROR,
  WEB_JSC_EVENT_CLOSE,
  WEB_JSC_EVENT_ERROR,
  WEB_JSC_EVENT_CONNECT,
  WEB_JSC_N_EVENTS
} WebJscEvent;

/* The texts of an event that a script may ask for. */
typedef enum
{
  WEB_JSC_DETAIL_ORIGIN,
  WEB_JSC_DETAIL_MESSAGE,
  WEB_JSC_DETAIL_FILENAME,
  WEB_JSC_DETAIL_STACK,
} WebJscDetail;

typedef struct _WebJscRealm WebJscRealm;

/* An object of C that a script has a wrapper of. */
typedef struct
{
  WebJscRealm    *realm; /* unowned: it has the slot */
  guint64         number;
  WebJscKind      kind;
  WebEventTarget *target;                      /* owned */
  guint           listeners[WEB_JSC_N_EVENTS]; /* 0 for none */
} WebJscSlot;

/* The library in one context. Reference-counted (g_atomic_rc_box). What the garbage collector frees
 * has references to it. */
struct _WebJscRealm
{
  GMainContext    *main_context; /* owned; %NULL once the context is gone */
  GThread         *thread;       /* unowned, to compare */
  WebPrivateRealm *realm;        /* owned; %NULL once the realm is over */
  WebJscHost      *host;         /* owned, nullable */
  char            *base_url;
  WebOrigin       *origin;        /* owned, nullable: of its broadcast channels */
  char            *opaque_origin; /* nullable: one that no other realm has */
  gint64           time_origin;

  gpointer machine; /* unowned, to compare */

  /* Weak, so that it keeps neither the function nor the context. */
  JSCWeakValue *entry;
  /* As long as the program keeps the context, which keeps the function, the engine calls it. */
  JSCContext    *context;      /* weak, nullable */
  WebJscFunction function;     /* that of @entry, if there is a @context */
  JSCClass      *handle_class; /* owned */

  /* The buffers of js/bridge.js, which live as long as the function of @entry. */
  double *mailbox;
  guint8 *incoming;
  guint8 *outgoing;
  guint8 *scratch;

  GPtrArray    *shared_workers; /* owned: it is a user of these as long as it lives */
  GHashTable   *slots;          /* number to WebJscSlot, owned */
  GHashTable   *numbers;        /* object to its WebJscSlot, unowned */
  WebJscTimers *timers;         /* owned, nullable */
  guint         depth;          /* of dispatches that are under way */
  guint64       last_dispatch;

  /* The message that a script is about to send. */
  GByteArray *bytes;
  GHashTable *kept; /* number to GBytes, owned */
  guint       last_kept;
  guint       n_ended;   /* web_jsc_engine_count_ended() when these were filled */
  guint       n_settled; /* and when the engine was found to be ready for calls */
  GPtrArray  *buffers;   /* of GBytes, owned */
  GPtrArray  *transfer;  /* of WebTransferable, unowned */
  GPtrArray  *objects;   /* of WebSerializable, unowned */
  GError     *error;     /* of the last call, nullable */

  /* What a script receives at the moment. */
  WebEvent          *event;    /* unowned, nullable: what is being read */
  WebSerializedData *message;  /* owned, nullable */
  GPtrArray         *received; /* of GObject, owned, nullable: of a clone */
  GBytes            *reading;  /* owned, nullable */
  gsize              n_read;
  GBytes            *script; /* owned, nullable: what was loaded last */

  /* In a worker. */
  WebWorkerGlobalScope *scope;        /* unowned, nullable */
  GBytes               *first_script; /* owned, nullable: what the owner has loaded */
  gboolean              is_module;

  /* Handles that the garbage collector has freed, on whatever thread. */
  GMutex   lock;
  GArray  *garbage; /* of guint64. Protected by @lock */
  GSource *sweep;   /* unowned, nullable: frees what is in @garbage. Protected by @lock */
};

void         web_jsc_realm_load_scripts (void);
WebJscRealm *web_jsc_realm_new (WebJscHost *host, const char *base_url);
WebJscRealm *web_jsc_realm_ref (WebJscRealm *self);
void         web_jsc_realm_unref (WebJscRealm *self);
void         web_jsc_realm_shut_down (WebJscRealm *self);
void         web_jsc_realm_leave_context (WebJscRealm *self);
gboolean     web_jsc_realm_is_over (WebJscRealm *self);

gboolean     web_jsc_realm_install (WebJscRealm *self, JSCContext *context, WebJscFlags flags);
WebJscRealm *web_jsc_realm_find (JSCContext *context);

/* After a time limit. */
void web_jsc_realm_settle (void);
void web_jsc_realm_settle_soon (void);

/* Asks the script for something: fills in the mailbox between the two. */
JSCValue *web_jsc_realm_begin (WebJscRealm *self);
JSCValue *web_jsc_realm_end (WebJscRealm *self,
                             JSCValue    *entry,
                             WebJscCall   call,
                             JSCValue    *argument);

WebJscSlot *web_jsc_realm_add (WebJscRealm *self, gpointer target, WebJscKind kind);
WebJscSlot *web_jsc_realm_get (WebJscRealm *self, double number);
WebJscSlot *web_jsc_realm_get_peer (WebJscRealm *self, WebJscSlot *slot);
void web_jsc_realm_listen (WebJscRealm *self, WebJscSlot *slot, WebJscEvent type, gboolean listens);
void web_jsc_realm_read (WebJscRealm *self, GBytes *bytes);

/* Makes the functions that the scripts of the library call. */
JSCValue *web_jsc_natives_new (WebJscRealm *realm, JSCContext *context);
void      web_jsc_natives_report (WebJscRealm *self, const char *message);

G_END_DECLS
