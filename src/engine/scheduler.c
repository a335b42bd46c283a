/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-scheduler"

#include "config.h"

#include "core/error.h"
#include "core/task.h"
#include "engine/alarm.h"
#include "engine/scheduler.h"
#include "store/delivery-store.h"
#include "store/run-store.h"
#include "store/task-store.h"

struct _LkScheduler
{
  GObject parent_instance;

  LkDbPool *pool;
  LkClock *clock;
  LkChangeFeed *feed;
  LkTrouble *trouble;
  LkAlarm *alarm;
  gint64 epoch; /* 0 while stopped */
  gint64 job_epoch;
  gboolean busy;
  gboolean again;  /* look once more after the job that is under way */
  gboolean jumped; /* the clock may have been set back since the last look */
  gulong feed_handler;
  gulong clock_handler;
};

typedef struct
{
  gint64 epoch;
  LkInstant now;
  gboolean rewind;
} Question;

typedef struct
{
  GPtrArray *runs; /* of LkRun */
  LkInstant next_due;
} Answer;

G_DEFINE_FINAL_TYPE (LkScheduler, lk_scheduler, G_TYPE_OBJECT)

enum
{
  RUN,
  LEASE_LOST,
  IDLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void look (LkScheduler *self);

static void
answer_free (Answer *self)
{
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static gboolean
begin_due_tasks (LkDb *db, const Question *question, GPtrArray *runs, GError **error)
{
  g_autoptr (GPtrArray) tasks = lk_task_store_list_due (db, question->now, error);

  if (tasks == NULL)
    return FALSE;

  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);
      g_autoptr (GError) reason = NULL;
      LkRun *run =
          lk_run_store_begin_scheduled (db, task->id, question->epoch, question->now, &reason);

      if (run != NULL)
        g_ptr_array_add (runs, run);
      else if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
rewind_all (LkDb *db, LkInstant now, GError **error)
{
  return lk_task_store_rewind (db, now, error) && lk_ledger_rewind (db, now, error)
         && lk_delivery_store_rewind (db, now, error);
}

/* What somebody asked for and what was interrupted comes before what is due. */
static gpointer
look_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;
  g_autoptr (Answer) answer = g_new0 (Answer, 1);

  answer->runs = lk_run_store_take_pending (db, question->epoch, question->now, error);
  if (answer->runs == NULL || (question->rewind && !rewind_all (db, question->now, error))
      || !begin_due_tasks (db, question, answer->runs, error))
    return NULL;

  answer->next_due = lk_task_store_get_next_due (db, error);

  return answer->next_due >= 0 ? g_steal_pointer (&answer) : NULL;
}

static void
take_answer (LkScheduler *self, Answer *answer)
{
  if (answer->next_due > 0)
    lk_alarm_set (self->alarm, answer->next_due);
  else
    lk_alarm_clear (self->alarm);

  for (guint i = 0; i < answer->runs->len; i++)
    g_signal_emit (self, signals[RUN], 0, g_ptr_array_index (answer->runs, i));
}

static void
take_error (LkScheduler *self, const GError *error)
{
  self->jumped = TRUE;
  if (g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    {
      lk_scheduler_stop (self);
      g_signal_emit (self, signals[LEASE_LOST], 0);
      return;
    }

  lk_alarm_set (self->alarm,
                lk_trouble_note_error (self->trouble, error, lk_clock_now (self->clock)));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkScheduler) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (self->epoch == self->job_epoch && answer != NULL)
    take_answer (self, answer);
  else if (self->epoch == self->job_epoch && self->epoch != 0)
    take_error (self, error);

  if (self->again)
    look (self);
  g_signal_emit (self, signals[IDLE_CHANGED], 0);
}

static void
look (LkScheduler *self)
{
  Question *question;

  self->again = self->busy;
  if (self->busy || self->epoch == 0)
    return;

  self->busy = TRUE;
  self->job_epoch = self->epoch;
  question = g_new0 (Question, 1);
  question->epoch = self->epoch;
  question->now = lk_clock_now (self->clock);
  question->rewind = self->jumped;
  self->jumped = FALSE;
  lk_db_pool_write_async (self->pool, look_job, question, g_free, (GDestroyNotify) answer_free,
                          NULL, looked_cb, g_object_ref (self));
}

static void
alarm_cb (gpointer user_data)
{
  look (user_data);
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, gpointer user_data)
{
  if ((changes & (LK_CHANGE_TASKS | LK_CHANGE_RUNS)) != 0)
    look (user_data);
}

static void
jumped_cb (LkClock *clock, gpointer user_data)
{
  LkScheduler *self = user_data;

  self->jumped = TRUE;
  look (self);
}

static void
lk_scheduler_dispose (GObject *object)
{
  LkScheduler *self = LK_SCHEDULER (object);

  if (self->feed != NULL)
    g_clear_signal_handler (&self->feed_handler, self->feed);
  if (self->clock != NULL)
    g_clear_signal_handler (&self->clock_handler, self->clock);
  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_object (&self->trouble);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (lk_scheduler_parent_class)->dispose (object);
}

static void
lk_scheduler_class_init (LkSchedulerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_scheduler_dispose;

  signals[RUN] = g_signal_new ("run", LK_TYPE_SCHEDULER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LEASE_LOST] = g_signal_new ("lease-lost", LK_TYPE_SCHEDULER, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[IDLE_CHANGED] = g_signal_new ("idle-changed", LK_TYPE_SCHEDULER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_scheduler_init (LkScheduler *self)
{
}

/**
 * lk_scheduler_new:
 * @pool: the workspace
 * @clock: the time
 * @feed: tells of changed tasks and requested runs
 * @trouble: is told when the workspace cannot be written
 * @priority: of its sources in the main loop
 *
 * Returns: (transfer full): a scheduler that does nothing yet
 */
LkScheduler *
lk_scheduler_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed, LkTrouble *trouble,
                  int priority)
{
  LkScheduler *self = g_object_new (LK_TYPE_SCHEDULER, NULL);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  self->trouble = g_object_ref (trouble);
  self->alarm = lk_alarm_new (clock, priority, alarm_cb, self);
  self->feed_handler = g_signal_connect (feed, "changed", G_CALLBACK (feed_changed_cb), self);
  self->clock_handler = g_signal_connect (clock, "jumped", G_CALLBACK (jumped_cb), self);

  return self;
}

/**
 * lk_scheduler_start:
 * @self: a scheduler
 * @epoch: the epoch of the lease that this process holds
 *
 * Begins with what was interrupted, what was asked for and what is due.
 */
void
lk_scheduler_start (LkScheduler *self, gint64 epoch)
{
  g_return_if_fail (LK_IS_SCHEDULER (self));
  g_return_if_fail (epoch > 0);

  if (self->epoch == epoch)
    return;

  self->epoch = epoch;
  self->jumped = TRUE; /* while nobody looked */
  look (self);
}

/**
 * lk_scheduler_stop:
 * @self: a scheduler
 *
 * Begins no further run.
 */
void
lk_scheduler_stop (LkScheduler *self)
{
  g_return_if_fail (LK_IS_SCHEDULER (self));

  self->epoch = 0;
  lk_alarm_clear (self->alarm);
}

/**
 * lk_scheduler_wake:
 * @self: a scheduler
 *
 * Reads the truth again: a run ended, so that its task may be due once more.
 */
void
lk_scheduler_wake (LkScheduler *self)
{
  g_return_if_fail (LK_IS_SCHEDULER (self));

  look (self);
}

/**
 * lk_scheduler_is_idle:
 * @self: a scheduler
 *
 * Returns: whether everything that is due has been handed out
 */
gboolean
lk_scheduler_is_idle (LkScheduler *self)
{
  g_return_val_if_fail (LK_IS_SCHEDULER (self), FALSE);

  return !self->busy && !self->again
         && (lk_alarm_get (self->alarm) == 0
             || lk_alarm_get (self->alarm) > lk_clock_now (self->clock));
}
