/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/run.h"
#include "core/task.h"
#include "store/db.h"

G_BEGIN_DECLS

/**
 * LkTaskStanding:
 * @task: the task
 * @last_run: (nullable): its newest run that has begun
 * @is_overdue: whether it should have run and has not, see lk_overdue_is()
 *
 * How a task stands at a moment.
 */
typedef struct
{
  LkTask *task;
  LkRun *last_run;
  gboolean is_overdue;
} LkTaskStanding;

void lk_task_standing_free (LkTaskStanding *self);

/* Thread: a pool thread. */
GPtrArray *lk_task_standing_list (LkDb *db, LkInstant now, GError **error);
LkInstant lk_task_standing_find_next_overdue (GPtrArray *standings, LkInstant now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTaskStanding, lk_task_standing_free)

G_END_DECLS
