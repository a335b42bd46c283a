/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * LkWireFault:
 * @LK_WIRE_OK: a status line came
 * @LK_WIRE_OFFLINE: this machine has no network
 * @LK_WIRE_DNS: the name does not resolve
 * @LK_WIRE_REFUSED: nothing listens at that port
 * @LK_WIRE_UNREACHABLE: no route to the host or its network
 * @LK_WIRE_TIMEOUT_DNS: the name was not resolved within the limit
 * @LK_WIRE_TIMEOUT_CONNECT: no connection within the limit
 * @LK_WIRE_TIMEOUT_TLS: connected, but TLS was not agreed on within the limit
 * @LK_WIRE_TIMEOUT_ANSWER: connected, but no status line and headers within the limit
 * @LK_WIRE_RESET: the connection broke off before an answer
 * @LK_WIRE_TLS_EXPIRED: the certificate is not valid at this time
 * @LK_WIRE_TLS_WRONG_HOST: the certificate is for another name
 * @LK_WIRE_TLS_UNKNOWN_CA: no trusted authority signed the certificate
 * @LK_WIRE_TLS_REVOKED: the certificate was revoked
 * @LK_WIRE_TLS_CLIENT: the receiver wants a client certificate, or refused ours
 * @LK_WIRE_TLS_OLD: the receiver speaks no TLS of 1.2 or newer
 * @LK_WIRE_TLS_OTHER: any other failure of TLS
 * @LK_WIRE_PROTOCOL: what came was not HTTP
 * @LK_WIRE_PROXY: the proxy refused or failed
 * @LK_WIRE_PROXY_UNREACHABLE: no connection to the proxy
 * @LK_WIRE_LOCAL_FILE: a CA file or client certificate of the task could not be read
 * @LK_WIRE_OTHER: anything else
 *
 * Why no status line came. The engine, which knows the errors of the network library, picks one.
 */
typedef enum
{
  LK_WIRE_OK,
  LK_WIRE_OFFLINE,
  LK_WIRE_DNS,
  LK_WIRE_REFUSED,
  LK_WIRE_UNREACHABLE,
  LK_WIRE_TIMEOUT_DNS,
  LK_WIRE_TIMEOUT_CONNECT,
  LK_WIRE_TIMEOUT_TLS,
  LK_WIRE_TIMEOUT_ANSWER,
  LK_WIRE_RESET,
  LK_WIRE_TLS_EXPIRED,
  LK_WIRE_TLS_WRONG_HOST,
  LK_WIRE_TLS_UNKNOWN_CA,
  LK_WIRE_TLS_REVOKED,
  LK_WIRE_TLS_CLIENT,
  LK_WIRE_TLS_OLD,
  LK_WIRE_TLS_OTHER,
  LK_WIRE_PROTOCOL,
  LK_WIRE_PROXY,
  LK_WIRE_PROXY_UNREACHABLE,
  LK_WIRE_LOCAL_FILE,
  LK_WIRE_OTHER,
} LkWireFault;

#define LK_N_WIRE_FAULTS (LK_WIRE_OTHER + 1)

/**
 * LkCertificate:
 * @now: the present by which it was judged
 * @not_before, @not_after: between these it is valid; 0 when that is not known
 * @names: the host names and addresses that it is for, with commas between; ""
 * @issuer: (nullable): the distinguished name of the authority that signed it
 *
 * What the receiver showed, as far as the cause is concerned.
 */
typedef struct
{
  LkInstant now;
  LkInstant not_before;
  LkInstant not_after;
  char *names;
  char *issuer;
} LkCertificate;

void lk_certificate_free (LkCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCertificate, lk_certificate_free)

/**
 * LkAnswer:
 * @url: where the request went
 * @fault: why no status line came; %LK_WIRE_OK when one did
 * @detail: (nullable): what the network library said about @fault, as an addition
 * @status: HTTP status; 0 when no status line came
 * @reason: (nullable): the reason phrase
 * @location: (nullable): the Location header
 * @retry_after_s: seconds the receiver asked for; -1 for none
 * @certificate: (nullable): what the receiver showed
 * @proxy: (nullable): host and port of the proxy on the way
 *
 * What an attempt came to, as far as the cause is concerned. It owns nothing.
 */
typedef struct
{
  const char *url;
  LkWireFault fault;
  const char *detail;
  int status;
  const char *reason;
  const char *location;
  gint64 retry_after_s;
  const LkCertificate *certificate;
  const char *proxy;
} LkAnswer;

const char *lk_cause_get_class (const LkAnswer *answer);
const char *const *lk_cause_list_classes (void);
char *lk_cause_describe (const LkAnswer *answer);
char *lk_cause_describe_unknown (void);

G_END_DECLS
