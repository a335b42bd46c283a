/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/system-clock.h"

static gboolean
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;

  return G_SOURCE_REMOVE;
}

static guint
wait_for_alarm (LkClock *clock, LkInstant when, guint bound_ms)
{
  g_autoptr (GSource) alarm = lk_clock_alarm_new (clock, when);
  gint64 bound = g_get_monotonic_time () + bound_ms * 1000;
  guint n = 0;

  g_source_set_callback (alarm, count_cb, &n, NULL);
  g_source_attach (alarm, NULL);
  while (n == 0 && g_get_monotonic_time () < bound)
    g_main_context_iteration (NULL, FALSE);
  g_source_destroy (alarm);

  return n;
}

/* `latchkey-agent task test` stood still once in some hundred times: the thread that connects to
 * the bus and the main loop each made a type that the other waited for. The first test, as types
 * stay. */
static void
test_types_of_bus (void)
{
  g_autoptr (LkClock) clock = lk_system_clock_new ();
  static const char *const names[] = { "GInetSocketAddress", "GProxyAddress", "GSocket",
                                       "GUnixSocketAddress", "GUnixConnection" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (g_type_from_name (names[i]), !=, G_TYPE_INVALID);
}

static void
test_now (void)
{
  g_autoptr (LkClock) clock = lk_system_clock_new ();
  LkInstant before = g_get_real_time ();
  LkInstant now = lk_clock_now (clock);

  g_assert_cmpint (before, <=, now);
  g_assert_cmpint (now, <=, g_get_real_time ());
}

static void
test_future (void)
{
  g_autoptr (LkClock) clock = lk_system_clock_new ();
  LkInstant when = lk_clock_now (clock) + 30 * 1000;

  g_assert_cmpuint (wait_for_alarm (clock, when, 5000), ==, 1);
  g_assert_cmpint (lk_clock_now (clock), >=, when);
}

static void
test_past (void)
{
  g_autoptr (LkClock) clock = lk_system_clock_new ();

  g_assert_cmpuint (wait_for_alarm (clock, lk_clock_now (clock) - LK_DAY, 5000), ==, 1);
  g_assert_cmpuint (wait_for_alarm (clock, 0, 5000), ==, 1);
}

/* Far beyond what the kernel's timers count: it must not go off at once. */
static void
test_far_future (void)
{
  g_autoptr (LkClock) clock = lk_system_clock_new ();

  g_assert_cmpuint (wait_for_alarm (clock, G_MAXINT64, 30), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/system-clock/types-of-bus", test_types_of_bus);
  g_test_add_func ("/system-clock/now", test_now);
  g_test_add_func ("/system-clock/future", test_future);
  g_test_add_func ("/system-clock/past", test_past);
  g_test_add_func ("/system-clock/far-future", test_far_future);

  return g_test_run ();
}
