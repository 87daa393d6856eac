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
 * Who a window speaks for: the scheme, host and port of its URL.
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

/* The schemes whose URLs have a tuple origin: URL, #concept-url-origin. Those of all other schemes
 * are opaque, but for blob: URLs, which have the origin of the URL in them. */
static const struct
{
  const char *scheme;
  int         default_port;
} tuple_schemes[] = {
  { "https", 443 }, { "http", 80 }, { "wss", 443 }, { "ws", 80 }, { "ftp", 21 },
};

/* URL, #forbidden-host-code-point, and the percent sign of #forbidden-domain-code-point. */
static gboolean
has_forbidden_code_point (const char *host)
{
  const char *c;

  for (c = host; *c != '\0'; c++)
    if ((guchar)*c <= 0x20 || *c == 0x7f || strchr ("#%/:<>?@[\\]^|", *c) != NULL)
      return TRUE;

  return FALSE;
}

static char *
normalize_address (int family, const void *address)
{
  char buffer[INET6_ADDRSTRLEN];

  return g_strdup (inet_ntop (family, address, buffer, sizeof buffer));
}

/* URL, #ends-in-a-number-checker */
static gboolean
ends_in_a_number (const char *host)
{
  g_auto (GStrv) labels = g_strsplit (host, ".", -1);
  guint       n_labels = g_strv_length (labels);
  const char *last;

  if (n_labels > 1 && *labels[n_labels - 1] == '\0')
    n_labels--;
  if (n_labels == 0)
    return FALSE;

  last = labels[n_labels - 1];
  if (*last != '\0' && strspn (last, "0123456789") == strlen (last))
    return TRUE;

  return g_ascii_strncasecmp (last, "0x", 2) == 0 &&
         strspn (last + 2, "0123456789abcdefABCDEF") == strlen (last + 2);
}

/* URL, #concept-host-parser, for the host of a special scheme as GUri has decoded it. */
static char *
normalize_host (const char *host)
{
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;
  struct in6_addr  address6;
  struct in_addr   address4;

  if (host == NULL || *host == '\0')
    return NULL;

  if (strchr (host, ':') != NULL)
    return inet_pton (AF_INET6, host, &address6) == 1 ? normalize_address (AF_INET6, &address6)
                                                      : NULL;

  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL || has_forbidden_code_point (ascii))
    return NULL;

  if (ends_in_a_number (ascii))
    return inet_aton (ascii, &address4) != 0 ? normalize_address (AF_INET, &address4) : NULL;

  lower = g_ascii_strdown (ascii, -1);

  return g_steal_pointer (&lower);
}

/* URL, #concept-basic-url-parser: surrounding controls and spaces go, and tabs and newlines. */
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

/* The origin of a URL of one of the tuple schemes; @rest is what follows the scheme. Whatever
 * comes after the authority has no part in it. */
static WebOrigin *
parse_tuple_origin (guint scheme_index, const char *rest)
{
  const char      *scheme = tuple_schemes[scheme_index].scheme;
  int              default_port = tuple_schemes[scheme_index].default_port;
  g_autofree char *authority = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GUri) uri = NULL;
  char *host;
  int   port;

  rest += strspn (rest, "/\\");
  authority = g_strndup (rest, strcspn (rest, "/\\?#"));
  url = g_strconcat (scheme, "://", authority, "/", NULL);
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL)
    return NULL;

  host = normalize_host (g_uri_get_host (uri));
  if (host == NULL)
    return NULL;

  port = g_uri_get_port (uri);

  return origin_new (scheme, host, port == default_port ? -1 : port);
}

/* A URL of any other scheme: it has an authority that must be right only after two slashes. */
static gboolean
is_valid_url (const char *url, const char *rest)
{
  g_autofree char *authority_only = NULL;

  if (!g_str_has_prefix (rest, "//"))
    return TRUE;

  authority_only = g_strndup (url, rest - url + 2 + strcspn (rest + 2, "/?#"));

  return g_uri_is_valid (authority_only, G_URI_FLAGS_PARSE_RELAXED, NULL);
}

static WebOrigin *
parse_origin (const char *url)
{
  g_autofree char *scheme = g_uri_parse_scheme (url);
  const char      *rest;
  guint            i;

  if (scheme == NULL)
    return NULL;

  rest = url + strlen (scheme) + 1;

  for (i = 0; i < G_N_ELEMENTS (tuple_schemes); i++)
    if (g_ascii_strcasecmp (scheme, tuple_schemes[i].scheme) == 0)
      return parse_tuple_origin (i, rest);

  if (g_ascii_strcasecmp (scheme, "blob") == 0)
    {
      WebOrigin *inner = parse_origin (rest);

      return inner != NULL ? inner : web_origin_new_opaque ();
    }

  return is_valid_url (url, rest) ? web_origin_new_opaque () : NULL;
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
 * scheme, host and port for an origin; the origin of all others, such as `file:`, `data:` or a
 * scheme of the application's own, is opaque, and a new one at each call.
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
    g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_SYNTAX,
                 "“%s” is not an absolute URL", url);

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
 * Turns the origin into text.
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
