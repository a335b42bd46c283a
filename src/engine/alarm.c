/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-alarm"

#include "config.h"

#include "engine/alarm.h"

struct _LkAlarm
{
  LkClock *clock;
  int priority;
  LkAlarmFunc func;
  gpointer user_data;
  GSource *source;
  LkInstant when; /* 0: not set */
};

static gboolean
alarm_cb (gpointer user_data)
{
  LkAlarm *self = user_data;

  lk_alarm_clear (self);
  self->func (self->user_data);

  return G_SOURCE_REMOVE;
}

/**
 * lk_alarm_new:
 * @clock: whose time it goes by
 * @priority: of its source in the main loop
 * @func: what to call when it goes off
 * @user_data: for @func
 *
 * Returns: (transfer full): an alarm that is not set
 */
LkAlarm *
lk_alarm_new (LkClock *clock, int priority, LkAlarmFunc func, gpointer user_data)
{
  LkAlarm *self;

  g_return_val_if_fail (LK_IS_CLOCK (clock), NULL);

  self = g_new0 (LkAlarm, 1);
  self->clock = g_object_ref (clock);
  self->priority = priority;
  self->func = func;
  self->user_data = user_data;

  return self;
}

/**
 * lk_alarm_free:
 * @self: (transfer full): an alarm
 */
void
lk_alarm_free (LkAlarm *self)
{
  g_return_if_fail (self != NULL);

  lk_alarm_clear (self);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * lk_alarm_set:
 * @self: an alarm
 * @when: when it goes off; a past moment means soon, never within this call
 */
void
lk_alarm_set (LkAlarm *self, LkInstant when)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (when > 0);

  if (self->when == when)
    return;

  lk_alarm_clear (self);
  self->when = when;
  self->source = lk_clock_alarm_new (self->clock, when);
  g_source_set_priority (self->source, self->priority);
  g_source_set_callback (self->source, alarm_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * lk_alarm_clear:
 * @self: an alarm, set or not
 */
void
lk_alarm_clear (LkAlarm *self)
{
  g_return_if_fail (self != NULL);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  self->when = 0;
}

/**
 * lk_alarm_get:
 * @self: an alarm
 *
 * Returns: the moment it is set to; 0 when it is not
 */
LkInstant
lk_alarm_get (LkAlarm *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->when;
}
