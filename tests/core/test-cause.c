/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/cause.h"

#define URL "https://hooks.example.test/in?token=hush"

static void
test_status (void)
{
  static const struct
  {
    LkAnswer answer;
    const char *error_class;
    const char *part;
  } cases[] = {
    { { URL, LK_WIRE_OK, NULL, 200, "OK", NULL, -1 }, "", "200: delivered" },
    { { URL, LK_WIRE_OK, NULL, 204, NULL, NULL, -1 }, "", "204: delivered" },
    { { URL, LK_WIRE_OK, NULL, 301, "", "https://new.test/", -1 },
      "redirect",
      "301 to https://new.test/: the address has moved" },
    { { URL, LK_WIRE_OK, NULL, 302, "", NULL, -1 }, "redirect", "302 without an address" },
    { { URL, LK_WIRE_OK, NULL, 401, "Unauthorized", NULL, -1 },
      "client-error",
      "401 Unauthorized: the receiver wants to know who sends" },
    { { URL, LK_WIRE_OK, NULL, 404, NULL, NULL, -1 }, "client-error", "404: there is nothing" },
    { { URL, LK_WIRE_OK, NULL, 410, "Gone", NULL, -1 }, "gone", "held" },
    { { URL, LK_WIRE_OK, NULL, 418, "", NULL, -1 }, "client-error", "418: the receiver refuses" },
    { { URL, LK_WIRE_OK, NULL, 429, "", NULL, 30 }, "throttled", "asks to wait for 30 seconds" },
    { { URL, LK_WIRE_OK, NULL, 503, "", NULL, 1 }, "server-error", "asks to wait for 1 second" },
    { { URL, LK_WIRE_OK, NULL, 599, "", NULL, -1 }, "server-error", "a fault of its own" },
    { { URL, LK_WIRE_OK, NULL, 199, "", NULL, -1 }, "client-error", "no answer to a webhook" },
    { { URL, LK_WIRE_DNS, "no such host", 0, NULL, NULL, -1 },
      "dns",
      "the name hooks.example.test does not resolve" },
    { { URL, LK_WIRE_DNS, "no such host", 0, NULL, NULL, -1 }, "dns", "(no such host)" },
    { { NULL, LK_WIRE_RESET, NULL, 0, NULL, NULL, -1 }, "reset", "the receiver broke off" },
    { { URL, LK_WIRE_TLS_OLD, NULL, 0, NULL, NULL, -1 }, "tls", "no newer TLS than 1.1" },
    { { URL, LK_WIRE_OK, NULL, 407, "", NULL, -1 }, "client-error", "none is ever sent" },
    { { URL, LK_WIRE_OK, NULL, 308, "", "/new", -1 },
      "redirect",
      "308 to https://hooks.example.test/new: " },
    { { URL, LK_WIRE_TIMEOUT_DNS, "given up after 10 s", 0, NULL, NULL, -1 },
      "dns",
      "(given up after 10 s)" },
    { { URL, LK_WIRE_TIMEOUT_TLS, NULL, 0, NULL, NULL, -1 }, "timeout", "did not agree on TLS" },
    { { .url = URL, .fault = LK_WIRE_PROXY_UNREACHABLE, .proxy = "127.0.0.1:9" },
      "proxy",
      "the proxy 127.0.0.1:9 cannot be reached, so nothing was sent to hooks.example.test" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cause = lk_cause_describe (&cases[i].answer);

      g_assert_cmpstr (lk_cause_get_class (&cases[i].answer), ==, cases[i].error_class);
      g_assert_true (*cases[i].error_class == '\0'
                     || g_strv_contains (lk_cause_list_classes (), cases[i].error_class));
      if (strstr (cause, cases[i].part) == NULL)
        g_error ("“%s” lacks “%s”", cause, cases[i].part);
    }
}

/* Each fault has its class, names the host and does not give away the rest of the address. */
static void
test_faults (void)
{
  for (int fault = LK_WIRE_OFFLINE; fault < LK_N_WIRE_FAULTS; fault++)
    {
      LkAnswer answer = { .url = URL, .fault = fault, .retry_after_s = -1 };
      g_autofree char *cause = lk_cause_describe (&answer);

      g_assert_true (g_strv_contains (lk_cause_list_classes (), lk_cause_get_class (&answer)));
      g_assert_nonnull (strstr (cause, "hooks.example.test"));
      g_assert_null (strstr (cause, "hush"));
      g_assert_null (strchr (cause, '%'));
    }
}

#define DAY(n) ((20000 + (n)) * LK_DAY) /* of 2024-10-04 */

/* What a certificate tells; the kind of fault where it tells nothing. */
static void
test_certificates (void)
{
  static const struct
  {
    LkWireFault fault;
    LkCertificate certificate;
    const char *part;
  } cases[] = {
    { LK_WIRE_TLS_EXPIRED,
      { DAY (0), DAY (-90), DAY (-3), (char *) "", NULL },
      "the certificate of hooks.example.test expired 3 days ago (on 2024-10-01)" },
    { LK_WIRE_TLS_EXPIRED,
      { DAY (0), DAY (-90), DAY (0) - 47 * LK_HOUR, (char *) "", NULL },
      "expired 47 hours ago (on 2024-10-02)" },
    { LK_WIRE_TLS_EXPIRED,
      { DAY (0), DAY (-90), DAY (0) - LK_HOUR, (char *) "", NULL },
      "expired 1 hour ago" },
    { LK_WIRE_TLS_EXPIRED,
      { DAY (0), DAY (-90), DAY (0) - 1, (char *) "", NULL },
      "expired less than an hour ago" },
    { LK_WIRE_TLS_EXPIRED,
      { DAY (0), DAY (2), DAY (90), (char *) "", NULL },
      "will be valid in 2 days only (on 2024-10-06)" },
    { LK_WIRE_TLS_EXPIRED,
      { DAY (0), DAY (-2), DAY (90), (char *) "", NULL },
      "is not valid today" },
    { LK_WIRE_TLS_EXPIRED, { DAY (0), 0, 0, (char *) "", NULL }, "is not valid today" },
    { LK_WIRE_TLS_WRONG_HOST,
      { DAY (0), 0, 0, (char *) "a.test, 10.0.0.1", NULL },
      "is for a.test, 10.0.0.1 and not for hooks.example.test" },
    { LK_WIRE_TLS_WRONG_HOST, { DAY (0), 0, 0, (char *) "", NULL }, "is for another name than" },
    { LK_WIRE_TLS_UNKNOWN_CA,
      { DAY (0), 0, 0, (char *) "", (char *) "CN=Us" },
      "“CN=Us”, which signed the certificate of hooks.example.test, is nobody" },
    { LK_WIRE_TLS_UNKNOWN_CA, { DAY (0), 0, 0, (char *) "", NULL }, "nobody whom this machine" },
    { LK_WIRE_RESET, { DAY (0), 0, DAY (-3), (char *) "a.test", NULL }, "broke off" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkAnswer answer = { .url = URL,
                          .fault = cases[i].fault,
                          .certificate = &cases[i].certificate };
      g_autofree char *cause = lk_cause_describe (&answer);

      if (strstr (cause, cases[i].part) == NULL)
        g_error ("“%s” lacks “%s”", cause, cases[i].part);
    }
}

static void
test_unknown (void)
{
  g_autofree char *cause = lk_cause_describe_unknown ();

  g_assert_nonnull (strstr (cause, "may have got it"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cause/status", test_status);
  g_test_add_func ("/cause/faults", test_faults);
  g_test_add_func ("/cause/certificates", test_certificates);
  g_test_add_func ("/cause/unknown", test_unknown);

  return g_test_run ();
}
