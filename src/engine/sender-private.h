/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "core/cause.h"
#include "engine/deadlines.h"
#include "engine/sender.h"

G_BEGIN_DECLS

/* Sessions of an identity, each of one connection. For each request libsoup reads from all idle
 * connections of its session: at 32 in flight these were 21 system calls a request in one session.
 */
#define LK_IDENTITY_SESSIONS LK_SENDER_MAX_CONNECTIONS

/**
 * LkIdentity:
 * @sessions: keep the connections that were made under this identity
 * @n_in_flight: requests of each session that have not ended
 * @sockets: (nullable): of each session's last connection
 * @authorities: (nullable): what is trusted besides the system's authorities
 * @certificate: (nullable): what we show when the receiver asks who we are
 *
 * As whom and towards whom a task speaks TLS. A connection is never shared between identities.
 */
typedef struct
{
  SoupSession *sessions[LK_IDENTITY_SESSIONS];
  guint n_in_flight[LK_IDENTITY_SESSIONS];
  GSocket *sockets[LK_IDENTITY_SESSIONS];
  GTlsDatabase *authorities;
  GTlsCertificate *certificate;
} LkIdentity;

LkIdentity *lk_identity_new (const char *ca_file, const char *client_certificate, const char *proxy,
                             GError **error);
LkIdentity *lk_identity_ref (LkIdentity *self);
void lk_identity_unref (LkIdentity *self);
guint lk_identity_begin (LkIdentity *self);
void lk_identity_end (LkIdentity *self, guint session);
gboolean lk_identity_accepts (const LkIdentity *self, GTlsCertificate *certificate,
                              GTlsCertificateFlags errors, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkIdentity, lk_identity_unref)

/**
 * LkSenderLimits:
 * @connect_ms: to resolve the name, connect and shake hands
 * @answer_ms: from the request to the end of the headers
 * @body_ms: from there to the end of the body
 *
 * What an exchange may take, in milliseconds.
 */
typedef struct
{
  guint connect_ms;
  guint answer_ms;
  guint body_ms;
} LkSenderLimits;

/* For tests, which cannot wait for half a minute. */
void lk_sender_set_limits (LkSender *self, const LkSenderLimits *limits);

/* A message that waits for its request to begin, and what it says of itself. */
typedef struct _LkPrepared
{
  SoupMessage *message;
  LkReply *reply;
} LkPrepared;

void lk_prepared_free (LkPrepared *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkPrepared, lk_prepared_free)

/* sender-message.c */
LkPrepared *lk_sender_message_take (LkRequest *request, LkInstant now);
GUri *lk_sender_parse_url (const char *url);
SoupMessage *lk_sender_message_new (const LkRequest *request, LkInstant now, LkReply *reply);
char *lk_sender_message_format (SoupMessage *message);
char *lk_sender_format_headers (SoupMessageHeaders *headers);
gboolean lk_sender_is_reserved (const char *name);

/* sender-echo.c */
char *lk_sender_leave_out (SoupMessage *message, char *text);
GBytes *lk_sender_leave_out_bytes (SoupMessage *message, const GByteArray *bytes);

/* sender-fault.c */
LkWireFault lk_sender_fault_from_error (const GError *error, GTlsCertificateFlags tls_errors);
void lk_sender_note_fault (LkAttempt *attempt, LkWireFault fault, const char *detail,
                           GTlsCertificate *shown, const char *proxy);
void lk_sender_note_answer (LkAttempt *attempt, SoupMessage *message, LkInstant now);
char *lk_sender_name_own_proxy (const char *proxy);
char *lk_sender_name_proxy (GProxyAddress *address);

/* sender-exchange.c */
void lk_sender_exchange_start (GTask *task, LkIdentity *identity, const char *reason,
                               LkRequest *request, LkClock *clock, const LkSenderLimits *limits,
                               LkDeadlines *deadlines);

G_END_DECLS
