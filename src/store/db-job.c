/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-db-job"

#include "config.h"

#include "store/db-job.h"

static void
job_free (LkDbJob *self)
{
  if (self->data_free != NULL)
    self->data_free (self->data);
  if (self->result_free != NULL)
    g_clear_pointer (&self->result, self->result_free);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->task);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);
  g_free (self);
}

static gboolean
return_task_cb (gpointer data)
{
  LkDbJob *self = data;

  if (self->error != NULL)
    g_task_return_error (self->task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (self->task, g_steal_pointer (&self->result), self->result_free);
  return G_SOURCE_REMOVE;
}

/**
 * lk_db_job_new:
 * @func: what to run
 * @data: what to hand to it
 * @cancellable: (nullable): what interrupts it
 *
 * Returns: (transfer full): a job; it is freed by lk_db_job_complete() when it has a task, else by
 *   lk_db_job_wait()
 */
LkDbJob *
lk_db_job_new (LkDbJobFunc func, gpointer data, GCancellable *cancellable)
{
  LkDbJob *self = g_new0 (LkDbJob, 1);

  self->func = func;
  self->data = data;
  g_set_object (&self->cancellable, cancellable);
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  return self;
}

/**
 * lk_db_job_run:
 * @self: a job
 * @db: the thread's connection
 *
 * Runs the job and keeps its result or its error. Thread: the pool's.
 */
void
lk_db_job_run (LkDbJob *self, LkDb *db)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &self->error))
    return;

  lk_db_set_cancellable (db, self->cancellable);
  self->result = self->func (db, self->data, self->cancellable, &self->error);
  lk_db_set_cancellable (db, NULL);
  lk_db_set_time_limit (db, 0);
}

/**
 * lk_db_job_fail:
 * @self: a job
 * @error: why it came to nothing
 *
 * Takes back what the job did; an error that it has already stands.
 */
void
lk_db_job_fail (LkDbJob *self, const GError *error)
{
  if (self->error == NULL)
    self->error = g_error_copy (error);
  if (self->result_free != NULL)
    g_clear_pointer (&self->result, self->result_free);
}

/**
 * lk_db_job_complete:
 * @self: (transfer full): a job that ended
 *
 * Tells whoever asked for it. Nothing of an asynchronous job is freed on the pool's thread: the
 * last reference to the pool may be the task's, and a pool cannot be closed by its own thread.
 */
void
lk_db_job_complete (LkDbJob *self)
{
  if (self->task != NULL)
    {
      GMainContext *context = g_task_get_context (self->task);
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, g_task_get_priority (self->task));
      g_source_set_static_name (source, "[latchkey] database job");
      g_source_set_callback (source, return_task_cb, self, (GDestroyNotify) job_free);
      g_source_attach (source, context);
      return;
    }

  g_mutex_lock (&self->lock);
  self->has_ended = TRUE;
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->lock);
}

/**
 * lk_db_job_wait:
 * @self: (transfer full): a job without a task that was queued
 * @error: return location
 *
 * Blocks until the job has ended: a write job is durable then, or has failed.
 *
 * Returns: (transfer full) (nullable): its result
 */
gpointer
lk_db_job_wait (LkDbJob *self, GError **error)
{
  gpointer result;

  g_mutex_lock (&self->lock);
  while (!self->has_ended)
    g_cond_wait (&self->ended, &self->lock);
  g_mutex_unlock (&self->lock);

  result = g_steal_pointer (&self->result);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  job_free (self);
  return result;
}
