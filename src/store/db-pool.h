/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/**
 * LkDbPool:
 *
 * The threads that a database is touched on: one that writes and some that read, each with its own
 * connection and a name. Jobs run in the order in which they came.
 *
 * - A read job sees one snapshot of the database.
 * - A write job is a transaction. Write jobs that wait behind one another share one commit (and so
 *   one fsync); each is told only after that commit, and one that fails is undone alone. A job with
 *   a #GCancellable has a commit of its own, because an interrupted change undoes the whole
 *   transaction.
 * - `_async` jobs complete in the main context that was the thread's default when they were asked
 *   for; @data and an unfetched result are freed there, too.
 * - Cancelling interrupts the statement that runs.
 * - lk_db_pool_close() runs what still waits to be written, cancels what reads, and joins the
 *   threads.
 */
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

/**
 * LkDbJob:
 *
 * A job that lk_db_pool_write_start() handed in.
 */
typedef struct _LkDbJob LkDbJob;

/**
 * LkDbCommitFunc:
 * @db: the writer's connection, outside of any transaction
 * @tables: (element-type utf8) (transfer none): the tables of which rows changed, each once
 * @user_data: what was handed in
 *
 * Called after each commit, on the writer's thread.
 */
typedef void (*LkDbCommitFunc) (LkDb *db, GPtrArray *tables, gpointer user_data);

LkDbPool *lk_db_pool_new (LkDb *writer, const char *uri, LkDbFlags flags, guint n_readers,
                          GError **error);
void lk_db_pool_set_commit_func (LkDbPool *self, LkDbCommitFunc func, gpointer user_data);
void lk_db_pool_close (LkDbPool *self);

void lk_db_pool_read_async (LkDbPool *self, LkDbJobFunc job, gpointer data,
                            GDestroyNotify data_free, GDestroyNotify result_free,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
void lk_db_pool_write_async (LkDbPool *self, LkDbJobFunc job, gpointer data,
                             GDestroyNotify data_free, GDestroyNotify result_free,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
void lk_db_pool_inspect_async (LkDbPool *self, LkDbJobFunc job, gpointer data,
                               GDestroyNotify data_free, GDestroyNotify result_free,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
gpointer lk_db_pool_finish (LkDbPool *self, GAsyncResult *result, GError **error);
gboolean lk_db_pool_is_outdated (GAsyncResult *result);

gpointer lk_db_pool_read_sync (LkDbPool *self, LkDbJobFunc job, gpointer data,
                               GCancellable *cancellable, GError **error);
gpointer lk_db_pool_inspect_sync (LkDbPool *self, LkDbJobFunc job, gpointer data,
                                  GCancellable *cancellable, GError **error);
LkDbJob *lk_db_pool_write_start (LkDbPool *self, LkDbJobFunc job, gpointer data,
                                 GCancellable *cancellable);
gpointer lk_db_job_wait (LkDbJob *self, GError **error);
gpointer lk_db_pool_write_sync (LkDbPool *self, LkDbJobFunc job, gpointer data,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
