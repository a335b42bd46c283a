/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clock"

#include "config.h"

#include "core/clock.h"

G_DEFINE_INTERFACE (LkClock, lk_clock, G_TYPE_OBJECT)

enum
{
  JUMPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
lk_clock_default_init (LkClockInterface *iface)
{
  signals[JUMPED] = g_signal_new ("jumped", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * lk_clock_now:
 * @self: a clock
 *
 * Thread: any.
 *
 * Returns: the wall-clock time
 */
LkInstant
lk_clock_now (LkClock *self)
{
  g_return_val_if_fail (LK_IS_CLOCK (self), 0);

  return LK_CLOCK_GET_IFACE (self)->now (self);
}

/**
 * lk_clock_alarm_new:
 * @self: a clock
 * @when: the moment at which the source becomes ready; a past one makes it ready at once
 *
 * Makes a source that dispatches its #GSourceFunc once the wall clock has reached @when, also when
 * the machine slept through that moment. It dispatches early, too, when the clock jumps: the
 * callback reads lk_clock_now() and decides.
 *
 * Returns: (transfer full): a source that is not attached yet
 */
GSource *
lk_clock_alarm_new (LkClock *self, LkInstant when)
{
  g_return_val_if_fail (LK_IS_CLOCK (self), NULL);

  return LK_CLOCK_GET_IFACE (self)->alarm_new (self, when);
}

/**
 * lk_clock_emit_jumped:
 * @self: a clock
 *
 * For implementations: tells the users of the clock that the time jumped.
 */
void
lk_clock_emit_jumped (LkClock *self)
{
  g_return_if_fail (LK_IS_CLOCK (self));

  g_signal_emit (self, signals[JUMPED], 0);
}
