/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "world.h"

static gint64
add_task (World *world, const char *send)
{
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  g_free (task->send);
  task->send = g_strdup (send);

  return world_add_task (world, task, WORLD_SECRET);
}

static void
assert_run (World *world, gint64 task_id, gint64 matched, gint64 fired, gint64 suppressed)
{
  g_autoptr (LkRun) run = world_run_task (world, task_id);

  g_assert_cmpstr (run->error, ==, "");
  g_assert_cmpint (run->state, ==, LK_RUN_FINISHED);
  g_assert_cmpint (run->matched, ==, matched);
  g_assert_cmpint (run->fired, ==, fired);
  g_assert_cmpint (run->suppressed, ==, suppressed);
  world_assert_clean (world);
  world_advance (world, LK_MINUTE);
}

static void
assert_failed_run (World *world, gint64 task_id, const char *part)
{
  g_autoptr (LkRun) run = world_run_task (world, task_id);

  g_assert_cmpint (run->state, ==, LK_RUN_FAILED);
  g_test_message ("%s", run->error);
  g_assert_nonnull (strstr (run->error, part));
}

static void
test_every_run (void)
{
  g_autoptr (World) world = world_new (150);
  gint64 task_id = add_task (world, "every-run");

  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 150, 150, 0);
  assert_run (world, task_id, 150, 150, 0);
  g_assert_cmpuint (world->received->len, ==, 300);
}

/* Again only after a complete run in which the license did not match. */
static void
test_once (void)
{
  g_autoptr (World) world = world_new (150);
  gint64 task_id = add_task (world, "once");

  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 150, 150, 0);
  assert_run (world, task_id, 150, 0, 150);
  world_set_search (world, "LicenseID > 140");
  assert_run (world, task_id, 10, 0, 10);
  world_set_search (world, "LicenseID > 0");
  assert_run (world, task_id, 150, 140, 10);
  g_assert_cmpuint (world->received->len, ==, 290);
}

/* A broken search says so, and re-arms nothing. */
static void
test_failing_search (void)
{
  g_autoptr (World) world = world_new (10);
  gint64 task_id = add_task (world, "once");

  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 10, 10, 0);
  world_set_search (world, "LicenseIDD > 0");
  assert_failed_run (world, task_id, "All");
  world_set_search (world, "LicenseID > 0");
  assert_run (world, task_id, 10, 0, 10);
}

static void
test_missing_server (void)
{
  g_autoptr (World) world = world_new (1);
  gint64 task_id = add_task (world, "once");

  world_execute (world, "UPDATE server SET uri = 'sqlite:/nowhere/licenses.db'");
  world_start (world, LK_HOLDER_AGENT);
  assert_failed_run (world, task_id, "/nowhere/licenses.db");
}

static void
test_webhook_disabled (void)
{
  g_autoptr (World) world = world_new (10);
  g_autoptr (LkTask) task = world_make_task (world, "Count");
  gint64 task_id;

  task->webhook_enabled = FALSE;
  task_id = world_add_task (world, task, NULL);
  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 10, 0, 0);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery"), ==, 0);
}

/* A webhook that is off for a while re-arms nothing: the licenses matched all the time. */
static void
test_webhook_off_for_a_while (void)
{
  g_autoptr (World) world = world_new (10);
  gint64 task_id = add_task (world, "once");

  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 10, 10, 0);
  world_execute (world, "UPDATE task SET webhook_enabled = 0");
  world_set_search (world, "LicenseID > 2");
  assert_run (world, task_id, 8, 0, 0);
  world_execute (world, "UPDATE task SET webhook_enabled = 1");
  world_set_search (world, "LicenseID > 0");
  assert_run (world, task_id, 10, 2, 8);
  g_assert_cmpuint (world->received->len, ==, 12);
}

/* 10 licenses with the receipts ... R-5. */
static void
test_distinct_field (void)
{
  g_autoptr (World) world = world_new (10);
  gint64 task_id = add_task (world, "once");

  world_execute (world, "UPDATE search SET distinct_field = 'ReceiptID'");
  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 6, 6, 0);
  assert_run (world, task_id, 6, 0, 6);
}

static void
set_receipts (World *world, const char *sql)
{
  g_autofree char *uri = test_folder_get_uri (world->folder, "licenses.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDb) db = lk_db_open (uri, LK_DB_DEFAULT, &error);

  g_assert_no_error (error);
  lk_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

/* Whichever license stands for a group, the ledger takes it for the same group as the search does:
 * whatever the case of its letters, and whatever blanks follow. Blank values are no group. */
static void
test_distinct_field_folds (void)
{
  g_autoptr (World) world = world_new (5);
  gint64 task_id = add_task (world, "once");

  set_receipts (world, "UPDATE licenses SET ReceiptID = CASE LicenseID WHEN 1 THEN 'É-1'"
                       " WHEN 2 THEN 'é-1  ' WHEN 3 THEN '' ELSE '  ' END");
  world_execute (world, "UPDATE search SET distinct_field = 'ReceiptID'");
  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 4, 4, 0);
  world_set_search (world, "LicenseID > 1");
  assert_run (world, task_id, 4, 0, 4);
}

static void
test_hold_unusual (void)
{
  g_autoptr (World) world = world_new (5);
  g_autoptr (LkTask) task = world_make_task (world, "Careful");
  gint64 task_id;

  task->hold_unusual = TRUE;
  task_id = world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 5, 5, 0);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery WHERE state = 'held'"), ==,
                   5);
  g_assert_cmpuint (world->received->len, ==, 0);
}

/* The process dies in the middle of a run: the next one runs it again, under the same due instant,
 * and adds what is missing and nothing twice. */
static void
test_interrupted (void)
{
  g_autoptr (World) world = world_new (10);
  gint64 task_id = add_task (world, "every-run");

  world_start (world, LK_HOLDER_AGENT);
  assert_run (world, task_id, 10, 10, 0);
  world_stop (world);

  world_execute (world, "UPDATE run SET state = 'running', epoch = 1, finished_at = 0, fired = 0");
  world_execute (world, "DELETE FROM delivery WHERE license_id > 7");
  world->n_finished = 0;
  world_start (world, LK_HOLDER_AGENT);
  test_until (world->n_finished == 1, 5);
  test_until (lk_context_is_idle (world->context, TRUE), 5);

  g_assert_cmpint (world->last_run->fired, ==, 10);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM run"), ==, 1);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery"), ==, 10);
  g_assert_cmpint (
      world_query (world,
                   "SELECT count(DISTINCT license_id) FROM delivery WHERE state = 'delivered'"),
      ==, 10);
  g_assert_cmpuint (world->received->len, ==, 13);
}

/* Several tasks at once. */
static void
test_many_tasks (void)
{
  g_autoptr (World) world = world_new (20);

  for (int i = 0; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("Task %d", i);
      g_autoptr (LkTask) task = world_make_task (world, name);

      world_add_task (world, task, WORLD_SECRET);
    }
  world_start (world, LK_HOLDER_CONSOLE);
  world_advance (world, LK_DAY);
  test_until (world->n_finished == 6, 10);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  g_assert_cmpuint (world->received->len, ==, 120);
}

static void
iterate_for_ms (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  test_until (g_get_monotonic_time () > end, 10);
}

typedef struct
{
  LkDbPool *pool;
  GAsyncQueue *queue;
} Brake;

/* Keeps the writer busy until there is something in the queue. */
static gpointer
wait_job (LkDb *db, gpointer queue, GCancellable *cancellable, GError **error)
{
  return g_async_queue_pop (queue);
}

static void
runs_changed_cb (LkChangeFeed *feed, LkChange changes, gpointer user_data)
{
  Brake *brake = user_data;

  if ((changes & LK_CHANGE_RUNS) == 0)
    return;

  g_signal_handlers_disconnect_by_func (feed, runs_changed_cb, brake);
  lk_db_pool_write_async (brake->pool, wait_job, brake->queue, NULL, NULL, NULL, NULL, NULL);
}

/* An agent whose disk had failed stood still for half a minute before it ended: the run that could
 * not be finished was kept for another try although the runner had been stopped meanwhile. */
static void
test_stopped_while_it_cannot_be_finished (void)
{
  g_autoptr (World) world = world_new (10);
  g_autoptr (LkTask) task = world_make_task (world, "Count");
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  Brake brake = { lk_workspace_get_pool (world->workspace), queue };

  task->webhook_enabled = FALSE;
  world_add_task (world, task, NULL);
  world_execute (world, "CREATE TRIGGER broken BEFORE UPDATE ON run WHEN NEW.state = 'finished'"
                        " BEGIN SELECT RAISE (ABORT, 'broken'); END");
  world_start (world, LK_HOLDER_AGENT);
  iterate_for_ms (100); /* the next change is told at once */

  g_signal_connect (lk_workspace_get_change_feed (world->workspace), "changed",
                    G_CALLBACK (runs_changed_cb), &brake);
  world_advance (world, LK_DAY);
  iterate_for_ms (100); /* the run wants to be finished by now */
  g_async_queue_push (queue, world);
  world_stop (world);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM run WHERE state = 'running'"), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-runner/every-run", test_every_run);
  g_test_add_func ("/task-runner/once", test_once);
  g_test_add_func ("/task-runner/failing-search", test_failing_search);
  g_test_add_func ("/task-runner/missing-server", test_missing_server);
  g_test_add_func ("/task-runner/webhook-disabled", test_webhook_disabled);
  g_test_add_func ("/task-runner/webhook-off-for-a-while", test_webhook_off_for_a_while);
  g_test_add_func ("/task-runner/distinct-field", test_distinct_field);
  g_test_add_func ("/task-runner/distinct-field-folds", test_distinct_field_folds);
  g_test_add_func ("/task-runner/hold-unusual", test_hold_unusual);
  g_test_add_func ("/task-runner/interrupted", test_interrupted);
  g_test_add_func ("/task-runner/many-tasks", test_many_tasks);
  g_test_add_func ("/task-runner/stopped-while-it-cannot-be-finished",
                   test_stopped_while_it_cannot_be_finished);

  return g_test_run ();
}
