/* web-origin.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <arpa/inet.h>
#include <string.h>

#include "web-error.h"
#include "web-origin.h"

/**
 * WebOrigin:
 *
 * The scheme, host and port of a URL: who a window speaks for.
 *
 * An *opaque* origin has none of these. It is the same origin as itself only, and
 * [method@WebMessaging.Origin.serialize] turns it into `"null"`.
 *
 * An origin is immutable and may be used on any thread.
 *
 * See [Origins](https://html.spec.whatwg.org/#origin).
 */

struct _WebOrigin
{
  int         ref_count; /* atomic */
  const char *scheme;    /* %NULL for an opaque origin */
  char       *host;      /* in ASCII, lower case; an IPv6 address without its brackets */
  int         port;      /* -1 for the default port of the scheme */
};

G_DEFINE_BOXED_TYPE (WebOrigin, web_origin, web_origin_ref, web_origin_unref)

/* The schemes whose URLs have a tuple origin: URL, #concept-url-origin. A blob: URL may have the
 * origin of the URL in it; all other origins are opaque. */
static const struct
{
  const char *scheme;
  guint       default_port;
} tuple_schemes[] = {
  { "https", 443 }, { "http", 80 }, { "wss", 443 }, { "ws", 80 }, { "ftp", 21 },
};

/* The longest host that is passed to g_hostname_to_ascii(), which takes quadratic time. Host names
 * of the Internet have at most 253 characters. */
#define MAX_INTERNATIONAL_HOST 1024

static WebOrigin *
origin_new (const char *scheme, char *host, int port)
{
  WebOrigin *self = g_new (WebOrigin, 1);

  self->ref_count = 1;
  self->scheme = scheme;
  self->host = host;
  self->port = port;

  return self;
}

/* URL, #forbidden-host-code-point; U+0000 cannot stand in a string of C */
static gboolean
has_forbidden_host_code_point (const char *host)
{
  return host[strcspn (host, "\t\n\r #/:<>?@[\\]^|")] != '\0';
}

/* URL, #forbidden-domain-code-point */
static gboolean
has_forbidden_domain_code_point (const char *domain)
{
  const char *c;

  for (c = domain; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || *c == '%')
      return TRUE;

  return has_forbidden_host_code_point (domain);
}

/* URL, #concept-ipv6-serializer, without the brackets */
static char *
serialize_ipv6 (const struct in6_addr *address)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint pieces[8];
  guint compress = 8;
  guint longest = 1;
  guint i;
  guint end;

  for (i = 0; i < 8; i++)
    pieces[i] = address->s6_addr[2 * i] << 8 | address->s6_addr[2 * i + 1];

  for (i = 0; i < 8; i = end + 1)
    {
      for (end = i; end < 8 && pieces[end] == 0; end++)
        ;
      if (end - i > longest)
        {
          compress = i;
          longest = end - i;
        }
    }

  for (i = 0; i < 8; i++)
    if (i == compress)
      {
        g_string_append (text, i == 0 ? "::" : ":");
        i += longest - 1;
      }
    else
      {
        g_string_append_printf (text, "%x%s", pieces[i], i < 7 ? ":" : "");
      }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* URL, #concept-ipv6-parser; @host begins with a bracket */
static char *
parse_ipv6 (const char *host)
{
  gsize            length = strlen (host);
  struct in6_addr  address;
  g_autofree char *text = NULL;

  if (host[length - 1] != ']')
    return NULL;

  text = g_strndup (host + 1, length - 2);

  return inet_pton (AF_INET6, text, &address) == 1 ? serialize_ipv6 (&address) : NULL;
}

/* URL, #ipv4-number-parser. Returns FALSE if @text is not a number; one that is too large for an
 * address becomes G_MAXUINT32 + 1. */
static gboolean
parse_ipv4_number (const char *text, guint64 *number)
{
  int base = 10;

  if (*text == '\0')
    return FALSE;

  if (g_ascii_strncasecmp (text, "0x", 2) == 0)
    {
      base = 16;
      text += 2;
    }
  else if (*text == '0')
    {
      base = 8;
    }

  for (*number = 0; *text != '\0'; text++)
    {
      int digit = g_ascii_xdigit_value (*text);

      if (digit < 0 || digit >= base)
        return FALSE;
      *number = MIN (*number * base + digit, (guint64)G_MAXUINT32 + 1);
    }

  return TRUE;
}

/* URL, #ends-in-a-number-checker, for a domain without a dot at the end */
static gboolean
ends_in_a_number (const char *domain)
{
  const char *dot = strrchr (domain, '.');
  const char *last = dot != NULL ? dot + 1 : domain;
  guint64     number;

  return (*last != '\0' && last[strspn (last, "0123456789")] == '\0') ||
         parse_ipv4_number (last, &number);
}

/* URL, #concept-ipv4-parser and #concept-ipv4-serializer, for a domain without a dot at the end */
static char *
parse_ipv4 (const char *domain)
{
  g_auto (GStrv) labels = g_strsplit (domain, ".", 5);
  guint   n_labels = g_strv_length (labels);
  guint64 address = 0;
  guint   i;

  if (n_labels > 4)
    return NULL;

  for (i = 0; i < n_labels; i++)
    {
      gboolean is_last = i == n_labels - 1;
      guint64  limit = is_last ? G_GUINT64_CONSTANT (1) << 8 * (4 - i) : 256;
      guint64  number;

      if (!parse_ipv4_number (labels[i], &number) || number >= limit)
        return NULL;
      address += is_last ? number : number << 8 * (3 - i);
    }

  return g_strdup_printf ("%u.%u.%u.%u", (guint)(address >> 24), (guint)(address >> 16) & 0xff,
                          (guint)(address >> 8) & 0xff, (guint)address & 0xff);
}

/* URL, #string-percent-decode. Returns %NULL for a U+0000, which no host may have. */
static char *
percent_decode (const char *text)
{
  g_autoptr (GString) decoded = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      char c = *text;

      if (c == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2]))
        {
          c = g_ascii_xdigit_value (text[1]) << 4 | g_ascii_xdigit_value (text[2]);
          if (c == '\0')
            return NULL;
          text += 2;
        }
      g_string_append_c (decoded, c);
    }

  return g_string_free (g_steal_pointer (&decoded), FALSE);
}

/* The ideographic full stops separate labels, too. */
static char *
replace_full_stops (const char *domain)
{
  GString *replaced = g_string_new (domain);

  g_string_replace (replaced, "。", ".", 0);
  g_string_replace (replaced, "．", ".", 0);
  g_string_replace (replaced, "｡", ".", 0);

  return g_string_free (replaced, FALSE);
}

/* Encodes a label. Unlike UTS #46, GLib drops joiners, accepts a combining mark as the first
 * character, and maps a capital sigma at the end of a word to a final sigma. */
static char *
label_to_ascii (const char *label)
{
  g_autofree char *normalized = NULL;
  g_autofree char *ascii = NULL;
  g_autoptr (GString) mapped = NULL;

  if (g_str_is_ascii (label))
    return g_ascii_strdown (label, -1);

  normalized = g_utf8_normalize (label, -1, G_NORMALIZE_NFKC);
  if (strchr (normalized, '.') != NULL || strstr (normalized, "\u200c") != NULL ||
      strstr (normalized, "\u200d") != NULL || g_unichar_ismark (g_utf8_get_char (normalized)))
    return NULL;

  mapped = g_string_new (normalized);
  g_string_replace (mapped, "Σ", "σ", 0);
  ascii = g_hostname_to_ascii (mapped->str);

  return ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;
}

/* A label in Punycode must be what the decoded label is encoded as. */
static gboolean
is_valid_label (const char *label)
{
  g_autofree char *decoded = NULL;
  g_autofree char *encoded = NULL;

  if (!g_hostname_is_ascii_encoded (label))
    return TRUE;

  decoded = g_hostname_to_unicode (label);
  encoded = decoded != NULL && !g_str_is_ascii (decoded) ? g_hostname_to_ascii (decoded) : NULL;

  return g_strcmp0 (label, encoded) == 0;
}

/* URL, #concept-domain-to-ascii, as far as GLib goes with Unicode */
static char *
domain_to_ascii (const char *domain)
{
  g_autofree char *dotted = NULL;
  g_autoptr (GString) ascii = NULL;
  const char *label;
  gsize       length;

  if (!g_str_is_ascii (domain) &&
      (strlen (domain) > MAX_INTERNATIONAL_HOST || !g_utf8_validate (domain, -1, NULL)))
    return NULL;

  dotted = replace_full_stops (domain);
  ascii = g_string_new (NULL);
  for (label = dotted;; label += length + 1)
    {
      g_autofree char *text = NULL;
      g_autofree char *encoded = NULL;

      length = strcspn (label, ".");
      text = g_strndup (label, length);
      encoded = label_to_ascii (text);
      if (encoded == NULL || !is_valid_label (encoded))
        return NULL;

      g_string_append (ascii, encoded);
      if (label[length] == '\0')
        return g_string_free (g_steal_pointer (&ascii), FALSE);
      g_string_append_c (ascii, '.');
    }
}

/* URL, #concept-host-parser, for the host of a special scheme */
static char *
parse_host (const char *host)
{
  g_autofree char *domain = NULL;
  g_autofree char *ascii = NULL;
  g_autofree char *undotted = NULL;
  gsize            length;

  if (*host == '[')
    return parse_ipv6 (host);

  domain = percent_decode (host);
  ascii = domain != NULL ? domain_to_ascii (domain) : NULL;
  if (ascii == NULL || *ascii == '\0' || has_forbidden_domain_code_point (ascii))
    return NULL;

  length = strlen (ascii);
  undotted = g_strndup (ascii, ascii[length - 1] == '.' ? length - 1 : length);

  return ends_in_a_number (undotted) ? parse_ipv4 (undotted) : g_steal_pointer (&ascii);
}

/* URL, #port-state */
static gboolean
parse_port (const char *text, int *port)
{
  guint number = 0;

  *port = -1;
  if (*text == '\0')
    return TRUE;

  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isdigit (*text))
        return FALSE;
      number = MIN (number * 10 + g_ascii_digit_value (*text), G_MAXUINT16 + 1);
    }
  *port = number;

  return number <= G_MAXUINT16;
}

/* URL, #authority-state and #host-state: returns the host of an authority, and its port, -1 for
 * none. */
static char *
split_authority (const char *authority, int *port)
{
  const char *user_end = strrchr (authority, '@');
  const char *host = user_end != NULL ? user_end + 1 : authority;
  const char *end;
  gboolean    in_brackets = FALSE;

  for (end = host; *end != '\0' && (*end != ':' || in_brackets); end++)
    if (*end == '[')
      in_brackets = TRUE;
    else if (*end == ']')
      in_brackets = FALSE;

  if (end == host && (user_end != NULL || *end == ':'))
    return NULL;
  if (!parse_port (*end == ':' ? end + 1 : end, port))
    return NULL;

  return g_strndup (host, end - host);
}

/* Returns the origin of a URL with one of the tuple schemes. @rest follows the scheme. What follows
 * the authority does not matter. */
static WebOrigin *
parse_tuple_origin (guint scheme_index, const char *rest)
{
  const char      *start = rest + strspn (rest, "/\\");
  g_autofree char *authority = g_strndup (start, strcspn (start, "/\\?#"));
  g_autofree char *host_text = NULL;
  g_autofree char *host = NULL;
  int              port;

  host_text = split_authority (authority, &port);
  host = host_text != NULL ? parse_host (host_text) : NULL;
  if (host == NULL)
    return NULL;

  if (port == (int)tuple_schemes[scheme_index].default_port)
    port = -1;

  return origin_new (tuple_schemes[scheme_index].scheme, g_steal_pointer (&host), port);
}

/* URL, #file-slash-state and #file-host-state */
static gboolean
is_valid_file_url (const char *rest)
{
  g_autofree char *host = NULL;
  g_autofree char *parsed = NULL;

  if (strspn (rest, "/\\") < 2)
    return TRUE;

  host = g_strndup (rest + 2, strcspn (rest + 2, "/\\?#"));
  if (*host == '\0' ||
      (g_ascii_isalpha (host[0]) && (host[1] == ':' || host[1] == '|') && host[2] == '\0'))
    return TRUE;

  parsed = parse_host (host);

  return parsed != NULL;
}

/* A URL with any other scheme has an authority only after two slashes. */
static gboolean
is_valid_other_url (const char *rest)
{
  g_autofree char *authority = NULL;
  g_autofree char *host = NULL;
  g_autofree char *address = NULL;
  int              port;

  if (!g_str_has_prefix (rest, "//"))
    return TRUE;

  authority = g_strndup (rest + 2, strcspn (rest + 2, "/?#"));
  host = split_authority (authority, &port);
  if (host == NULL)
    return FALSE;

  /* URL, #concept-opaque-host-parser */
  if (*host != '[')
    return !has_forbidden_host_code_point (host);

  address = parse_ipv6 (host);

  return address != NULL;
}

/* URL, #concept-basic-url-parser: removes surrounding controls and spaces, and all tabs and
 * newlines. */
static char *
strip_url (const char *url)
{
  GString *stripped = g_string_new (NULL);
  gsize    length = strlen (url);
  gsize    i;

  while (length > 0 && (guchar)url[length - 1] <= 0x20)
    length--;
  for (i = 0; i < length && (guchar)url[i] <= 0x20;)
    i++;
  for (; i < length; i++)
    if (strchr ("\t\n\r", url[i]) == NULL)
      g_string_append_c (stripped, url[i]);

  return g_string_free (stripped, FALSE);
}

/* URL, #scheme-start-state and #scheme-state: returns the end of the scheme, %NULL if there is
 * none. */
static const char *
find_scheme_end (const char *url)
{
  if (!g_ascii_isalpha (*url))
    return NULL;

  while (g_ascii_isalnum (*url) || (*url != '\0' && strchr ("+-.", *url) != NULL))
    url++;

  return *url == ':' ? url : NULL;
}

static gboolean
is_scheme (const char *url, const char *scheme_end, const char *scheme)
{
  gsize length = scheme_end - url;

  return strlen (scheme) == length && g_ascii_strncasecmp (url, scheme, length) == 0;
}

/* URL, #concept-url-origin, for a blob: URL without an entry. Only the URL directly in it counts.
 */
static WebOrigin *
parse_blob_origin (const char *rest)
{
  const char *inner = rest + strspn (rest, " ");
  const char *scheme_end = find_scheme_end (inner);
  WebOrigin  *origin = NULL;
  guint       i;

  for (i = 0; scheme_end != NULL && i < G_N_ELEMENTS (tuple_schemes); i++)
    if (g_str_has_prefix (tuple_schemes[i].scheme, "http") &&
        is_scheme (inner, scheme_end, tuple_schemes[i].scheme))
      origin = parse_tuple_origin (i, scheme_end + 1);

  return origin != NULL ? origin : web_origin_new_opaque ();
}

static WebOrigin *
parse_origin (const char *url)
{
  const char *scheme_end = find_scheme_end (url);
  const char *rest;
  guint       i;

  if (scheme_end == NULL)
    return NULL;

  rest = scheme_end + 1;

  for (i = 0; i < G_N_ELEMENTS (tuple_schemes); i++)
    if (is_scheme (url, scheme_end, tuple_schemes[i].scheme))
      return parse_tuple_origin (i, rest);

  if (is_scheme (url, scheme_end, "file") ? !is_valid_file_url (rest) : !is_valid_other_url (rest))
    return NULL;
  if (is_scheme (url, scheme_end, "blob"))
    return parse_blob_origin (rest);

  return web_origin_new_opaque ();
}

/**
 * web_origin_new_opaque:
 *
 * Makes an opaque origin, which is the same origin as itself only.
 *
 * Returns: (transfer full): a new origin
 */
WebOrigin *
web_origin_new_opaque (void)
{
  return origin_new (NULL, NULL, -1);
}

/**
 * web_origin_new_for_url:
 * @url: an absolute URL
 * @error: return location for an error
 *
 * Makes the origin of a URL. URLs of the schemes `https`, `http`, `wss`, `ws` and `ftp` have a
 * scheme, host and port for an origin; that of a `blob:` URL is the origin of the `http` or `https`
 * URL in it. The origin of all others, such as `file:`, `data:` or a scheme of the application's
 * own, is opaque, and a new one at each call.
 *
 * A C string ends at U+0000. A binding must pass U+0000 as `%00`, which is valid in a path, and an
 * error in a host.
 *
 * Sets %WEB_MESSAGING_ERROR_SYNTAX if @url is not an absolute URL.
 *
 * See [origin of a URL](https://url.spec.whatwg.org/#origin).
 *
 * Returns: (transfer full): a new origin
 */
WebOrigin *
web_origin_new_for_url (const char *url, GError **error)
{
  g_autofree char *stripped = NULL;
  WebOrigin       *self;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  stripped = strip_url (url);
  self = parse_origin (stripped);
  if (self == NULL)
    g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_SYNTAX, "Invalid URL: “%s”", url);

  return self;
}

/**
 * web_origin_ref:
 * @self: an origin
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 */
WebOrigin *
web_origin_ref (WebOrigin *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * web_origin_unref:
 * @self: (transfer full): an origin
 *
 * Drops a reference.
 */
void
web_origin_unref (WebOrigin *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_free (self->host);
  g_free (self);
}

/**
 * web_origin_is_opaque:
 * @self: an origin
 *
 * Gets whether the origin is opaque.
 *
 * See [opaque origin](https://html.spec.whatwg.org/#concept-origin-opaque).
 *
 * Returns: %TRUE if it is
 */
gboolean
web_origin_is_opaque (WebOrigin *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->scheme == NULL;
}

/**
 * web_origin_get_scheme:
 * @self: an origin
 *
 * Gets the scheme, such as `"https"`.
 *
 * See [origin](https://html.spec.whatwg.org/#concept-origin-scheme).
 *
 * Returns: (transfer none) (nullable): the scheme in lower case, %NULL for an opaque origin
 */
const char *
web_origin_get_scheme (WebOrigin *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->scheme;
}

/**
 * web_origin_get_host:
 * @self: an origin
 *
 * Gets the host: a domain in ASCII and lower case, as it stands in the Domain Name System, or an
 * address. An IPv6 address has no brackets here, as in [method@GLib.Uri.get_host].
 *
 * See [origin](https://html.spec.whatwg.org/#concept-origin-host).
 *
 * Returns: (transfer none) (nullable): the host, %NULL for an opaque origin
 */
const char *
web_origin_get_host (WebOrigin *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

/**
 * web_origin_get_port:
 * @self: an origin
 *
 * Gets the port, if it is not the one that the scheme has without saying.
 *
 * See [origin](https://html.spec.whatwg.org/#concept-origin-port).
 *
 * Returns: the port, or -1 for the default port of the scheme and for an opaque origin
 */
int
web_origin_get_port (WebOrigin *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->port;
}

/**
 * web_origin_equal:
 * @one: (type WebOrigin): an origin
 * @other: (type WebOrigin): an origin
 *
 * Compares two origins, as [method@WebMessaging.Origin.is_same_origin] does. This is a
 * [type@GLib.EqualFunc], for hash tables.
 *
 * Returns: %TRUE if they are the same origin
 */
gboolean
web_origin_equal (gconstpointer one, gconstpointer other)
{
  return web_origin_is_same_origin ((WebOrigin *)one, (WebOrigin *)other);
}

/**
 * web_origin_hash:
 * @self: (type WebOrigin): an origin
 *
 * Gets a number for the origin, which is the same for the same origin. This is a
 * [type@GLib.HashFunc].
 *
 * Returns: a hash value, for this process only
 */
guint
web_origin_hash (gconstpointer self)
{
  const WebOrigin *origin = self;

  g_return_val_if_fail (self != NULL, 0);

  if (origin->scheme == NULL)
    return g_direct_hash (self);

  return g_str_hash (origin->host) ^ g_str_hash (origin->scheme) ^ (guint)origin->port;
}

/**
 * web_origin_is_same_origin:
 * @self: an origin
 * @other: an origin
 *
 * Compares two origins.
 *
 * See [same origin](https://html.spec.whatwg.org/#same-origin).
 *
 * Returns: %TRUE if they have the same scheme, host and port, or are the same opaque origin
 */
gboolean
web_origin_is_same_origin (WebOrigin *self, WebOrigin *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  if (self == other)
    return TRUE;

  return self->scheme != NULL && self->scheme == other->scheme && self->port == other->port &&
         g_str_equal (self->host, other->host);
}

/**
 * web_origin_serialize:
 * @self: an origin
 *
 * Serializes the origin.
 *
 * See [serialization of an origin](https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin).
 *
 * Returns: (transfer full): the origin, such as `"https://example.org:8443"`, or `"null"` for an
 *   opaque one
 */
char *
web_origin_serialize (WebOrigin *self)
{
  gboolean is_ipv6;
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->scheme == NULL)
    return g_strdup ("null");

  is_ipv6 = strchr (self->host, ':') != NULL;
  text = g_string_new (self->scheme);
  g_string_append_printf (text, is_ipv6 ? "://[%s]" : "://%s", self->host);
  if (self->port >= 0)
    g_string_append_printf (text, ":%d", self->port);

  return g_string_free (text, FALSE);
}
