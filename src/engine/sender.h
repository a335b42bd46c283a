/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/delivery.h"
#include "core/task.h"

G_BEGIN_DECLS

/**
 * LkRequest:
 * @url: the receiver
 * @body: the exact bytes
 * @webhook_id: `msg_...`
 * @secrets: (array zero-terminated=1): newest first; wiped when the request is freed
 * @standard_webhooks: whether to send the Standard Webhooks headers, too
 * @headers: (array zero-terminated=1): extra headers, each "Name: value"
 * @ca_file, @client_certificate: paths of PEM files; "" for none
 * @proxy: (nullable): as in #LkTask
 * @connect_timeout_s, @answer_timeout_s: as in #LkTask; 0 for the usual ones
 * @prepared: (nullable): private, see lk_request_prepare()
 *
 * What one attempt sends.
 */
typedef struct
{
  char *url;
  GBytes *body;
  char *webhook_id;
  char **secrets;
  gboolean standard_webhooks;
  char **headers;
  char *ca_file;
  char *client_certificate;
  char *proxy;
  int connect_timeout_s;
  int answer_timeout_s;
  struct _LkPrepared *prepared;
} LkRequest;

LkRequest *lk_request_new (void);
LkRequest *lk_request_new_for (const LkDelivery *delivery, char **secrets, const LkTask *task);
void lk_request_free (LkRequest *self);
void lk_request_take_settings (LkRequest *self, const LkTask *task);
void lk_request_prepare (LkRequest *self, LkInstant now); /* any thread */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRequest, lk_request_free)

/**
 * LkReply:
 * @attempt: outcome, status, cause, headers, body, timing; secrets and signatures left out
 * @qlm_signature, @standard_signature: the header values that went out, for Send Test only; the
 *   second is "" where Standard Webhooks is off
 * @timestamp_s: the `webhook-timestamp`
 * @was_sent: whether the request, or a part of it, left this machine
 */
typedef struct
{
  LkAttempt *attempt;
  char *qlm_signature;
  char *standard_signature;
  gint64 timestamp_s;
  gboolean was_sent;
} LkReply;

LkReply *lk_reply_new (void);
char *lk_reply_format_request_headers (const LkReply *self);
void lk_reply_free (LkReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkReply, lk_reply_free)

#define LK_SENDER_MAX_CONNECTIONS    32
#define LK_SENDER_CONNECT_TIMEOUT_S  LK_TASK_DEFAULT_CONNECT_TIMEOUT
#define LK_SENDER_RESPONSE_TIMEOUT_S LK_TASK_DEFAULT_ANSWER_TIMEOUT
#define LK_SENDER_BODY_TIMEOUT_S     5
#define LK_SENDER_BODY_READ_BYTES    (256 * 1024)
#define LK_SENDER_BODY_KEPT_BYTES    (64 * 1024)

#define LK_TYPE_SENDER (lk_sender_get_type ())
G_DECLARE_FINAL_TYPE (LkSender, lk_sender, LK, SENDER, GObject)

/**
 * LkSender:
 *
 * Makes single signed requests over libsoup: no redirect is followed, TLS 1.2 or newer is verified,
 * time and size are limited. Never fails: whatever happens is the outcome of the attempt; one that
 * is cancelled has the outcome %LK_OUTCOME_UNKNOWN.
 *
 * Thread: the main loop.
 */
LkSender *lk_sender_new (LkClock *clock, int io_priority);
void lk_sender_send_async (LkSender *self, LkRequest *request, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
LkReply *lk_sender_send_finish (LkSender *self, GAsyncResult *result);
void lk_sender_get_outcomes (LkSender *self, guint64 outcomes[LK_N_OUTCOMES]);

G_END_DECLS
