/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/caretaker.h"
#include "store/retention.h"
#include "world.h"

static World *
make_world (void)
{
  World *world = world_new (300);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (LkRun) run = NULL;
  gint64 task_id;

  task->enabled = FALSE;
  task_id = world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  run = world_run_task (world, task_id);
  test_until (lk_context_is_idle (world->context, TRUE), 5);

  return world;
}

static gint64
count_bodies (World *world)
{
  return world_query (world, "SELECT count(*) FROM delivery_body");
}

static gint64
count_attempts (World *world)
{
  return world_query (world, "SELECT count(*) FROM attempt");
}

/* More than a batch goes, a second of the clock after the other. */
static void
advance_until (World *world, gint64 (*count) (World *), gint64 wanted)
{
  for (int i = 0; i < 1000 && count (world) != wanted; i++)
    {
      world_advance (world, 2 * LK_SECOND);
      test_iterate ();
    }
  g_assert_cmpint (count (world), ==, wanted);
}

static void
test_ages (void)
{
  g_autoptr (World) world = make_world ();

  world_advance (world, LK_HOUR);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  world_advance (world, (LK_RETENTION_BODY_DAYS - 1) * LK_DAY);
  advance_until (world, count_bodies, 300);
  world_advance (world, LK_DAY);
  advance_until (world, count_bodies, 0);
  g_assert_cmpint (count_attempts (world), ==, 300);

  /* Days later it is still at work. */
  world_advance (world, (LK_RETENTION_ATTEMPT_DAYS - LK_RETENTION_BODY_DAYS + 1) * LK_DAY);
  advance_until (world, count_attempts, 0);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery"), ==, 300);
  world_assert_clean (world);
}

/* The first look is some while after the start, not with it. */
static void
test_not_at_once (void)
{
  g_autoptr (World) world = make_world ();

  world_stop (world);
  world_advance (world, 365 * LK_DAY);
  world_start (world, LK_HOLDER_CONSOLE);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  world_advance (world, 2 * LK_MINUTE - LK_SECOND);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  g_assert_cmpint (count_bodies (world), ==, 300);
  world_advance (world, LK_SECOND);
  advance_until (world, count_attempts, 0);
  g_assert_cmpint (count_bodies (world), ==, 0);
}

/* A batch that comes too late for its lease is no end: the lease may be this process's again. */
static void
test_lease_lost_and_back (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (LkCaretaker) caretaker = NULL;

  world_stop (world);
  world_advance (world, 365 * LK_DAY);
  caretaker = lk_caretaker_new (lk_workspace_get_pool (world->workspace), world->clock);
  lk_caretaker_start (caretaker, 7);
  world_advance (world, LK_HOUR);
  test_until (G_OBJECT (caretaker)->ref_count == 2, 5); /* a batch is under way */
  test_until (G_OBJECT (caretaker)->ref_count == 1, 5);
  g_assert_cmpint (count_bodies (world), ==, 300);

  world_execute (world, "UPDATE lease SET kind = 'agent', epoch = 7");
  world_advance (world, LK_DAY);
  advance_until (world, count_bodies, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/caretaker/ages", test_ages);
  g_test_add_func ("/caretaker/not-at-once", test_not_at_once);
  g_test_add_func ("/caretaker/lease-lost-and-back", test_lease_lost_and_back);

  return g_test_run ();
}
