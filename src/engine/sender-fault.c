/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

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

/**
 * lk_sender_is_offline:
 * @fault: why no connection was made
 * @url: where it should have gone
 *
 * Tells our own lack of a network from a receiver's fault. Asked after a failure only: a machine on
 * a local network without a way to the internet may reach the receiver all the same.
 *
 * Returns: whether it is this machine that has no network
 */
gboolean
lk_sender_is_offline (LkWireFault fault, const char *url)
{
  g_autoptr (GUri) uri = NULL;

  if (fault != LK_WIRE_DNS && fault != LK_WIRE_UNREACHABLE && fault != LK_WIRE_TIMEOUT_CONNECT)
    return FALSE;

  if (g_network_monitor_get_network_available (g_network_monitor_get_default ()))
    return FALSE;

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && !is_loopback (g_uri_get_host (uri));
}
