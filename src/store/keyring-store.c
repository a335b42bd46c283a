/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which secrets are in the keyring of the desktop and which belong there. The keyring itself is the
 * engine's. */

#define G_LOG_DOMAIN "lk-keyring-store"

#include "config.h"

#include "store/keyring-store.h"
#include "store/query.h"
#include "store/task-secret.h"

/**
 * lk_keyring_entry_free:
 * @self: (transfer full): an entry, whose secret is wiped
 */
void
lk_keyring_entry_free (LkKeyringEntry *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->task_name);
  g_free (self->item);
  lk_secret_free (self->secret);
  g_free (self);
}

static gpointer
read_entry (LkStatement *row)
{
  LkKeyringEntry *self = g_new0 (LkKeyringEntry, 1);

  self->work = (LkKeyringWork) lk_statement_get_int (row, 0);
  self->task_id = lk_statement_get_int (row, 1);
  self->created_at = lk_statement_get_int (row, 2);
  self->task_name = lk_row_take_text (row, 3);
  self->item = lk_row_take_text (row, 4);
  self->secret = lk_row_take_text (row, 5);
  self->is_old = lk_statement_get_int (row, 6) != 0;

  return self;
}

/**
 * lk_keyring_store_list:
 * @db: a connection
 * @now: the wall-clock time
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkKeyringEntry) (nullable): all that has to do with the
 *   keyring; nothing for a workspace that uses none
 */
GPtrArray *
lk_keyring_store_list (LkDb *db, LkInstant now, GError **error)
{
  G_STATIC_ASSERT (LK_KEYRING_READ == 0 && LK_KEYRING_MOVE_IN == 1 && LK_KEYRING_MOVE_OUT == 2
                   && LK_KEYRING_REMOVE == 3);

  return lk_query_list (
      db,
      "SELECT CASE WHEN s.keyring_item = '' THEN 1 WHEN t.use_keyring THEN 0 ELSE 2 END,"
      " s.task_id, s.created_at, t.name, s.keyring_item, s.secret, s.expires_at > 0"
      " FROM task_secret s JOIN task t ON t.id = s.task_id"
      " WHERE (s.keyring_item <> '' OR t.use_keyring)"
      " AND (s.expires_at = 0 OR s.expires_at > ?1)"
      " UNION ALL SELECT 3, 0, 0, '', keyring_item, '', 0 FROM keyring_leftover",
      LK_VALUES (LK_INT (now)), read_entry, (GDestroyNotify) lk_keyring_entry_free, error);
}

/**
 * lk_keyring_store_announce:
 * @db: a connection in a transaction
 * @item: the name of an item that will be made
 * @error: return location
 *
 * Notes an item before there is one, so that it is found should the program end before something
 * refers to it.
 *
 * Returns: whether it is noted
 */
gboolean
lk_keyring_store_announce (LkDb *db, const char *item, GError **error)
{
  return lk_query_run (db, "INSERT OR IGNORE INTO keyring_leftover (keyring_item) VALUES (?1)",
                       LK_VALUES (LK_TEXT (item)), error);
}

/**
 * lk_keyring_store_take_leftover:
 * @db: a connection in a transaction
 * @item: the name of an item
 * @error: %LK_ERROR_NOT_FOUND when another process took it, or a secret refers to it by now
 *
 * Takes over an item to which nothing refers, be it to remove it or to use it.
 *
 * Returns: whether it is the caller's
 */
gboolean
lk_keyring_store_take_leftover (LkDb *db, const char *item, GError **error)
{
  gint64 taken;

  if (!lk_query_int (db, "DELETE FROM keyring_leftover WHERE keyring_item = ?1 RETURNING 1",
                     LK_VALUES (LK_TEXT (item)), &taken, error))
    return FALSE;

  if (taken == 0)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND, "the item %s is another process's", item);

  return taken != 0;
}

/**
 * lk_keyring_store_move_in:
 * @db: a connection in a transaction
 * @entry: a secret, as it was read
 * @item: the item that holds it, which was announced before
 * @is_moved: (out): whether it is there; else the secret was changed, moved or removed meanwhile,
 *   and @item is one that is left over
 * @error: return location
 *
 * Replaces a secret by the name of its item.
 *
 * Returns: whether it could be found out
 */
gboolean
lk_keyring_store_move_in (LkDb *db, const LkKeyringEntry *entry, const char *item,
                          gboolean *is_moved, GError **error)
{
  gint64 n_changed;

  if (!lk_query_int (db,
                     "UPDATE task_secret SET secret = '', keyring_item = ?4"
                     " WHERE task_id = ?1 AND created_at = ?2 AND secret = ?3 AND EXISTS"
                     " (SELECT 1 FROM keyring_leftover l WHERE l.keyring_item = ?4) RETURNING 1",
                     LK_VALUES (LK_INT (entry->task_id), LK_INT (entry->created_at),
                                LK_TEXT (entry->secret), LK_TEXT (item)),
                     &n_changed, error))
    return FALSE;

  *is_moved = n_changed != 0;

  return !*is_moved || lk_keyring_store_take_leftover (db, item, error);
}

/**
 * lk_keyring_store_move_out:
 * @db: a connection in a transaction
 * @item: the item that holds a secret
 * @secret: the secret
 * @error: return location
 *
 * Keeps a secret in the workspace from now on. Its item is left over.
 *
 * Returns: whether the statement ran
 */
gboolean
lk_keyring_store_move_out (LkDb *db, const char *item, const char *secret, GError **error)
{
  return lk_query_run (
      db, "UPDATE task_secret SET secret = ?2, keyring_item = '' WHERE keyring_item = ?1",
      LK_VALUES (LK_TEXT (item), LK_TEXT (secret)), error);
}

typedef struct
{
  gint64 task_id;
  char *item;
  gboolean is_old;
} Reference;

static void
reference_free (gpointer data)
{
  Reference *self = data;

  g_free (self->item);
  g_free (self);
}

static gpointer
read_reference (LkStatement *row)
{
  Reference *self = g_new0 (Reference, 1);

  self->task_id = lk_statement_get_int (row, 0);
  self->item = lk_row_take_text (row, 1);
  self->is_old = lk_statement_get_int (row, 2) != 0;

  return self;
}

/**
 * lk_keyring_store_find_unreadable:
 * @db: a connection
 * @now: the wall-clock time
 * @keyring: what the keyring gave out
 * @tasks: (out) (transfer full) (nullable): the ids of the tasks that cannot sign, since the
 * keyring has not given out their secrets, as a JSON array; %NULL for none
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_keyring_store_find_unreadable (LkDb *db, LkInstant now, LkKeyringItems *keyring, char **tasks,
                                  GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GPtrArray) references = NULL;

  references = lk_query_list (db,
                              "SELECT task_id, keyring_item, expires_at > 0 FROM task_secret"
                              " WHERE keyring_item <> '' AND (expires_at = 0 OR expires_at > ?1)",
                              LK_VALUES (LK_INT (now)), read_reference, reference_free, error);
  if (references == NULL)
    return FALSE;

  for (guint i = 0; i < references->len; i++)
    {
      const Reference *reference = g_ptr_array_index (references, i);

      if (!lk_keyring_items_has (keyring, reference->item)
          && !(reference->is_old && lk_keyring_items_is_gone (keyring, reference->item)))
        g_string_append_printf (ids, ",%" G_GINT64_FORMAT, reference->task_id);
    }
  *tasks = ids->len > 0 ? g_strdup_printf ("[%s]", ids->str + 1) : NULL;

  return TRUE;
}
