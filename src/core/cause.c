/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-cause"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/cause.h"

typedef struct
{
  const char *error_class;
  const char *cause;
} Fault;

/* Each cause says what happened and what to do; the host goes where the “%s” is. */
static const Fault faults[] = {
  [LK_WIRE_OK] = { "", "" },
  [LK_WIRE_OFFLINE] = { "offline", N_ ("this machine has no network; sending to %s goes on by "
                                       "itself once it has") },
  [LK_WIRE_DNS] = { "dns", N_ ("the name %s does not resolve: check its spelling and whether this "
                               "machine is online") },
  [LK_WIRE_REFUSED] = { "connect", N_ ("%s refused the connection: nothing listens at that port; "
                                       "check the port and whether the receiver runs") },
  [LK_WIRE_UNREACHABLE] = { "connect", N_ ("%s cannot be reached: there is no way to its network; "
                                           "check the address, the network and any firewall") },
  [LK_WIRE_TIMEOUT_DNS] = { "dns", N_ ("nobody said in time which address %s has: check the name "
                                       "servers of this machine") },
  [LK_WIRE_TIMEOUT_CONNECT] = { "timeout", N_ ("no connection to %s in time: it is down, or a "
                                               "firewall swallows the request; "
                                               "check the address and port") },
  [LK_WIRE_TIMEOUT_TLS] = { "timeout", N_ ("%s took the connection but did not agree on TLS in "
                                           "time: check whether the port is right and the address "
                                           "should start with http://") },
  [LK_WIRE_TIMEOUT_ANSWER] = { "timeout", N_ ("%s took the request but did not answer in time: it "
                                              "may have got it; let the "
                                              "receiver answer first and work afterwards") },
  [LK_WIRE_RESET] = { "reset",
                      N_ ("%s broke off the connection before it answered: it may have got "
                          "the request; look into the receiver’s log") },
  [LK_WIRE_TLS_EXPIRED] = { "tls", N_ ("the certificate of %s is not valid today: renew it there, "
                                       "and check the date of "
                                       "this machine") },
  [LK_WIRE_TLS_WRONG_HOST] = { "tls", N_ ("the certificate is for another name than %s: use the "
                                          "name that it is for") },
  [LK_WIRE_TLS_UNKNOWN_CA] = { "tls",
                               N_ ("nobody whom this machine trusts signed the certificate of %s: "
                                   "give its authority "
                                   "as CA file in the task, or install the whole chain there") },
  [LK_WIRE_TLS_REVOKED] = { "tls", N_ ("the certificate of %s was revoked: the receiver needs a "
                                       "new one") },
  [LK_WIRE_TLS_CLIENT] = { "tls", N_ ("%s wants a client certificate that it knows: choose one in "
                                      "the task") },
  [LK_WIRE_TLS_OLD] = { "tls", N_ ("%s speaks no newer TLS than 1.1, which is not safe, so nothing "
                                   "was sent: it must speak TLS 1.2 or newer") },
  [LK_WIRE_TLS_OTHER] = { "tls", N_ ("no secure connection to %s: it must speak TLS 1.2 or newer; "
                                     "check whether the "
                                     "port is right and the address should start with http://") },
  [LK_WIRE_PROTOCOL] = { "protocol", N_ ("what %s answered is not HTTP: check the port, and "
                                         "whether the address should "
                                         "start with https://") },
  [LK_WIRE_PROXY] = { "proxy", N_ ("the proxy did not let the request through to %s: check the "
                                   "proxy settings of "
                                   "this machine") },
  [LK_WIRE_PROXY_UNREACHABLE] = { "proxy",
                                  N_ ("the proxy cannot be reached, so nothing was sent to "
                                      "%s: check whether the proxy runs and the proxy "
                                      "settings") },
  [LK_WIRE_LOCAL_FILE] = { "local", N_ ("nothing was sent to %s: the CA file or client certificate "
                                        "of the task cannot be "
                                        "read; check both paths") },
  [LK_WIRE_OTHER] = { "connect", N_ ("the request to %s failed") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (faults) == LK_N_WIRE_FAULTS);

typedef struct
{
  int status;
  const char *remedy;
} StatusRemedy;

static const StatusRemedy remedies[] = {
  { 400, N_ ("the receiver does not understand the request: look into its log") },
  { 401, N_ ("the receiver wants to know who sends: compare the secrets, or add the header that it "
             "expects") },
  { 403, N_ ("the receiver refuses this sender: compare the secrets, and check its access rules") },
  { 404, N_ ("there is nothing at this address: check the path of the URL") },
  { 405, N_ ("this address does not take POST: check the path of the URL") },
  { 407,
    N_ ("the proxy wants a password, and none is ever sent to a proxy: let it pass this machine "
        "without one, or put a local proxy in between that adds it") },
  { 408, N_ ("the receiver waited too long for the request: check the network on the way to it") },
  { 410, N_ ("the receiver is gone for good: its deliveries are held until somebody resumes or "
             "changes the URL") },
  { 413, N_ ("the receiver takes no request of this size: raise its limit") },
  { 415, N_ ("the receiver does not take JSON: check the path of the URL") },
  { 422, N_ ("the receiver does not accept these values: look into its log") },
  { 429, N_ ("the receiver is asked too often: it is sent one at a time until it answers well") },
  { 500, N_ ("the receiver broke down over the request: look into its log") },
  { 501, N_ ("the receiver cannot do this: check the path of the URL") },
  { 502,
    N_ ("a server in front of the receiver cannot reach it: check whether the receiver runs") },
  { 503, N_ ("the receiver is overloaded or under maintenance: look into its log if it stays so") },
  { 504, N_ ("a server in front of the receiver got no answer from it: check whether the receiver "
             "runs") },
};

static const char *
get_status_remedy (int status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (remedies); i++)
    if (remedies[i].status == status)
      return _ (remedies[i].remedy);

  if (status >= 500)
    return _ ("the receiver has a fault of its own: look into its log");
  if (status >= 400)
    return _ ("the receiver refuses the request: look into its log");

  return _ ("this is no answer to a webhook: check the URL");
}

static char *
get_host (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  return g_strdup (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri)
                                                               : _ ("the receiver"));
}

static gboolean
is_redirect (int status)
{
  return status >= 300 && status < 400;
}

static char *
describe_redirect (const LkAnswer *answer)
{
  g_autofree char *target = NULL;

  if (answer->location == NULL || answer->location[0] == '\0')
    return g_strdup_printf (_ ("%d without an address: the receiver has moved, but does not say "
                               "where; ask its operator for the new URL"),
                            answer->status);

  target = g_uri_resolve_relative (answer->url, answer->location, G_URI_FLAGS_NONE, NULL);

  return g_strdup_printf (_ ("%d to %s: the address has moved; redirects are not followed, so put "
                             "this URL into the task"),
                          answer->status, target != NULL ? target : answer->location);
}

static char *
format_span (LkInstant span)
{
  gulong hours = (gulong) (span / LK_HOUR);

  if (hours < 1)
    return g_strdup (_ ("less than an hour"));
  if (hours < 48)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%lu hour", "%lu hours", hours), hours);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%lu day", "%lu days", hours / 24),
                          hours / 24);
}

static char *
format_day (LkInstant instant)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);

  return utc != NULL ? g_date_time_format (utc, "%Y-%m-%d") : g_strdup ("?");
}

/* Returns: (nullable): %NULL when it is another certificate of the chain that is not valid today */
static char *
describe_dates (const LkCertificate *certificate, const char *host)
{
  gboolean is_over = certificate->not_after != 0 && certificate->not_after < certificate->now;
  LkInstant limit = is_over ? certificate->not_after : certificate->not_before;
  g_autofree char *span = format_span (ABS (limit - certificate->now));
  g_autofree char *day = format_day (limit);

  if (is_over)
    /* translators: a host, then as in “3 days ago”, then the date */
    return g_strdup_printf (_ ("the certificate of %s expired %s ago (on %s): renew it there"),
                            host, span, day);
  if (limit <= certificate->now)
    return NULL;

  /* translators: a host, then as in “in 3 days”, then the date */
  return g_strdup_printf (
      _ ("the certificate of %s will be valid in %s only (on %s): check the date "
         "of this machine, or have the certificate made anew"),
      host, span, day);
}

static char *
describe_authority (const LkCertificate *certificate, const char *host)
{
  if (certificate->issuer == NULL)
    return NULL;

  /* translators: an authority, then a host */
  return g_strdup_printf (
      _ ("“%s”, which signed the certificate of %s, is nobody whom this machine "
         "trusts: give its authority as CA file in the task, or install the "
         "whole chain there"),
      certificate->issuer, host);
}

static char *
describe_names (const LkCertificate *certificate, const char *host)
{
  if (*certificate->names == '\0')
    return NULL;

  /* translators: host names, then a host */
  return g_strdup_printf (_ ("the certificate is for %s and not for %s: use a name that it is for, "
                             "or have it made for this one"),
                          certificate->names, host);
}

/* Returns: (nullable): what the certificate tells beyond the kind of fault */
static char *
describe_certificate (const LkAnswer *answer, const char *host)
{
  if (answer->certificate == NULL)
    return NULL;
  if (answer->fault == LK_WIRE_TLS_EXPIRED)
    return describe_dates (answer->certificate, host);
  if (answer->fault == LK_WIRE_TLS_WRONG_HOST)
    return describe_names (answer->certificate, host);
  if (answer->fault == LK_WIRE_TLS_UNKNOWN_CA)
    return describe_authority (answer->certificate, host);

  return NULL;
}

static char *
describe_proxy (const LkAnswer *answer, const char *host)
{
  if (answer->fault != LK_WIRE_PROXY_UNREACHABLE || answer->proxy == NULL)
    return NULL;

  /* translators: the address of a proxy, then the host of a receiver */
  return g_strdup_printf (_ ("the proxy %s cannot be reached, so nothing was sent to %s: check "
                             "whether the proxy runs and the proxy settings"),
                          answer->proxy, host);
}

static char *
describe_kind (LkWireFault fault, const char *host)
{
  g_auto (GStrv) parts = g_strsplit (_ (faults[fault].cause), "%s", 2);

  return g_strjoinv (host, parts);
}

static char *
describe_fault (const LkAnswer *answer)
{
  g_autofree char *host = get_host (answer->url);
  g_autofree char *cause = describe_certificate (answer, host);

  if (cause != NULL)
    return g_steal_pointer (&cause);

  cause = describe_proxy (answer, host);
  if (cause == NULL)
    cause = describe_kind (answer->fault, host);
  if (answer->detail == NULL || answer->detail[0] == '\0')
    return g_steal_pointer (&cause);

  return g_strdup_printf ("%s (%s)", cause, answer->detail);
}

static char *
describe_status (const LkAnswer *answer)
{
  g_autofree char *wait = NULL;
  int seconds = (int) MIN (answer->retry_after_s, G_MAXINT);
  const char *reason = answer->reason != NULL ? answer->reason : "";

  if (seconds > 0)
    wait = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "; it asks to wait for %d second",
                                         "; it asks to wait for %d seconds", (gulong) seconds),
                            seconds);

  return g_strdup_printf ("%d%s%s: %s%s", answer->status, reason[0] != '\0' ? " " : "", reason,
                          get_status_remedy (answer->status), wait != NULL ? wait : "");
}

/**
 * lk_certificate_free:
 * @self: (nullable) (transfer full): a certificate
 */
void
lk_certificate_free (LkCertificate *self)
{
  if (self == NULL)
    return;

  g_free (self->names);
  g_free (self->issuer);
  g_free (self);
}

/**
 * lk_cause_get_class:
 * @answer: what an attempt came to
 *
 * Returns: the stable word for what went wrong, see #LkAttempt; "" for a success
 */
const char *
lk_cause_get_class (const LkAnswer *answer)
{
  g_return_val_if_fail (answer != NULL && (guint) answer->fault < LK_N_WIRE_FAULTS, "");

  if (answer->fault != LK_WIRE_OK)
    return faults[answer->fault].error_class;
  if (answer->status >= 200 && answer->status < 300)
    return "";
  if (is_redirect (answer->status))
    return "redirect";
  if (answer->status == 410)
    return "gone";
  if (answer->status == 429)
    return "throttled";

  return answer->status >= 500 ? "server-error" : "client-error";
}

/**
 * lk_cause_list_classes:
 *
 * Returns: (transfer none) (array zero-terminated=1): all that lk_cause_get_class() gives but ""
 */
const char *const *
lk_cause_list_classes (void)
{
  static const char *const classes[] = {
    "client-error", "connect",   "dns",     "gone",     "local",
    "offline",      "protocol",  "proxy",   "redirect", "reset",
    "server-error", "throttled", "timeout", "tls",      NULL,
  };

  return classes;
}

/**
 * lk_cause_describe:
 * @answer: what an attempt came to
 *
 * Returns: (transfer full): what happened and what to do about it, for a person; translated
 */
char *
lk_cause_describe (const LkAnswer *answer)
{
  g_return_val_if_fail (answer != NULL && (guint) answer->fault < LK_N_WIRE_FAULTS, NULL);

  if (answer->fault != LK_WIRE_OK)
    return describe_fault (answer);
  if (answer->status >= 200 && answer->status < 300)
    return g_strdup_printf (_ ("%d: delivered"), answer->status);
  if (is_redirect (answer->status))
    return describe_redirect (answer);

  return describe_status (answer);
}

/**
 * lk_cause_describe_unknown:
 *
 * Returns: (transfer full): what to say of an attempt during which the program ended; translated
 */
char *
lk_cause_describe_unknown (void)
{
  return g_strdup (_ ("the program ended before the answer came: the receiver may have got it; a "
                      "repeat carries the same webhook-id"));
}
