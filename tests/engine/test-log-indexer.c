/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/log-indexer.h"
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

/* A batch that comes too late for its lease is no end: the lease may be this process's again. */
static void
test_lease_lost_and_back (void)
{
  g_autoptr (World) world = make_world (BATCH + 5);
  g_autoptr (LkLogIndexer) indexer = NULL;

  world_stop (world);
  indexer = lk_log_indexer_new (lk_workspace_get_pool (world->workspace), world->clock,
                                lk_workspace_get_change_feed (world->workspace));
  lk_log_indexer_start (indexer, 7);
  test_until (G_OBJECT (indexer)->ref_count == 1, 5);
  g_assert_cmpint (count_missing (world), ==, BATCH + 5);

  world_execute (world, "UPDATE lease SET kind = 'agent', epoch = 7");
  world_advance (world, LK_HOUR);
  advance_until (world, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log-indexer/follows", test_follows);
  g_test_add_func ("/log-indexer/lease-lost-and-back", test_lease_lost_and_back);

  return g_test_run ();
}
