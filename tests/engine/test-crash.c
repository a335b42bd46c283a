/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>

#include "store/run-store.h"
#include "world.h"

#define N_LICENSES  2000
#define CONCURRENCY 32

/* 5 in the suite; LATCHKEY_CRASHES=50 for the long version. */
#define N_CRASHES 5

static guint
get_n_crashes (void)
{
  const char *wanted = g_getenv ("LATCHKEY_CRASHES");

  return wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : N_CRASHES;
}

static GSubprocess *
start_engine (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "engine", "crash-child", NULL);
  GSubprocess *engine = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program,
                                          lk_workspace_get_folder (world->workspace), NULL);

  g_assert_no_error (error);

  return engine;
}

static void
kill_engine (GSubprocess *engine)
{
  g_subprocess_send_signal (engine, SIGKILL);
  g_subprocess_wait (engine, NULL, NULL);
}

static gpointer
request_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  World *world = data;

  lk_run_store_request (db, 1, lk_clock_now (world->clock), error);

  return NULL;
}

static void
request_run (World *world)
{
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (GError) error = NULL;

  task->enabled = FALSE;
  task->concurrency = CONCURRENCY;
  g_assert_cmpint (world_add_task (world, task, WORLD_SECRET), ==, 1);
  lk_db_pool_write_sync (lk_workspace_get_pool (world->workspace), request_job, world, NULL,
                         &error);
  g_assert_no_error (error);
}

static gint64
count_pending (World *world)
{
  return world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'pending'");
}

/* Every license has one webhook id, however often it came. Returns how many came more than once. */
static guint
count_repeats (World *world, GHashTable *ids)
{
  for (guint i = 0; i < world->received->len; i++)
    {
      LkReceived *received = g_ptr_array_index (world->received, i);
      const char *id = g_hash_table_lookup (ids, received->activation_key);

      g_assert_true (received->qlm_valid && received->standard_valid);
      if (id == NULL)
        g_hash_table_insert (ids, received->activation_key, received->webhook_id);
      else
        g_assert_cmpstr (id, ==, received->webhook_id);
    }

  return world->received->len - g_hash_table_size (ids);
}

/* kill -9 at random moments: when the engine has started some requests more, or a random while
 * after its start, when it may still be adding deliveries. */
static gint64
crash (World *world, guint n_crashes)
{
  gint64 in_flight = 0;

  for (guint i = 0; i < n_crashes; i++)
    {
      g_autoptr (GSubprocess) engine = start_engine (world);
      guint more = (guint) g_test_rand_int_range (0, 2 * N_LICENSES / (gint) n_crashes);
      guint until = MIN (world->received->len + more, N_LICENSES);
      gint64 pending;

      test_until (world->received->len >= until, 30);
      kill_engine (engine);
      pending = count_pending (world);
      g_assert_cmpint (pending, <=, CONCURRENCY);
      in_flight += pending;
    }

  return in_flight;
}

static void
test_crash (void)
{
  g_autoptr (World) world = world_new (N_LICENSES);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GSubprocess) last = NULL;
  gint64 in_flight;
  guint repeats;

  /* The children go by the real time; the receiver must not find their signatures too old. */
  lk_test_clock_set (LK_TEST_CLOCK (world->clock), g_get_real_time ());
  request_run (world);
  in_flight = crash (world, get_n_crashes ());

  last = start_engine (world);
  test_until (world_query (world, "SELECT state = 'finished' FROM run") == 1
                  && world_query (world, "SELECT count(*) FROM delivery WHERE state = 'delivered'")
                         == N_LICENSES,
              60);
  kill_engine (last);

  repeats = count_repeats (world, ids);
  g_test_message ("%u repeats, %" G_GINT64_FORMAT " in flight when killed", repeats, in_flight);
  g_assert_cmpuint (g_hash_table_size (ids), ==, N_LICENSES);
  g_assert_cmpuint (repeats, <=, in_flight);
  world_assert_clean (world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crash/kill", test_crash);

  return g_test_run ();
}
