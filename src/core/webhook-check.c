/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-webhook-check"

#include "config.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/webhook-check.h"

/* RFC 9110, section 5.6.2: what a field name is made of. */
#define TOKEN_CHARACTERS                                                                           \
  "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Those that Latchkey or the connection sets: a second one would break the request or the
 * signature. */
static const char *const own_headers[] = { "Connection",
                                           "Content-Encoding",
                                           "Content-Length",
                                           "Content-Type",
                                           "Expect",
                                           "Host",
                                           "Keep-Alive",
                                           "Proxy-Connection",
                                           "TE",
                                           "Trailer",
                                           "Upgrade",
                                           "User-Agent",
                                           "Date",
                                           "Transfer-Encoding",
                                           "X-QLM-Signature" };

static gboolean
has_space_or_control (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p <= 0x20 || *p == 0x7f)
      return TRUE;

  return FALSE;
}

static const char *
find_url_problem (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);

  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    return _ ("the URL must start with https:// or http://");
  if (g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0' || g_uri_get_port (uri) == 0)
    return _ ("the URL has no host: it goes as in https://host.example/path");
  if (g_uri_get_userinfo (uri) != NULL)
    return _ ("the URL has a user or password in it, which would show in the log: remove it, and "
              "add an Authorization header instead");
  if (g_uri_get_fragment (uri) != NULL)
    return _ ("the URL has a # part, which is never sent: remove it");

  return NULL;
}

/**
 * lk_webhook_check_url:
 * @url: the address of a receiver as typed, without white space around it
 * @error: %LK_ERROR_INVALID that says what is wrong; it does not repeat the URL, which may hold a
 *   password
 *
 * Returns: whether webhooks can be sent there
 */
gboolean
lk_webhook_check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  const char *problem = NULL;

  g_return_val_if_fail (url != NULL, FALSE);

  if (url[0] == '\0')
    problem = _ ("the URL is blank: type where the webhook goes, as in https://host.example/path");
  else if (strlen (url) > LK_URL_MAX_BYTES)
    problem = _ ("the URL is longer than 2048 bytes: shorten it");
  else if (has_space_or_control (url))
    problem = _ ("the URL has a blank in it: write %20 instead, or remove it");
  else
    {
      uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
      problem = uri != NULL
                    ? find_url_problem (uri)
                    : _ ("the URL is not understood: it goes as in https://host.example/path");
    }

  if (problem != NULL)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_INVALID, problem);

  return problem == NULL;
}

static gboolean
is_loopback (const char *host)
{
  struct in_addr v4;
  struct in6_addr v6;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  if (inet_pton (AF_INET, host, &v4) == 1)
    return ntohl (v4.s_addr) >> 24 == 127;

  return inet_pton (AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK (&v6);
}

static gboolean
is_proxy_scheme (const char *scheme)
{
  return g_str_equal (scheme, "http") || g_str_equal (scheme, "socks5");
}

/**
 * lk_webhook_check_proxy:
 * @proxy: "" for the system's, "none" for no proxy, or the address of one
 * @error: %LK_ERROR_INVALID
 *
 * An address is `http://HOST:PORT` or `socks5://HOST:PORT`. One with a password is refused: no
 * password is sent to a proxy, so that it would lie about for nothing.
 *
 * Returns: whether it can be used
 */
gboolean
lk_webhook_check_proxy (const char *proxy, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (*proxy == '\0' || g_str_equal (proxy, "none"))
    return TRUE;

  uri = g_uri_parse (proxy, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || !is_proxy_scheme (g_uri_get_scheme (uri)) || g_uri_get_host (uri) == NULL
      || *g_uri_get_host (uri) == '\0' || g_uri_get_port (uri) <= 0)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_INVALID,
                         _ ("the proxy is no address: give http://HOST:PORT, socks5://HOST:PORT, "
                            "none, or nothing for the system's"));
  else if (g_uri_get_userinfo (uri) != NULL)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_INVALID,
                         _ ("the proxy has a user or password, which is never sent: let this "
                            "machine through by its address, and leave them out"));
  else
    return TRUE;

  return FALSE;
}

/**
 * lk_webhook_is_plain_remote:
 * @url: the address of a receiver
 *
 * Returns: whether @url is `http://` to another machine, so that everybody on the way can read what
 *   is sent; %FALSE when it is no URL
 */
gboolean
lk_webhook_is_plain_remote (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_str_equal (g_uri_get_scheme (uri), "http") && g_uri_get_host (uri) != NULL
         && !is_loopback (g_uri_get_host (uri));
}

static gboolean
is_own_header (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (own_headers); i++)
    if (g_ascii_strcasecmp (own_headers[i], name) == 0)
      return TRUE;

  return g_ascii_strncasecmp (name, "webhook-", strlen ("webhook-")) == 0;
}

static gboolean
is_header_value (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (((guchar) *p < 0x20 && *p != '\t') || (guchar) *p >= 0x7f)
      return FALSE;

  return TRUE;
}

/**
 * lk_webhook_parse_header:
 * @line: an extra header as typed: "Name: value"
 * @name: (out) (optional): its name
 * @value: (out) (optional): its value, without white space around it
 * @error: %LK_ERROR_INVALID that names the header; its value, which may be a password, is not in it
 *
 * Returns: whether the header can be sent
 */
gboolean
lk_webhook_parse_header (const char *line, char **name, char **value, GError **error)
{
  g_auto (GStrv) parts = NULL;
  const char *problem = NULL;

  g_return_val_if_fail (line != NULL, FALSE);

  parts = g_strsplit (line, ":", 2);
  if (g_strv_length (parts) != 2)
    problem = _ ("has no colon: write it as Name: value");
  else if (g_strstrip (parts[0])[0] == '\0'
           || strspn (parts[0], TOKEN_CHARACTERS) != strlen (parts[0]))
    problem = _ ("has a character that a header name cannot have: use letters, digits and “-”");
  else if (is_own_header (parts[0]))
    problem = _ ("is set by Latchkey itself: remove it");
  else if (!is_header_value (parts[1]))
    problem = _ ("has a line break or a character outside of ASCII in its value: remove it");
  else if (strlen (line) > LK_HEADER_MAX_BYTES)
    problem = _ ("is longer than 8192 bytes: shorten it");

  if (problem != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (parts[0] != NULL ? parts[0] : "", -1);

      /* translators: the name of a header, and what is wrong with it. */
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("header “%s” %s"), valid, problem);
      return FALSE;
    }

  if (name != NULL)
    *name = g_strdup (parts[0]);
  if (value != NULL)
    *value = g_strdup (g_strstrip (parts[1]));
  return TRUE;
}
