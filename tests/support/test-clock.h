/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

#define LK_TYPE_TEST_CLOCK (lk_test_clock_get_type ())
G_DECLARE_FINAL_TYPE (LkTestClock, lk_test_clock, LK, TEST_CLOCK, GObject)

LkTestClock *lk_test_clock_new (LkInstant now);
void lk_test_clock_set (LkTestClock *self, LkInstant now);
void lk_test_clock_advance (LkTestClock *self, LkInstant by);
guint lk_test_clock_count_alarms (LkTestClock *self);

G_END_DECLS
