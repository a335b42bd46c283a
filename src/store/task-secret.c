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

static gboolean
set_missing (gint64 task_id, GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
               _ ("task %" PRId64 " has no secret to sign with: type or generate one"), task_id);

  return FALSE;
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
 * its time. A secret that is the present one changes nothing; of one that is in the keyring that is
 * not known here, and the same secret again does no harm.
 *
 * Returns: whether the task signs with it now
 */
gboolean
lk_task_secret_rotate (LkDb *db, gint64 task_id, const char *secret, LkInstant overlap,
                       LkInstant now, GError **error)
{
  gint64 n_present;
  gint64 n_same;

  if (!lk_secret_check (secret, error)
      || !lk_query_int (db, "SELECT count(*) FROM task_secret WHERE task_id = ?1",
                        LK_VALUES (LK_INT (task_id)), &n_present, error)
      || !lk_query_int (db,
                        "SELECT secret = ?2 FROM task_secret WHERE task_id = ?1"
                        " ORDER BY created_at DESC LIMIT 1",
                        LK_VALUES (LK_INT (task_id), LK_TEXT (secret)), &n_same, error))
    return FALSE;
  if (n_present == 0)
    return set_missing (task_id, error);
  if (n_same != 0)
    return TRUE;

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

/* A secret, or the name of the keyring's item that holds it. */
typedef struct
{
  char *secret;
  char *item;
  gboolean is_old; /* there is a newer one */
} Stored;

static void
stored_free (gpointer data)
{
  Stored *self = data;

  lk_secret_free (self->secret);
  g_free (self->item);
  g_free (self);
}

static gpointer
read_stored (LkStatement *row)
{
  Stored *self = g_new0 (Stored, 1);

  self->secret = lk_row_take_text (row, 0);
  self->item = lk_row_take_text (row, 1);
  self->is_old = lk_statement_get_int (row, 2) != 0;

  return self;
}

/* (transfer full) (nullable) */
static char *
take_secret (Stored *stored, LkKeyringItems *keyring, GError **error)
{
  char *secret;

  if (*stored->item == '\0')
    return g_steal_pointer (&stored->secret);

  secret = lk_keyring_items_dup (keyring, stored->item);
  if (secret == NULL)
    g_set_error_literal (
        error, LK_ERROR, LK_ERROR_LOCKED,
        _ ("the secret is in the keyring of the desktop, which is locked or cannot "
           "be reached from here: unlock it"));

  return secret;
}

/**
 * lk_task_secret_list:
 * @db: a connection
 * @task_id: the task
 * @now: the wall-clock time
 * @keyring: what the keyring gave out
 * @error: %LK_ERROR_NOT_FOUND when it has none, %LK_ERROR_LOCKED when @keyring lacks one of them
 *
 * Reads what a task signs with. Nothing else reads it, and it goes into no list, log or message.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): the newest first, then those that
 *   have not expired; %NULL on error
 */
char **
lk_task_secret_list (LkDb *db, gint64 task_id, LkInstant now, LkKeyringItems *keyring,
                     GError **error)
{
  g_autoptr (GPtrArray) secrets = g_ptr_array_new_null_terminated (2, secret_free, TRUE);
  g_autoptr (GPtrArray) stored = NULL;

  stored = lk_query_list (
      db,
      "SELECT secret, keyring_item, expires_at > 0 FROM task_secret WHERE task_id = ?1"
      " AND (expires_at = 0 OR expires_at > ?2) ORDER BY created_at DESC",
      LK_VALUES (LK_INT (task_id), LK_INT (now)), read_stored, stored_free, error);
  if (stored == NULL || (stored->len == 0 && !set_missing (task_id, error)))
    return NULL;

  for (guint i = 0; i < stored->len; i++)
    {
      Stored *one = g_ptr_array_index (stored, i);
      char *secret;

      /* Who lost the old one in the keyring has typed a new one. */
      if (one->is_old && *one->item != '\0' && lk_keyring_items_is_gone (keyring, one->item))
        continue;

      secret = take_secret (one, keyring, error);
      if (secret == NULL)
        return NULL;
      g_ptr_array_add (secrets, secret);
    }

  return (char **) g_ptr_array_steal (secrets, NULL);
}

/**
 * lk_secret_free:
 * @secret: (transfer full) (nullable): a secret
 *
 * Overwrites a secret before its memory is used for something else.
 */
void
lk_secret_free (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
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
