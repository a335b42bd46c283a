/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/run.h"
#include "engine/trouble.h"
#include "store/change-feed.h"
#include "store/db-pool.h"

G_BEGIN_DECLS

#define LK_TYPE_SCHEDULER (lk_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (LkScheduler, lk_scheduler, LK, SCHEDULER, GObject)

/**
 * LkScheduler:
 *
 * Knows when the next task is due. It arms one alarm for that moment and otherwise sleeps; it reads
 * the truth again when the alarm goes off, when the clock jumps, when tasks or runs change and when
 * a run ends. Whatever was missed becomes one late run, since the workspace counts and not the
 * alarm.
 *
 * Signals:
 *  - `run` (LkRun *): this run is to be executed; it was begun under our epoch
 *  - `lease-lost`: another process runs the schedule; the scheduler has stopped
 *  - `idle-changed`: lk_scheduler_is_idle() says something new
 *
 * Thread: the main loop.
 */
LkScheduler *lk_scheduler_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed,
                               LkTrouble *trouble, int priority);
void lk_scheduler_start (LkScheduler *self, gint64 epoch);
void lk_scheduler_stop (LkScheduler *self);
void lk_scheduler_wake (LkScheduler *self);
gboolean lk_scheduler_is_idle (LkScheduler *self);

G_END_DECLS
