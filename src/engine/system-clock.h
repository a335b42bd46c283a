/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

#define LK_TYPE_SYSTEM_CLOCK (lk_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (LkSystemClock, lk_system_clock, LK, SYSTEM_CLOCK, GObject)

/**
 * LkSystemClock:
 *
 * The real time. Alarms are timerfd timers on CLOCK_REALTIME that are cancelled when the clock is
 * set (TFD_TIMER_CANCEL_ON_SET), so they are right across sleep and clock changes without polling;
 * logind's PrepareForSleep adds the resume event.
 */
LkClock *lk_system_clock_new (void);

G_END_DECLS
