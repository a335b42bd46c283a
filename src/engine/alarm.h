/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

typedef void (*LkAlarmFunc) (gpointer user_data);

/**
 * LkAlarm:
 *
 * A moment at which to look again: at most one, which a new one replaces. It also goes off when the
 * clock jumps, so its function looks at the truth and does not trust the hour.
 *
 * Thread: the main loop.
 */
typedef struct _LkAlarm LkAlarm;

LkAlarm *lk_alarm_new (LkClock *clock, int priority, LkAlarmFunc func, gpointer user_data);
void lk_alarm_free (LkAlarm *self);
void lk_alarm_set (LkAlarm *self, LkInstant when);
void lk_alarm_clear (LkAlarm *self);
LkInstant lk_alarm_get (LkAlarm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAlarm, lk_alarm_free)

G_END_DECLS
