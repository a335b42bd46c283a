/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "world.h"

#define BATCH 1000

static gint64
count_missing (World *world)
{
  return world_query (world, "SELECT max(d.id) - min(e.delivery_id) FROM delivery d"
                             " CROSS JOIN delivery_text_end e");
}

static World *
make_world (int n_licenses)
{
  World *world = world_new (n_licenses);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (LkRun) run = NULL;
  gint64 task_id;

  task->enabled = FALSE;
  task_id = world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  run = world_run_task (world, task_id);
  test_until (lk_context_is_idle (world->context, TRUE), 60);
  g_assert_cmpint (count_missing (world), ==, n_licenses);

  return world;
}

static void
advance_until (World *world, gint64 n_missing)
{
  for (int i = 0; i < 1000 && count_missing (world) != n_missing; i++)
    {
      world_advance (world, 5 * LK_SECOND);
      test_iterate ();
    }
  g_assert_cmpint (count_missing (world), ==, n_missing);
}

/* Batch by batch, until what is left is not worth one; nothing wakes it then. */
static void
test_follows (void)
{
  g_autoptr (World) world = make_world (2 * BATCH + 5);

  advance_until (world, 5);
  world_advance (world, LK_HOUR);
  for (int i = 0; i < 20; i++)
    test_iterate ();
  g_assert_cmpint (count_missing (world), ==, 5);
  world_assert_clean (world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log-indexer/follows", test_follows);

  return g_test_run ();
}
