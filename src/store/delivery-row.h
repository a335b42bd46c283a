/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"
#include "store/query.h"

G_BEGIN_DECLS

/* Private to the store: a delivery as a row of its table. */

/* What lk_delivery_row_read() expects, in its order; then, where a query has it, the body. */
#define LK_DELIVERY_ROW_COLUMNS                                                                    \
  "d.id, d.webhook_id, d.run_id, d.task_id, d.task_name, d.is_test, d.license_id, d.license_key,"  \
  " d.customer, d.url, d.state, d.attempts, d.due_at, d.hold_reason, d.last_status, d.last_cause," \
  " d.last_latency_ms, d.created_at, d.finished_at, d.schedule_from, d.hold_kind"
#define LK_DELIVERY_ROW_BODY 21

/* How many deliveries are added by one statement. */
#define LK_NEW_DELIVERIES_AT_ONCE 16

/**
 * LkNewDelivery:
 * @delivery: with its body, state, due time, hold kind and reason
 * @group_key: the group of the ledger that it fires for; "" for a test
 * @id: the id it got; 0 when its run has one for that group already
 */
typedef struct
{
  const LkDelivery *delivery;
  const char *group_key;
  gint64 id;
} LkNewDelivery;

gpointer lk_delivery_row_read (LkStatement *row);
gboolean lk_delivery_row_insert (LkDb *db, LkNewDelivery *rows, guint n_rows, LkInstant now,
                                 GError **error);
gboolean lk_attempt_row_insert (LkDb *db, gint64 first, gint64 last, LkInstant now, GError **error);
gpointer lk_attempt_row_read (LkStatement *row);

/* What lk_attempt_row_read() expects, in its order. */
#define LK_ATTEMPT_ROW_COLUMNS                                                                     \
  "a.id, a.delivery_id, a.number, a.outcome, a.url, a.status, a.reason, a.error_class, a.cause,"   \
  " a.location, a.retry_after_s, a.request_headers, a.response_headers, a.response_body,"          \
  " a.response_truncated, a.started_at, a.latency_ms, a.dns_us, a.connect_us, a.tls_us,"           \
  " a.first_byte_us"

G_END_DECLS
