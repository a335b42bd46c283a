/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/db-pool.h"
#include "store/keyring-items.h"

G_BEGIN_DECLS

/**
 * LkKeyringLook:
 * @n_read: secrets that were not known before
 * @has_work: whether a secret is not where it belongs, or an item is left over
 * @problem: (nullable): why a task cannot sign for now; %NULL when all can
 * @can_unlock: whether the keyring is locked, so that unlocking it would help
 *
 * What came of one look at the keyring.
 */
typedef struct
{
  guint n_read;
  gboolean has_work;
  char *problem;
  gboolean can_unlock;
} LkKeyringLook;

/* Thread of all functions here: one that may wait. */

LkKeyringLook *lk_keyring_look (LkDbPool *pool, LkKeyringItems *items, gint64 task_id,
                                LkInstant now, gboolean unlock, GCancellable *cancellable,
                                GError **error);
char **lk_keyring_look_for_secrets (LkDbPool *pool, LkKeyringItems *items, gint64 task_id,
                                    LkInstant now, gboolean unlock, GCancellable *cancellable,
                                    GError **error);
void lk_keyring_look_free (LkKeyringLook *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkKeyringLook, lk_keyring_look_free)

G_END_DECLS
