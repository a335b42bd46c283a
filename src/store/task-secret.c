/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-secret"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "core/signature.h"
#include "store/query.h"
#include "store/task-secret.h"
#include "store/task-store.h"

static void
secret_free (gpointer data)
{
  lk_secret_free (data);
}

/* The newest secret is the last that was made, also where the clock was set back since. */
static gboolean
insert_newest (LkDb *db, gint64 task_id, const char *secret, LkInstant now, GError **error)
{
  LkInstant last;

  if (!lk_query_int (db, "SELECT max(created_at) FROM task_secret WHERE task_id = ?1",
                     LK_VALUES (LK_INT (task_id)), &last, error))
    return FALSE;

  return lk_query_run (
      db, "INSERT INTO task_secret (task_id, created_at, secret) VALUES (?1, ?2, ?3)",
      LK_VALUES (LK_INT (task_id), LK_INT (MAX (now, last + 1)), LK_TEXT (secret)), error);
}

/**
 * lk_task_secret_rotate:
 * @db: a connection in a transaction
 * @task_id: a task that has a secret
 * @secret: the new one
 * @overlap: for how long the present one goes on signing beside it, in microseconds
 * @now: the wall-clock time
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING when the new one is no good, %LK_ERROR_NOT_FOUND
 *   when the task has none
 *
 * Gives a task a new secret and lets the present one expire later. One that expires already keeps
 * its time. A secret that is the present one changes nothing.
 *
 * Returns: whether the task signs with it now
 */
gboolean
lk_task_secret_rotate (LkDb *db, gint64 task_id, const char *secret, LkInstant overlap,
                       LkInstant now, GError **error)
{
  char *present =
      lk_secret_check (secret, error) ? lk_task_store_get_secret (db, task_id, error) : NULL;
  gboolean is_same = g_strcmp0 (present, secret) == 0;
  gboolean is_there = present != NULL;

  lk_secret_free (present);
  if (!is_there || is_same)
    return is_there;

  return lk_query_run (db,
                       "UPDATE task_secret SET expires_at = ?2"
                       " WHERE task_id = ?1 AND expires_at = 0",
                       LK_VALUES (LK_INT (task_id), LK_INT (now + overlap)), error)
         && insert_newest (db, task_id, secret, now, error);
}

/**
 * lk_task_secret_update_task:
 * @db: a connection in a transaction
 * @task: see lk_task_store_update()
 * @secret: (nullable): a new secret; %NULL keeps the stored one
 * @overlap: for how long the stored one goes on signing beside a new one, in microseconds; 0 for
 *   no longer
 * @now: the wall-clock time
 * @error: see lk_task_store_update() and lk_task_secret_rotate()
 *
 * Returns: whether the task was changed
 */
gboolean
lk_task_secret_update_task (LkDb *db, const LkTask *task, const char *secret, LkInstant overlap,
                            LkInstant now, GError **error)
{
  if (secret == NULL || overlap <= 0)
    return lk_task_store_update (db, task, secret, now, error);

  return lk_task_store_update (db, task, NULL, now, error)
         && lk_task_secret_rotate (db, task->id, secret, overlap, now, error);
}

/**
 * lk_task_secret_list:
 * @db: a connection
 * @task_id: the task
 * @now: the wall-clock time
 * @error: %LK_ERROR_NOT_FOUND when it has none
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): what it signs with: the newest
 *   first, then those that have not expired; %NULL on error
 */
char **
lk_task_secret_list (LkDb *db, gint64 task_id, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) list = lk_query_list (
      db,
      "SELECT secret FROM task_secret WHERE task_id = ?1"
      " AND (expires_at = 0 OR expires_at > ?2) ORDER BY created_at DESC",
      LK_VALUES (LK_INT (task_id), LK_INT (now)), lk_row_dup_text, secret_free, error);

  if (list == NULL)
    return NULL;

  if (list->len == 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                   _ ("task %" PRId64 " has no secret to sign with: type or generate one"),
                   task_id);
      return NULL;
    }

  g_ptr_array_add (list, NULL);

  return (char **) g_ptr_array_steal (list, NULL);
}

/**
 * lk_task_secret_list_free:
 * @secrets: (nullable) (transfer full): secrets
 *
 * Overwrites them before their memory is used for something else.
 */
void
lk_task_secret_list_free (char **secrets)
{
  for (gsize i = 0; secrets != NULL && secrets[i] != NULL; i++)
    lk_secret_free (secrets[i]);

  g_free (secrets);
}

/**
 * lk_task_secret_get_overlap_end:
 * @db: a connection
 * @task_id: the task
 * @now: the wall-clock time
 * @end: (out): when the last of its older secrets expires; 0 when it signs with one alone
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_task_secret_get_overlap_end (LkDb *db, gint64 task_id, LkInstant now, LkInstant *end,
                                GError **error)
{
  return lk_query_int (db,
                       "SELECT max(expires_at) FROM task_secret WHERE task_id = ?1"
                       " AND expires_at > ?2",
                       LK_VALUES (LK_INT (task_id), LK_INT (now)), end, error);
}
