/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/run.h"
#include "engine/servers.h"
#include "engine/trouble.h"

G_BEGIN_DECLS

#define LK_TASK_RUNNER_AT_ONCE    2
#define LK_TASK_RUNNER_BATCH_SIZE 64

#define LK_TYPE_TASK_RUNNER (lk_task_runner_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskRunner, lk_task_runner, LK, TASK_RUNNER, GObject)

/**
 * LkTaskRunner:
 *
 * Executes runs that the scheduler began, at most %LK_TASK_RUNNER_AT_ONCE at once: opens the
 * license server, expands and checks the search, scans its matches into deliveries (LkRunScan), and
 * ends the run. A run that breaks ends as failed, in words, and re-arms nothing; one that the
 * workspace could not store is executed again later; one that is cancelled, or whose lease is
 * another's by now, stays as it is for the next process.
 *
 * Signals:
 *  - `finished` (LkRun *): a run ended, finished or failed
 *  - `deliveries-added`: there is something new to send
 *  - `idle-changed`: lk_task_runner_is_idle() may say something new
 *  - `lease-lost`: another process runs the schedule by now
 *
 * Thread: the main loop.
 */
LkTaskRunner *lk_task_runner_new (LkWorkspace *workspace, LkServers *servers, LkClock *clock,
                                  LkTrouble *trouble, int priority);
void lk_task_runner_run (LkTaskRunner *self, const LkRun *run, gint64 epoch);
void lk_task_runner_stop (LkTaskRunner *self);
gboolean lk_task_runner_is_idle (LkTaskRunner *self);

G_END_DECLS
