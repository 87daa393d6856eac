/* fuzz-message.c: bytes of an unknown sender, for libFuzzer
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <sanitizer/allocator_interface.h>
#include <stdint.h>
#include <stdlib.h>
#include <webmessaging/webmessaging.h>
#include <webmessaging/bindings/web-private.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What validation and conversion may hold at once for an input of n bytes. */
#define FACTOR   256
#define CONSTANT 65536

/* Not g_error(), whose signal libFuzzer does not catch. */
#define finding(...) (g_printerr (__VA_ARGS__), g_printerr ("\n"), abort ())

static size_t held;
static size_t most_held;
static size_t limit;

static void
on_malloc (const volatile void *memory, size_t size)
{
  held += size;
  if (held > most_held)
    most_held = held;
}

static void
on_free (const volatile void *memory)
{
  size_t size = memory != NULL ? __sanitizer_get_allocated_size (memory) : 0;

  /* What was there before is not ours to count. */
  held -= size < held ? size : held;
}

static void
start_counting (size_t size)
{
  held = 0;
  most_held = 0;
  limit = FACTOR * size + CONSTANT;
}

static void
check_count (const char *what)
{
  if (most_held > limit)
    finding ("%s holds %zu bytes, more than %zu", what, most_held, limit);
}

/* A class that bytes can name. It fails without an error, as one of an application may. */

#define FUZZ_TYPE_NOTE (fuzz_note_get_type ())
G_DECLARE_FINAL_TYPE (FuzzNote, fuzz_note, FUZZ, NOTE, GObject)

struct _FuzzNote
{
  GObject parent_instance;
};

static gboolean
fuzz_note_deserialize (WebSerializable *serializable, GVariant *serialized, GError **error)
{
  return g_variant_is_of_type (serialized, G_VARIANT_TYPE_STRING);
}

static void
fuzz_note_serializable_iface_init (WebSerializableInterface *iface)
{
  iface->deserialize = fuzz_note_deserialize;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FuzzNote,
                               fuzz_note,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_SERIALIZABLE,
                                                      fuzz_note_serializable_iface_init))

static void
fuzz_note_class_init (FuzzNoteClass *klass)
{
}

static void
fuzz_note_init (FuzzNote *self)
{
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_type_ensure (FUZZ_TYPE_NOTE);
  __sanitizer_install_malloc_and_free_hooks (on_malloc, on_free);

  return 0;
}

/* What was read is written as something that is read as the same. */
static void
check_round_trip (WebSerializedData *message)
{
  g_autoptr (GBytes) bytes = web_serialized_data_to_bytes (message, NULL);
  g_autoptr (WebSerializedData) again = NULL;
  g_autoptr (GBytes) bytes_again = NULL;
  g_autoptr (GError) error = NULL;

  again = web_serialized_data_new_from_bytes (bytes, &error);
  if (again == NULL)
    finding ("What was written cannot be read: %s", error->message);
  bytes_again = web_serialized_data_to_bytes (again, NULL);
  if (!g_bytes_equal (bytes, bytes_again))
    finding ("What was written is read as something else");
}

static gboolean
can_be_sent (GVariant *value)
{
  g_autoptr (WebSerializedData) data = NULL;

  return (data = web_serialized_data_new (value, NULL, 0, NULL, 0, NULL)) != NULL;
}

/* A GVariant that was made of a message, and what scripts read of one. */
static void
check_conversions (WebSerializedData *message)
{
  GVariant *value;

  web_serialized_data_get_value (message, &value, NULL);
  web_private_get_cbor (message);
  check_count ("Conversion");
  if (value != NULL)
    {
      /* Handles are found in a tree and in bytes alike. */
      gboolean as_tree = can_be_sent (value);
      g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (value);
      g_autoptr (GVariant) copy =
        g_variant_ref_sink (g_variant_new_from_bytes (g_variant_get_type (value), bytes, FALSE));

      if (can_be_sent (copy) != as_tree)
        finding ("A GVariant can be sent in one form and not in another");
      if (!g_variant_is_normal_form (copy))
        finding ("A GVariant that GVariant cannot read");
    }
}

static void
check_objects (WebSerializedData *message)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  if (!web_serialized_data_deserialize (message, NULL, &objects, &error) && error == NULL)
    finding ("A failure without an error");
}

static void
check_message (GBytes *bytes)
{
  g_autoptr (WebSerializedData) message = NULL;

  start_counting (g_bytes_get_size (bytes));
  message = web_serialized_data_new_from_bytes (bytes, NULL);
  check_count ("Reading a message");
  if (message == NULL)
    return;

  check_conversions (message);
  check_round_trip (message);
  check_objects (message);
}

static void
check_value (GBytes *bytes)
{
  g_autoptr (WebSerializedData) message = NULL;

  start_counting (g_bytes_get_size (bytes));
  message = web_private_serialize_cbor (bytes, NULL, 0, NULL, 0, NULL, 0, NULL);
  check_conversions (message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);

  check_message (bytes);
  check_value (bytes);

  return 0;
}
