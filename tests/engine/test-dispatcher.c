/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/retry.h"
#include "engine/dispatcher.h"
#include "store/delivery-decision.h"
#include "raw-server.h"
#include "store/task-secret.h"
#include "world.h"

static gint64
count (World *world, const char *state)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM delivery WHERE state = '%s'", state);

  return world_query (world, sql);
}

static void
wait_until_idle (World *world)
{
  test_until (lk_context_is_idle (world->context, FALSE), 10);
}

/* Starts an engine that runs a task over all licenses, and waits until there is nothing to do now.
 */
static void
start_run (World *world, gboolean has_secret)
{
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  world_add_task (world, task, WORLD_SECRET);
  if (!has_secret)
    world_execute (world, "DELETE FROM task_secret");
  world_start (world, LK_HOLDER_AGENT);
  wait_until_idle (world);
  world_advance (world, LK_DAY);
  test_until (world->n_finished == 1, 5);
  wait_until_idle (world);
}

static const LkReceived *
get_received (World *world, guint index)
{
  g_assert_cmpuint (index, <, world->received->len);

  return g_ptr_array_index (world->received, index);
}

/* The whole schedule: ten attempts, each with the same id and bytes, then exhausted. */
static void
test_retry_schedule (void)
{
  g_autoptr (World) world = world_new (1);

  lk_receiver_set_answer (world->receiver, 500, 0);
  start_run (world, TRUE);

  for (guint n = 1; n < LK_RETRY_MAX_ATTEMPTS; n++)
    {
      gint64 wait =
          world_query (world, "SELECT due_at FROM delivery") - lk_clock_now (world->clock);
      gint64 base = lk_retry_base_delay_s ((int) n) * LK_SECOND;

      g_assert_cmpuint (world->received->len, ==, n);
      g_assert_cmpint (count (world, "retry_wait"), ==, 1);
      g_assert_cmpint (wait, >=, base);
      g_assert_cmpint (wait, <=, base + base * LK_RETRY_JITTER_PERCENT / 100);
      world_advance (world, wait);
      test_until (world->received->len == n + 1, 5);
      wait_until_idle (world);
      g_assert_cmpstr (get_received (world, n)->webhook_id, ==,
                       get_received (world, 0)->webhook_id);
      g_assert_true (g_bytes_equal (get_received (world, n)->body, get_received (world, 0)->body));
      g_assert_true (get_received (world, n)->standard_valid);
    }

  g_assert_cmpint (count (world, "exhausted"), ==, 1);
  world_assert_clean (world);
}

static void
test_recovers (void)
{
  g_autoptr (World) world = world_new (3);

  lk_receiver_set_answer (world->receiver, 503, 0);
  start_run (world, TRUE);
  g_assert_cmpint (count (world, "retry_wait"), ==, 3);
  lk_receiver_set_answer (world->receiver, 200, 0);
  world_advance (world, LK_MINUTE);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  g_assert_cmpint (count (world, "delivered"), ==, 3);
}

/* Gone: what is owed to the receiver is held and never dropped. */
static void
test_gone (void)
{
  g_autoptr (World) world = world_new (20);

  lk_receiver_set_answer (world->receiver, 410, 0);
  start_run (world, TRUE);
  test_until (count (world, "held") == 20, 5);
  g_assert_cmpuint (world->received->len, <=, LK_TASK_DEFAULT_CONCURRENCY);
  world_assert_clean (world);
}

/* Nothing gets through for five days, whatever is sent meanwhile and whichever process sends it:
 * the receiver is paused, and what comes later is held. */
static void
test_five_days (void)
{
  g_autoptr (World) world = world_new (2);

  lk_receiver_set_answer (world->receiver, 500, 0);
  start_run (world, TRUE);
  for (int day = 0; day < 4; day++)
    {
      world_advance (world, LK_DAY);
      test_until (world->n_finished == 2, 5);
      wait_until_idle (world);
      g_assert_cmpint (count (world, "held"), ==, 0);
      world_stop (world);
      world->n_finished = 1;
      world_start (world, LK_HOLDER_AGENT);
      wait_until_idle (world);
    }

  world_advance (world, LK_DAY);
  test_until (count (world, "held") > 0, 5);
  wait_until_idle (world);
  g_assert_cmpint (count (world, "retry_wait") + count (world, "queued"), ==, 0);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM endpoint WHERE state = 'paused'"), ==,
                   1);
  world_assert_clean (world);
}

static gpointer
send_again_job (LkDb *db, gpointer now, GCancellable *cancellable, GError **error)
{
  lk_delivery_decision_send (db, 1, 0, *(LkInstant *) now, error);

  return NULL;
}

/* What a person has sent again has the same id and bytes, signatures of its own time, and a retry
 * schedule that begins anew. */
static void
test_redelivery (void)
{
  g_autoptr (World) world = world_new (1);
  LkDbPool *pool = lk_workspace_get_pool (world->workspace);
  g_autoptr (GError) error = NULL;
  LkInstant now;
  gint64 wait;

  start_run (world, TRUE);
  g_assert_cmpint (count (world, "delivered"), ==, 1);
  lk_receiver_set_answer (world->receiver, 500, 0);
  world_advance (world, LK_HOUR);
  now = lk_clock_now (world->clock);
  lk_db_pool_write_sync (pool, send_again_job, &now, NULL, &error);
  g_assert_no_error (error);
  test_until (world->received->len == 2, 5);
  test_until (count (world, "retry_wait") == 1, 5);

  g_assert_cmpstr (get_received (world, 1)->webhook_id, ==, get_received (world, 0)->webhook_id);
  g_assert_true (g_bytes_equal (get_received (world, 1)->body, get_received (world, 0)->body));
  g_assert_true (get_received (world, 1)->qlm_valid);
  g_assert_true (get_received (world, 1)->standard_valid);
  wait = world_query (world, "SELECT due_at FROM delivery") - now;
  g_assert_cmpint (wait, <, lk_retry_base_delay_s (2) * LK_SECOND);
  g_assert_cmpint (world_query (world, "SELECT attempts FROM delivery"), ==, 2);
  world_assert_clean (world);
}

static void
test_retry_after (void)
{
  g_autoptr (World) world = world_new (1);

  lk_receiver_set_answer (world->receiver, 429, 0);
  start_run (world, TRUE);
  g_assert_cmpint (world_query (world, "SELECT due_at FROM delivery"), >=,
                   lk_clock_now (world->clock) + 10 * LK_SECOND);
}

/* Five different deliveries failed in a row: the rest waits behind one probe at a time. */
static void
test_breaker (void)
{
  g_autoptr (World) world = world_new (50);
  guint first;

  lk_receiver_set_answer (world->receiver, 500, 0);
  start_run (world, TRUE);
  first = world->received->len;
  g_assert_cmpuint (first, >=, 5);
  g_assert_cmpuint (first, <=, 5 + LK_TASK_DEFAULT_CONCURRENCY);

  world_advance (world, 5 * LK_SECOND);
  test_until (world->received->len == first + 1, 5);
  wait_until_idle (world);
  g_assert_cmpuint (world->received->len, ==, first + 1);

  lk_receiver_set_answer (world->receiver, 200, 0);
  world_advance (world, LK_HOUR);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  g_assert_cmpint (count (world, "delivered"), ==, 50);
}

/* A retry comes due while a job that began before is under way. In a console the alarm is less
 * urgent than the end of that job, which must not forget it. */
static void
test_due_during_job (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  lk_receiver_set_answer (world->receiver, 500, 0);
  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_CONSOLE);
  wait_until_idle (world);
  world_advance (world, LK_DAY);
  test_until (world->n_finished == 1, 5);
  wait_until_idle (world);
  world_advance (world, world_query (world, "SELECT due_at FROM delivery")
                            - lk_clock_now (world->clock) - 1);

  /* Wakes the dispatcher a microsecond too early; the second statement waits for its job. */
  world_execute (world, "UPDATE delivery SET customer = 'Somebody'");
  test_until (!lk_context_is_idle (world->context, FALSE), 5);
  world_advance (world, 1);
  world_query (world, "SELECT 1");
  test_until (world->received->len == 2, 5);
}

/* A secret that is missing holds the delivery and says so; nothing unsigned goes out. */
static void
test_no_secret (void)
{
  g_autoptr (World) world = world_new (2);
  g_autofree char *reason = NULL;

  start_run (world, FALSE);
  g_assert_cmpint (count (world, "held"), ==, 2);
  g_assert_cmpuint (world->received->len, ==, 0);
  reason = world_query_text (world, "SELECT hold_reason FROM delivery");
  g_assert_nonnull (strstr (reason, "Renewals"));
  world_assert_clean (world);
}

/* Another process took the lease while requests were in flight: their outcomes are its to judge. */
static void
test_lease_lost (void)
{
  g_autoptr (World) world = world_new (2);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  wait_until_idle (world);
  lk_receiver_set_answer (world->receiver, 200, 300);
  world_advance (world, LK_DAY);
  test_until (world->received->len == 2, 5);

  world_execute (world, "UPDATE lease SET epoch = epoch + 1, owner = 'other', host = 'other',"
                        " expires_at = expires_at + 1000000000000");
  test_until (!lk_context_holds_lease (world->context), 5);
  g_assert_cmpint (count (world, "sending"), ==, 2);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'pending'"),
                   ==, 2);
}

/* A process died while it was sending: the next one sends again, with the same id. */
static void
test_recovery (void)
{
  g_autoptr (World) world = world_new (1);

  start_run (world, TRUE);
  g_assert_cmpint (count (world, "delivered"), ==, 1);
  world_stop (world);

  world_execute (world, "UPDATE delivery SET state = 'sending', epoch = 1, finished_at = 0");
  world_execute (world, "UPDATE attempt SET outcome = 'pending', status = 0");
  world_start (world, LK_HOLDER_AGENT);
  test_until (world->received->len == 2, 5);
  wait_until_idle (world);
  g_assert_cmpstr (get_received (world, 1)->webhook_id, ==, get_received (world, 0)->webhook_id);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'unknown'"),
                   ==, 1);
  g_assert_cmpint (count (world, "delivered"), ==, 1);
  world_assert_clean (world);
}

/* With "at most once" a request that left and was not answered waits for a person. */
static void
test_at_most_once (void)
{
  const RawScript hangs_up = { NULL };
  g_autoptr (RawServer) server = raw_server_new (&hangs_up);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/hook", raw_server_get_port (server));
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = world_make_task (world, "Careful");

  task->at_most_once = TRUE;
  g_free (task->url);
  task->url = g_steal_pointer (&url);
  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  wait_until_idle (world);
  world_advance (world, LK_DAY);
  test_until (count (world, "held") == 1, 5);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'unknown'"),
                   ==, 1);
}

/* Stopping waits for the answer and stores it. */
static void
test_stop_waits (void)
{
  g_autoptr (World) world = world_new (2);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  wait_until_idle (world);
  lk_receiver_set_answer (world->receiver, 200, 200);
  world_advance (world, LK_DAY);
  test_until (world->received->len == 2, 5);
  world_stop (world);
  g_assert_cmpint (count (world, "delivered"), ==, 2);
  g_assert_cmpint (world_query (world, "SELECT kind = 'none' FROM lease"), ==, 1);
}

/* Many licenses, and a receiver that answers quickly: some are claimed ahead. */
static void
start_quick_run (World *world, int concurrency)
{
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  task->concurrency = concurrency;
  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  wait_until_idle (world);
  world_advance (world, LK_DAY);
  test_until (count (world, "sending") > concurrency, 10);
}

/* Each attempt that is written down was a request. */
static void
assert_all_were_sent (World *world)
{
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt"), ==, world->received->len);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt WHERE outcome = 'unknown'"),
                   ==, 0);
  world_assert_clean (world);
}

/* What was claimed ahead goes back when the receiver asks for patience, and out in the end. */
static void
test_ahead_and_back (void)
{
  g_autoptr (World) world = world_new (400);
  guint n_before;

  start_quick_run (world, LK_TASK_DEFAULT_CONCURRENCY);
  lk_receiver_set_answer (world->receiver, 429, 0);
  n_before = world->received->len;
  wait_until_idle (world);
  g_assert_cmpuint (world->received->len, <=, n_before + 2 * LK_TASK_DEFAULT_CONCURRENCY);
  g_assert_cmpint (count (world, "sending"), ==, 0);
  assert_all_were_sent (world);

  lk_receiver_set_answer (world->receiver, 200, 0);
  world_advance (world, LK_HOUR);
  test_until (count (world, "delivered") == 400, 20);
  assert_all_were_sent (world);
}

/* A stop gives back what has not begun, instead of sending it or calling it unknown. */
static void
test_stop_gives_back (void)
{
  g_autoptr (World) world = world_new (400);

  start_quick_run (world, LK_TASK_DEFAULT_CONCURRENCY);
  world_stop (world);
  g_assert_cmpint (count (world, "sending"), ==, 0);
  g_assert_cmpint (count (world, "queued"), >, 0);
  g_assert_cmpint (count (world, "delivered"), ==, world->received->len);
  assert_all_were_sent (world);
}

static void
count_received_cb (LkReceiver *receiver, const LkReceived *received, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* A receiver that stops to answer while claims wait for it keeps nothing from another one. */
static void
test_hangs_alone (void)
{
  g_autoptr (World) world = world_new (400);
  g_autoptr (LkReceiver) other = lk_receiver_new (world->clock);
  g_autoptr (LkTask) task = world_make_task (world, "Other");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkRun) run = NULL;
  guint n_received = 0;

  g_assert_true (lk_receiver_listen (other, 0, NULL));
  g_signal_connect (other, "received", G_CALLBACK (count_received_cb), &n_received);
  g_free (task->url);
  task->url = g_strdup_printf ("http://127.0.0.1:%u/other", lk_receiver_get_port (other));

  start_quick_run (world, 12);
  test_until (count (world, "sending") > LK_DISPATCHER_CONCURRENCY, 10);
  lk_receiver_set_answer (world->receiver, 200, 4000);
  lk_context_run_task_async (world->context, world_add_task (world, task, WORLD_SECRET), NULL,
                             test_result_cb, &result);
  test_until (n_received > 0, 2);
  test_wait (&result);
  run = lk_context_run_task_finish (world->context, result, NULL);
  g_assert_nonnull (run);
}

static gpointer
rotate_job (LkDb *db, gpointer task_id, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (
      lk_task_secret_rotate (db, *(gint64 *) task_id, "newer", 3 * LK_DAY, WORLD_START, error));
}

static void
assert_verdicts (World *world, gint64 task_id, const char *secret, gboolean qlm, gboolean standard)
{
  guint n = world->received->len;
  g_autoptr (LkRun) run = NULL;

  lk_receiver_set_secret (world->receiver, secret);
  run = world_run_task (world, task_id);
  wait_until_idle (world);
  g_assert_cmpuint (world->received->len, ==, n + 1);
  g_assert_cmpint (get_received (world, n)->qlm_valid, ==, qlm);
  g_assert_cmpint (get_received (world, n)->standard_valid, ==, standard);
}

/* While a secret is changed over, Standard Webhooks are valid by both, and QLM's by the new one. */
static void
test_rotation (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (GError) error = NULL;
  gint64 id;

  task->enabled = FALSE;
  g_free (task->send);
  task->send = g_strdup ("every-run");
  id = world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  assert_verdicts (world, id, WORLD_SECRET, TRUE, TRUE);
  lk_db_pool_write_sync (lk_workspace_get_pool (world->workspace), rotate_job, &id, NULL, &error);
  g_assert_no_error (error);
  assert_verdicts (world, id, WORLD_SECRET, FALSE, TRUE);
  assert_verdicts (world, id, "newer", TRUE, TRUE);
  g_assert_nonnull (strstr (get_received (world, 2)->headers, "webhook-signature: v1,"));

  world_advance (world, 3 * LK_DAY);
  assert_verdicts (world, id, WORLD_SECRET, FALSE, FALSE);
  assert_verdicts (world, id, "newer", TRUE, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dispatcher/retry-schedule", test_retry_schedule);
  g_test_add_func ("/dispatcher/recovers", test_recovers);
  g_test_add_func ("/dispatcher/gone", test_gone);
  g_test_add_func ("/dispatcher/five-days", test_five_days);
  g_test_add_func ("/dispatcher/redelivery", test_redelivery);
  g_test_add_func ("/dispatcher/retry-after", test_retry_after);
  g_test_add_func ("/dispatcher/breaker", test_breaker);
  g_test_add_func ("/dispatcher/due-during-job", test_due_during_job);
  g_test_add_func ("/dispatcher/no-secret", test_no_secret);
  g_test_add_func ("/dispatcher/lease-lost", test_lease_lost);
  g_test_add_func ("/dispatcher/recovery", test_recovery);
  g_test_add_func ("/dispatcher/at-most-once", test_at_most_once);
  g_test_add_func ("/dispatcher/stop-waits", test_stop_waits);
  g_test_add_func ("/dispatcher/ahead-and-back", test_ahead_and_back);
  g_test_add_func ("/dispatcher/stop-gives-back", test_stop_gives_back);
  g_test_add_func ("/dispatcher/hangs-alone", test_hangs_alone);
  g_test_add_func ("/dispatcher/rotation", test_rotation);

  return g_test_run ();
}
