/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-store"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/signature.h"
#include "core/text-check.h"
#include "store/endpoint-store.h"
#include "store/named-record.h"
#include "store/task-row.h"
#include "store/task-store.h"

static LkInstant
compute_next_due (const LkTask *task, LkInstant now)
{
  return task->enabled ? lk_recurrence_next_after (&task->recurrence, now) : 0;
}

static gboolean
check_headers (const LkTask *task, GError **error)
{
  for (char **header = task->headers; *header != NULL; header++)
    if (!lk_text_check (*header, error))
      return FALSE;
    else if (strpbrk (*header, "\r\n") != NULL)
      {
        g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                     _ ("a header of the task “%s” has a line break: remove it"), task->name);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_webhook (const LkTask *task, const char *secret, gboolean has_secret, GError **error)
{
  if (secret != NULL && !lk_secret_check (secret, error))
    return FALSE;

  if (!task->webhook_enabled || ((secret != NULL || has_secret) && *task->url != '\0'))
    return TRUE;

  if (*task->url == '\0')
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("the task “%s” has no webhook address: type one, or switch its webhook off"),
                 task->name);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("the task “%s” has no secret to sign with: type or generate one"), task->name);
  return FALSE;
}

static gboolean
check_references (LkDb *db, const LkTask *task, GError **error)
{
  gint64 server_id, search_id;

  if (!lk_query_int (db, "SELECT id FROM server WHERE id = ?1",
                     LK_VALUES (LK_INT (task->server_id)), &server_id, error)
      || !lk_query_int (db, "SELECT id FROM search WHERE id = ?1",
                        LK_VALUES (LK_INT (task->search_id)), &search_id, error))
    return FALSE;

  if (server_id == 0)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("the license server of the task “%s” is not set or is gone: choose one"),
                 task->name);
  else if (search_id == 0)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("the search of the task “%s” is not set or is gone: choose one"), task->name);

  return server_id != 0 && search_id != 0;
}

static gboolean
check_task (LkDb *db, const LkTask *task, const char *secret, gboolean has_secret, GError **error)
{
  return lk_named_record_check_name (db, LK_RECORD_TASK, task->id, task->name, error)
         && lk_text_check (task->user_data, error) && lk_text_check (task->notes, error)
         && lk_text_check (task->url, error) && lk_recurrence_check (&task->recurrence, error)
         && check_headers (task, error) && check_webhook (task, secret, has_secret, error)
         && check_references (db, task, error);
}

/* Without an overlap, see lk_task_secret_rotate(): nothing signs with an older one any more. */
static gboolean
replace_secret (LkDb *db, gint64 task_id, const char *secret, LkInstant now, GError **error)
{
  return lk_query_run (db, "DELETE FROM task_secret WHERE task_id = ?1",
                       LK_VALUES (LK_INT (task_id)), error)
         && lk_query_run (
             db, "INSERT INTO task_secret (task_id, created_at, secret) VALUES (?1, ?2, ?3)",
             LK_VALUES (LK_INT (task_id), LK_INT (now), LK_TEXT (secret)), error);
}

/* The ledger knows licenses by their ids, which mean other licenses on another server: these must
 * not pass for fired. */
static gboolean
forget_fired (LkDb *db, gint64 task_id, GError **error)
{
  return lk_query_run (db, "DELETE FROM ledger WHERE task_id = ?1", LK_VALUES (LK_INT (task_id)),
                       error);
}

/* What is still owed follows the task to its new address: due there at once, unless that receiver
 * is paused or a person has to look first. */
static gboolean
move_deliveries (LkDb *db, const LkTask *task, LkInstant now, GError **error)
{
  g_autofree char *reason = NULL;
  gboolean is_paused;

  if (!lk_query_run (db,
                     "UPDATE delivery SET url = ?2 WHERE task_id = ?1 AND is_test = 0"
                     " AND state IN ('queued', 'retry_wait', 'held')",
                     LK_VALUES (LK_INT (task->id), LK_TEXT (task->url)), error)
      || !lk_endpoint_store_is_paused (db, task->url, &is_paused, &reason, error))
    return FALSE;

  return lk_query_run (db,
                       "UPDATE delivery SET state = ?2, due_at = CASE WHEN ?3 > 0"
                       " AND state = 'queued' AND due_at > ?3 THEN due_at ELSE ?3 END,"
                       " hold_kind = ?4, hold_reason = ?5 WHERE task_id = ?1"
                       " AND (state IN ('queued', 'retry_wait') OR hold_kind = 'paused')",
                       LK_VALUES (LK_INT (task->id), LK_TEXT (is_paused ? "held" : "queued"),
                                  LK_INT (is_paused ? 0 : now), LK_TEXT (is_paused ? "paused" : ""),
                                  LK_TEXT (is_paused ? reason : "")),
                       error);
}

/**
 * lk_task_store_list:
 * @db: a connection
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkTask) (nullable): all tasks by name; %NULL on error
 */
GPtrArray *
lk_task_store_list (LkDb *db, GError **error)
{
  return lk_query_list (db, "SELECT " LK_TASK_ROW_COLUMNS " FROM task ORDER BY name_key", NULL,
                        lk_task_row_read, (GDestroyNotify) lk_task_free, error);
}

/**
 * lk_task_store_get:
 * @db: a connection
 * @id: the task
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Returns: (transfer full) (nullable): the task; %NULL on error
 */
LkTask *
lk_task_store_get (LkDb *db, gint64 id, GError **error)
{
  gpointer task;

  if (lk_query_one (db, "SELECT " LK_TASK_ROW_COLUMNS " FROM task WHERE id = ?1",
                    LK_VALUES (LK_INT (id)), lk_task_row_read, &task, error)
      && task == NULL)
    lk_named_record_set_id_missing (LK_RECORD_TASK, id, error);

  return task;
}

/**
 * lk_task_store_find:
 * @db: a connection
 * @name: its name; case does not matter
 * @error: %LK_ERROR_NOT_FOUND when there is none of that name
 *
 * Returns: (transfer full) (nullable): the task; %NULL on error
 */
LkTask *
lk_task_store_find (LkDb *db, const char *name, GError **error)
{
  g_autofree char *key = lk_named_record_key (name);
  gpointer task;

  if (lk_query_one (db, "SELECT " LK_TASK_ROW_COLUMNS " FROM task WHERE name_key = ?1",
                    LK_VALUES (LK_TEXT (key)), lk_task_row_read, &task, error)
      && task == NULL)
    lk_named_record_set_name_missing (LK_RECORD_TASK, name, error);

  return task;
}

/**
 * lk_task_store_insert:
 * @db: a connection in a transaction
 * @task: a new task; its id, version, times and @has_secret do not matter
 * @secret: (nullable): what it signs with; may be %NULL only while its webhook is off
 * @now: the wall-clock time: it is created at it, and first due after it
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING for a value that is no good, %LK_ERROR_EXISTS for
 *   a name that is taken
 *
 * Returns: its id; 0 on error
 */
gint64
lk_task_store_insert (LkDb *db, const LkTask *task, const char *secret, LkInstant now,
                      GError **error)
{
  gint64 id;

  g_return_val_if_fail (task != NULL && task->id == 0, 0);

  if (!check_task (db, task, secret, FALSE, error))
    return 0;

  id = lk_task_row_insert (db, task, compute_next_due (task, now), now, error);
  if (id == 0 || (secret != NULL && !replace_secret (db, id, secret, now, error)))
    return 0;

  return id;
}

/**
 * lk_task_store_update:
 * @db: a connection in a transaction
 * @task: the task as it is to be, with the id and version that were read; its times and @has_secret
 *   do not matter
 * @secret: (nullable): a new secret; %NULL keeps the stored one
 * @now: the wall-clock time
 * @error: %LK_ERROR_INVALID, %LK_ERROR_ENCODING or %LK_ERROR_EXISTS as for an insert,
 *   %LK_ERROR_CONFLICT when somebody else changed it, %LK_ERROR_NOT_FOUND when it is gone
 *
 * Changes a task. A run that is under way goes on with what it has read. A changed recurrence, or a
 * change of @enabled, sets the cursor to the first due instant after @now; any other change leaves
 * it. Deliveries that are owed follow a changed address. With another license server the task's
 * ledger begins anew.
 *
 * Returns: whether it was changed
 */
gboolean
lk_task_store_update (LkDb *db, const LkTask *task, const char *secret, LkInstant now,
                      GError **error)
{
  g_autoptr (LkTask) stored = NULL;
  LkInstant next_due_at;

  g_return_val_if_fail (task != NULL && task->id != 0, FALSE);

  stored = lk_task_store_get (db, task->id, error);
  if (stored == NULL || !check_task (db, task, secret, stored->has_secret, error))
    return FALSE;

  next_due_at = stored->next_due_at;
  if (!task->enabled != !stored->enabled
      || !lk_recurrence_equal (&task->recurrence, &stored->recurrence))
    next_due_at = compute_next_due (task, now);

  return lk_task_row_update (db, task, next_due_at, error)
         && lk_named_record_check_updated (db, LK_RECORD_TASK, task->id, task->name, error)
         && (secret == NULL || replace_secret (db, task->id, secret, now, error))
         && (task->server_id == stored->server_id || forget_fired (db, task->id, error))
         && (g_str_equal (task->url, stored->url) || *task->url == '\0'
             || move_deliveries (db, task, now, error));
}

/**
 * lk_task_store_set_enabled:
 * @db: a connection in a transaction
 * @id: the task
 * @enabled: whether the timer is to run it
 * @now: the wall-clock time; a task that is switched on is first due after it
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Switches a task on or off, whatever its version; its version counts up, so that a dialog that is
 * open does not undo it unnoticed.
 *
 * Returns: whether that was done
 */
gboolean
lk_task_store_set_enabled (LkDb *db, gint64 id, gboolean enabled, LkInstant now, GError **error)
{
  g_autoptr (LkTask) task = lk_task_store_get (db, id, error);

  if (task == NULL)
    return FALSE;

  if (!task->enabled == !enabled)
    return TRUE;

  task->enabled = enabled;
  return lk_query_run (
      db,
      "UPDATE task SET version = version + 1, enabled = ?2, next_due_at = ?3"
      " WHERE id = ?1",
      LK_VALUES (LK_INT (id), LK_INT (enabled != 0), LK_INT (compute_next_due (task, now))), error);
}

/**
 * lk_task_store_remove:
 * @db: a connection in a transaction
 * @id: the task
 * @now: the wall-clock time
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Deletes a task with its secret and its ledger. Its runs and deliveries stay in the log under its
 * name: what it still owed is dropped, a run that waits or is under way fails, both with that
 * reason. A request that is in flight ends as it ends, but is not repeated.
 *
 * Returns: whether it was removed
 */
gboolean
lk_task_store_remove (LkDb *db, gint64 id, LkInstant now, GError **error)
{
  g_autoptr (LkTask) task = lk_task_store_get (db, id, error);
  const char *reason = _ ("the task was deleted");

  return task != NULL
         && lk_query_run (db,
                          "UPDATE delivery SET state = 'dropped', due_at = 0, hold_kind = '',"
                          " hold_reason = '', last_cause = ?2, finished_at = ?3 WHERE task_id = ?1"
                          " AND state IN ('queued', 'retry_wait', 'held')",
                          LK_VALUES (LK_INT (id), LK_TEXT (reason), LK_INT (now)), error)
         && lk_query_run (db,
                          "UPDATE run SET state = 'failed', epoch = 0, error = ?2, finished_at = ?3"
                          " WHERE task_id = ?1 AND state IN ('requested', 'running')",
                          LK_VALUES (LK_INT (id), LK_TEXT (reason), LK_INT (now)), error)
         && lk_query_run (db, "DELETE FROM task WHERE id = ?1", LK_VALUES (LK_INT (id)), error);
}

/**
 * lk_task_store_get_rate_limit:
 * @db: a connection
 * @url: a receiver
 * @rate_limit: (out): the smallest of the tasks that send there, in requests a minute; 0 for none
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_task_store_get_rate_limit (LkDb *db, const char *url, int *rate_limit, GError **error)
{
  gint64 smallest = 0;

  if (!lk_query_int (db, "SELECT min(rate_limit) FROM task WHERE url = ?1 AND rate_limit > 0",
                     LK_VALUES (LK_TEXT (url)), &smallest, error))
    return FALSE;

  *rate_limit = (int) smallest;
  return TRUE;
}

/**
 * lk_task_store_get_next_due:
 * @db: a connection
 * @error: return location
 *
 * Returns: the earliest instant at which the timer runs a task; 0 when there is none, -1 on error
 */
LkInstant
lk_task_store_get_next_due (LkDb *db, GError **error)
{
  LkInstant due;

  if (!lk_query_int (db,
                     "SELECT min(next_due_at) FROM task WHERE next_due_at > 0"
                     " AND NOT EXISTS (SELECT 1 FROM run r WHERE r.task_id = task.id"
                     " AND r.state = 'running')",
                     NULL, &due, error))
    return -1;

  return due;
}

/**
 * lk_task_store_rewind:
 * @db: a connection in a transaction
 * @now: the wall-clock time
 * @error: return location
 *
 * After the clock was set back: no cursor may lie beyond the first due instant after @now, or the
 * task would be silent for as long as the clock was ahead, and none ran last after @now, or what a
 * search finds since `[date]` would be passed over until then. What ran already does not run again:
 * see lk_run_store_begin_scheduled().
 *
 * Returns: whether the cursors are right
 */
gboolean
lk_task_store_rewind (LkDb *db, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) tasks = lk_task_store_list (db, error);

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);
      LkInstant first = compute_next_due (task, now);

      if (task->next_due_at > first && first > 0
          && !lk_query_run (db, "UPDATE task SET next_due_at = ?2 WHERE id = ?1",
                            LK_VALUES (LK_INT (task->id), LK_INT (first)), error))
        return FALSE;
    }

  return tasks != NULL
         && lk_query_run (db, "UPDATE task SET last_ran_at = ?1 WHERE last_ran_at > ?1",
                          LK_VALUES (LK_INT (now)), error);
}

/**
 * lk_task_store_list_due:
 * @db: a connection
 * @now: the wall-clock time
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkTask) (nullable): the tasks that the timer should run,
 *   the longest due first; %NULL on error
 */
GPtrArray *
lk_task_store_list_due (LkDb *db, LkInstant now, GError **error)
{
  return lk_query_list (
      db,
      "SELECT " LK_TASK_ROW_COLUMNS " FROM task WHERE next_due_at > 0 AND next_due_at <= ?1"
      " AND NOT EXISTS (SELECT 1 FROM run r WHERE r.task_id = task.id"
      " AND r.state = 'running') ORDER BY next_due_at, id",
      LK_VALUES (LK_INT (now)), lk_task_row_read, (GDestroyNotify) lk_task_free, error);
}
