/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-standing"

#include "config.h"

#include "core/overdue.h"
#include "store/lease-store.h"
#include "store/run-store.h"
#include "store/task-standing.h"
#include "store/task-store.h"

/* One may wait while another is under way. */
#define NEWEST_RUNS 2

static LkRun *
take_last_run (LkDb *db, gint64 task_id, gboolean *failed, GError **error)
{
  g_autoptr (GPtrArray) runs = lk_run_store_list (db, task_id, NEWEST_RUNS, error);

  *failed = runs == NULL;
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const LkRun *run = g_ptr_array_index (runs, i);

      if (run->state != LK_RUN_REQUESTED)
        return lk_run_copy (run);
    }

  return NULL;
}

/* @is_led: whether a process holds the lease; without one nothing is under way, whatever the run
 * says. */
static LkTaskStanding *
new_standing (LkDb *db, const LkTask *task, gboolean is_led, LkInstant now, GError **error)
{
  g_autoptr (LkTaskStanding) self = g_new0 (LkTaskStanding, 1);
  gboolean failed, is_running;

  self->task = lk_task_copy (task);
  self->last_run = take_last_run (db, task->id, &failed, error);
  if (failed)
    return NULL;

  is_running = is_led && self->last_run != NULL && self->last_run->state == LK_RUN_RUNNING;
  self->is_overdue = lk_overdue_is (task, is_running, now);

  return g_steal_pointer (&self);
}

/**
 * lk_task_standing_free:
 * @self: (nullable) (transfer full): a standing
 */
void
lk_task_standing_free (LkTaskStanding *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->last_run, lk_run_free);
  g_free (self);
}

/**
 * lk_task_standing_list:
 * @db: a connection
 * @now: the time
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkTaskStanding) (nullable): all tasks by name; %NULL on
 *   error
 */
GPtrArray *
lk_task_standing_list (LkDb *db, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_task_standing_free);
  g_autoptr (LkLease) lease = lk_lease_store_get (db, error);
  g_autoptr (GPtrArray) tasks = lease != NULL ? lk_task_store_list (db, error) : NULL;

  if (tasks == NULL)
    return NULL;

  for (guint i = 0; i < tasks->len; i++)
    {
      LkTaskStanding *standing = new_standing (db, g_ptr_array_index (tasks, i),
                                               lk_lease_is_alive (lease, now), now, error);

      if (standing == NULL)
        return NULL;

      g_ptr_array_add (list, standing);
    }

  return g_steal_pointer (&list);
}

/**
 * lk_task_standing_find_next_overdue:
 * @standings: (element-type LkTaskStanding): tasks as they stood at @now
 * @now: the time
 *
 * Returns: when the next of them becomes overdue if no run of it begins; 0 when none can
 */
LkInstant
lk_task_standing_find_next_overdue (GPtrArray *standings, LkInstant now)
{
  LkInstant next = 0;

  for (guint i = 0; i < standings->len; i++)
    {
      const LkTaskStanding *standing = g_ptr_array_index (standings, i);
      LkInstant since = lk_overdue_since (standing->task);

      if (since >= now && (next == 0 || since < next))
        next = since;
    }

  /* A task is overdue after that moment, not at it. */
  return next > 0 ? next + LK_SECOND : 0;
}
