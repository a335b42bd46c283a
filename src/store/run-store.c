/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-run-store"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "store/lease-store.h"
#include "store/query.h"
#include "store/run-store.h"
#include "store/task-store.h"

#define COLUMNS                                                                                    \
  "id, task_id, task_name, kind, state, due_at, started_at, finished_at, missed, matched, fired,"  \
  " suppressed, held, error"

static gpointer
read_run (LkStatement *row)
{
  LkRun *run = g_new0 (LkRun, 1);

  run->id = lk_statement_get_int (row, 0);
  run->task_id = lk_statement_get_int (row, 1);
  run->task_name = lk_row_take_text (row, 2);
  lk_run_kind_from_string (lk_statement_get_text (row, 3), &run->kind);
  lk_run_state_from_string (lk_statement_get_text (row, 4), &run->state);
  run->due_at = lk_statement_get_int (row, 5);
  run->started_at = lk_statement_get_int (row, 6);
  run->finished_at = lk_statement_get_int (row, 7);
  run->missed = lk_statement_get_int (row, 8);
  run->matched = lk_statement_get_int (row, 9);
  run->fired = lk_statement_get_int (row, 10);
  run->suppressed = lk_statement_get_int (row, 11);
  run->held = lk_statement_get_int (row, 12);
  run->error = lk_row_take_text (row, 13);

  return run;
}

static gboolean
task_is_running (LkDb *db, gint64 task_id, gboolean *is_running, GError **error)
{
  gint64 run_id;

  if (!lk_query_int (db, "SELECT id FROM run WHERE task_id = ?1 AND state = 'running'",
                     LK_VALUES (LK_INT (task_id)), &run_id, error))
    return FALSE;

  *is_running = run_id != 0;
  return TRUE;
}

/* Returns the id of the new run, 0 when that due instant was run already (the clock was set back),
 * -1 on error. */
static gint64
insert_scheduled (LkDb *db, const LkTask *task, gint64 epoch, LkInstant due_at, LkInstant now,
                  GError **error)
{
  gint64 missed = lk_recurrence_count_between (&task->recurrence, task->next_due_at, due_at);
  gint64 id;

  if (!lk_query_int (db,
                     "INSERT INTO run (task_id, task_name, kind, state, epoch, due_at, started_at,"
                     " missed) VALUES (?1, ?2, 'scheduled', 'running', ?3, ?4, ?5, ?6)"
                     " ON CONFLICT DO NOTHING RETURNING id",
                     LK_VALUES (LK_INT (task->id), LK_TEXT (task->name), LK_INT (epoch),
                                LK_INT (due_at), LK_INT (now), LK_INT (missed)),
                     &id, error))
    return -1;

  return id;
}

static gboolean
advance_cursor (LkDb *db, const LkTask *task, LkInstant now, GError **error)
{
  return lk_query_run (
      db, "UPDATE task SET next_due_at = ?2 WHERE id = ?1",
      LK_VALUES (LK_INT (task->id), LK_INT (lk_recurrence_next_after (&task->recurrence, now))),
      error);
}

static gboolean
mark_running (LkDb *db, LkRun *run, gint64 epoch, LkInstant now, GError **error)
{
  if (run->started_at == 0)
    run->started_at = now;
  run->state = LK_RUN_RUNNING;

  return lk_query_run (
      db, "UPDATE run SET state = 'running', epoch = ?2, started_at = ?3 WHERE id = ?1",
      LK_VALUES (LK_INT (run->id), LK_INT (epoch), LK_INT (run->started_at)), error);
}

/* Finished means that each group which the ledger knows was looked for: those that the search did
 * not find may fire again. */
static gboolean
rearm_absent (LkDb *db, const LkRun *run, GError **error)
{
  return lk_query_run (db,
                       "UPDATE ledger SET matching = 0"
                       " WHERE task_id = ?1 AND matching = 1 AND seen_run_id <> ?2",
                       LK_VALUES (LK_INT (run->task_id), LK_INT (run->id)), error)
         && lk_query_run (db, "UPDATE task SET last_ran_at = ?2 WHERE id = ?1 AND last_ran_at < ?2",
                          LK_VALUES (LK_INT (run->task_id), LK_INT (run->due_at)), error);
}

static gboolean
count_deliveries (LkDb *db, gint64 run_id, gint64 *fired, gint64 *held, GError **error)
{
  return lk_query_int (db, "SELECT count(*) FROM delivery WHERE run_id = ?1",
                       LK_VALUES (LK_INT (run_id)), fired, error)
         && lk_query_int (db, "SELECT count(*) FROM delivery WHERE run_id = ?1 AND state = 'held'",
                          LK_VALUES (LK_INT (run_id)), held, error);
}

static gboolean
store_end (LkDb *db, const LkRun *run, LkInstant now, GError **error)
{
  const char *reason = "";
  gint64 fired, held;

  if (!count_deliveries (db, run->id, &fired, &held, error))
    return FALSE;

  if (run->state == LK_RUN_FAILED)
    reason = *run->error != '\0' ? run->error : _ ("the run failed without telling why");

  return lk_query_run (
      db,
      "UPDATE run SET state = ?2, epoch = 0, finished_at = ?3, matched = ?4, fired = ?5,"
      " suppressed = ?6, held = ?7, error = ?8 WHERE id = ?1",
      LK_VALUES (LK_INT (run->id), LK_TEXT (lk_run_state_to_string (run->state)), LK_INT (now),
                 LK_INT (run->matched), LK_INT (fired),
                 LK_INT (CLAMP (run->matched - fired, 0, run->suppressed)), LK_INT (held),
                 LK_TEXT (reason)),
      error);
}

/**
 * lk_run_store_begin_scheduled:
 * @db: a connection in a transaction
 * @task_id: the task
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST, or %LK_ERROR_NOT_FOUND when the task is gone
 *
 * T1 of design 7: inserts the run of the task's latest due instant until @now, running under
 * @epoch, and moves the task's cursor to the next one after @now. Due instants between the cursor
 * and that one were missed (asleep, off, or busy with the run before) and are only counted.
 *
 * A due instant is run once, also when the clock is set back.
 *
 * Returns: (transfer full) (nullable): the run; %NULL without an error when the task is not due, or
 *   when a run of it is under way: then the cursor stays where it is
 */
LkRun *
lk_run_store_begin_scheduled (LkDb *db, gint64 task_id, gint64 epoch, LkInstant now, GError **error)
{
  g_autoptr (LkTask) task = NULL;
  gboolean is_running;
  LkInstant due_at;
  gint64 id;

  if (!lk_lease_store_check_epoch (db, epoch, error))
    return NULL;

  task = lk_task_store_get (db, task_id, error);
  if (task == NULL || !task->enabled || task->next_due_at == 0 || task->next_due_at > now)
    return NULL;

  if (!task_is_running (db, task_id, &is_running, error) || is_running)
    return NULL;

  due_at = MAX (lk_recurrence_latest_until (&task->recurrence, now), task->next_due_at);
  id = insert_scheduled (db, task, epoch, due_at, now, error);
  if (id < 0 || !advance_cursor (db, task, now, error))
    return NULL;

  return id > 0 ? lk_run_store_get (db, id, error) : NULL;
}

/**
 * lk_run_store_request:
 * @db: a connection in a transaction
 * @task_id: the task; whether it is enabled does not matter
 * @now: the wall-clock time, for which the run stands
 * @error: %LK_ERROR_NOT_FOUND when the task is gone
 *
 * Asks the lease holder for a run. Any process may.
 *
 * Returns: the id of the run that was added, or of the one that waits already; 0 on error
 */
gint64
lk_run_store_request (LkDb *db, gint64 task_id, LkInstant now, GError **error)
{
  g_autoptr (LkTask) task = lk_task_store_get (db, task_id, error);
  gint64 id;

  if (task == NULL)
    return 0;

  if (!lk_query_int (db,
                     "INSERT INTO run (task_id, task_name, kind, state, due_at)"
                     " VALUES (?1, ?2, 'manual', 'requested', ?3)"
                     " ON CONFLICT DO NOTHING RETURNING id",
                     LK_VALUES (LK_INT (task_id), LK_TEXT (task->name), LK_INT (now)), &id, error))
    return 0;

  if (id == 0
      && !lk_query_int (db, "SELECT id FROM run WHERE task_id = ?1 AND state = 'requested'",
                        LK_VALUES (LK_INT (task_id)), &id, error))
    return 0;

  return id;
}

/**
 * lk_run_store_take_pending:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Marks as running under @epoch what was interrupted (it runs under another epoch) or requested,
 * but of each task at most one, and none of a task that the caller is running. An interrupted run
 * comes before a requested one of its task and keeps the time it started at.
 *
 * Returns: (transfer full) (element-type LkRun) (nullable): these runs, the oldest first; %NULL on
 *   error
 */
GPtrArray *
lk_run_store_take_pending (LkDb *db, gint64 epoch, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) runs = NULL;

  if (!lk_lease_store_check_epoch (db, epoch, error))
    return NULL;

  runs =
      lk_query_list (db,
                     "SELECT " COLUMNS " FROM run WHERE (state = 'running' AND epoch <> ?1)"
                     " OR (state = 'requested' AND NOT EXISTS (SELECT 1 FROM run other"
                     " WHERE other.task_id = run.task_id AND other.state = 'running')) ORDER BY id",
                     LK_VALUES (LK_INT (epoch)), read_run, (GDestroyNotify) lk_run_free, error);

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    if (!mark_running (db, g_ptr_array_index (runs, i), epoch, now, error))
      return NULL;

  return g_steal_pointer (&runs);
}

/**
 * lk_run_store_finish:
 * @db: a connection in a transaction
 * @run: the run, with @state finished or failed, @matched, @suppressed and, when failed, @error
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST, or %LK_ERROR_NOT_FOUND when there is no such run
 *
 * T3 of design 7: ends the run. Only a finished one, whose search came to its end without an error,
 * re-arms what did not match and counts as the task's last run. How many deliveries there are is
 * counted here and not taken from @run, which does not know what an execution before a crash added;
 * @suppressed is lowered by those for the same reason.
 *
 * A run that has ended by now, because its task was deleted, stays as it is.
 *
 * Returns: whether the run has ended
 */
gboolean
lk_run_store_finish (LkDb *db, const LkRun *run, gint64 epoch, LkInstant now, GError **error)
{
  g_autoptr (LkRun) stored = NULL;

  g_return_val_if_fail (run->state == LK_RUN_FINISHED || run->state == LK_RUN_FAILED, FALSE);

  if (!lk_lease_store_check_epoch (db, epoch, error))
    return FALSE;

  stored = lk_run_store_get (db, run->id, error);
  if (stored == NULL || stored->state != LK_RUN_RUNNING)
    return stored != NULL;

  return (run->state == LK_RUN_FAILED || rearm_absent (db, run, error))
         && store_end (db, run, now, error);
}

/**
 * lk_run_store_get:
 * @db: a connection
 * @id: the run
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Returns: (transfer full) (nullable): the run; %NULL on error
 */
LkRun *
lk_run_store_get (LkDb *db, gint64 id, GError **error)
{
  gpointer run;

  if (lk_query_one (db, "SELECT " COLUMNS " FROM run WHERE id = ?1", LK_VALUES (LK_INT (id)),
                    read_run, &run, error)
      && run == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND, _ ("there is no run %" PRId64), id);

  return run;
}

/**
 * lk_run_store_list:
 * @db: a connection
 * @task_id: the task whose runs to list; 0 for those of all tasks
 * @limit: how many at most
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkRun) (nullable): runs, the newest first; %NULL on error
 */
GPtrArray *
lk_run_store_list (LkDb *db, gint64 task_id, gint64 limit, GError **error)
{
  if (task_id == 0)
    return lk_query_list (db, "SELECT " COLUMNS " FROM run ORDER BY id DESC LIMIT ?1",
                          LK_VALUES (LK_INT (limit)), read_run, (GDestroyNotify) lk_run_free,
                          error);

  return lk_query_list (
      db, "SELECT " COLUMNS " FROM run WHERE task_id = ?1 ORDER BY id DESC LIMIT ?2",
      LK_VALUES (LK_INT (task_id), LK_INT (limit)), read_run, (GDestroyNotify) lk_run_free, error);
}

/**
 * lk_run_store_list_failing:
 * @db: a connection
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkRun) (nullable): of each task the last run that has
 * ended, where that failed; %NULL on error
 */
GPtrArray *
lk_run_store_list_failing (LkDb *db, GError **error)
{
  return lk_query_list (
      db,
      "SELECT " COLUMNS " FROM run WHERE state = 'failed' AND id IN"
      " (SELECT (SELECT r.id FROM run r WHERE r.task_id = t.id"
      " AND (r.state = 'finished' OR r.state = 'failed') ORDER BY r.id DESC LIMIT 1) FROM task t)"
      " ORDER BY id",
      NULL, read_run, (GDestroyNotify) lk_run_free, error);
}
