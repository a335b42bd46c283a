/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/cause.h"
#include "store/endpoint-store.h"
#include "store/run-store.h"
#include "store/task-store.h"

#include "fixture.h"

static gint64
fill (Fixture *fixture, gint64 *task_id, int n)
{
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = NULL;

  *task_id = fixture_add_task (fixture, "Watch");
  run = fixture_start_run (fixture, *task_id, epoch);
  fixture_add_deliveries (fixture, run, epoch, 1, n);

  return epoch;
}

static GPtrArray *
claim (Fixture *fixture, gint64 epoch)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *claims;

  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now, 100,
                                                             NULL, NULL, &error));
  g_assert_no_error (error);
  return claims;
}

static LkDelivery *
get (Fixture *fixture, gint64 id)
{
  g_autoptr (GError) error = NULL;
  LkDelivery *delivery = lk_delivery_store_get (fixture->db, id, &error);

  g_assert_no_error (error);
  return delivery;
}

static void
test_outcomes (void)
{
  static const struct
  {
    LkOutcome outcome;
    LkDeliveryState state;
    const char *hold_reason;
    int attempts;
    gboolean is_final;
  } rows[] = {
    { LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED, NULL, 1, TRUE },
    { LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT, NULL, 1, FALSE },
    { LK_OUTCOME_FAILURE, LK_DELIVERY_EXHAUSTED, NULL, 1, TRUE },
    { LK_OUTCOME_OFFLINE, LK_DELIVERY_RETRY_WAIT, NULL, 0, FALSE },
    { LK_OUTCOME_UNKNOWN, LK_DELIVERY_HELD, "look there", 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      gint64 task_id;
      gint64 epoch = fill (fixture, &task_id, 1);
      g_autoptr (GPtrArray) claims = claim (fixture, epoch);
      g_autoptr (LkDelivery) delivery = NULL;

      fixture->now += LK_SECOND;
      fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), rows[i].outcome, rows[i].state,
                      rows[i].hold_reason);
      delivery = get (fixture, 1);
      g_assert_cmpint (delivery->state, ==, rows[i].state);
      g_assert_cmpint (delivery->attempts, ==, rows[i].attempts);
      g_assert_cmpint (delivery->finished_at, ==, rows[i].is_final ? fixture->now : 0);
      g_assert_cmpint (delivery->last_status, ==,
                       rows[i].outcome == LK_OUTCOME_SUCCESS ? 200 : 500);
      g_assert_cmpstr (delivery->hold_reason, ==,
                       rows[i].hold_reason != NULL ? rows[i].hold_reason : "");
      g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM attempt"
                                               " WHERE outcome = 'pending'"),
                       ==, 0);
      g_assert_cmpint (
          fixture_query (fixture, "SELECT count(*) FROM endpoint WHERE state = 'paused'"), ==, 0);
      fixture_assert_clean (fixture);
    }
}

/* Everything that an attempt says is kept. */
static void
test_attempt (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 1);
  g_autoptr (GPtrArray) claims = claim (fixture, epoch);
  g_autoptr (GPtrArray) settlements = g_ptr_array_new ();
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GBytes) body = g_bytes_new ("a\0b", 3);
  g_autoptr (GError) error = NULL;
  const LkClaim *first = g_ptr_array_index (claims, 0);
  LkAttempt attempt = {
    .id = first->attempt_id,
    .delivery_id = first->delivery->id,
    .url = (char *) FIXTURE_URL,
    .outcome = LK_OUTCOME_FAILURE,
    .status = 302,
    .reason = (char *) "Found",
    .error_class = (char *) "redirect",
    .cause = (char *) "it redirects",
    .location = (char *) "http://elsewhere/",
    .retry_after_s = 17,
    .request_headers = (char *) "A: b\nC: d",
    .response_headers = (char *) "E: f",
    .response_body = body,
    .response_truncated = TRUE,
    .latency_ms = 42,
    .dns_us = 1,
    .connect_us = 2,
    .tls_us = 3,
    .first_byte_us = 4,
  };
  LkSettlement settlement = { &attempt, LK_DELIVERY_RETRY_WAIT, fixture->now + 1, NULL, TRUE };
  const LkAttempt *read;

  g_ptr_array_add (settlements, &settlement);
  IN_TRANSACTION (fixture,
                  lk_delivery_store_settle (fixture->db, epoch, settlements, fixture->now, &error));
  g_assert_no_error (error);
  attempts = lk_delivery_store_list_attempts (fixture->db, 1, &error);
  g_assert_cmpuint (attempts->len, ==, 1);
  read = g_ptr_array_index (attempts, 0);
  g_assert_cmpint (read->outcome, ==, LK_OUTCOME_FAILURE);
  g_assert_cmpint (read->number, ==, 1);
  g_assert_cmpint (read->status, ==, 302);
  g_assert_cmpstr (read->url, ==, FIXTURE_URL);
  g_assert_cmpstr (read->reason, ==, "Found");
  g_assert_cmpstr (read->error_class, ==, "redirect");
  g_assert_cmpstr (read->cause, ==, "it redirects");
  g_assert_cmpstr (read->location, ==, "http://elsewhere/");
  g_assert_cmpint (read->retry_after_s, ==, 17);
  g_assert_cmpstr (read->request_headers, ==, "A: b\nC: d");
  g_assert_cmpstr (read->response_headers, ==, "E: f");
  g_assert_true (g_bytes_equal (read->response_body, body));
  g_assert_true (read->response_truncated);
  g_assert_cmpint (read->latency_ms, ==, 42);
  g_assert_cmpint (read->dns_us, ==, 1);
  g_assert_cmpint (read->connect_us, ==, 2);
  g_assert_cmpint (read->tls_us, ==, 3);
  g_assert_cmpint (read->first_byte_us, ==, 4);
  g_assert_cmpint (read->started_at, ==, fixture->now);
}

static void
test_hold_pauses (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 6);
  g_autoptr (GPtrArray) claims = claim (fixture, epoch);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (claims->len, ==, 4);
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_HELD, "it is gone");
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 3); /* it and what waited */
  fixture_assert_clean (fixture);

  /* What is in flight meanwhile arrives, fails for good, or is held. */
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 1), LK_OUTCOME_SUCCESS,
                  LK_DELIVERY_DELIVERED, NULL);
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 2), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_RETRY_WAIT, NULL);
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 3), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_EXHAUSTED, NULL);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 4);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DELIVERED), ==, 1);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_EXHAUSTED), ==, 1);
  fixture_assert_clean (fixture);
}

static void
give_back (Fixture *fixture, gint64 epoch, const LkClaim *claim)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture,
                  lk_delivery_store_give_back (fixture->db, epoch, claim, fixture->now, &error));
  g_assert_no_error (error);
  fixture_assert_clean (fixture);
}

/* As if it had not been claimed: no attempt, due now; and what the attempts before said stays. */
static void
test_give_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 1);
  g_autoptr (GPtrArray) first = claim (fixture, epoch);
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GPtrArray) third = NULL;
  g_autoptr (LkDelivery) delivery = NULL;

  give_back (fixture, epoch, g_ptr_array_index (first, 0));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 1);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM attempt"), ==, 0);

  second = claim (fixture, epoch);
  g_assert_cmpint (((LkClaim *) g_ptr_array_index (second, 0))->attempt_number, ==, 1);
  fixture_settle (fixture, epoch, g_ptr_array_index (second, 0), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_RETRY_WAIT, NULL);
  fixture->now += LK_DAY;
  third = claim (fixture, epoch);
  give_back (fixture, epoch, g_ptr_array_index (third, 0));
  delivery = get (fixture, 1);
  g_assert_cmpint (delivery->state, ==, LK_DELIVERY_RETRY_WAIT);
  g_assert_cmpint (delivery->due_at, ==, fixture->now);
  g_assert_cmpint (delivery->attempts, ==, 1);
  g_assert_cmpint (delivery->last_status, ==, 500);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM attempt"), ==, 1);
}

static void
execute (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture, lk_db_execute (fixture->db, sql, &error));
  g_assert_no_error (error);
}

/* What became of the task and the receiver meanwhile counts. */
static void
test_give_back_late (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 3);
  g_autoptr (GPtrArray) claims = claim (fixture, epoch);
  g_autoptr (LkDelivery) moved = NULL;
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture, lk_endpoint_store_pause (fixture->db, epoch, FIXTURE_URL, "a rest",
                                                    fixture->now, &error));
  g_assert_no_error (error);
  give_back (fixture, epoch, g_ptr_array_index (claims, 0));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 1);

  execute (fixture, "UPDATE task SET url = 'http://127.0.0.1:9/new'");
  give_back (fixture, epoch, g_ptr_array_index (claims, 1));
  moved = get (fixture, 2);
  g_assert_cmpint (moved->state, ==, LK_DELIVERY_QUEUED);
  g_assert_cmpstr (moved->url, ==, "http://127.0.0.1:9/new");

  execute (fixture, "UPDATE delivery SET task_id = NULL WHERE id = 3");
  give_back (fixture, epoch, g_ptr_array_index (claims, 2));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DROPPED), ==, 1);
}

static void
test_recover (void)
{
  for (int at_most_once = 0; at_most_once < 2; at_most_once++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      gint64 task_id;
      gint64 epoch = fill (fixture, &task_id, 4);
      g_autofree char *unknown = lk_cause_describe_unknown ();
      g_autoptr (GPtrArray) claims = claim (fixture, epoch);
      g_autoptr (GPtrArray) again = NULL;
      g_autoptr (GPtrArray) attempts = NULL;
      g_autoptr (LkDelivery) delivery = NULL;
      g_autoptr (GError) error = NULL;

      fixture_query (fixture, at_most_once ? "UPDATE task SET at_most_once = 1" : "SELECT 1");
      fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), LK_OUTCOME_SUCCESS,
                      LK_DELIVERY_DELIVERED, NULL);

      g_assert_cmpint (lk_delivery_store_recover (fixture->db, epoch, fixture->now, &error), ==, 0);
      epoch = fixture_take_lease (fixture); /* which recovers */
      g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_SENDING), ==, 0);
      g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DELIVERED), ==, 1);
      g_assert_cmpint (
          fixture_count (fixture, at_most_once ? LK_DELIVERY_HELD : LK_DELIVERY_QUEUED), ==, 3);
      fixture_assert_clean (fixture);

      delivery = get (fixture, 2);
      g_assert_cmpint (delivery->attempts, ==, 0); /* costs none */
      g_assert_cmpstr (delivery->last_cause, ==, unknown);
      attempts = lk_delivery_store_list_attempts (fixture->db, 2, &error);
      g_assert_cmpint (((LkAttempt *) g_ptr_array_index (attempts, 0))->outcome, ==,
                       LK_OUTCOME_UNKNOWN);

      again = claim (fixture, epoch);
      g_assert_cmpuint (again->len, ==, at_most_once ? 0 : 3);
      for (guint i = 0; i < again->len; i++)
        {
          const LkClaim *one = g_ptr_array_index (claims, i + 1);
          const LkClaim *other = g_ptr_array_index (again, i);

          g_assert_cmpstr (one->delivery->webhook_id, ==, other->delivery->webhook_id);
          g_assert_true (g_bytes_equal (one->delivery->body, other->delivery->body));
          g_assert_cmpint (other->attempt_number, ==, 2);
        }
    }
}

static void
test_fenced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 old_epoch = fill (fixture, &task_id, 1);
  g_autoptr (GPtrArray) claims = claim (fixture, old_epoch);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  fixture_take_lease (fixture);
  g_assert_false (lk_delivery_store_settle (fixture->db, old_epoch, none, fixture->now, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_clear_error (&error);
  g_assert_cmpint (lk_delivery_store_recover (fixture->db, old_epoch, fixture->now, &error), ==,
                   -1);
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
}

/* Settled twice: said, and harmless. */
static void
test_twice (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 1);
  g_autoptr (GPtrArray) claims = claim (fixture, epoch);

  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), LK_OUTCOME_SUCCESS,
                  LK_DELIVERY_DELIVERED, NULL);
  g_test_expect_message ("lk-delivery-settle", G_LOG_LEVEL_WARNING, "*without being claimed*");
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_RETRY_WAIT, NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DELIVERED), ==, 1);
  fixture_assert_clean (fixture);
}

static LkClaim *
insert_test (Fixture *fixture)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_new ();
  g_autoptr (GError) error = NULL;
  LkClaim *sent;

  g_free (delivery->webhook_id);
  delivery->webhook_id = g_strdup ("msg_test");
  g_free (delivery->url);
  delivery->url = g_strdup (FIXTURE_URL);
  delivery->body = g_bytes_new ("{}", 2);
  IN_TRANSACTION (
      fixture, sent = lk_delivery_store_insert_test (fixture->db, delivery, fixture->now, &error));
  g_assert_no_error (error);
  return sent;
}

static void
test_tests (void)
{
  static const struct
  {
    LkDeliveryState asked;
    LkDeliveryState becomes;
  } rows[] = {
    { LK_DELIVERY_DELIVERED, LK_DELIVERY_DELIVERED },
    { LK_DELIVERY_EXHAUSTED, LK_DELIVERY_EXHAUSTED },
    { LK_DELIVERY_RETRY_WAIT, LK_DELIVERY_EXHAUSTED }, /* a test is tried once */
    { LK_DELIVERY_HELD, LK_DELIVERY_EXHAUSTED },       /* and pauses nobody */
  };
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkClaim) sent = insert_test (fixture);
      g_autoptr (LkAttempt) attempt = lk_attempt_new ();
      g_autoptr (LkDelivery) delivery = NULL;
      g_autoptr (GError) error = NULL;
      LkSettlement settlement = { attempt, rows[i].asked, 0, NULL, TRUE };

      attempt->id = sent->attempt_id;
      attempt->delivery_id = sent->delivery->id;
      attempt->outcome = LK_OUTCOME_FAILURE;
      IN_TRANSACTION (
          fixture, lk_delivery_store_settle_test (fixture->db, &settlement, fixture->now, &error));
      g_assert_no_error (error);
      delivery = get (fixture, sent->delivery->id);
      g_assert_cmpint (delivery->state, ==, rows[i].becomes);
      g_assert_cmpint (
          fixture_query (fixture, "SELECT count(*) FROM endpoint WHERE state = 'paused'"), ==, 0);
    }
}

static void
test_lost_test (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkClaim) sent = insert_test (fixture);

  fixture_take_lease (fixture); /* 31 s later: another process may well be sending it */
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_SENDING), ==, 1);
  fixture_take_lease (fixture);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_EXHAUSTED), ==, 1);
  fixture_assert_clean (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-settle/outcomes", test_outcomes);
  g_test_add_func ("/delivery-settle/attempt", test_attempt);
  g_test_add_func ("/delivery-settle/hold-pauses", test_hold_pauses);
  g_test_add_func ("/delivery-settle/give-back", test_give_back);
  g_test_add_func ("/delivery-settle/give-back-late", test_give_back_late);
  g_test_add_func ("/delivery-settle/recover", test_recover);
  g_test_add_func ("/delivery-settle/fenced", test_fenced);
  g_test_add_func ("/delivery-settle/twice", test_twice);
  g_test_add_func ("/delivery-settle/tests", test_tests);
  g_test_add_func ("/delivery-settle/lost-test", test_lost_test);

  return g_test_run ();
}
