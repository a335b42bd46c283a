/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

#define LK_TYPE_DB_POOL (lk_db_pool_get_type ())
G_DECLARE_FINAL_TYPE (LkDbPool, lk_db_pool, LK, DB_POOL, GObject)

/**
 * LkDbJobFunc:
 * @db: the connection to use, for the length of the call
 * @data: what was handed in with the job
 * @cancellable: (nullable): interrupts a running statement, too
 * @error: set when %NULL is returned for a failure
 *
 * A piece of work on a pool thread. A write job runs in one transaction, which is committed when
 * the job leaves @error unset and rolled back otherwise.
 *
 * Returns: (transfer full) (nullable): the result; what it is, is between job and caller
 */
typedef gpointer (*LkDbJobFunc) (LkDb *db, gpointer data, GCancellable *cancellable,
                                 GError **error);

LkDbPool *lk_db_pool_new (const char *uri, LkDbFlags flags, guint n_readers, GError **error);
void lk_db_pool_close (LkDbPool *self);

void lk_db_pool_read_async (LkDbPool *self, LkDbJobFunc job, gpointer data,
                            GDestroyNotify data_free, GDestroyNotify result_free,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
void lk_db_pool_write_async (LkDbPool *self, LkDbJobFunc job, gpointer data,
                             GDestroyNotify data_free, GDestroyNotify result_free,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gpointer lk_db_pool_finish (LkDbPool *self, GAsyncResult *result, GError **error);

gpointer lk_db_pool_read_sync (LkDbPool *self, LkDbJobFunc job, gpointer data,
                               GCancellable *cancellable, GError **error);
gpointer lk_db_pool_write_sync (LkDbPool *self, LkDbJobFunc job, gpointer data,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
