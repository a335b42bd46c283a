/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * LkReceived:
 * @sequence: counts from 1
 * @received_at: when it arrived
 * @path: the request's path
 * @webhook_id: the header, or ""
 * @task_name, @activation_key: taken from the body; "" where it is not ours
 * @qlm_verdict, @standard_verdict: "valid", "absent", or why it is not valid, translated
 * @qlm_valid, @standard_valid: the same as a fact
 * @body: the bytes
 * @headers: "Name: value" lines
 * @answer: the status that was answered
 */
typedef struct
{
  gint64 sequence;
  LkInstant received_at;
  char *path;
  char *webhook_id;
  char *task_name;
  char *activation_key;
  gboolean qlm_valid;
  gboolean standard_valid;
  char *qlm_verdict;
  char *standard_verdict;
  GBytes *body;
  char *headers;
  guint answer;
} LkReceived;

LkReceived *lk_received_copy (const LkReceived *self);
void lk_received_free (LkReceived *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkReceived, lk_received_free)

#define LK_RECEIVER_MAX_BODY_BYTES (1024 * 1024)
#define LK_RECEIVER_MAX_DELAY_MS   60000

#define LK_TYPE_RECEIVER (lk_receiver_get_type ())
G_DECLARE_FINAL_TYPE (LkReceiver, lk_receiver, LK, RECEIVER, GObject)

/**
 * LkReceiver:
 *
 * The Test Receiver: an HTTP server on 127.0.0.1 and [::1] that verifies both signatures of what
 * arrives and answers as it is told, to rehearse with.
 *
 * Signals: LkReceiver::received (const LkReceived *).
 *
 * Thread: the main loop.
 */
LkReceiver *lk_receiver_new (LkClock *clock);
gboolean lk_receiver_listen (LkReceiver *self, guint16 port, GError **error); /* 0: any free one */
void lk_receiver_close (LkReceiver *self);
guint16 lk_receiver_get_port (LkReceiver *self);                    /* 0 while closed */
void lk_receiver_set_secret (LkReceiver *self, const char *secret); /* "" verifies nothing */
/* @status: 200-599 to answer; @delay_ms: to wait before the answer, 0 to 60000 */
void lk_receiver_set_answer (LkReceiver *self, guint status, guint delay_ms);

G_END_DECLS
