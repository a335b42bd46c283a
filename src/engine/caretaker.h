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
 * Removes what is too old to keep (lk_retention_prune()): some while after the start, and then
 * daily. It works in small batches with pauses in between, so that no delivery waits for it, and
 * sleeps for the rest of the day. A pass that fails is begun again the next day.
 *
 * Thread: the main loop.
 */
LkCaretaker *lk_caretaker_new (LkDbPool *pool, LkClock *clock);
void lk_caretaker_start (LkCaretaker *self, gint64 epoch);
void lk_caretaker_stop (LkCaretaker *self);

G_END_DECLS
