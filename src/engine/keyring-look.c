/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One look at the keyring: what is to be read, moved and removed, one after the other. */

#define G_LOG_DOMAIN "lk-keyring"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/keyring-look.h"
#include "engine/secret-service.h"
#include "store/keyring-store.h"
#include "store/task-secret.h"

typedef struct
{
  LkDbPool *pool;
  LkKeyringItems *items;
  gboolean unlock;
  GCancellable *cancellable;
  LkKeyringLook *result;
} Look;

/* A secret on its way, for the jobs. */
typedef struct
{
  const LkKeyringEntry *entry;
  const char *item;
  const char *secret;
  gboolean is_moved;
} Move;

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_keyring_store_list (db, error);
}

static gpointer
announce_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  lk_keyring_store_announce (db, ((const Move *) data)->item, error);

  return NULL;
}

static gpointer
move_in_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Move *move = data;

  lk_keyring_store_move_in (db, move->entry, move->item, &move->is_moved, error);

  return NULL;
}

static gpointer
move_out_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Move *move = data;

  lk_keyring_store_move_out (db, move->item, move->secret, error);

  return NULL;
}

static gpointer
take_leftover_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  lk_keyring_store_take_leftover (db, ((const Move *) data)->item, error);

  return NULL;
}

/* Not to be interrupted: what was begun with an item comes to its end. */
static gboolean
write_down (Look *self, LkDbJobFunc job, Move *move, GError **error)
{
  g_autoptr (GError) reason = NULL;

  lk_db_pool_write_sync (self->pool, job, move, NULL, &reason);
  if (reason == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* The first one stands for all: they are in one keyring. */
static void
note_problem (Look *self, const LkKeyringEntry *entry, const GError *reason)
{
  if (self->result->problem == NULL)
    self->result->problem =
        g_strdup_printf (_ ("the task “%s” waits, since its secret cannot be read: %s"),
                         entry->task_name, reason->message);
}

static gboolean
read_secret (Look *self, const LkKeyringEntry *entry)
{
  g_autoptr (GError) reason = NULL;
  char *secret;

  if (lk_keyring_items_has (self->items, entry->item))
    return TRUE;

  secret = lk_secret_service_read (entry->item, self->unlock, self->cancellable, &reason);
  if (secret == NULL)
    {
      note_problem (self, entry, reason);
      return FALSE;
    }

  lk_keyring_items_add (self->items, entry->item, secret);
  lk_secret_free (secret);
  self->result->n_read++;

  return TRUE;
}

/* Where no keyring is open the secret stays where it is: it signs from there as well. */
static gboolean
move_in (Look *self, const LkKeyringEntry *entry, GError **error)
{
  g_autofree char *item = g_uuid_string_random ();
  g_autofree char *label =
      g_strdup_printf (_ ("Latchkey: secret of the task “%s”"), entry->task_name);
  g_autoptr (GError) reason = NULL;
  Move move = { .entry = entry, .item = item };

  if (!lk_secret_service_is_open (self->cancellable, &reason))
    {
      g_debug ("the secret of “%s” stays in the workspace: %s", entry->task_name, reason->message);
      return TRUE;
    }

  if (!write_down (self, announce_job, &move, error))
    return FALSE;
  if (!lk_secret_service_store (item, label, entry->secret, self->cancellable, &reason))
    {
      g_message ("the secret of “%s” stays in the workspace: %s", entry->task_name,
                 reason->message);
      return TRUE;
    }

  /* Known before anybody can ask for it. */
  lk_keyring_items_add (self->items, item, entry->secret);
  if (!write_down (self, move_in_job, &move, error))
    return FALSE;
  if (!move.is_moved)
    lk_keyring_items_remove (self->items, item);

  return TRUE;
}

static gboolean
move_out (Look *self, const LkKeyringEntry *entry, GError **error)
{
  char *secret;
  Move move = { .item = entry->item };
  gboolean done;

  if (!read_secret (self, entry))
    return TRUE;

  secret = lk_keyring_items_dup (self->items, entry->item);
  move.secret = secret;
  done = write_down (self, move_out_job, &move, error);
  lk_secret_free (secret);

  return done;
}

/* The row goes first: a process that is about to use the item finds it taken. */
static gboolean
remove_leftover (Look *self, const LkKeyringEntry *entry, GError **error)
{
  g_autoptr (GError) reason = NULL;
  Move move = { .item = entry->item };

  if (!lk_secret_service_is_open (self->cancellable, NULL))
    return TRUE;

  if (!write_down (self, take_leftover_job, &move, &reason))
    {
      if (!g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&reason));
      return *error == NULL;
    }

  lk_keyring_items_remove (self->items, entry->item);
  if (lk_secret_service_remove (entry->item, NULL, &reason))
    return TRUE;

  g_message ("a secret that is not used any more stays in the keyring for now: %s",
             reason->message);
  return write_down (self, announce_job, &move, error);
}

static gboolean
see_to (Look *self, const LkKeyringEntry *entry, GError **error)
{
  switch (entry->work)
    {
    case LK_KEYRING_MOVE_IN:
      return move_in (self, entry, error);
    case LK_KEYRING_MOVE_OUT:
      return move_out (self, entry, error);
    case LK_KEYRING_REMOVE:
      return remove_leftover (self, entry, error);
    case LK_KEYRING_READ:
    default:
      read_secret (self, entry);
      return TRUE;
    }
}

/**
 * lk_keyring_look:
 * @pool: the workspace
 * @items: what the keyring gave out so far, and gets what it gives out now
 * @unlock: whether the desktop may ask somebody to unlock the keyring
 * @cancellable: (nullable): interrupts it
 * @error: why the workspace could not be read or written; a keyring that cannot is no error
 *
 * Does what there is to do with the keyring.
 *
 * Thread: one that may wait.
 *
 * Returns: (transfer full) (nullable): what came of it
 */
LkKeyringLook *
lk_keyring_look (LkDbPool *pool, LkKeyringItems *items, gboolean unlock, GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (LkKeyringLook) result = g_new0 (LkKeyringLook, 1);
  g_autoptr (GPtrArray) entries = lk_db_pool_read_sync (pool, list_job, NULL, cancellable, error);
  Look look = {
    .pool = pool, .items = items, .unlock = unlock, .cancellable = cancellable, .result = result
  };
  g_autoptr (GError) reason = NULL;

  for (guint i = 0;
       entries != NULL && i < entries->len && !g_cancellable_is_cancelled (cancellable); i++)
    if (!see_to (&look, g_ptr_array_index (entries, i), &reason))
      {
        g_propagate_error (error, g_steal_pointer (&reason));
        return NULL;
      }

  return entries != NULL ? g_steal_pointer (&result) : NULL;
}

typedef struct
{
  gint64 task_id;
  LkInstant now;
  LkKeyringItems *items;
} Question;

static gpointer
secrets_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return lk_task_secret_list (db, question->task_id, question->now, question->items, error);
}

/**
 * lk_keyring_look_for_secrets:
 * @pool: the workspace
 * @items: see lk_keyring_look()
 * @task_id: a task
 * @now: the wall-clock time
 * @unlock: see lk_keyring_look()
 * @cancellable: (nullable): interrupts it
 * @error: see lk_task_secret_list()
 *
 * Looks at the keyring and then reads what a task signs with, wherever that is.
 *
 * Thread: one that may wait.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): newest first, never empty, to be
 *   wiped by lk_task_secret_list_free()
 */
char **
lk_keyring_look_for_secrets (LkDbPool *pool, LkKeyringItems *items, gint64 task_id, LkInstant now,
                             gboolean unlock, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkKeyringLook) look = lk_keyring_look (pool, items, unlock, cancellable, error);
  Question question = { task_id, now, items };

  return look != NULL ? lk_db_pool_read_sync (pool, secrets_job, &question, cancellable, error)
                      : NULL;
}

/**
 * lk_keyring_look_free:
 * @self: (transfer full): a result
 */
void
lk_keyring_look_free (LkKeyringLook *self)
{
  g_free (self->problem);
  g_free (self);
}
