/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"
#include "store/db.h"

G_BEGIN_DECLS

#define LK_RETENTION_BODY_DAYS    30 /* after the webhook arrived */
#define LK_RETENTION_ATTEMPT_DAYS 90 /* after the webhook arrived */

/**
 * LkRetentionStage:
 *
 * What a pass looks at, in this order.
 */
typedef enum
{
  LK_RETENTION_SECRETS,
  LK_RETENTION_BODIES,
  LK_RETENTION_ATTEMPTS,
  LK_RETENTION_DONE,
} LkRetentionStage;

/**
 * LkRetention:
 * @stage: how far the pass is; %LK_RETENTION_DONE when nothing is left to look at
 * @delivery_id, @number: the last record of this stage that was looked at
 * @n_removed: how many records the pass has removed so far
 * @next_at: when the next batch is due
 *
 * A pass over all that may be too old to keep, begun daily and moved on batch by batch. The
 * workspace remembers it.
 */
typedef struct
{
  LkRetentionStage stage;
  gint64 delivery_id;
  gint64 number;
  gint64 n_removed;
  LkInstant next_at;
} LkRetention;

/* Thread: a pool thread, inside a write job. */
LkRetention *lk_retention_prune (LkDb *db, gint64 epoch, LkInstant now, gsize limit,
                                 GError **error); /* (transfer full): g_free() it */

/* Any thread. (transfer full) (nullable): why something of the delivery is not shown, in words;
 * NULL when it is all there. */
char *lk_retention_describe_body (const LkDelivery *delivery);
char *lk_retention_describe_attempts (const LkDelivery *delivery, guint n_kept);

G_END_DECLS
