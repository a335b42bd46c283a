/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-db-pool"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "store/db-job.h"

/* A commit serves at most so many jobs: the first of them waits for the last. */
#define MAX_JOBS_PER_COMMIT 256

/* One thread with its connection. */
typedef struct
{
  LkDbPool *pool; /* unowned: the pool joins its threads */
  LkDb *db;
  GThread *thread;
} Worker;

struct _LkDbPool
{
  GObject parent_instance;

  GMutex lock; /* guards the queues and the flags */
  GCond more_reads;
  GCond more_writes;
  GQueue reads;  /* of LkDbJob */
  GQueue writes; /* of LkDbJob */
  gboolean is_closed;

  char *name; /* of the database, for messages */
  Worker writer;
  Worker *readers;
  guint n_readers;

  LkDbCommitFunc commit_func;
  gpointer commit_data;
};

G_DEFINE_TYPE (LkDbPool, lk_db_pool, G_TYPE_OBJECT)

static LkDbJob *
wait_for_job (LkDbPool *self, GQueue *queue, GCond *more)
{
  LkDbJob *job;

  g_mutex_lock (&self->lock);
  while (queue->length == 0 && !self->is_closed)
    g_cond_wait (more, &self->lock);
  job = g_queue_pop_head (queue);
  g_mutex_unlock (&self->lock);
  return job;
}

/* The next write job if it may share the commit of the ones before. */
static LkDbJob *
take_companion (LkDbPool *self)
{
  LkDbJob *job;

  g_mutex_lock (&self->lock);
  job = g_queue_peek_head (&self->writes);
  if (job != NULL && job->cancellable == NULL && !job->bare)
    g_queue_pop_head (&self->writes);
  else
    job = NULL;
  g_mutex_unlock (&self->lock);
  return job;
}

static void
read_one (LkDb *db, LkDbJob *job)
{
  g_autoptr (GError) error = NULL;

  if (!lk_db_begin (db, &error))
    {
      lk_db_job_fail (job, error);
      return;
    }

  lk_db_job_run (job, db);
  lk_db_rollback (db);
}

static gpointer
read_thread (gpointer data)
{
  Worker *worker = data;
  LkDbPool *self = worker->pool;
  LkDbJob *job;

  while ((job = wait_for_job (self, &self->reads, &self->more_reads)) != NULL)
    {
      read_one (worker->db, job);
      lk_db_job_complete (job);
    }
  return NULL;
}

/* Runs one job inside the transaction. Returns FALSE when the transaction is gone: then @error says
 * why. Before the first nothing is lost: it needs no savepoint, for which SQLite copies pages. */
static gboolean
write_one (LkDb *db, LkDbJob *job, gboolean is_first, GError **error)
{
  if (!is_first && !lk_db_savepoint (db, error))
    return FALSE;

  lk_db_job_run (job, db);
  if (job->error == NULL)
    return is_first || lk_db_release_savepoint (db, error);

  if (!is_first && lk_db_in_transaction (db))
    return lk_db_rollback_savepoint (db, error);

  g_propagate_error (error, g_error_copy (job->error));
  return FALSE;
}

/* Runs @first and the jobs that may share its commit; collects them in @jobs. */
static gboolean
write_jobs (LkDbPool *self, LkDb *db, LkDbJob *first, GPtrArray *jobs, GError **error)
{
  gboolean alone = first->cancellable != NULL;
  LkDbJob *job = first;

  g_ptr_array_add (jobs, first);
  lk_db_set_cancellable (db, first->cancellable); /* waiting for a lock can be cancelled, too */
  if (!lk_db_begin (db, error))
    return FALSE;

  while (write_one (db, job, job == first, error))
    {
      job = NULL;
      if (!alone && jobs->len < MAX_JOBS_PER_COMMIT)
        job = take_companion (self);
      if (job == NULL)
        return lk_db_commit (db, error);
      g_ptr_array_add (jobs, job);
    }
  return FALSE;
}

static void
report_commit (LkDbPool *self, LkDb *db)
{
  g_autoptr (GPtrArray) tables = lk_db_take_changed_tables (db);

  g_mutex_lock (&self->lock);
  if (self->commit_func != NULL && tables->len > 0)
    self->commit_func (db, tables, self->commit_data);
  g_mutex_unlock (&self->lock);
}

static void
write_group (LkDbPool *self, LkDb *db, LkDbJob *first)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  if (write_jobs (self, db, first, jobs, &error))
    report_commit (self, db);
  else
    {
      lk_db_rollback (db);
      for (guint i = 0; i < jobs->len; i++)
        lk_db_job_fail (jobs->pdata[i], error);
    }

  for (guint i = 0; i < jobs->len; i++)
    lk_db_job_complete (jobs->pdata[i]);
}

static gpointer
write_thread (gpointer data)
{
  Worker *worker = data;
  LkDbPool *self = worker->pool;
  LkDbJob *job;

  while ((job = wait_for_job (self, &self->writes, &self->more_writes)) != NULL)
    {
      if (job->bare)
        {
          lk_db_job_run (job, worker->db);
          lk_db_job_complete (job);
        }
      else
        write_group (self, worker->db, job);
    }
  return NULL;
}

static void
fail_closed (LkDbPool *self, LkDbJob *job)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("“%s” is being closed"), self->name);
  lk_db_job_fail (job, error);
  lk_db_job_complete (job);
}

static void
submit (LkDbPool *self, GQueue *queue, GCond *more, LkDbJob *job)
{
  gboolean is_closed;

  g_mutex_lock (&self->lock);
  is_closed = self->is_closed;
  if (!is_closed)
    {
      g_queue_push_tail (queue, job);
      g_cond_signal (more);
    }
  g_mutex_unlock (&self->lock);

  if (is_closed)
    fail_closed (self, job);
}

static LkDbJob *
async_job_new (LkDbPool *self, gpointer tag, LkDbJobFunc func, gpointer data,
               GDestroyNotify data_free, GDestroyNotify result_free, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  LkDbJob *job = lk_db_job_new (func, data, cancellable);

  job->data_free = data_free;
  job->result_free = result_free;
  job->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, tag);
  /* What was committed stays committed: the result says so even when it was cancelled late. */
  g_task_set_check_cancellable (job->task, FALSE);
  return job;
}

static gboolean
open_readers (LkDbPool *self, const char *uri, LkDbFlags flags, guint n_readers, GError **error)
{
  self->readers = g_new0 (Worker, n_readers);
  for (; self->n_readers < n_readers; self->n_readers++)
    {
      Worker *reader = &self->readers[self->n_readers];

      reader->db = lk_db_open (uri, flags | LK_DB_READ_ONLY, error);
      if (reader->db == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
start_worker (LkDbPool *self, Worker *worker, const char *name, GThreadFunc func)
{
  worker->pool = self;
  worker->thread = g_thread_new (name, func, worker);
}

static void
stop_worker (Worker *worker)
{
  g_assert (worker->thread != g_thread_self ());

  g_clear_pointer (&worker->thread, g_thread_join);
  g_clear_pointer (&worker->db, lk_db_close);
}

static void
lk_db_pool_finalize (GObject *object)
{
  LkDbPool *self = LK_DB_POOL (object);

  lk_db_pool_close (self);
  g_free (self->readers);
  g_free (self->name);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->more_reads);
  g_cond_clear (&self->more_writes);

  G_OBJECT_CLASS (lk_db_pool_parent_class)->finalize (object);
}

static void
lk_db_pool_class_init (LkDbPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_db_pool_finalize;
}

static void
lk_db_pool_init (LkDbPool *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->more_reads);
  g_cond_init (&self->more_writes);
  g_queue_init (&self->reads);
  g_queue_init (&self->writes);
}

/**
 * lk_db_pool_new:
 * @writer: (transfer full): a connection that may write
 * @uri: what it is connected to
 * @flags: how the readers connect, too, beside %LK_DB_READ_ONLY
 * @n_readers: threads that read; 1 or more
 * @error: return location
 *
 * Opens the readers' connections and starts the threads. Blocks while it opens.
 *
 * Returns: (transfer full) (nullable): a pool; fails as lk_db_open() does
 */
LkDbPool *
lk_db_pool_new (LkDb *writer, const char *uri, LkDbFlags flags, guint n_readers, GError **error)
{
  g_autoptr (LkDbPool) self = g_object_new (LK_TYPE_DB_POOL, NULL);

  g_return_val_if_fail (writer != NULL && uri != NULL && n_readers > 0, NULL);

  self->name = g_strdup (lk_db_get_name (writer));
  self->writer.db = writer;
  if (!open_readers (self, uri, flags, n_readers, error))
    return NULL;

  start_worker (self, &self->writer, "lk-write", write_thread);
  for (guint i = 0; i < self->n_readers; i++)
    start_worker (self, &self->readers[i], "lk-read", read_thread);
  return g_steal_pointer (&self);
}

/**
 * lk_db_pool_set_commit_func:
 * @self: a pool
 * @func: (nullable): what to call after each commit of this pool, on the writer's thread; it must
 *   not call the pool. %NULL ends that: when this function returns, the old one runs no more
 * @user_data: for @func
 */
void
lk_db_pool_set_commit_func (LkDbPool *self, LkDbCommitFunc func, gpointer user_data)
{
  g_return_if_fail (LK_IS_DB_POOL (self));

  g_mutex_lock (&self->lock);
  self->commit_func = func;
  self->commit_data = user_data;
  g_mutex_unlock (&self->lock);
}

/**
 * lk_db_pool_close:
 * @self: a pool
 *
 * Runs the write jobs that wait, cancels the read jobs, joins the threads and closes the
 * connections. Where no other process has the database open, all of it is in its file then. Jobs
 * that are handed in later fail with %G_IO_ERROR_CANCELLED. Blocks; not from a thread of the pool.
 */
void
lk_db_pool_close (LkDbPool *self)
{
  LkDbJob *job;

  g_return_if_fail (LK_IS_DB_POOL (self));

  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  while ((job = g_queue_pop_head (&self->reads)) != NULL)
    fail_closed (self, job);
  g_cond_broadcast (&self->more_reads);
  g_cond_broadcast (&self->more_writes);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < self->n_readers; i++)
    lk_db_interrupt (self->readers[i].db);
  for (; self->n_readers > 0; self->n_readers--)
    stop_worker (&self->readers[self->n_readers - 1]);
  stop_worker (&self->writer); /* the last connection folds the log into the file */
}

/**
 * lk_db_pool_read_async:
 * @self: a pool
 * @job: what to run
 * @data: for @job
 * @data_free: (nullable): frees @data, where @callback runs
 * @result_free: (nullable): frees a result that nobody fetches
 * @cancellable: (nullable): interrupts it
 * @callback: what to call when it has ended
 * @user_data: for @callback
 *
 * Runs a job on a reading thread, in one snapshot of the database.
 */
void
lk_db_pool_read_async (LkDbPool *self, LkDbJobFunc job, gpointer data, GDestroyNotify data_free,
                       GDestroyNotify result_free, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (LK_IS_DB_POOL (self));

  submit (self, &self->reads, &self->more_reads,
          async_job_new (self, lk_db_pool_read_async, job, data, data_free, result_free,
                         cancellable, callback, user_data));
}

/**
 * lk_db_pool_write_async:
 * @self: a pool
 * @job: what to run
 * @data: for @job
 * @data_free: (nullable): frees @data, where @callback runs
 * @result_free: (nullable): frees a result that nobody fetches
 * @cancellable: (nullable): interrupts it; such a job does not share its commit with others
 * @callback: what to call when it is durable or has failed
 * @user_data: for @callback
 *
 * Runs a job on the writing thread, in a transaction.
 */
void
lk_db_pool_write_async (LkDbPool *self, LkDbJobFunc job, gpointer data, GDestroyNotify data_free,
                        GDestroyNotify result_free, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (LK_IS_DB_POOL (self));

  submit (self, &self->writes, &self->more_writes,
          async_job_new (self, lk_db_pool_write_async, job, data, data_free, result_free,
                         cancellable, callback, user_data));
}

/**
 * lk_db_pool_inspect_async:
 * @self: a pool
 * @job: what to run
 * @data: for @job
 * @data_free: (nullable): frees @data, where @callback runs
 * @result_free: (nullable): frees a result that nobody fetches
 * @cancellable: (nullable): interrupts it
 * @callback: what to call when it has ended
 * @user_data: for @callback
 *
 * Runs a job on the writing thread's connection outside of a transaction, for what only that
 * connection can tell.
 */
void
lk_db_pool_inspect_async (LkDbPool *self, LkDbJobFunc job, gpointer data, GDestroyNotify data_free,
                          GDestroyNotify result_free, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  LkDbJob *inspection;

  g_return_if_fail (LK_IS_DB_POOL (self));

  inspection = async_job_new (self, lk_db_pool_inspect_async, job, data, data_free, result_free,
                              cancellable, callback, user_data);
  inspection->bare = TRUE;
  submit (self, &self->writes, &self->more_writes, inspection);
}

/**
 * lk_db_pool_finish:
 * @self: a pool
 * @result: what the callback was given
 * @error: return location
 *
 * Ends lk_db_pool_read_async(), lk_db_pool_write_async() and lk_db_pool_inspect_async().
 *
 * Returns: (transfer full) (nullable): what the job returned. Fails with the job's error,
 *   %G_IO_ERROR_CANCELLED, or the error of the commit
 */
gpointer
lk_db_pool_finish (LkDbPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_db_pool_is_outdated:
 * @result: what the callback was given
 *
 * A job that had ended before it was cancelled still hands over its result, since what it wrote is
 * written. Whoever asks anew after cancelling asks here whether the answer is to the old question.
 *
 * Returns: whether the job was cancelled by now
 */
gboolean
lk_db_pool_is_outdated (GAsyncResult *result)
{
  GCancellable *cancellable;

  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  cancellable = g_task_get_cancellable (G_TASK (result));

  return cancellable != NULL && g_cancellable_is_cancelled (cancellable);
}

/**
 * lk_db_pool_read_sync:
 * @self: a pool
 * @job: what to run
 * @data: for @job
 * @cancellable: (nullable): interrupts it
 * @error: return location
 *
 * Runs a job on a reading thread and waits for it. Not from a reading thread of this pool.
 *
 * Returns: (transfer full) (nullable): what the job returned
 */
gpointer
lk_db_pool_read_sync (LkDbPool *self, LkDbJobFunc job, gpointer data, GCancellable *cancellable,
                      GError **error)
{
  LkDbJob *waiting;

  g_return_val_if_fail (LK_IS_DB_POOL (self), NULL);
  for (guint i = 0; i < self->n_readers; i++)
    g_assert (self->readers[i].thread != g_thread_self ());

  waiting = lk_db_job_new (job, data, cancellable);
  submit (self, &self->reads, &self->more_reads, waiting);
  return lk_db_job_wait (waiting, error);
}

/**
 * lk_db_pool_inspect_sync:
 * @self: a pool
 * @job: what to run
 * @data: for @job
 * @cancellable: (nullable): interrupts it
 * @error: return location
 *
 * Runs a job on the writing thread's connection outside of a transaction and waits for it. Not from
 * the writing thread of this pool.
 *
 * Returns: (transfer full) (nullable): what the job returned
 */
gpointer
lk_db_pool_inspect_sync (LkDbPool *self, LkDbJobFunc job, gpointer data, GCancellable *cancellable,
                         GError **error)
{
  LkDbJob *waiting;

  g_return_val_if_fail (LK_IS_DB_POOL (self), NULL);
  g_assert (self->writer.thread != g_thread_self ());

  waiting = lk_db_job_new (job, data, cancellable);
  waiting->bare = TRUE;
  submit (self, &self->writes, &self->more_writes, waiting);
  return lk_db_job_wait (waiting, error);
}

/**
 * lk_db_pool_write_start:
 * @self: a pool
 * @job: what to run
 * @data: for @job; it stays the caller's
 * @cancellable: (nullable): interrupts it; such a job does not share its commit with others
 *
 * Hands a job to the writing thread for a thread that has more to do before it waits. Not from the
 * writing thread of this pool.
 *
 * Returns: (transfer full): the job; end it with lk_db_job_wait()
 */
LkDbJob *
lk_db_pool_write_start (LkDbPool *self, LkDbJobFunc job, gpointer data, GCancellable *cancellable)
{
  LkDbJob *started;

  g_return_val_if_fail (LK_IS_DB_POOL (self), NULL);
  g_assert (self->writer.thread != g_thread_self ());

  started = lk_db_job_new (job, data, cancellable);
  submit (self, &self->writes, &self->more_writes, started);
  return started;
}

/**
 * lk_db_pool_write_sync:
 * @self: a pool
 * @job: what to run
 * @data: for @job
 * @cancellable: (nullable): interrupts it; such a job does not share its commit with others
 * @error: return location
 *
 * Runs a job on the writing thread, in a transaction, and waits until it is durable. Not from the
 * writing thread of this pool.
 *
 * Returns: (transfer full) (nullable): what the job returned; when it returned something and @error
 *   is set, the commit failed and the caller still owns the result
 */
gpointer
lk_db_pool_write_sync (LkDbPool *self, LkDbJobFunc job, gpointer data, GCancellable *cancellable,
                       GError **error)
{
  return lk_db_job_wait (lk_db_pool_write_start (self, job, data, cancellable), error);
}
