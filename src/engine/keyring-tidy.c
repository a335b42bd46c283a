/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Moves secrets to where they belong and removes items that are left over. A secret is read back
 * from where it went before it goes from where it was. */

#define G_LOG_DOMAIN "lk-keyring"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/keyring-tidy.h"
#include "engine/secret-service.h"
#include "store/keyring-store.h"
#include "store/task-secret.h"

typedef struct
{
  LkDbPool *pool;
  SecretService *service;
  LkKeyringItems *items;
  char *owner;
  LkInstant now;
  GCancellable *cancellable;
} Tidying;

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
  return lk_keyring_store_list (db, *(const LkInstant *) data, error);
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

/* The secret that went is not to stay in the file's log. */
static gpointer
checkpoint_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  lk_db_execute (db, "PRAGMA wal_checkpoint(TRUNCATE)", error);

  return NULL;
}

/* Not to be interrupted: what was begun with an item comes to its end. */
static gboolean
write_down (Tidying *self, LkDbJobFunc job, Move *move, GError **error)
{
  g_autoptr (GError) reason = NULL;

  lk_db_pool_write_sync (self->pool, job, move, NULL, &reason);
  if (reason == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* A service may take what it does not keep. */
static gboolean
store_and_read_back (Tidying *self, const LkKeyringEntry *entry, const char *item, GError **error)
{
  g_autofree char *label =
      g_strdup_printf (_ ("Latchkey: secret of the task “%s”"), entry->task_name);
  char *stored;
  gboolean is_same;

  if (!lk_secret_service_store (self->service, item, self->owner, label, entry->secret,
                                self->cancellable, error))
    return FALSE;

  stored = lk_secret_service_read (self->service, item, FALSE, self->cancellable, error);
  if (stored == NULL)
    return FALSE;

  is_same = g_str_equal (stored, entry->secret);
  lk_secret_free (stored);
  if (!is_same)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_LOCKED,
                         _ ("the keyring of the desktop does not give back what it was given"));

  return is_same;
}

static gboolean
move_in (Tidying *self, const LkKeyringEntry *entry, GError **error)
{
  g_autofree char *item = g_uuid_string_random ();
  g_autoptr (GError) reason = NULL;
  Move move = { .entry = entry, .item = item };

  if (!write_down (self, announce_job, &move, error))
    return FALSE;
  if (!store_and_read_back (self, entry, item, &reason))
    {
      g_message ("the secret of “%s” stays in the workspace: %s", entry->task_name,
                 reason->message);
      return TRUE;
    }

  /* Known before anybody can ask for it. */
  lk_keyring_items_add (self->items, item, entry->secret);
  if (!write_down (self, move_in_job, &move, error))
    return FALSE;
  if (move.is_moved)
    {
      lk_db_pool_inspect_sync (self->pool, checkpoint_job, NULL, NULL, &reason);
      if (reason != NULL)
        g_message ("the log of the workspace is cut off later: %s", reason->message);
      return TRUE;
    }

  /* Another process took its row away before there was an item to remove. */
  lk_keyring_items_remove (self->items, item);
  return write_down (self, announce_job, &move, error);
}

static gboolean
move_out (Tidying *self, const LkKeyringEntry *entry, GError **error)
{
  char *secret = lk_keyring_items_dup (self->items, entry->item);
  Move move = { .item = entry->item, .secret = secret };
  gboolean done = secret == NULL || write_down (self, move_out_job, &move, error);

  lk_secret_free (secret);

  return done;
}

/* The row goes first: a process that is about to use the item finds it taken. */
static gboolean
remove_leftover (Tidying *self, const LkKeyringEntry *entry, GError **error)
{
  g_autoptr (GError) reason = NULL;
  Move move = { .item = entry->item };

  if (!write_down (self, take_leftover_job, &move, &reason))
    {
      if (g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  lk_keyring_items_remove (self->items, entry->item);
  if (lk_secret_service_remove (self->service, entry->item, self->owner, self->cancellable,
                                &reason))
    return TRUE;

  g_message ("a secret that is not used any more stays in the keyring for now: %s",
             reason->message);
  return write_down (self, announce_job, &move, error);
}

static gboolean
do_work (Tidying *self, const LkKeyringEntry *entry, GError **error)
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
      return TRUE;
    }
}

/* Everything of the list that is a removal, or everything that is not. */
static gboolean
do_all (Tidying *self, gboolean removals, GError **error)
{
  g_autoptr (GPtrArray) entries =
      lk_db_pool_read_sync (self->pool, list_job, &self->now, self->cancellable, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const LkKeyringEntry *entry = g_ptr_array_index (entries, i);

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
          || ((entry->work == LK_KEYRING_REMOVE) == removals && !do_work (self, entry, error)))
        return FALSE;
    }

  return entries != NULL;
}

/**
 * lk_keyring_tidy:
 * @workspace: the workspace
 * @items: what the keyring gave out: only these can move out
 * @now: the wall-clock time
 * @cancellable: (nullable): interrupts it between two secrets
 * @error: why the workspace could not be read or written; what is wrong with the keyring is no
 *   error: then everything stays where it is, and signs from there
 *
 * Moves and removes what there is to move and remove, if the keyring is open.
 *
 * Thread: one that may wait.
 *
 * Returns: whether nothing was wrong with the workspace
 */
gboolean
lk_keyring_tidy (LkWorkspace *workspace, LkKeyringItems *items, LkInstant now,
                 GCancellable *cancellable, GError **error)
{
  g_autofree char *owner = lk_workspace_dup_identity (workspace);
  g_autoptr (GError) reason = NULL;
  g_autoptr (SecretService) service = lk_secret_service_open (FALSE, NULL, cancellable, &reason);
  Tidying self = {
    .pool = lk_workspace_get_pool (workspace),
    .service = service,
    .items = items,
    .owner = owner,
    .now = now,
    .cancellable = cancellable,
  };

  if (service != NULL)
    return do_all (&self, FALSE, error) && do_all (&self, TRUE, error);

  g_debug ("secrets stay where they are: %s", reason->message);
  return TRUE;
}
