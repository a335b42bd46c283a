/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include "core/retry.h"
#include "engine/sender-private.h"

/* An error code of the network library and what it means for us. */
typedef struct
{
  GQuark (*domain) (void);
  int code;
  LkWireFault fault;
} FaultRule;

static const FaultRule fault_rules[] = {
  { g_resolver_error_quark, G_RESOLVER_ERROR_NOT_FOUND, LK_WIRE_DNS },
  { g_resolver_error_quark, G_RESOLVER_ERROR_TEMPORARY_FAILURE, LK_WIRE_DNS },
  { g_resolver_error_quark, G_RESOLVER_ERROR_INTERNAL, LK_WIRE_DNS },
  { g_io_error_quark, G_IO_ERROR_HOST_NOT_FOUND, LK_WIRE_DNS },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, LK_WIRE_REFUSED },
  { g_io_error_quark, G_IO_ERROR_HOST_UNREACHABLE, LK_WIRE_UNREACHABLE },
  { g_io_error_quark, G_IO_ERROR_NETWORK_UNREACHABLE, LK_WIRE_UNREACHABLE },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, LK_WIRE_TIMEOUT_CONNECT },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, LK_WIRE_RESET }, /* also a broken pipe */
  { g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, LK_WIRE_RESET },
  { g_io_error_quark, G_IO_ERROR_PROXY_FAILED, LK_WIRE_PROXY },
  { g_io_error_quark, G_IO_ERROR_PROXY_AUTH_FAILED, LK_WIRE_PROXY },
  { g_io_error_quark, G_IO_ERROR_PROXY_NEED_AUTH, LK_WIRE_PROXY },
  { g_io_error_quark, G_IO_ERROR_PROXY_NOT_ALLOWED, LK_WIRE_PROXY },
  { g_io_error_quark, G_IO_ERROR_INVALID_DATA, LK_WIRE_PROTOCOL },
  { soup_session_error_quark, SOUP_SESSION_ERROR_PARSING, LK_WIRE_PROTOCOL },
  { soup_session_error_quark, SOUP_SESSION_ERROR_ENCODING, LK_WIRE_PROTOCOL },
  { g_tls_error_quark, G_TLS_ERROR_CERTIFICATE_REQUIRED, LK_WIRE_TLS_CLIENT },
};

/* The most telling flag first: a certificate may have several faults. */
static LkWireFault
fault_from_certificate (GTlsCertificateFlags errors)
{
  if ((errors & G_TLS_CERTIFICATE_REVOKED) != 0)
    return LK_WIRE_TLS_REVOKED;
  if ((errors & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) != 0)
    return LK_WIRE_TLS_EXPIRED;
  if ((errors & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return LK_WIRE_TLS_WRONG_HOST;
  if ((errors & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return LK_WIRE_TLS_UNKNOWN_CA;

  return LK_WIRE_TLS_OTHER;
}

/**
 * lk_sender_fault_from_error:
 * @error: what libsoup reported
 * @tls_errors: what is wrong with the receiver's certificate, where that was looked at
 *
 * Returns: the fault that @error stands for
 */
LkWireFault
lk_sender_fault_from_error (const GError *error, GTlsCertificateFlags tls_errors)
{
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return fault_from_certificate (tls_errors);

  for (gsize i = 0; i < G_N_ELEMENTS (fault_rules); i++)
    {
      if (g_error_matches (error, fault_rules[i].domain (), fault_rules[i].code))
        return fault_rules[i].fault;
    }

  if (error->domain == G_TLS_ERROR)
    return LK_WIRE_TLS_OTHER;

  return LK_WIRE_OTHER;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0;
}

/* Tells our own lack of a network from a receiver's fault. Asked after a failure only: a machine on
 * a local network without a way to the internet may reach the receiver all the same. */
static gboolean
is_offline (LkWireFault fault, const char *url)
{
  g_autoptr (GUri) uri = NULL;

  if (fault != LK_WIRE_DNS && fault != LK_WIRE_TIMEOUT_DNS && fault != LK_WIRE_UNREACHABLE
      && fault != LK_WIRE_TIMEOUT_CONNECT)
    return FALSE;

  if (g_network_monitor_get_network_available (g_network_monitor_get_default ()))
    return FALSE;

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && !is_loopback (g_uri_get_host (uri));
}

static LkInstant
take_moment (GDateTime *moment)
{
  LkInstant instant = moment != NULL ? g_date_time_to_unix (moment) * LK_SECOND : 0;

  g_clear_pointer (&moment, g_date_time_unref);

  return instant;
}

/* The names and addresses that @certificate is for. */
static char *
list_names (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (certificate);
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      gsize size;
      const char *name = g_bytes_get_data (g_ptr_array_index (names, i), &size);
      g_autofree char *text = g_utf8_make_valid (name, (gssize) size);

      g_strv_builder_add (list, text);
    }
  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      g_autofree char *text = g_inet_address_to_string (g_ptr_array_index (addresses, i));

      g_strv_builder_add (list, text);
    }
  parts = g_strv_builder_end (list);

  return g_strjoinv (", ", parts);
}

/* What a cause tells of it; NULL for none. The present in it is the system's, by which the TLS
 * library judged, and not that of the services. */
static LkCertificate *
read_certificate (GTlsCertificate *certificate)
{
  LkCertificate *self;

  if (certificate == NULL)
    return NULL;

  self = g_new0 (LkCertificate, 1);
  self->now = g_get_real_time ();
  self->not_before = take_moment (g_tls_certificate_get_not_valid_before (certificate));
  self->not_after = take_moment (g_tls_certificate_get_not_valid_after (certificate));
  self->names = list_names (certificate);
  self->issuer = g_tls_certificate_get_issuer_name (certificate);

  return self;
}

static void
describe (LkAttempt *attempt, LkWireFault fault, const char *detail, LkCertificate *certificate,
          const char *proxy)
{
  LkAnswer answer = {
    .url = attempt->url,
    .fault = fault,
    .detail = detail,
    .certificate = certificate,
    .proxy = proxy,
    .status = attempt->status,
    .reason = attempt->reason,
    .location = attempt->location,
    .retry_after_s = attempt->retry_after_s,
  };

  g_free (attempt->error_class);
  g_free (attempt->cause);
  attempt->error_class = g_strdup (lk_cause_get_class (&answer));
  attempt->cause = lk_cause_describe (&answer);
}

/**
 * lk_sender_note_fault:
 * @attempt: an attempt without a status line
 * @fault: what went wrong
 * @detail: (nullable): the words of the system
 * @shown: (nullable): what the receiver showed
 * @proxy: (nullable): host and port of the one on the way
 *
 * Writes down the outcome and, in words, its cause.
 */
void
lk_sender_note_fault (LkAttempt *attempt, LkWireFault fault, const char *detail,
                      GTlsCertificate *shown, const char *proxy)
{
  g_autoptr (LkCertificate) certificate = read_certificate (shown);

  attempt->outcome = LK_OUTCOME_FAILURE;
  if (is_offline (fault, attempt->url))
    {
      attempt->outcome = LK_OUTCOME_OFFLINE;
      fault = LK_WIRE_OFFLINE;
    }
  else if (proxy != NULL && attempt->connect_us < 0)
    fault = LK_WIRE_PROXY_UNREACHABLE;

  describe (attempt, fault, detail, certificate, proxy);
}

/* @text: (nullable): of the answer */
static char *
take_text (SoupMessage *message, const char *text)
{
  return lk_sender_leave_out (message, g_utf8_make_valid (text != NULL ? text : "", -1));
}

/**
 * lk_sender_note_answer:
 * @attempt: an attempt
 * @message: its request, with the headers of the answer
 * @now: the time
 *
 * Writes down what the status line and the headers say.
 */
void
lk_sender_note_answer (LkAttempt *attempt, SoupMessage *message, LkInstant now)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *reason = soup_message_get_reason_phrase (message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  const char *retry_after = soup_message_headers_get_one (headers, "Retry-After");

  attempt->status = soup_message_get_status (message);
  g_free (attempt->reason);
  g_free (attempt->location);
  g_free (attempt->response_headers);
  attempt->reason = take_text (message, reason);
  attempt->location = take_text (message, location);
  attempt->response_headers = lk_sender_leave_out (message, lk_sender_format_headers (headers));
  attempt->retry_after_s = lk_retry_parse_after (retry_after, now);
  attempt->outcome =
      SOUP_STATUS_IS_SUCCESSFUL (attempt->status) ? LK_OUTCOME_SUCCESS : LK_OUTCOME_FAILURE;
  describe (attempt, LK_WIRE_OK, NULL, NULL, NULL);
}

/**
 * lk_sender_name_own_proxy:
 * @proxy: (nullable): as the task has it: "" for the system's, "none", or an address
 *
 * Returns: (transfer full) (nullable): name of the task's proxy, with the port that it says or
 * implies, without its user and password; %NULL when it has none of its own
 */
char *
lk_sender_name_own_proxy (const char *proxy)
{
  g_autoptr (GUri) uri = NULL;

  if (proxy == NULL || *proxy == '\0' || g_str_equal (proxy, "none"))
    return NULL;

  uri = g_uri_parse (proxy, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_port (uri) < 0)
    return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;

  return g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri));
}

/**
 * lk_sender_name_proxy:
 * @address: of a proxy, and where it is to lead
 *
 * Returns: (transfer full): address and port of the proxy, without its user and password
 */
char *
lk_sender_name_proxy (GProxyAddress *address)
{
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}
