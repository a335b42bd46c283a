/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "store/db.h"
#include "store/keyring-items.h"

G_BEGIN_DECLS

/* Rotation: a new secret, beside which the one before signs until it expires. Thread of all
 * functions here: a pool thread; inside a write job where they change something. */

gboolean lk_task_secret_rotate (LkDb *db, gint64 task_id, const char *secret, LkInstant overlap,
                                LkInstant now, GError **error);
gboolean lk_task_secret_update_task (LkDb *db, const LkTask *task, const char *secret,
                                     LkInstant overlap, LkInstant now, GError **error);
/* (array zero-terminated=1): newest first, never empty; to be wiped by lk_task_secret_list_free()
 */
char **lk_task_secret_list (LkDb *db, gint64 task_id, LkInstant now, LkKeyringItems *keyring,
                            GError **error);
void lk_secret_free (char *secret);
void lk_task_secret_list_free (char **secrets);
gboolean lk_task_secret_get_overlap_end (LkDb *db, gint64 task_id, LkInstant now, LkInstant *end,
                                         GError **error);

G_END_DECLS
