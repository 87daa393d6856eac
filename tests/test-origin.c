/* test-origin.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* HTML, browsers.html#origin; URL, #origin and #host-parsing */

#include "web-test.h"

/* URLs with the origin that they have, %NULL if they are not absolute URLs. */
typedef struct
{
  const char *url;
  const char *origin;
} Row;

static void
check (const Row *rows, gsize n_rows)
{
  gsize i;

  for (i = 0; i < n_rows; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WebOrigin) origin = web_origin_new_for_url (rows[i].url, &error);
      g_autofree char *text = origin != NULL ? web_origin_serialize (origin) : NULL;

      if (g_strcmp0 (text, rows[i].origin) != 0)
        g_error ("The origin of “%s” is “%s”, and not “%s”", rows[i].url, text, rows[i].origin);
      if (origin == NULL)
        web_test_assert_error (error, WEB_MESSAGING_ERROR_SYNTAX);
    }
}

static void
test_schemes (void)
{
  static const Row rows[] = {
    { "https://example.org", "https://example.org" },
    { "https://example.org/a/path?query#fragment", "https://example.org" },
    { "HTTPS://EXAMPLE.org", "https://example.org" },
    { "ws://example.org:80", "ws://example.org" },
    { "wss://example.org", "wss://example.org" },
    { "ftp://example.org:21", "ftp://example.org" },
    { "file:///etc/passwd", "null" },
    { "data:text/plain,hello", "null" },
    { "about:blank", "null" },
    { "app://settings", "null" },
    { "a+b-.1:", "null" },
    { "", NULL },
    { "example.org", NULL },
    { "/path", NULL },
    { "*", NULL },
    { "//example.org", NULL },
    { ":", NULL },
    { "1a://example.org", NULL },
    { "ht tps://example.org", NULL },
    { "https", NULL },
    { "é://example.org", NULL },
  };

  check (rows, G_N_ELEMENTS (rows));
}

static void
test_authorities (void)
{
  static const Row rows[] = {
    { "  https://example.org\n", "https://example.org" },
    { "ht\ntps:/\t/exam\rple.org", "https://example.org" },
    { "https:example.org", "https://example.org" },
    { "https:///example.org", "https://example.org" },
    { "https:\\\\example.org\\path", "https://example.org" },
    { "https://good.example\\@evil.example/", "https://good.example" },
    { "https://good.example?@evil.example/", "https://good.example" },
    { "https://user:secret@example.org/", "https://example.org" },
    { "https://a@b:c:d@example.org/", "https://example.org" },
    { "https://us%zer@example.org/", "https://example.org" },
    { "https://a[b]@example.org/", "https://example.org" },
    { "https://a user@example.org/", "https://example.org" },
    { "https://example.org:443/", "https://example.org" },
    { "https://example.org:00443/", "https://example.org" },
    { "https://example.org:/", "https://example.org" },
    { "https://example.org:0/", "https://example.org:0" },
    { "https://example.org:8443/", "https://example.org:8443" },
    { "https://example.org:65535/", "https://example.org:65535" },
    { "http://example.org:80", "http://example.org" },
    { "http://example.org:443", "http://example.org:443" },
    { "https://example.org:65536", NULL },
    { "https://example.org:4294967739", NULL },
    { "https://example.org:port", NULL },
    { "https://example.org:+443", NULL },
    { "https://example.org:4 43", NULL },
    { "https://example.org:80:80", NULL },
    { "https://", NULL },
    { "https:///", NULL },
    { "https://user@/", NULL },
    { "https://:80/", NULL },
    { "file://host/path", "null" },
    { "file://C|/path", "null" },
    { "file://a b/", NULL },
    { "file://host:80/", NULL },
    { "app:///path", "null" },
    { "app://a%00b:80/", "null" },
    { "app://[::1]/", "null" },
    { "app://host:port", NULL },
    { "app://user@/", NULL },
    { "app://:80/", NULL },
    { "app://a b/", NULL },
    { "app://[::1/", NULL },
  };

  check (rows, G_N_ELEMENTS (rows));
}

static void
test_domains (void)
{
  static const Row rows[] = {
    { "https://ex%61mple.org", "https://example.org" },
    { "https://EXAMPLE.org.", "https://example.org." },
    { "https://a..b", "https://a..b" },
    { "https://a_b.-c-.*", "https://a_b.-c-.*" },
    { "https://a\"'`{}b", "https://a\"'`{}b" },
    { "https://bücher.example", "https://xn--bcher-kva.example" },
    { "https://b%C3%BCcher.example", "https://xn--bcher-kva.example" },
    { "https://BU\u0308CHER.example", "https://xn--bcher-kva.example" },
    { "https://XN--BCHER-KVA.example", "https://xn--bcher-kva.example" },
    { "https://faß.de/", "https://xn--fa-hia.de" },
    { "https://fass.de/", "https://fass.de" },
    { "https://βόλος.com", "https://xn--nxasmm1c.com" },
    { "https://ΒΌΛΟΣ.com", "https://xn--nxasmq6b.com" },
    { "https://☃.net/", "https://xn--n3h.net" },
    { "https://💩.la/", "https://xn--ls8h.la" },
    { "https://ｅｘ．com。/", "https://ex.com." },
    { "https://ex\u00ad\ufeffample.org", "https://example.org" },
    { "https://exa mple.org", NULL },
    { "https://exa<mple.org", NULL },
    { "https://exa|mple.org", NULL },
    { "https://exa^mple.org", NULL },
    { "https://exa%20mple.org", NULL },
    { "https://exa%2Fmple.org", NULL },
    { "https://exa%00mple.org", NULL },
    { "https://%00", NULL },
    { "https://exa%7Fmple.org", NULL },
    { "https://exa%mple.org", NULL },
    { "https://exa%25mple.org", NULL },
    { "https://%FF", NULL },
    { "https://％41.com", NULL },
    { "https://℀.com", NULL },
    { "https://a…b", NULL },
    { "https://⒈com", NULL },
    { "https://\u0301a", NULL },
    { "https://a\u200db", NULL },
    { "https://a\u200db.example", NULL },
    { "https://\u00ad", NULL },
    { "https://xn--", NULL },
    { "https://xn--a", NULL },
    { "https://xn--fass", NULL },
    { "https://a.b.c.xn--pokxncvks/", NULL },
  };

  check (rows, G_N_ELEMENTS (rows));
}

static void
test_ipv4_addresses (void)
{
  static const Row rows[] = {
    { "http://127.0.0.1", "http://127.0.0.1" },
    { "http://127.1/", "http://127.0.0.1" },
    { "http://127.0.0.1./", "http://127.0.0.1" },
    { "http://0x7f.1", "http://127.0.0.1" },
    { "http://0300.168.0.0XF0", "http://192.168.0.240" },
    { "http://0x", "http://0.0.0.0" },
    { "http://00000000000000000000000000000000000001", "http://0.0.0.1" },
    { "http://4294967295", "http://255.255.255.255" },
    { "http://1.16777215", "http://1.255.255.255" },
    { "http://1.2.65535", "http://1.2.255.255" },
    { "http://%30%78%37%66.1", "http://127.0.0.1" },
    { "http://１.２.3。４", "http://1.2.3.4" },
    { "http://1.example", "http://1.example" },
    { "http://1.2.3.4..", "http://1.2.3.4.." },
    { "http://4294967296", NULL },
    { "http://18446744073709551616", NULL },
    { "http://1.16777216", NULL },
    { "http://1.256.3.4", NULL },
    { "http://1.2.3.256", NULL },
    { "http://1.2.3.08", NULL },
    { "http://09", NULL },
    { "http://1.2.3.4.5", NULL },
    { "http://1..2", NULL },
    { "http://example.1", NULL },
    { "http://example.0x", NULL },
  };

  check (rows, G_N_ELEMENTS (rows));
}

static void
test_ipv6_addresses (void)
{
  static const Row rows[] = {
    { "http://[::1]:8080", "http://[::1]:8080" },
    { "http://[::]", "http://[::]" },
    { "http://[1::]", "http://[1::]" },
    { "http://[0:0::1]", "http://[::1]" },
    { "http://[2001:DB8::000A]", "http://[2001:db8::a]" },
    { "http://[1:0:0:2:0:0:0:3]", "http://[1:0:0:2::3]" },
    { "http://[1:0:0:2:3:0:0:4]", "http://[1::2:3:0:0:4]" },
    { "http://[1:2:3:4:5:6:0:0]", "http://[1:2:3:4:5:6::]" },
    { "http://[2001:db8:0:1:1:1:1:1]", "http://[2001:db8:0:1:1:1:1:1]" },
    { "http://[1:2:3:4:5:6:7::]", "http://[1:2:3:4:5:6:7:0]" },
    { "http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]" },
    { "http://[::1.2.3.4]", "http://[::102:304]" },
    { "http://[", NULL },
    { "http://[]", NULL },
    { "http://[::1", NULL },
    { "http://[::1]x", NULL },
    { "http://x[::1]", NULL },
    { "http://[:::1]", NULL },
    { "http://[1::2::3]", NULL },
    { "http://[12345::]", NULL },
    { "http://[::g]", NULL },
    { "http://[::1%25lo]", NULL },
    { "http://[::01.2.3.4]", NULL },
    { "http://[1.2.3.4]", NULL },
    { "http://[1:2:3:4:5:6:7:8:9]", NULL },
    { "http://%5B%3A%3A1%5D", NULL },
    { "http://%3A%3A1", NULL },
  };

  check (rows, G_N_ELEMENTS (rows));
}

/* The URL in a blob: URL counts if it is http or https, one level deep. */
static void
test_blobs (void)
{
  static const Row rows[] = {
    { "blob:https://example.org/9115d58c", "https://example.org" },
    { "BLOB:HTTP://example.org:80/9115d58c", "http://example.org" },
    { "blob: https://example.org", "https://example.org" },
    { "blob:https://exa mple.org/9115d58c", "null" },
    { "blob:ftp://example.org/9115d58c", "null" },
    { "blob:ws://example.org/9115d58c", "null" },
    { "blob:wss://example.org/9115d58c", "null" },
    { "blob:file:///9115d58c", "null" },
    { "blob:blob:https://example.org/9115d58c", "null" },
    { "blob:/https://example.org/", "null" },
    { "blob://https://example.org/", "null" },
    { "blob:nonsense", "null" },
    { "blob:", "null" },
    { "blob://a b/", NULL },
  };

  check (rows, G_N_ELEMENTS (rows));
}

static char *
repeat (const char *before, const char *text, guint n, const char *after)
{
  GString *string = g_string_new (before);

  while (n-- > 0)
    g_string_append (string, text);
  g_string_append (string, after);

  return g_string_free (string, FALSE);
}

/* A parser in quadratic time would not end here, and a recursive one would overflow the stack. */
static void
test_long_urls (void)
{
  const guint n = 1000000;
  const struct
  {
    const char *before;
    const char *text;
    const char *after;
    gboolean    is_valid;
  } urls[] = {
    { "", "blob:", "https://example.org/", TRUE },
    { "https://xn--", "z", "", FALSE },
    { "https://xn--", "a", "-9ca", FALSE },
    { "https://", "é", "", FALSE },
    { "https://", "a.", "", TRUE },
    { "https://", "xn--9ca.", "", TRUE },
    { "https://", "1.", "1", FALSE },
    { "https://[", "0:", "]", FALSE },
    { "https://", "@", "a", TRUE },
    { "https://", "%41", "", TRUE },
    { "https://0x", "0", "1", TRUE },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autofree char *url = repeat (urls[i].before, urls[i].text, n, urls[i].after);
      g_autoptr (WebOrigin) origin = web_origin_new_for_url (url, NULL);

      g_assert_cmpint (origin != NULL, ==, urls[i].is_valid);
    }
}

static void
test_parts (void)
{
  g_autoptr (WebOrigin) origin = web_origin_new_for_url ("HTTPS://BÜCHER.example:8443/path", NULL);
  g_autoptr (WebOrigin) address = web_origin_new_for_url ("http://[0::1]:80/", NULL);
  g_autoptr (WebOrigin) opaque = web_origin_new_opaque ();

  g_assert_cmpstr (web_origin_get_scheme (origin), ==, "https");
  g_assert_cmpstr (web_origin_get_host (origin), ==, "xn--bcher-kva.example");
  g_assert_cmpint (web_origin_get_port (origin), ==, 8443);

  g_assert_cmpstr (web_origin_get_scheme (address), ==, "http");
  g_assert_cmpstr (web_origin_get_host (address), ==, "::1");
  g_assert_cmpint (web_origin_get_port (address), ==, -1);

  g_assert_null (web_origin_get_scheme (opaque));
  g_assert_null (web_origin_get_host (opaque));
  g_assert_cmpint (web_origin_get_port (opaque), ==, -1);
}

static void
test_same_origin (void)
{
  g_autoptr (WebOrigin) a = web_origin_new_for_url ("https://example.org/a", NULL);
  g_autoptr (WebOrigin) b = web_origin_new_for_url ("https://example.org:443/b", NULL);
  g_autoptr (WebOrigin) other_port = web_origin_new_for_url ("https://example.org:8443", NULL);
  g_autoptr (WebOrigin) other_scheme = web_origin_new_for_url ("http://example.org:443", NULL);
  g_autoptr (WebOrigin) other_host = web_origin_new_for_url ("https://www.example.org", NULL);
  g_autoptr (WebOrigin) opaque = web_origin_new_opaque ();
  g_autoptr (WebOrigin) opaque2 = web_origin_new_for_url ("data:,", NULL);

  g_assert_true (web_origin_is_same_origin (a, b));
  g_assert_false (web_origin_is_same_origin (a, other_port));
  g_assert_false (web_origin_is_same_origin (a, other_scheme));
  g_assert_false (web_origin_is_same_origin (a, other_host));
  g_assert_false (web_origin_is_same_origin (a, opaque));
  g_assert_true (web_origin_is_same_origin (opaque, opaque));
  g_assert_false (web_origin_is_same_origin (opaque, opaque2));
  g_assert_true (web_origin_is_opaque (opaque2));
  g_assert_false (web_origin_is_opaque (a));
}

static void
test_hash_table (void)
{
  static const char *const urls[] = { "https://example.org",
                                      "http://example.org",
                                      "https://example.org:8443",
                                      "https://www.example.org",
                                      "data:,1",
                                      "data:,2" };
  g_autoptr (GHashTable) table = g_hash_table_new_full (web_origin_hash, web_origin_equal,
                                                        (GDestroyNotify)web_origin_unref, NULL);
  g_autoptr (WebOrigin) again = web_origin_new_for_url ("https://example.org:443/again", NULL);
  g_autoptr (WebOrigin) opaque = web_origin_new_opaque ();
  guint i;

  for (i = 0; i < G_N_ELEMENTS (urls); i++)
    g_hash_table_add (table, web_origin_new_for_url (urls[i], NULL));
  g_assert_cmpuint (g_hash_table_size (table), ==, G_N_ELEMENTS (urls));

  g_assert_true (g_hash_table_contains (table, again));
  g_assert_false (g_hash_table_contains (table, opaque));
  g_hash_table_add (table, web_origin_ref (opaque));
  g_assert_true (g_hash_table_contains (table, opaque));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/origin/schemes", test_schemes);
  g_test_add_func ("/origin/authorities", test_authorities);
  g_test_add_func ("/origin/domains", test_domains);
  g_test_add_func ("/origin/ipv4-addresses", test_ipv4_addresses);
  g_test_add_func ("/origin/ipv6-addresses", test_ipv6_addresses);
  g_test_add_func ("/origin/blobs", test_blobs);
  g_test_add_func ("/origin/long-urls", test_long_urls);
  g_test_add_func ("/origin/parts", test_parts);
  g_test_add_func ("/origin/same-origin", test_same_origin);
  g_test_add_func ("/origin/hash-table", test_hash_table);

  return g_test_run ();
}
