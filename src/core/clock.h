/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LkInstant:
 *
 * A moment: microseconds since 1970-01-01 00:00:00 UTC, as g_get_real_time() counts them. Every
 * moment in memory and in the workspace database has this unit. 0 stands for "never".
 */
typedef gint64 LkInstant;

#define LK_SECOND ((LkInstant) G_USEC_PER_SEC)
#define LK_MINUTE (60 * LK_SECOND)
#define LK_HOUR   (60 * LK_MINUTE)
#define LK_DAY    (24 * LK_HOUR)

#define LK_TYPE_CLOCK (lk_clock_get_type ())
G_DECLARE_INTERFACE (LkClock, lk_clock, LK, CLOCK, GObject)

/**
 * LkClock:
 *
 * Where the time comes from. The engine is handed one, so that tests own the time. The real one is
 * LkSystemClock in the engine; the tests have one that stands still until it is told to move.
 *
 * Signals: #LkClock::jumped, when the wall clock was set or the machine woke up from sleep; all
 * that was computed from the time must then be computed again.
 *
 * Thread: the main loop, except lk_clock_now(), which any thread may call.
 */
struct _LkClockInterface
{
  GTypeInterface parent;

  LkInstant (*now) (LkClock *self);
  GSource *(*alarm_new) (LkClock *self, LkInstant when);
};

LkInstant lk_clock_now (LkClock *self);
GSource *lk_clock_alarm_new (LkClock *self, LkInstant when);

/* For implementations. */
void lk_clock_emit_jumped (LkClock *self);

G_END_DECLS
