/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-run-wait"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/run-wait.h"
#include "engine/source.h"
#include "store/delivery-store.h"
#include "store/lease-store.h"
#include "store/run-store.h"

/* The data of the task: a run that was asked for and is waited for. Whatever is under way holds a
 * reference on the task; while nothing is, the wait itself does. */
typedef struct
{
  GTask *task; /* owned until the wait is over */
  LkWorkspace *workspace;
  LkClock *clock;
  LkAlarm *patience;
  LkInstant deadline; /* until then somebody has to run the schedule */
  LkInstant stalled;  /* from then on the deliveries that are left wait for their receiver */
  gint64 task_id;
  gint64 run_id;
  gint64 first;   /* its oldest delivery; 0: not known yet */
  gint64 lacking; /* as last seen, see Progress */
  gboolean busy;
  gboolean again;
  gulong feed_handler;
  GSource *cancel_watch;
} Wait;

typedef struct
{
  LkRun *run;
  gint64 lacking;      /* a delivery that has not come to the end of its first attempt */
  gboolean is_sending; /* one of them is under way */
  gboolean has_holder;
} Progress;

static void look (Wait *self);

static void
progress_free (Progress *self)
{
  g_clear_pointer (&self->run, lk_run_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Progress, progress_free)

static void
wait_free (gpointer data)
{
  Wait *self = data;

  g_clear_pointer (&self->patience, lk_alarm_free);
  g_clear_object (&self->workspace);
  g_clear_object (&self->clock);
  g_free (self);
}

/* Returns: (transfer full): the task, to be returned from */
static GTask *
end_wait (Wait *self)
{
  g_clear_signal_handler (&self->feed_handler, lk_workspace_get_change_feed (self->workspace));
  lk_alarm_clear (self->patience);
  lk_source_clear (&self->cancel_watch);

  return g_steal_pointer (&self->task);
}

static void
end_with_error (Wait *self, GError *error)
{
  g_autoptr (GTask) task = end_wait (self);

  g_task_return_error (task, error);
}

static gpointer
request_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Wait *self = data;
  gint64 id = lk_run_store_request (db, self->task_id, lk_clock_now (self->clock), error);

  return id > 0 ? g_memdup2 (&id, sizeof id) : NULL;
}

/* A run that has finished gets no further deliveries. */
static gboolean
find_lacking (Wait *self, LkDb *db, Progress *progress, GError **error)
{
  if (self->first == 0 && !lk_delivery_store_find_first (db, self->run_id, &self->first, error))
    return FALSE;

  return self->first == 0
         || lk_delivery_store_find_lacking (db, self->run_id, self->first, &progress->lacking,
                                            &progress->is_sending, error);
}

/* There is one look at a time, and nothing else touches what it finds out. */
static gpointer
look_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Wait *self = data;
  g_autoptr (Progress) progress = g_new0 (Progress, 1);
  g_autoptr (LkLease) lease = lk_lease_store_get (db, error);

  if (lease == NULL)
    return NULL;

  progress->has_holder = lk_lease_is_alive (lease, lk_clock_now (self->clock));
  progress->run = lk_run_store_get (db, self->run_id, error);
  if (progress->run == NULL)
    return NULL;

  if (progress->run->state == LK_RUN_FINISHED && !find_lacking (self, db, progress, error))
    return NULL;

  return g_steal_pointer (&progress);
}

/* Whoever waits is not kept for the hours that a receiver may be down: its deliveries are stored
 * and go out when it is back. */
static gboolean
is_stalled (Wait *self, const Progress *progress)
{
  LkInstant now = lk_clock_now (self->clock);

  if (progress->run->state != LK_RUN_FINISHED || progress->is_sending || !progress->has_holder
      || progress->lacking != self->lacking)
    self->stalled = now + LK_RUN_STALL_SECONDS * LK_SECOND;

  self->lacking = progress->lacking;
  return now >= self->stalled;
}

static gboolean
is_over (Wait *self, const Progress *progress)
{
  return progress->run->state == LK_RUN_FAILED
         || (progress->run->state == LK_RUN_FINISHED && progress->lacking == 0)
         || is_stalled (self, progress);
}

/* Somebody is at it: patience starts anew when they stop. */
static void
renew_patience (Wait *self, const Progress *progress)
{
  if (progress->has_holder || self->deadline == 0)
    self->deadline = lk_clock_now (self->clock) + LK_RUN_WAIT_SECONDS * LK_SECOND;

  lk_alarm_set (self->patience, MIN (self->deadline, self->stalled));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) held = user_data;
  Wait *self = g_task_get_task_data (held);
  g_autoptr (GError) error = NULL;
  g_autoptr (Progress) progress = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (self->task == NULL)
    return;

  if (progress == NULL)
    end_with_error (self, g_steal_pointer (&error));
  else if (is_over (self, progress))
    {
      g_autoptr (GTask) task = end_wait (self);

      g_task_return_pointer (task, g_steal_pointer (&progress->run), (GDestroyNotify) lk_run_free);
    }
  else
    {
      renew_patience (self, progress);
      if (self->again)
        look (self);
    }
}

static void
look (Wait *self)
{
  self->again = self->busy;
  if (self->busy || self->run_id == 0)
    return;

  self->busy = TRUE;
  lk_db_pool_read_async (lk_workspace_get_pool (self->workspace), look_job, self, NULL,
                         (GDestroyNotify) progress_free, g_task_get_cancellable (self->task),
                         looked_cb, g_object_ref (self->task));
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, gpointer user_data)
{
  look (user_data);
}

static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) held = user_data;
  Wait *self = g_task_get_task_data (held);
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *id = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (id == NULL)
    {
      end_with_error (self, g_steal_pointer (&error));
      return;
    }

  self->run_id = *id;
  look (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Wait *self = g_task_get_task_data (user_data);

  if (self->task != NULL)
    look (self);

  return G_SOURCE_REMOVE;
}

/* A jump of the clock sets it off early: nobody is blamed before the time. */
static void
patience_cb (gpointer user_data)
{
  Wait *self = user_data;

  if (lk_clock_now (self->clock) < self->deadline)
    {
      look (self);
      return;
    }

  end_with_error (self,
                  g_error_new (LK_ERROR, LK_ERROR_FAILED,
                               _ ("no process runs the schedule of this workspace: start "
                                  "“latchkey-agent run” or the console; the run stays requested")));
}

static void
watch_cancellable (Wait *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;

  self->cancel_watch = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, self->cancel_watch, G_SOURCE_FUNC (cancelled_cb));
}

/**
 * lk_run_wait_start:
 * @task: (transfer full): returns the #LkRun
 * @workspace: where the task is
 * @clock: the time
 * @task_id: the task to run
 *
 * Asks for a run of a task and waits until it has ended and each of its deliveries had its first
 * attempt, whichever process does that. A receiver that is down gets a few first attempts, then a
 * probe now and then: the wait ends without the others.
 */
void
lk_run_wait_start (GTask *task, LkWorkspace *workspace, LkClock *clock, gint64 task_id)
{
  Wait *self = g_new0 (Wait, 1);

  self->task = task;
  self->workspace = g_object_ref (workspace);
  self->clock = g_object_ref (clock);
  self->task_id = task_id;
  self->patience = lk_alarm_new (clock, G_PRIORITY_DEFAULT, patience_cb, self);
  g_task_set_task_data (task, self, wait_free);
  self->feed_handler = g_signal_connect (lk_workspace_get_change_feed (workspace), "changed",
                                         G_CALLBACK (feed_changed_cb), self);
  watch_cancellable (self, task);
  lk_db_pool_write_async (lk_workspace_get_pool (workspace), request_job, self, NULL, g_free,
                          g_task_get_cancellable (task), requested_cb, g_object_ref (task));
}
