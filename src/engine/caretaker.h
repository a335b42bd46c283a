/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/db-pool.h"

G_BEGIN_DECLS

#define LK_TYPE_CARETAKER (lk_caretaker_get_type ())
G_DECLARE_FINAL_TYPE (LkCaretaker, lk_caretaker, LK, CARETAKER, GObject)

/**
 * LkCaretaker:
 *
 * Removes what is too old to keep (lk_retention_prune()), daily, but not before some while after
 * the start. It works in small batches with pauses in between, so that no delivery waits for it,
 * and sleeps for the rest of the day. A pass that fails goes on the next day.
 *
 * Thread: the main loop.
 */
LkCaretaker *lk_caretaker_new (LkDbPool *pool, LkClock *clock);
void lk_caretaker_start (LkCaretaker *self, gint64 epoch);
void lk_caretaker_stop (LkCaretaker *self);
void lk_caretaker_prune_async (LkCaretaker *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_caretaker_prune_finish (LkCaretaker *self, GAsyncResult *result, GError **error);

G_END_DECLS
