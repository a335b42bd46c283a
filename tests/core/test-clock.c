/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/clock.h"
#include "support/test-clock.h"

static gboolean
count_cb (gpointer user_data)
{
  int *count = user_data;

  *count += 1;

  return G_SOURCE_CONTINUE;
}

static void
jumped_cb (LkClock *clock, gpointer user_data)
{
  int *count = user_data;

  g_assert_true (LK_IS_CLOCK (clock));
  *count += 1;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static GSource *
attach_alarm (LkTestClock *clock, LkInstant when, int *count)
{
  GSource *source = lk_clock_alarm_new (LK_CLOCK (clock), when);

  g_source_set_callback (source, count_cb, count, NULL);
  g_source_attach (source, NULL);

  return source;
}

static void
test_units (void)
{
  g_assert_cmpint (LK_DAY, ==, G_GINT64_CONSTANT (86400000000));
}

static void
test_advance (void)
{
  g_autoptr (LkTestClock) clock = lk_test_clock_new (LK_DAY);
  int rung = 0, jumps = 0;
  g_autoptr (GSource) alarm = attach_alarm (clock, LK_DAY + LK_MINUTE, &rung);

  g_signal_connect (clock, "jumped", G_CALLBACK (jumped_cb), &jumps);
  lk_test_clock_advance (clock, LK_MINUTE - 1);
  iterate ();
  g_assert_cmpint (rung, ==, 0);

  lk_test_clock_advance (clock, 1);
  iterate ();
  g_assert_cmpint (rung, ==, 1);
  g_assert_cmpint (lk_clock_now (LK_CLOCK (clock)), ==, LK_DAY + LK_MINUTE);
  g_assert_cmpint (jumps, ==, 0);

  g_assert_cmpuint (lk_test_clock_count_alarms (clock), ==, 1);
  g_source_destroy (alarm);
  g_assert_cmpuint (lk_test_clock_count_alarms (clock), ==, 0);
}

static void
test_past_alarm_rings_at_once (void)
{
  g_autoptr (LkTestClock) clock = lk_test_clock_new (LK_DAY);
  int rung = 0;
  g_autoptr (GSource) alarm = attach_alarm (clock, LK_DAY, &rung);

  iterate ();
  g_assert_cmpint (rung, ==, 1);
  g_source_destroy (alarm);
}

static void
test_set_jumps (void)
{
  g_autoptr (LkTestClock) clock = lk_test_clock_new (LK_DAY);
  int rung = 0, jumps = 0;
  g_autoptr (GSource) alarm = attach_alarm (clock, 2 * LK_DAY, &rung);

  g_signal_connect (clock, "jumped", G_CALLBACK (jumped_cb), &jumps);
  lk_test_clock_set (clock, LK_HOUR);
  iterate ();
  g_assert_cmpint (lk_clock_now (LK_CLOCK (clock)), ==, LK_HOUR);
  g_assert_cmpint (jumps, ==, 1);
  g_assert_cmpint (rung, ==, 0);

  lk_test_clock_set (clock, 3 * LK_DAY);
  iterate ();
  g_assert_cmpint (jumps, ==, 2);
  g_assert_cmpint (rung, ==, 1);
  g_source_destroy (alarm);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/units", test_units);
  g_test_add_func ("/clock/advance", test_advance);
  g_test_add_func ("/clock/past-alarm-rings-at-once", test_past_alarm_rings_at_once);
  g_test_add_func ("/clock/set-jumps", test_set_jumps);

  return g_test_run ();
}
