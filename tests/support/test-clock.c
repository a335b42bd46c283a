/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-test-clock"

#include "config.h"

#include "support/test-clock.h"

/**
 * LkTestClock:
 *
 * A clock that stands still until a test moves it. Advancing makes the alarms ready that it passes;
 * setting also tells of a jump, as waking up from sleep does. Neither iterates the main loop: the
 * test does.
 *
 * Thread: lk_clock_now() from any; everything else where the alarms' main context runs.
 */
struct _LkTestClock
{
  GObject parent_instance;

  GMutex lock; /* guards what follows */
  LkInstant now;
  GPtrArray *alarms; /* AlarmSource, not owned */
};

typedef struct
{
  GSource parent;
  LkTestClock *clock; /* owned */
  LkInstant when;
} AlarmSource;

static void lk_test_clock_iface_init (LkClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkTestClock, lk_test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_CLOCK, lk_test_clock_iface_init))

static void
wake_alarms (LkTestClock *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->alarms->len; i++)
    {
      AlarmSource *alarm = g_ptr_array_index (self->alarms, i);

      if (alarm->when <= self->now)
        g_source_set_ready_time (&alarm->parent, 0);
    }
  g_mutex_unlock (&self->lock);
}

static gboolean
alarm_dispatch_cb (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);

  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static void
alarm_finalize_cb (GSource *source)
{
  AlarmSource *self = (AlarmSource *) source;

  if (self->clock == NULL)
    return;

  g_mutex_lock (&self->clock->lock);
  g_ptr_array_remove_fast (self->clock->alarms, self);
  g_mutex_unlock (&self->clock->lock);
  g_clear_object (&self->clock);
}

static GSourceFuncs alarm_funcs = {
  .dispatch = alarm_dispatch_cb,
  .finalize = alarm_finalize_cb,
};

static LkInstant
lk_test_clock_now (LkClock *clock)
{
  LkTestClock *self = LK_TEST_CLOCK (clock);
  LkInstant now;

  g_mutex_lock (&self->lock);
  now = self->now;
  g_mutex_unlock (&self->lock);

  return now;
}

static GSource *
lk_test_clock_alarm_new (LkClock *clock, LkInstant when)
{
  LkTestClock *self = LK_TEST_CLOCK (clock);
  GSource *source = g_source_new (&alarm_funcs, sizeof (AlarmSource));
  AlarmSource *alarm = (AlarmSource *) source;

  g_source_set_static_name (source, "LkTestClock alarm");
  alarm->clock = g_object_ref (self);
  alarm->when = when;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->alarms, alarm);
  if (when <= self->now)
    g_source_set_ready_time (source, 0);
  g_mutex_unlock (&self->lock);

  return source;
}

static void
lk_test_clock_iface_init (LkClockInterface *iface)
{
  iface->now = lk_test_clock_now;
  iface->alarm_new = lk_test_clock_alarm_new;
}

static void
lk_test_clock_finalize (GObject *object)
{
  LkTestClock *self = LK_TEST_CLOCK (object);

  g_ptr_array_unref (self->alarms);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (lk_test_clock_parent_class)->finalize (object);
}

static void
lk_test_clock_class_init (LkTestClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_test_clock_finalize;
}

static void
lk_test_clock_init (LkTestClock *self)
{
  g_mutex_init (&self->lock);
  self->alarms = g_ptr_array_new ();
}

/**
 * lk_test_clock_new:
 * @now: the time it shows
 *
 * Returns: (transfer full): a clock that stands still
 */
LkTestClock *
lk_test_clock_new (LkInstant now)
{
  LkTestClock *self = g_object_new (LK_TYPE_TEST_CLOCK, NULL);

  self->now = now;

  return self;
}

/**
 * lk_test_clock_set:
 * @self: a clock
 * @now: the time it shows from now on; may lie before the present one
 *
 * Lets the time jump: passed alarms become ready and #LkClock::jumped is emitted.
 */
void
lk_test_clock_set (LkTestClock *self, LkInstant now)
{
  g_return_if_fail (LK_IS_TEST_CLOCK (self));

  g_mutex_lock (&self->lock);
  self->now = now;
  g_mutex_unlock (&self->lock);

  wake_alarms (self);
  lk_clock_emit_jumped (LK_CLOCK (self));
}

/**
 * lk_test_clock_advance:
 * @self: a clock
 * @by: how much time goes by, in microseconds; not negative
 *
 * Lets time pass as it usually does: passed alarms become ready, nothing jumps.
 */
void
lk_test_clock_advance (LkTestClock *self, LkInstant by)
{
  g_return_if_fail (LK_IS_TEST_CLOCK (self));
  g_return_if_fail (by >= 0);

  g_mutex_lock (&self->lock);
  self->now += by;
  g_mutex_unlock (&self->lock);

  wake_alarms (self);
}

/**
 * lk_test_clock_count_alarms:
 * @self: a clock
 *
 * Returns: how many alarms somebody still holds: a service that is closed holds none
 */
guint
lk_test_clock_count_alarms (LkTestClock *self)
{
  guint count = 0;

  g_return_val_if_fail (LK_IS_TEST_CLOCK (self), 0);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->alarms->len; i++)
    if (!g_source_is_destroyed (g_ptr_array_index (self->alarms, i)))
      count++;
  g_mutex_unlock (&self->lock);

  return count;
}
