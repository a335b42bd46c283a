/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a task should have run and has not: the one rule of `status` and of the metrics. */

#define G_LOG_DOMAIN "lk-overdue"

#include "config.h"

#include "core/overdue.h"

/* How late a run may begin: a tenth of its interval, within these. The first is for a machine that
 * restarts, the second for tasks that run so seldom that a tenth would hide a broken schedule. */
#define GRACE_AT_LEAST (2 * LK_MINUTE)
#define GRACE_AT_MOST  (15 * LK_MINUTE)

static LkInstant
get_interval (const LkRecurrence *recurrence)
{
  static const LkInstant units[] = {
    [LK_UNIT_MINUTE] = LK_MINUTE, [LK_UNIT_HOUR] = LK_HOUR,      [LK_UNIT_DAY] = LK_DAY,
    [LK_UNIT_WEEK] = 7 * LK_DAY,  [LK_UNIT_MONTH] = 28 * LK_DAY,
  };

  return recurrence->every * units[recurrence->unit];
}

/**
 * lk_overdue_since:
 * @task: a task as it was last read
 *
 * A task is overdue when it has been due for more than a tenth of its interval, at least 2 and at
 * most 15 minutes, and no run of it has begun.
 *
 * Returns: from when on it is overdue if no run begins; 0 when the timer does not run it
 */
LkInstant
lk_overdue_since (const LkTask *task)
{
  g_return_val_if_fail (task != NULL, 0);

  if (!task->enabled || task->next_due_at <= 0)
    return 0;

  return task->next_due_at
         + CLAMP (get_interval (&task->recurrence) / 10, GRACE_AT_LEAST, GRACE_AT_MOST);
}

/**
 * lk_overdue_is:
 * @task: a task as it was last read
 * @is_running: whether some process executes a run of it: then what is due meanwhile waits for the
 *   end of that run
 * @now: the time
 *
 * Returns: whether it should have run and has not, see lk_overdue_since()
 */
gboolean
lk_overdue_is (const LkTask *task, gboolean is_running, LkInstant now)
{
  LkInstant since = lk_overdue_since (task);

  return since > 0 && now > since && !is_running;
}
