/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-caretaker"

#include "config.h"

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/caretaker.h"
#include "store/retention.h"

#define FIRST_PASS_AFTER (10 * LK_MINUTE) /* the start has other things to do */
#define PASS_EVERY       LK_DAY
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
  LkRetention pass;
  gboolean busy;
};

typedef struct
{
  gint64 epoch;
  LkInstant now;
  LkRetention pass;
} Batch;

G_DEFINE_FINAL_TYPE (LkCaretaker, lk_caretaker, G_TYPE_OBJECT)

static gpointer
prune_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Batch *batch = data;

  if (!lk_retention_prune (db, batch->epoch, batch->now, BATCH, &batch->pass, error))
    return NULL;

  return g_memdup2 (&batch->pass, sizeof batch->pass);
}

static void
wait_until (LkCaretaker *self, LkInstant when)
{
  self->next_at = when;
  lk_alarm_set (self->alarm, when);
}

static void
end_pass (LkCaretaker *self)
{
  if (self->pass.n_removed > 0)
    g_info ("removed %" G_GINT64_FORMAT " records that were too old to keep", self->pass.n_removed);

  self->pass = (LkRetention){ 0 };
  wait_until (self, lk_clock_now (self->clock) + PASS_EVERY);
}

static void
take_error (LkCaretaker *self, const GError *error)
{
  /* Whoever has the lease does it by now; that may be this process again, under a new epoch. */
  if (!g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    g_warning ("what is too old could not be removed, which is tried again tomorrow: %s",
               error->message);
  end_pass (self);
}

static void
pruned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkCaretaker) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree LkRetention *pass = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (self->epoch == 0)
    return;

  if (pass == NULL)
    {
      take_error (self, error);
      return;
    }

  self->pass = *pass;
  if (pass->stage == LK_RETENTION_DONE)
    end_pass (self);
  else
    wait_until (self, lk_clock_now (self->clock) + PAUSE);
}

static void
prune (LkCaretaker *self)
{
  Batch *batch = g_new0 (Batch, 1);

  self->busy = TRUE;
  batch->epoch = self->epoch;
  batch->now = lk_clock_now (self->clock);
  batch->pass = self->pass;
  lk_db_pool_write_async (self->pool, prune_job, batch, g_free, g_free, NULL, pruned_cb,
                          g_object_ref (self));
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
    wait_until (self, MIN (self->next_at, now + PASS_EVERY));
  else
    prune (self);
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
  self->pass = (LkRetention){ 0 };
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
