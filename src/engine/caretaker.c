/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-caretaker"

#include "config.h"

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/caretaker.h"
#include "store/retention.h"

#define FIRST_PASS_AFTER (2 * LK_MINUTE) /* the start has other things to do */
#define PAUSE            LK_SECOND
#define BATCH            250 /* records: some milliseconds of the writer's thread */

struct _LkCaretaker
{
  GObject parent_instance;

  LkDbPool *pool;
  LkClock *clock;
  LkAlarm *alarm;
  gint64 epoch;      /* 0 while stopped */
  LkInstant next_at; /* the next batch */
  gboolean busy;
};

typedef struct
{
  gint64 epoch;
  LkInstant now;
} Batch;

G_DEFINE_FINAL_TYPE (LkCaretaker, lk_caretaker, G_TYPE_OBJECT)

static gpointer
prune_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Batch *batch = data;

  return lk_retention_prune (db, batch->epoch, batch->now, BATCH, error);
}

static void
wait_until (LkCaretaker *self, LkInstant when)
{
  self->next_at = when;
  lk_alarm_set (self->alarm, when);
}

static void
take_error (LkCaretaker *self, const GError *error)
{
  /* Whoever has the lease does it by now; that may be this process again, under a new epoch. */
  if (!g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    g_warning ("what is too old could not be removed, which is tried again tomorrow: %s",
               error->message);
  wait_until (self, lk_clock_now (self->clock) + LK_DAY);
}

static void
take_pass (LkCaretaker *self, const LkRetention *pass)
{
  if (pass->stage != LK_RETENTION_DONE)
    {
      wait_until (self, lk_clock_now (self->clock) + PAUSE);
      return;
    }

  if (pass->n_removed > 0)
    g_info ("removed %" G_GINT64_FORMAT " records that were too old to keep", pass->n_removed);
  wait_until (self, pass->next_at);
}

static void
pruned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LkCaretaker *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autofree LkRetention *pass = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (self->epoch != 0 && pass != NULL)
    take_pass (self, pass);
  else if (self->epoch != 0)
    take_error (self, error);

  if (pass != NULL)
    g_task_return_boolean (task, pass->stage != LK_RETENTION_DONE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The alarm also goes off when the clock is set; a moment that came to lie beyond a day must not
 * keep the work waiting. */
static void
alarm_cb (gpointer user_data)
{
  LkCaretaker *self = user_data;
  LkInstant now = lk_clock_now (self->clock);

  if (self->busy)
    return;

  if (now < self->next_at)
    wait_until (self, MIN (self->next_at, now + LK_DAY));
  else
    lk_caretaker_prune_async (self, NULL, NULL);
}

static void
lk_caretaker_dispose (GObject *object)
{
  LkCaretaker *self = LK_CARETAKER (object);

  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (lk_caretaker_parent_class)->dispose (object);
}

static void
lk_caretaker_class_init (LkCaretakerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_caretaker_dispose;
}

static void
lk_caretaker_init (LkCaretaker *self)
{
}

/**
 * lk_caretaker_new:
 * @pool: the workspace
 * @clock: the time
 *
 * Returns: (transfer full): a caretaker that does nothing yet
 */
LkCaretaker *
lk_caretaker_new (LkDbPool *pool, LkClock *clock)
{
  LkCaretaker *self = g_object_new (LK_TYPE_CARETAKER, NULL);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->alarm = lk_alarm_new (clock, G_PRIORITY_LOW, alarm_cb, self);

  return self;
}

/**
 * lk_caretaker_start:
 * @self: a caretaker
 * @epoch: the epoch of the lease that this process holds
 */
void
lk_caretaker_start (LkCaretaker *self, gint64 epoch)
{
  g_return_if_fail (LK_IS_CARETAKER (self));
  g_return_if_fail (epoch > 0);

  if (self->epoch == epoch)
    return;

  self->epoch = epoch;
  wait_until (self, lk_clock_now (self->clock) + FIRST_PASS_AFTER);
}

/**
 * lk_caretaker_stop:
 * @self: a caretaker
 *
 * A batch that is under way is finished.
 */
void
lk_caretaker_stop (LkCaretaker *self)
{
  g_return_if_fail (LK_IS_CARETAKER (self));

  self->epoch = 0;
  lk_alarm_clear (self->alarm);
}

/**
 * lk_caretaker_prune_async:
 * @self: a caretaker that was started
 * @callback: (nullable): called in the main loop
 * @user_data: for @callback
 *
 * Removes a batch now, for a process that will not be there when its time comes. Where one is under
 * way already, that will do.
 */
void
lk_caretaker_prune_async (LkCaretaker *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Batch *batch;
  GTask *task;

  g_return_if_fail (LK_IS_CARETAKER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lk_caretaker_prune_async);
  if (self->busy)
    {
      g_task_return_boolean (task, FALSE);
      g_object_unref (task);
      return;
    }

  batch = g_new0 (Batch, 1);
  batch->epoch = self->epoch;
  batch->now = lk_clock_now (self->clock);
  self->busy = TRUE;
  lk_db_pool_write_async (self->pool, prune_job, batch, g_free, g_free, NULL, pruned_cb, task);
}

/**
 * lk_caretaker_prune_finish:
 * @self: a caretaker
 * @result: what the callback got
 * @error: return location; as of lk_retention_prune()
 *
 * Returns: whether there is more to look at now; %FALSE on error
 */
gboolean
lk_caretaker_prune_finish (LkCaretaker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
