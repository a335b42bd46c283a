/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/webhook-check.h"

static void
test_url (void)
{
  g_autofree char *too_long = g_strnfill (LK_URL_MAX_BYTES, 'a');
  g_autofree char *long_url = g_strconcat ("https://h/", too_long, NULL);
  const struct
  {
    const char *url;
    gboolean valid;
  } cases[] = {
    { "https://hooks.example.test/in", TRUE },
    { "https://hooks.example.test:8443/in?x=1&y=%20", TRUE },
    { "HTTPS://hooks.example.test", TRUE },
    { "http://127.0.0.1:8080/", TRUE },
    { "http://[::1]:8080/", TRUE },
    { "", FALSE },
    { "hooks.example.test/in", FALSE },
    { "ftp://hooks.example.test/", FALSE },
    { "file:///etc/passwd", FALSE },
    { "javascript:alert(1)", FALSE },
    { "https://", FALSE },
    { "https:///in", FALSE },
    { "https://user@host/", FALSE },
    { "https://user:password@host/", FALSE },
    { "https://host/#part", FALSE },
    { "https://host/a b", FALSE },
    { "https://host/\r\nX-Evil: 1", FALSE },
    { "https://host:0/", FALSE },
    { "https://host:70000/", FALSE },
    { "https://[::1/", FALSE },
    { long_url, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%.60s", cases[i].url);
      g_assert_cmpint (lk_webhook_check_url (cases[i].url, &error), ==, cases[i].valid);
      if (cases[i].valid)
        continue;
      g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      g_assert_null (strstr (error->message, "user:password"));
    }
}

static void
test_plain_remote (void)
{
  static const struct
  {
    const char *url;
    gboolean plain_remote;
  } cases[] = {
    { "http://hooks.example.test/", TRUE },
    { "http://10.0.0.1/", TRUE },
    { "http://128.0.0.1/", TRUE },
    { "http://[2001:db8::1]/", TRUE },
    { "http://localhost.test/", TRUE },
    { "http://127.0.0.1.test/", TRUE },
    { "HTTP://hooks.example.test/", TRUE },
    { "https://hooks.example.test/", FALSE },
    { "http://127.0.0.1:80/", FALSE },
    { "http://127.9.9.9/", FALSE },
    { "http://[::1]/", FALSE },
    { "http://localhost/", FALSE },
    { "http://LocalHost:99/", FALSE },
    { "nonsense", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lk_webhook_is_plain_remote (cases[i].url), ==, cases[i].plain_remote);
}

static void
test_header (void)
{
  g_autofree char *long_value = g_strnfill (LK_HEADER_MAX_BYTES, 'v');
  g_autofree char *long_line = g_strconcat ("X: ", long_value, NULL);
  const struct
  {
    const char *line;
    const char *name; /* NULL: refused */
    const char *value;
  } cases[] = {
    { "X-Tenant: 42", "X-Tenant", "42" },
    { "Authorization:Bearer a:b", "Authorization", "Bearer a:b" },
    { " X-Tenant :\t 42 ", "X-Tenant", "42" },
    { "X-Empty:", "X-Empty", "" },
    { "no colon", NULL, NULL },
    { "", NULL, NULL },
    { ": value", NULL, NULL },
    { "X Y: value", NULL, NULL },
    { "Ümlaut: value", NULL, NULL },
    { "X: välue", NULL, NULL },
    { "X: a\r\nY: b", NULL, NULL },
    { "X: a\nb", NULL, NULL },
    { "X: \x7f", NULL, NULL },
    { "Host: evil.test", NULL, NULL },
    { "host: evil.test", NULL, NULL },
    { "Content-Length: 1", NULL, NULL },
    { "Content-Type: text/plain", NULL, NULL },
    { "Transfer-Encoding: chunked", NULL, NULL },
    { "Connection: close", NULL, NULL },
    { "User-Agent: other", NULL, NULL },
    { "X-QLM-Signature: 0", NULL, NULL },
    { "webhook-id: 1", NULL, NULL },
    { "Webhook-Signature: 1", NULL, NULL },
    { long_line, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      g_autoptr (GError) error = NULL;

      lk_webhook_parse_header (cases[i].line, &name, &value, &error);
      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpstr (value, ==, cases[i].value);
      if (cases[i].name == NULL)
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/webhook-check/url", test_url);
  g_test_add_func ("/webhook-check/plain-remote", test_plain_remote);
  g_test_add_func ("/webhook-check/header", test_header);

  return g_test_run ();
}
