/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "world.h"

static gint64
count_runs (World *world)
{
  return world_query (world, "SELECT count(*) FROM run");
}

static void
wait_until_idle (World *world)
{
  test_until (lk_context_is_idle (world->context, TRUE), 5);
}

static World *
make_world (gboolean enabled)
{
  World *world = world_new (2);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  task->enabled = enabled;
  g_free (task->send);
  task->send = g_strdup ("every-run");
  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  wait_until_idle (world);
  g_assert_cmpint (count_runs (world), ==, 0);

  return world;
}

static void
wait_for_run (World *world, guint n)
{
  test_until (world->n_finished >= n, 5);
  wait_until_idle (world);
  g_assert_cmpuint (world->n_finished, ==, n);
  g_assert_cmpint (count_runs (world), ==, n);
}

/* The timer comes to the due instant, day after day. */
static void
test_due (void)
{
  g_autoptr (World) world = make_world (TRUE);

  for (guint day = 1; day <= 3; day++)
    {
      world_advance (world, LK_DAY);
      wait_for_run (world, day);
      g_assert_cmpint (world->last_run->due_at, ==, WORLD_START + day * LK_DAY);
      g_assert_cmpint (world->last_run->missed, ==, 0);
      g_assert_cmpint (world->last_run->kind, ==, LK_RUN_SCHEDULED);
    }
  g_assert_cmpuint (world->received->len, ==, 6);
}

static void
test_not_early (void)
{
  g_autoptr (World) world = make_world (TRUE);

  world_advance (world, LK_DAY - LK_SECOND);
  wait_until_idle (world);
  g_assert_cmpint (count_runs (world), ==, 0);
  world_advance (world, LK_SECOND);
  wait_for_run (world, 1);
}

/* Five days asleep: one late run, for the last of the instants. */
static void
test_missed (void)
{
  g_autoptr (World) world = make_world (TRUE);

  lk_test_clock_set (LK_TEST_CLOCK (world->clock), WORLD_START + 5 * LK_DAY + LK_HOUR);
  wait_for_run (world, 1);
  g_assert_cmpint (world->last_run->due_at, ==, WORLD_START + 5 * LK_DAY);
  g_assert_cmpint (world->last_run->missed, ==, 4);
}

/* Off for five days. */
static void
test_missed_while_off (void)
{
  g_autoptr (World) world = make_world (TRUE);

  world_stop (world);
  world_advance (world, 5 * LK_DAY + LK_HOUR);
  world_start (world, LK_HOLDER_AGENT);
  wait_for_run (world, 1);
  g_assert_cmpint (world->last_run->missed, ==, 4);
}

/* The clock is set back: what ran does not run again, and the next day is as it was. */
static void
test_set_back (void)
{
  g_autoptr (World) world = make_world (TRUE);

  world_advance (world, LK_DAY);
  wait_for_run (world, 1);
  lk_test_clock_set (LK_TEST_CLOCK (world->clock), WORLD_START + LK_HOUR);
  wait_until_idle (world);
  world_advance (world, LK_DAY);
  wait_until_idle (world);
  g_assert_cmpint (count_runs (world), ==, 1);
  world_advance (world, LK_DAY);
  wait_for_run (world, 2);
}

/* The clock was a year ahead for a while: neither the task waits for that year, nor what is owed,
 * and what is found since its last run is not that of a year. */
static void
test_set_back_far (void)
{
  g_autoptr (World) world = make_world (TRUE);

  world_advance (world, 365 * LK_DAY);
  wait_for_run (world, 1);
  world_execute (world, "UPDATE task SET send = 'every:1-days'");
  world_execute (world, "UPDATE delivery SET state = 'retry_wait', finished_at = 0,"
                        " due_at = (SELECT started_at FROM attempt) WHERE id = 1");
  lk_test_clock_set (LK_TEST_CLOCK (world->clock), WORLD_START + LK_HOUR);
  wait_until_idle (world);
  g_assert_cmpint (count_runs (world), ==, 1);
  g_assert_cmpint (world_query (world, "SELECT last_ran_at FROM task"), ==, WORLD_START + LK_HOUR);
  test_until (world->received->len == 3, 5);
  world_advance (world, 2 * LK_DAY);
  wait_for_run (world, 2);
  g_assert_cmpuint (world->received->len, ==, 5);
}

static void
test_disabled (void)
{
  g_autoptr (World) world = make_world (FALSE);

  world_advance (world, 3 * LK_DAY);
  wait_until_idle (world);
  g_assert_cmpint (count_runs (world), ==, 0);
}

/* A task that somebody adds while the engine sleeps is seen. */
static void
test_added (void)
{
  g_autoptr (World) world = make_world (FALSE);
  g_autoptr (LkTask) task = world_make_task (world, "Second");

  world_add_task (world, task, WORLD_SECRET);
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) == 3, 5);
  world_advance (world, LK_DAY);
  wait_for_run (world, 1);
}

/* Idle: an alarm for the lease, one for the next due task and the daily one of the caretaker, and
 * nothing else. */
static void
test_sleeps (void)
{
  g_autoptr (World) world = make_world (TRUE);

  g_assert_cmpuint (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scheduler/due", test_due);
  g_test_add_func ("/scheduler/not-early", test_not_early);
  g_test_add_func ("/scheduler/missed", test_missed);
  g_test_add_func ("/scheduler/missed-while-off", test_missed_while_off);
  g_test_add_func ("/scheduler/set-back", test_set_back);
  g_test_add_func ("/scheduler/set-back-far", test_set_back_far);
  g_test_add_func ("/scheduler/disabled", test_disabled);
  g_test_add_func ("/scheduler/added", test_added);
  g_test_add_func ("/scheduler/sleeps", test_sleeps);

  return g_test_run ();
}
