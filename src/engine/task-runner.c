/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-runner"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/run-scan.h"
#include "engine/task-runner.h"
#include "store/run-store.h"
#include "store/search-store.h"
#include "store/task-store.h"

struct _LkTaskRunner
{
  GObject parent_instance;

  LkWorkspace *workspace;
  LkServers *servers;
  LkClock *clock;
  LkTrouble *trouble;
  GMainContext *main_context;
  int priority;
  GQueue waiting; /* of Execution */
  LkAlarm *retry; /* set while the workspace cannot be written */
  GCancellable *cancellable;
  guint n_running;
  int added_is_pending; /* atomic: the main loop will be told of new deliveries */
};

/* What the workspace says about a run. */
typedef struct
{
  LkTask *task;
  LkSearch *search;
  gint64 usual; /* the most that one of the last runs matched; -1 before the first */
} Setup;

typedef struct
{
  LkTaskRunner *runner;
  LkRun *run;
  gint64 epoch;
  GCancellable *cancellable;
  Setup *setup;
  LkLicenseServer *server;
  LkLicenseQuery *query;
  LkRunScan *scan;
} Execution;

G_DEFINE_FINAL_TYPE (LkTaskRunner, lk_task_runner, G_TYPE_OBJECT)

enum
{
  FINISHED,
  DELIVERIES_ADDED,
  LEASE_LOST,
  IDLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void start_waiting (LkTaskRunner *self);

static void
setup_free (Setup *self)
{
  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->search, lk_search_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Setup, setup_free)

/* Forgets what was read, so that the run can be executed once more. */
static void
execution_reset (Execution *self)
{
  g_clear_pointer (&self->setup, setup_free);
  g_clear_object (&self->server);
  g_clear_pointer (&self->query, lk_license_query_free);
  g_clear_pointer (&self->scan, lk_run_scan_free);
}

static void
execution_free (Execution *self)
{
  execution_reset (self);
  g_clear_pointer (&self->run, lk_run_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->runner);
  g_free (self);
}

static LkDbPool *
get_pool (Execution *self)
{
  return lk_workspace_get_pool (self->runner->workspace);
}

static gboolean
find_usual (LkDb *db, gint64 task_id, gint64 *usual, GError **error)
{
  g_autoptr (GPtrArray) runs = lk_run_store_list (db, task_id, LK_RUN_USUAL_RUNS + 1, error);

  *usual = -1;
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const LkRun *run = g_ptr_array_index (runs, i);

      if (run->state == LK_RUN_FINISHED)
        *usual = MAX (*usual, run->matched);
    }

  return runs != NULL;
}

static gpointer
load_setup_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (Setup) setup = g_new0 (Setup, 1);
  const LkRun *run = data;

  setup->task = lk_task_store_get (db, run->task_id, error);
  if (setup->task == NULL)
    return NULL;

  setup->search = lk_search_store_get (db, setup->task->search_id, error);
  if (setup->search == NULL)
    {
      g_prefix_error (error, _ ("the search of the task “%s”: "), setup->task->name);
      return NULL;
    }

  return find_usual (db, run->task_id, &setup->usual, error) ? g_steal_pointer (&setup) : NULL;
}

static gpointer
finish_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Execution *self = data;

  if (!lk_run_store_finish (db, self->run, self->epoch, lk_clock_now (self->runner->clock), error))
    return NULL;

  return lk_run_store_get (db, self->run->id, error);
}

/* @self: (transfer full) */
static void
leave (Execution *self)
{
  g_autoptr (LkTaskRunner) runner = g_object_ref (self->runner);

  runner->n_running--;
  execution_free (self);
  start_waiting (runner);
  g_signal_emit (runner, signals[IDLE_CHANGED], 0);
}

/* @self: (transfer full): to be executed again once the workspace can be written */
static void
postpone (Execution *self, const GError *error)
{
  LkTaskRunner *runner = self->runner;

  execution_reset (self);
  lk_alarm_set (runner->retry,
                lk_trouble_note_error (runner->trouble, error, lk_clock_now (runner->clock)));
  g_queue_push_head (&runner->waiting, self);
  runner->n_running--;
}

/* @self: (transfer full): the workspace did not take what the run has to write. Once the runner was
 * stopped, what remains is the next process's to do. */
static void
give_up (Execution *self, const GError *error)
{
  g_autoptr (LkTaskRunner) runner = g_object_ref (self->runner);

  if (g_cancellable_is_cancelled (self->cancellable)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND))
    leave (self);
  else if (g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    {
      leave (self);
      g_signal_emit (runner, signals[LEASE_LOST], 0);
    }
  else
    postpone (self, error);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Execution *self = user_data;
  g_autoptr (LkTaskRunner) runner = g_object_ref (self->runner);
  g_autoptr (GError) error = NULL;
  g_autoptr (LkRun) run = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (run == NULL)
    {
      give_up (self, error);
      return;
    }

  lk_trouble_note_success (runner->trouble);
  leave (self);
  g_signal_emit (runner, signals[FINISHED], 0, run);
}

static void
end_run (Execution *self, LkRunState state, const char *reason)
{
  self->run->state = state;
  g_free (self->run->error);
  self->run->error = g_strdup (reason);
  if (self->scan != NULL)
    {
      self->run->matched = lk_run_scan_get_matched (self->scan);
      self->run->suppressed = lk_run_scan_get_suppressed (self->scan);
    }

  lk_db_pool_write_async (get_pool (self), finish_job, self, NULL, (GDestroyNotify) lk_run_free,
                          NULL, finished_cb, self);
}

/* Something about the task, its search or its server is wrong. */
static void
fail (Execution *self, const GError *error)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    leave (self);
  else
    end_run (self, LK_RUN_FAILED, error->message);
}

static gboolean
tell_of_deliveries_cb (gpointer user_data)
{
  LkTaskRunner *self = user_data;

  g_atomic_int_set (&self->added_is_pending, 0);
  g_signal_emit (self, signals[DELIVERIES_ADDED], 0);

  return G_SOURCE_REMOVE;
}

/* Thread: that of the scan. */
static void
deliveries_added (gpointer user_data)
{
  LkTaskRunner *self = user_data;

  g_autoptr (GSource) source = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->added_is_pending, 0, 1))
    return;

  source = g_idle_source_new ();
  g_source_set_priority (source, self->priority);
  g_source_set_callback (source, tell_of_deliveries_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->main_context);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Execution *self = user_data;
  g_autoptr (GError) error = NULL;

  if (lk_license_server_scan_finish (LK_LICENSE_SERVER (source), result, &error) >= 0)
    end_run (self, LK_RUN_FINISHED, "");
  else if (lk_run_scan_has_store_error (self->scan))
    give_up (self, error);
  else
    fail (self, error);
}

static void
scan (Execution *self)
{
  lk_run_scan_set_func (self->scan, deliveries_added, self->runner);
  lk_license_server_scan_async (self->server, self->query, LK_TASK_RUNNER_BATCH_SIZE,
                                lk_run_scan_take, self->scan, self->cancellable, scanned_cb, self);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Execution *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 usual = self->setup->usual;
  gint64 n = lk_license_server_count_finish (LK_LICENSE_SERVER (source), result, &error);

  if (n < 0)
    {
      fail (self, error);
      return;
    }

  if (usual < 0)
    lk_run_scan_set_hold_reason (self->scan, _ ("the first run of the task waits for a look"));
  else if (lk_run_is_unusual (usual, n))
    lk_run_scan_set_hold_reason (self->scan, _ ("the run matched far more licenses than usual and "
                                                "waits for a look"));
  scan (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Execution *self = user_data;
  const Setup *setup = self->setup;
  g_autoptr (GError) error = NULL;

  self->server = lk_servers_open_finish (LK_SERVERS (source), result, &error);
  if (self->server != NULL)
    self->scan = lk_run_scan_new (get_pool (self), self->runner->clock, self->run, self->epoch,
                                  setup->task, setup->search, &error);
  if (self->scan != NULL)
    self->query = lk_run_plan_make_query (lk_run_scan_get_plan (self->scan), &error);

  if (self->query == NULL)
    fail (self, error);
  else if (setup->task->hold_unusual && setup->task->webhook_enabled)
    lk_license_server_count_async (self->server, self->query, self->cancellable, counted_cb, self);
  else
    scan (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Execution *self = user_data;
  g_autoptr (GError) error = NULL;

  self->setup = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (self->setup != NULL)
    lk_servers_open_async (self->runner->servers, self->setup->task->server_id, self->cancellable,
                           opened_cb, self);
  else if (g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND))
    fail (self, error);
  else
    give_up (self, error);
}

/* @self: (transfer full) */
static void
execute (Execution *self)
{
  self->runner->n_running++;
  lk_db_pool_read_async (get_pool (self), load_setup_job, self->run, NULL,
                         (GDestroyNotify) setup_free, self->cancellable, loaded_cb, self);
}

static void
start_waiting (LkTaskRunner *self)
{
  while (self->n_running < LK_TASK_RUNNER_AT_ONCE && lk_alarm_get (self->retry) == 0
         && !g_queue_is_empty (&self->waiting))
    execute (g_queue_pop_head (&self->waiting));
}

static void
retry_cb (gpointer user_data)
{
  start_waiting (user_data);
}

static void
lk_task_runner_dispose (GObject *object)
{
  LkTaskRunner *self = LK_TASK_RUNNER (object);

  g_queue_clear_full (&self->waiting, (GDestroyNotify) execution_free);
  g_clear_pointer (&self->retry, lk_alarm_free);
  g_clear_pointer (&self->main_context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->trouble);
  g_clear_object (&self->servers);
  g_clear_object (&self->clock);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (lk_task_runner_parent_class)->dispose (object);
}

static void
lk_task_runner_class_init (LkTaskRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_task_runner_dispose;

  signals[FINISHED] = g_signal_new ("finished", LK_TYPE_TASK_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[DELIVERIES_ADDED] = g_signal_new ("deliveries-added", LK_TYPE_TASK_RUNNER,
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEASE_LOST] = g_signal_new ("lease-lost", LK_TYPE_TASK_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[IDLE_CHANGED] = g_signal_new ("idle-changed", LK_TYPE_TASK_RUNNER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_task_runner_init (LkTaskRunner *self)
{
  g_queue_init (&self->waiting);
  self->main_context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
}

/**
 * lk_task_runner_new:
 * @workspace: where tasks, ledger and deliveries are
 * @servers: opens the license servers
 * @clock: the time
 * @trouble: is told when the workspace cannot be written
 * @priority: of its sources in the main loop
 *
 * Returns: (transfer full): a runner with nothing to do
 */
LkTaskRunner *
lk_task_runner_new (LkWorkspace *workspace, LkServers *servers, LkClock *clock, LkTrouble *trouble,
                    int priority)
{
  LkTaskRunner *self = g_object_new (LK_TYPE_TASK_RUNNER, NULL);

  self->workspace = g_object_ref (workspace);
  self->servers = g_object_ref (servers);
  self->clock = g_object_ref (clock);
  self->trouble = g_object_ref (trouble);
  self->priority = priority;
  self->retry = lk_alarm_new (clock, priority, retry_cb, self);

  return self;
}

/**
 * lk_task_runner_run:
 * @self: a runner
 * @run: a run that was begun under @epoch
 * @epoch: of our lease
 *
 * Executes the run, when it is its turn.
 */
void
lk_task_runner_run (LkTaskRunner *self, const LkRun *run, gint64 epoch)
{
  Execution *execution;

  g_return_if_fail (LK_IS_TASK_RUNNER (self));
  g_return_if_fail (run != NULL && run->state == LK_RUN_RUNNING);

  execution = g_new0 (Execution, 1);
  execution->runner = g_object_ref (self);
  execution->run = lk_run_copy (run);
  execution->epoch = epoch;
  execution->cancellable = g_object_ref (self->cancellable);
  g_queue_push_tail (&self->waiting, execution);
  start_waiting (self);
}

/**
 * lk_task_runner_stop:
 * @self: a runner
 *
 * Cancels what is running and forgets what waits; all of it stays begun in the workspace, for the
 * next process. lk_task_runner_is_idle() tells when it has come to rest.
 */
void
lk_task_runner_stop (LkTaskRunner *self)
{
  g_return_if_fail (LK_IS_TASK_RUNNER (self));

  g_queue_clear_full (&self->waiting, (GDestroyNotify) execution_free);
  lk_alarm_clear (self->retry);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/**
 * lk_task_runner_is_idle:
 * @self: a runner
 *
 * Returns: whether no run is under way or waiting
 */
gboolean
lk_task_runner_is_idle (LkTaskRunner *self)
{
  g_return_val_if_fail (LK_IS_TASK_RUNNER (self), FALSE);

  return self->n_running == 0 && g_queue_is_empty (&self->waiting);
}
