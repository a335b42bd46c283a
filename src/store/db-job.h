/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db-pool.h"

G_BEGIN_DECLS

/**
 * LkDbJob:
 * @func, @data, @cancellable: what to run
 * @bare: whether it runs outside of a transaction
 * @task: (nullable): whom to tell; %NULL when a thread waits in lk_db_job_wait()
 * @result, @error: how it ended
 *
 * A piece of work that waits for, or runs on, a thread of a #LkDbPool. Private to the pool.
 */
struct _LkDbJob
{
  LkDbJobFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  GCancellable *cancellable;
  gboolean bare;
  GTask *task;

  gpointer result;
  GError *error;

  GMutex lock;
  GCond ended;
  gboolean has_ended;
};

LkDbJob *lk_db_job_new (LkDbJobFunc func, gpointer data, GCancellable *cancellable);
void lk_db_job_run (LkDbJob *self, LkDb *db);
void lk_db_job_fail (LkDbJob *self, const GError *error);
void lk_db_job_complete (LkDbJob *self);

G_END_DECLS
