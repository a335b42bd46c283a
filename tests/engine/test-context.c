/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "world.h"

static void
test_lease (void)
{
  g_autoptr (World) world = world_new (0);

  world_start (world, LK_HOLDER_CONSOLE);
  test_until (lk_context_holds_lease (world->context), 5);
  g_assert_cmpint (lk_context_get_lease (world->context)->kind, ==, LK_HOLDER_CONSOLE);
  test_until (lk_context_is_idle (world->context, TRUE), 5);

  world_stop (world);
  g_assert_cmpint (world_query (world, "SELECT kind = 'none' FROM lease"), ==, 1);
}

typedef struct
{
  GMutex lock;
  GCond changed;
  guint n_waiting;
  gboolean is_open;
} Gate;

static gpointer
wait_at_gate_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->n_waiting++;
  while (!gate->is_open)
    g_cond_wait (&gate->changed, &gate->lock);
  gate->n_waiting--;
  g_cond_signal (&gate->changed);
  g_mutex_unlock (&gate->lock);

  return NULL;
}

static guint
count_waiting (Gate *gate)
{
  guint n;

  g_mutex_lock (&gate->lock);
  n = gate->n_waiting;
  g_mutex_unlock (&gate->lock);

  return n;
}

/* Nothing is read from the workspace before the gate is open. */
static void
close_gate (World *world, Gate *gate)
{
  for (guint n = 0; n < 3;)
    {
      lk_db_pool_read_async (lk_workspace_get_pool (world->workspace), wait_at_gate_job, gate, NULL,
                             NULL, NULL, NULL, NULL);
      n++;
      test_until (count_waiting (gate) == n, 5);
    }
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
  test_until (count_waiting (gate) == 0, 5);
}

/* This process stood still while another one had the lease and gave it back. It takes it again, and
 * what was under way before then learns that its time is over: that is no reason to stop what goes
 * on under the new lease. */
static void
test_lease_lost_and_back (void)
{
  g_autoptr (World) world = world_new (10);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autofree char *begin = NULL;
  Gate gate = { 0 };
  gint64 epoch, until;

  begin = g_strdup_printf ("INSERT INTO run (task_id, task_name, kind, state, due_at)"
                           " VALUES (%" G_GINT64_FORMAT ", 'Renewals', 'manual', 'requested', 1)",
                           world_add_task (world, task, WORLD_SECRET));
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  epoch = lk_context_get_lease (world->context)->epoch;
  /* Nobody is to read the lease when the gate is closed, as the last word of the start makes them.
   */
  until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 5;
  while (g_get_monotonic_time () < until)
    test_iterate ();

  close_gate (world, &gate);
  world_execute (world, begin);
  test_until (world_query (world, "SELECT count(*) FROM run WHERE state = 'running'") == 1, 5);
  world_execute (world, "UPDATE lease SET kind = 'none', owner = '', epoch = epoch + 1");
  lk_clock_emit_jumped (world->clock);
  test_until (lk_context_get_lease (world->context)->epoch == epoch + 2, 5);
  open_gate (&gate);

  test_until (world->n_finished == 1, 5);
  g_assert_cmpint (world->last_run->state, ==, LK_RUN_FINISHED);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  g_assert_cmpuint (world->received->len, ==, 10);
  world_assert_clean (world);
}

/* Run Now: one correctly signed POST for each license, all of it in the log. */
static void
test_run_now (void)
{
  g_autoptr (World) world = world_new (300);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (LkRun) run = NULL;
  gint64 task_id = world_add_task (world, task, WORLD_SECRET);

  world_start (world, LK_HOLDER_AGENT);
  run = world_run_task (world, task_id);

  g_assert_cmpstr (run->error, ==, "");
  g_assert_cmpint (run->state, ==, LK_RUN_FINISHED);
  g_assert_cmpint (run->kind, ==, LK_RUN_MANUAL);
  g_assert_cmpint (run->matched, ==, 300);
  g_assert_cmpint (run->fired, ==, 300);
  g_assert_cmpuint (world->received->len, ==, 300);
  for (guint i = 0; i < world->received->len; i++)
    {
      const LkReceived *received = g_ptr_array_index (world->received, i);

      g_assert_true (received->qlm_valid);
      g_assert_true (received->standard_valid);
      g_assert_cmpstr (received->task_name, ==, "Renewals");
      g_hash_table_add (keys, received->activation_key);
    }
  g_assert_cmpuint (g_hash_table_size (keys), ==, 300);

  test_until (lk_context_is_idle (world->context, TRUE), 5);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery WHERE state = 'delivered'"),
                   ==, 300);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'success'"),
                   ==, 300);
  world_assert_clean (world);
}

static void
test_send_test (void)
{
  g_autoptr (World) world = world_new (0);
  g_autoptr (LkTask) draft = world_make_task (world, "Draft");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkReply) reply = NULL;
  g_autoptr (LkDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  world_start (world, LK_HOLDER_CONSOLE);
  lk_context_send_test_async (world->context, draft, WORLD_SECRET, NULL, NULL, test_result_cb,
                              &result);
  test_wait (&result);
  reply = lk_context_send_test_finish (world->context, result, &delivery, &error);

  g_assert_no_error (error);
  g_assert_cmpint (reply->attempt->status, ==, 200);
  g_assert_cmpuint (strlen (reply->qlm_signature), ==, 64);
  g_assert_true (g_str_has_prefix (reply->standard_signature, "v1,"));
  g_assert_true (delivery->is_test);
  g_assert_cmpint (delivery->state, ==, LK_DELIVERY_DELIVERED);
  g_assert_cmpuint (world->received->len, ==, 1);
  g_assert_true (((LkReceived *) g_ptr_array_index (world->received, 0))->standard_valid);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM ledger"), ==, 0);
}

static void
test_send_test_refused (void)
{
  static const struct
  {
    const char *url;
    const char *secret;
  } rows[] = {
    { "http://127.0.0.1:1/", "" },
    { "http://127.0.0.1:1/", NULL }, /* an unsaved task has no stored one */
    { "ftp://127.0.0.1/", WORLD_SECRET },
    { "", WORLD_SECRET },
    { "http://", WORLD_SECRET },
  };
  g_autoptr (World) world = world_new (0);

  world_start (world, LK_HOLDER_CONSOLE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkTask) draft = world_make_task (world, "Draft");
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      g_free (draft->url);
      draft->url = g_strdup (rows[i].url);
      lk_context_send_test_async (world->context, draft, rows[i].secret, NULL, NULL, test_result_cb,
                                  &result);
      test_wait (&result);
      g_assert_null (lk_context_send_test_finish (world->context, result, NULL, &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
    }
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery"), ==, 0);
}

static void
test_run_unknown_task (void)
{
  g_autoptr (World) world = world_new (0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  world_start (world, LK_HOLDER_AGENT);
  lk_context_run_task_async (world->context, 4711, NULL, test_result_cb, &result);
  test_wait (&result);
  g_assert_null (lk_context_run_task_finish (world->context, result, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
}

/* Nobody runs the schedule: after a minute that is said, and with the remedy. */
static void
test_run_without_holder (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  gint64 task_id = world_add_task (world, task, WORLD_SECRET);
  g_autoptr (LkContext) bystander =
      lk_context_new (world->workspace, world->clock, LK_HOLDER_CONSOLE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lk_context_run_task_async (bystander, task_id, NULL, test_result_cb, &result);
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) > 0, 5);
  g_assert_null (result);
  world_advance (world, 61 * LK_SECOND);
  test_wait (&result);
  g_assert_null (lk_context_run_task_finish (bystander, result, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_FAILED);
}

static gpointer
read_nothing_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return NULL;
}

/* Whoever gives up while an answer is on its way does not wait for the next one. */
static void
test_run_given_up (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  gint64 task_id = world_add_task (world, task, WORLD_SECRET);
  g_autoptr (LkContext) bystander =
      lk_context_new (world->workspace, world->clock, LK_HOLDER_CONSOLE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n_refs;

  lk_context_run_task_async (bystander, task_id, cancellable, test_result_cb, &result);
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) > 0, 5);
  n_refs = G_OBJECT (cancellable)->ref_count;
  world_execute (world, "UPDATE task SET notes = 'news'");
  test_until (G_OBJECT (cancellable)->ref_count > n_refs, 5); /* it looks again */
  for (int i = 0; i < 300; i++)
    lk_db_pool_read_sync (lk_workspace_get_pool (world->workspace), read_nothing_job, NULL, NULL,
                          NULL);
  g_cancellable_cancel (cancellable);
  test_until (result != NULL, 5);
  g_assert_null (lk_context_run_task_finish (bystander, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A receiver that is down is probed for hours: whoever waits gets the counts before. */
static void
test_run_while_receiver_is_down (void)
{
  g_autoptr (World) world = world_new (40);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkRun) run = NULL;
  gint64 task_id;

  g_free (task->url);
  task->url = g_strdup ("http://127.0.0.1:1/");
  task_id = world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  lk_context_run_task_async (world->context, task_id, NULL, test_result_cb, &result);
  test_until (world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'failure'") >= 5,
              5);
  for (int i = 0; i < 60 && result == NULL; i++)
    {
      gint64 until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 20;

      world_advance (world, 5 * LK_SECOND);
      while (result == NULL && g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
    }

  g_assert_nonnull (result);
  run = lk_context_run_task_finish (world->context, result, NULL);
  g_assert_cmpint (run->state, ==, LK_RUN_FINISHED);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM delivery WHERE state = 'queued'"), >,
                   10);
  world_assert_clean (world);
}

static LkLicenseServer *
open_server (World *world)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LkLicenseServer *server;

  lk_context_open_server_async (world->context, world->server_id, NULL, test_result_cb, &result);
  test_wait (&result);
  server = lk_context_open_server_finish (world->context, result, &error);
  g_assert_no_error (error);

  return server;
}

/* It is opened once, and anew when its profile has another address. */
static void
test_open_server (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkLicenseServer) first = NULL;
  g_autoptr (LkLicenseServer) again = NULL;
  g_autoptr (LkLicenseServer) moved = NULL;

  world_start (world, LK_HOLDER_CONSOLE);
  first = open_server (world);
  again = open_server (world);
  g_assert_true (first == again);

  world_execute (world, "UPDATE server SET uri = replace (uri, 'licenses.db', './licenses.db')");
  moved = open_server (world);
  g_assert_true (moved != first);
}

/* Who asks while it is being opened gets the same one. */
static void
test_open_server_at_once (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (GError) error = NULL;
  GAsyncResult *results[3] = { NULL };
  LkLicenseServer *servers[3];

  world_start (world, LK_HOLDER_CONSOLE);
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    lk_context_open_server_async (world->context, world->server_id, NULL, test_result_cb,
                                  &results[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    {
      test_wait (&results[i]);
      servers[i] = lk_context_open_server_finish (world->context, results[i], &error);
      g_assert_no_error (error);
      g_assert_true (servers[i] == servers[0]);
      g_object_unref (results[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    g_object_unref (servers[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/context/lease", test_lease);
  g_test_add_func ("/context/lease-lost-and-back", test_lease_lost_and_back);
  g_test_add_func ("/context/run-now", test_run_now);
  g_test_add_func ("/context/send-test", test_send_test);
  g_test_add_func ("/context/send-test-refused", test_send_test_refused);
  g_test_add_func ("/context/run-unknown-task", test_run_unknown_task);
  g_test_add_func ("/context/run-without-holder", test_run_without_holder);
  g_test_add_func ("/context/run-given-up", test_run_given_up);
  g_test_add_func ("/context/run-while-receiver-is-down", test_run_while_receiver_is_down);
  g_test_add_func ("/context/open-server", test_open_server);
  g_test_add_func ("/context/open-server-at-once", test_open_server_at_once);

  return g_test_run ();
}
