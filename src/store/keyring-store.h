/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/db.h"
#include "store/keyring-items.h"

G_BEGIN_DECLS

/**
 * LkKeyringWork:
 * @LK_KEYRING_READ: the secret is in the keyring, where it belongs
 * @LK_KEYRING_MOVE_IN: it is in the workspace and belongs into the keyring
 * @LK_KEYRING_MOVE_OUT: it is in the keyring and belongs into the workspace
 * @LK_KEYRING_REMOVE: nothing refers to the item any more
 *
 * What there is to do with the keyring for one secret.
 */
typedef enum
{
  LK_KEYRING_READ,
  LK_KEYRING_MOVE_IN,
  LK_KEYRING_MOVE_OUT,
  LK_KEYRING_REMOVE,
} LkKeyringWork;

/**
 * LkKeyringEntry:
 * @work: what there is to do
 * @task_id, @created_at: which secret of which task; 0 for what is to be removed
 * @task_name: its name
 * @item: the name of the keyring's item; "" for what has to move in
 * @secret: what has to move in; else ""
 * @is_old: whether there is a newer one, beside which it signs
 *
 * One secret that has to do with the keyring.
 */
typedef struct
{
  LkKeyringWork work;
  gint64 task_id;
  LkInstant created_at;
  char *task_name;
  char *item;
  char *secret;
  gboolean is_old;
} LkKeyringEntry;

void lk_keyring_entry_free (LkKeyringEntry *self);

/* Thread of all functions here: a pool thread; inside a write job where they change something. A
 * secret moves in by three steps: lk_keyring_store_announce(), then its item is made in the
 * keyring, then lk_keyring_store_move_in(). A crash between them leaves the secret where it was and
 * an item that is removed later. */

GPtrArray *lk_keyring_store_list (LkDb *db, LkInstant now, GError **error);
gboolean lk_keyring_store_announce (LkDb *db, const char *item, GError **error);
gboolean lk_keyring_store_move_in (LkDb *db, const LkKeyringEntry *entry, const char *item,
                                   gboolean *is_moved, GError **error);
gboolean lk_keyring_store_move_out (LkDb *db, const char *item, const char *secret, GError **error);
gboolean lk_keyring_store_take_leftover (LkDb *db, const char *item, GError **error);
gboolean lk_keyring_store_find_unreadable (LkDb *db, LkInstant now, LkKeyringItems *keyring,
                                           char **tasks, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkKeyringEntry, lk_keyring_entry_free)

G_END_DECLS
