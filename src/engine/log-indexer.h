/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/change-feed.h"
#include "store/db-pool.h"

G_BEGIN_DECLS

#define LK_TYPE_LOG_INDEXER (lk_log_indexer_get_type ())
G_DECLARE_FINAL_TYPE (LkLogIndexer, lk_log_indexer, LK, LOG_INDEXER, GObject)

/**
 * LkLogIndexer:
 *
 * Brings the index of the log's texts (lk_delivery_text_index()) after the deliveries: in small
 * batches with pauses, once enough are new. It has no timer while nothing is.
 *
 * Thread: the main loop.
 */
LkLogIndexer *lk_log_indexer_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed);
void lk_log_indexer_start (LkLogIndexer *self, gint64 epoch);
void lk_log_indexer_stop (LkLogIndexer *self);

G_END_DECLS
