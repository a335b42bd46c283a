/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <sys/wait.h>

#include "store/lease-store.h"
#include "world.h"

static void
stop (LkContext *context)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_stop_async (context, 1, test_result_cb, &result);
  test_wait (&result);
  g_assert_true (lk_context_stop_finish (context, result, NULL));
}

static gint64
get_epoch (World *world)
{
  return world_query (world, "SELECT epoch FROM lease");
}

/* A console that holds the lease yields to an agent, and gets it back at once when that ends: it
 * used to wait for ten seconds as if that agent were still to come. */
static void
test_yields (void)
{
  g_autoptr (World) world = world_new (0);
  g_autoptr (LkContext) agent = NULL;

  world_start (world, LK_HOLDER_CONSOLE);
  test_until (lk_context_holds_lease (world->context), 5);
  agent = lk_context_new (world->workspace, world->clock, LK_HOLDER_AGENT);
  lk_context_start (agent);
  test_until (lk_context_holds_lease (agent), 5);
  test_until (lk_context_get_lease (world->context)->kind == LK_HOLDER_AGENT, 5);
  g_assert_false (lk_context_holds_lease (world->context));

  stop (agent);
  test_until (lk_context_holds_lease (world->context), 5);
  g_assert_cmpint (get_epoch (world), ==, 3);
}

/* Never two at once: a second agent waits, and takes over at once when the first one ends. */
static void
test_waits (void)
{
  g_autoptr (World) world = world_new (0);
  g_autoptr (LkContext) second = lk_context_new (world->workspace, world->clock, LK_HOLDER_AGENT);

  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_holds_lease (world->context), 5);
  lk_context_start (second);
  test_until (lk_context_get_lease (second)->kind == LK_HOLDER_AGENT, 5);
  g_assert_false (lk_context_holds_lease (second));

  world_stop (world);
  test_until (lk_context_holds_lease (second), 5);
  stop (second);
}

/* The holder is on another host and renews no more: its lease runs out. */
static void
test_expires (void)
{
  g_autoptr (World) world = world_new (0);

  world_execute (world, "UPDATE lease SET kind = 'agent', owner = 'other', host = 'elsewhere',"
                        " epoch = 7, expires_at = 1772366430000000");
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_get_lease (world->context)->kind == LK_HOLDER_AGENT, 5);
  g_assert_false (lk_context_holds_lease (world->context));
  world_advance (world, 32 * LK_SECOND);
  test_until (lk_context_holds_lease (world->context), 5);
  g_assert_cmpint (get_epoch (world), ==, 8);
}

/* Renewed before it runs out, under the same epoch. */
static void
test_renews (void)
{
  g_autoptr (World) world = world_new (0);

  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_holds_lease (world->context), 5);
  for (int i = 1; i <= 5; i++)
    {
      world_advance (world, 25 * LK_SECOND);
      test_until (world_query (world, "SELECT expires_at FROM lease")
                      == WORLD_START + (i * 25 + 30) * LK_SECOND,
                  5);
      /* For the next renewal, and the daily one of the caretaker. */
      test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) == 2, 5);
    }
  g_assert_cmpint (get_epoch (world), ==, 1);
}

/* A process that does nothing, and holds the lease as an agent. */
static GPid
start_holder (World *world)
{
  char *command[] = { (char *) "sleep", (char *) "60", NULL };
  g_autoptr (LkLease) mine = lk_lease_new ();
  g_autofree char *path = NULL;
  g_autofree char *stat = NULL;
  g_autofree char *sql = NULL;
  g_auto (GStrv) fields = NULL;
  GPid pid;

  g_assert_true (g_spawn_async (NULL, command, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
  path = g_strdup_printf ("/proc/%d/stat", pid);
  g_assert_true (g_file_get_contents (path, &stat, NULL, NULL));
  fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);
  sql = g_strdup_printf ("UPDATE lease SET kind = 'agent', owner = 'other', host = '%s',"
                         " boot_id = '%s', pid = %d, pid_started = %s, epoch = 7,"
                         " expires_at = %" G_GINT64_FORMAT,
                         mine->host, mine->boot_id, pid, fields[19], WORLD_START + LK_HOUR);
  world_execute (world, sql);

  return pid;
}

/* The holder dies after we asked for the lease and before we know the answer: too late for its end
 * to be watched. */
static void
test_dies_meanwhile (void)
{
  g_autoptr (World) world = world_new (0);
  GPid holder = start_holder (world);
  gint64 until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 2;

  while (g_get_monotonic_time () < until) /* what the start of the holder changed is told */
    test_iterate ();
  world_start (world, LK_HOLDER_AGENT);
  g_usleep (G_TIME_SPAN_SECOND / 2);
  kill (holder, SIGKILL);
  waitpid (holder, NULL, 0);
  test_until (lk_context_holds_lease (world->context), 5);
  g_assert_cmpint (get_epoch (world), ==, 8);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lease-keeper/yields", test_yields);
  g_test_add_func ("/lease-keeper/waits", test_waits);
  g_test_add_func ("/lease-keeper/expires", test_expires);
  g_test_add_func ("/lease-keeper/dies-meanwhile", test_dies_meanwhile);
  g_test_add_func ("/lease-keeper/renews", test_renews);

  return g_test_run ();
}
