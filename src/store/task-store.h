/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "store/db.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something. */

GPtrArray *lk_task_store_list (LkDb *db, GError **error);
LkTask *lk_task_store_get (LkDb *db, gint64 id, GError **error);
LkTask *lk_task_store_find (LkDb *db, const char *name, GError **error);
/* @secret: (nullable): a new secret; %NULL keeps the stored one. @now: for created_at and the
 * cursor, which both set to the first due instant after @now when the recurrence or `enabled`
 * changed. A changed URL moves the deliveries that are still owed to it. */
gint64 lk_task_store_insert (LkDb *db, const LkTask *task, const char *secret, LkInstant now,
                             GError **error);
gboolean lk_task_store_update (LkDb *db, const LkTask *task, const char *secret, LkInstant now,
                               GError **error);
gboolean lk_task_store_set_enabled (LkDb *db, gint64 id, gboolean enabled, LkInstant now,
                                    GError **error);
gboolean lk_task_store_remove (LkDb *db, gint64 id, LkInstant now, GError **error);

gboolean lk_task_store_get_rate_limit (LkDb *db, const char *url, int *rate_limit, GError **error);

/* The scheduler's view: the earliest cursor of an enabled task (0: none, -1: error), and the tasks
 * that are due at @now. Both leave out tasks of which a run is under way. */
gboolean lk_task_store_rewind (LkDb *db, LkInstant now, GError **error);
LkInstant lk_task_store_get_next_due (LkDb *db, GError **error);
GPtrArray *lk_task_store_list_due (LkDb *db, LkInstant now, GError **error);

G_END_DECLS
