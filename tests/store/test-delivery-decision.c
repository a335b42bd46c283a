/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/delivery-decision.h"
#include "store/endpoint-store.h"
#include "store/query.h"
#include "store/task-store.h"

#include "fixture.h"

#define N_DELIVERIES 8

/* Eight deliveries of one run, each in a state of its own: see desk_new(). */
typedef struct
{
  Fixture *fixture;
  gint64 epoch;
  gint64 task_id;
  LkRun *run;
} Desk;

enum
{
  QUEUED = 1,
  SENDING,
  RETRY_WAIT,
  LOOK,
  UNKNOWN,
  DELIVERED,
  EXHAUSTED,
  DROPPED,
};

/* Settles the delivery that was claimed first as @state, all but the second. */
static void
settle (Desk *self, GPtrArray *claims, int id, LkOutcome outcome, LkDeliveryState state,
        const char *reason)
{
  fixture_settle (self->fixture, self->epoch, claims->pdata[id - 1], outcome, state, reason);
}

static Desk *
desk_new (void)
{
  Desk *self = g_new0 (Desk, 1);
  Fixture *fixture = self->fixture = fixture_new ();
  g_autoptr (GHashTable) room = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;

  self->task_id = fixture_add_task (fixture, "Watch");
  self->epoch = fixture_take_lease (fixture);
  self->run = fixture_start_run (fixture, self->task_id, self->epoch);
  fixture_add_deliveries (fixture, self->run, self->epoch, 1, N_DELIVERIES);
  g_hash_table_insert (room, (gpointer) FIXTURE_URL, GUINT_TO_POINTER (N_DELIVERIES));
  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, self->epoch, fixture->now,
                                                             N_DELIVERIES, room, NULL, &error));
  g_assert_cmpuint (claims->len, ==, N_DELIVERIES);

  settle (self, claims, QUEUED, LK_OUTCOME_OFFLINE, LK_DELIVERY_RETRY_WAIT, NULL);
  settle (self, claims, RETRY_WAIT, LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT, NULL);
  settle (self, claims, LOOK, LK_OUTCOME_OFFLINE, LK_DELIVERY_RETRY_WAIT, NULL);
  settle (self, claims, UNKNOWN, LK_OUTCOME_UNKNOWN, LK_DELIVERY_HELD, "it may have arrived");
  settle (self, claims, DELIVERED, LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED, NULL);
  settle (self, claims, EXHAUSTED, LK_OUTCOME_FAILURE, LK_DELIVERY_EXHAUSTED, NULL);
  settle (self, claims, DROPPED, LK_OUTCOME_OFFLINE, LK_DELIVERY_RETRY_WAIT, NULL);
  fixture_query (fixture, "UPDATE delivery SET state = 'queued' WHERE id = 1");
  fixture_query (fixture, "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'look',"
                          " hold_reason = 'the first run' WHERE id = 4");
  IN_TRANSACTION (fixture,
                  lk_delivery_decision_drop (fixture->db, DROPPED, "ada", fixture->now, &error));
  g_assert_no_error (error);
  fixture_assert_clean (fixture);

  return self;
}

static void
desk_free (Desk *self)
{
  lk_run_free (self->run);
  fixture_free (self->fixture);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

static LkDelivery *
get (Desk *self, gint64 id)
{
  return lk_delivery_store_get (self->fixture->db, id, NULL);
}

static void
assert_state (Desk *self, gint64 id, LkDeliveryState state)
{
  g_autoptr (LkDelivery) delivery = get (self, id);

  g_assert_cmpint (delivery->state, ==, state);
}

static LkInstant
get_due_at (Desk *self, gint64 id)
{
  g_autoptr (LkDelivery) delivery = get (self, id);

  return delivery->due_at;
}

static gboolean
send (Desk *self, gint64 id, LkInstant due_at, GError **error)
{
  gboolean ok;

  IN_TRANSACTION (self->fixture, ok = lk_delivery_decision_send (self->fixture->db, id, due_at,
                                                                 self->fixture->now, error));
  return ok;
}

static gboolean
drop (Desk *self, gint64 id, GError **error)
{
  gboolean ok;

  IN_TRANSACTION (self->fixture, ok = lk_delivery_decision_drop (self->fixture->db, id, "ada",
                                                                 self->fixture->now, error));
  return ok;
}

/* Which states can be sent and dropped; what was refused is as it was. */
static void
test_each_state (void)
{
  static const struct
  {
    gint64 id;
    gboolean can_send;
    gboolean can_drop;
  } rows[] = {
    { QUEUED, TRUE, TRUE },     { SENDING, FALSE, FALSE }, { RETRY_WAIT, TRUE, TRUE },
    { LOOK, TRUE, TRUE },       { UNKNOWN, TRUE, TRUE },   { DELIVERED, TRUE, FALSE },
    { EXHAUSTED, TRUE, FALSE }, { DROPPED, TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Desk) desk = desk_new ();
      g_autoptr (LkDelivery) before = get (desk, rows[i].id);
      g_autoptr (LkDelivery) after = NULL;
      g_autoptr (GError) error = NULL;

      desk->fixture->now += LK_HOUR;
      g_assert_cmpint (drop (desk, rows[i].id, &error), ==, rows[i].can_drop);
      if (rows[i].can_drop)
        {
          g_assert_no_error (error);
          g_assert_true (drop (desk, rows[i].id, NULL)); /* again does no harm */
          assert_state (desk, rows[i].id, LK_DELIVERY_DROPPED);
        }
      else
        {
          g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
          assert_state (desk, rows[i].id, before->state);
        }
      g_clear_error (&error);
      fixture_assert_clean (desk->fixture);

      g_assert_cmpint (send (desk, rows[i].id, 0, &error), ==, rows[i].can_send);
      after = get (desk, rows[i].id);
      g_assert_cmpint (after->state, ==, rows[i].can_send ? LK_DELIVERY_QUEUED : before->state);
      g_assert_cmpint (after->due_at, ==, rows[i].can_send ? desk->fixture->now : 0);
      g_assert_cmpstr (after->webhook_id, ==, before->webhook_id);
      g_assert_true (g_bytes_equal (after->body, before->body));
      fixture_assert_clean (desk->fixture);
    }
}

static void
test_refused (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (send (desk, 99, 0, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (drop (desk, 99, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_clear_error (&error);

  fixture_query (desk->fixture, "UPDATE delivery SET is_test = 1 WHERE id = 6");
  g_assert_false (send (desk, DELIVERED, 0, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Send Test"));
  g_clear_error (&error);

  fixture_query (desk->fixture, "DELETE FROM delivery_body WHERE delivery_id = 7");
  g_assert_false (send (desk, EXHAUSTED, 0, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_clear_error (&error);

  IN_TRANSACTION (desk->fixture, lk_task_store_remove (desk->fixture->db, desk->task_id,
                                                       desk->fixture->now, NULL));
  g_assert_false (send (desk, DROPPED, 0, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "task was deleted"));
}

/* A delivered one gets an attempt more, with the next number, and a retry schedule of its own. */
static void
test_attempt_more (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (LkDelivery) delivery = NULL;
  const LkClaim *claim;

  g_assert_true (send (desk, DELIVERED, 0, NULL));
  fixture_query (desk->fixture, "UPDATE delivery SET due_at = 1 WHERE id = 6");
  IN_TRANSACTION (desk->fixture,
                  claims = lk_delivery_store_claim (desk->fixture->db, desk->epoch,
                                                    desk->fixture->now, 1, NULL, NULL, NULL));
  g_assert_cmpuint (claims->len, ==, 1);
  claim = claims->pdata[0];
  g_assert_cmpint (claim->delivery->id, ==, DELIVERED);
  g_assert_cmpint (claim->attempt_number, ==, 2);
  g_assert_cmpint (claim->delivery->attempts, ==, 1);
  g_assert_cmpint (claim->delivery->schedule_from, ==, 1);
  fixture_settle (desk->fixture, desk->epoch, claim, LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED,
                  NULL);
  delivery = get (desk, DELIVERED);
  g_assert_cmpint (delivery->attempts, ==, 2);
  fixture_assert_clean (desk->fixture);
}

/* To a paused receiver nothing goes, whatever a person has sent; it goes to the task's address. */
static void
test_paused (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autoptr (LkDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (desk->fixture,
                  lk_endpoint_store_pause_by_hand (desk->fixture->db, FIXTURE_URL, "ada",
                                                   desk->fixture->now, &error));
  g_assert_no_error (error);
  g_assert_true (send (desk, EXHAUSTED, 0, &error));
  delivery = get (desk, EXHAUSTED);
  g_assert_cmpint (delivery->hold_kind, ==, LK_HOLD_PAUSED);
  g_assert_cmpstr (delivery->hold_reason, ==, "paused by ada");
  fixture_assert_clean (desk->fixture);
  g_assert_false (send (desk, EXHAUSTED, 0, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);

  fixture_query (desk->fixture, "UPDATE task SET url = 'http://127.0.0.1:2/'");
  g_assert_true (send (desk, DELIVERED, 0, NULL));
  lk_delivery_free (delivery);
  delivery = get (desk, DELIVERED);
  g_assert_cmpstr (delivery->url, ==, "http://127.0.0.1:2/");
  g_assert_cmpint (delivery->state, ==, LK_DELIVERY_QUEUED);
}

static void
test_failed_since (void)
{
  g_autoptr (Desk) desk = desk_new ();
  Fixture *fixture = desk->fixture;
  LkFailedFilter filter = { .since = FIXTURE_START };
  LkRedelivery redelivery;
  gint64 n;

  g_assert_cmpint (lk_delivery_decision_count_failed (fixture->db, &filter, NULL), ==, 2);
  filter.task_id = desk->task_id + 1;
  g_assert_cmpint (lk_delivery_decision_count_failed (fixture->db, &filter, NULL), ==, 0);
  filter.task_id = desk->task_id;
  filter.since = fixture->now + 1;
  g_assert_cmpint (lk_delivery_decision_count_failed (fixture->db, &filter, NULL), ==, 0);
  filter.since = fixture->now;

  fixture->now += LK_HOUR;
  IN_TRANSACTION (
      fixture, n = lk_delivery_decision_send_failed (fixture->db, &filter, 2, fixture->now, NULL));
  g_assert_cmpint (n, ==, 2);
  fixture_assert_clean (fixture);
  IN_TRANSACTION (
      fixture, n = lk_delivery_decision_send_failed (fixture->db, &filter, 2, fixture->now, NULL));
  g_assert_cmpint (n, ==, 0);
  g_assert_cmpint (fixture_query (fixture, "SELECT due_at FROM delivery WHERE id = 3"), ==,
                   fixture->now);
  g_assert_cmpint (fixture_query (fixture, "SELECT due_at FROM delivery WHERE id = 7"), ==,
                   fixture->now + 30 * LK_SECOND);
  g_assert_true (
      lk_delivery_decision_get_redelivery (fixture->db, fixture->now, &redelivery, NULL));
  g_assert_cmpint (redelivery.n_waiting, ==, 1);
  g_assert_cmpint (redelivery.last_due_at, ==, fixture->now + 30 * LK_SECOND);

  /* Another address changes nothing about the order. */
  {
    g_autoptr (LkTask) task = lk_task_store_get (fixture->db, desk->task_id, NULL);

    g_free (task->url);
    task->url = g_strdup ("http://127.0.0.1:2/");
    IN_TRANSACTION (fixture, lk_task_store_update (fixture->db, task, NULL, fixture->now, NULL));
  }
  g_assert_true (
      lk_delivery_decision_get_redelivery (fixture->db, fixture->now, &redelivery, NULL));
  g_assert_cmpint (redelivery.n_waiting, ==, 1);

  fixture->now += 30 * LK_SECOND;
  g_assert_true (
      lk_delivery_decision_get_redelivery (fixture->db, fixture->now, &redelivery, NULL));
  g_assert_cmpint (redelivery.n_waiting, ==, 0);
}

/* Stopping puts each back as it was, but what is due by then. */
static void
test_stop (void)
{
  static const gint64 ids[] = { RETRY_WAIT, LOOK, UNKNOWN, DELIVERED, EXHAUSTED, DROPPED };
  g_autoptr (Desk) desk = desk_new ();
  Fixture *fixture = desk->fixture;
  LkDelivery *before[G_N_ELEMENTS (ids)];
  gint64 n;

  fixture->now += LK_SECOND;
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      before[i] = get (desk, ids[i]);
      g_assert_true (
          send (desk, ids[i], lk_delivery_decision_space ((guint) i + 1, 60, fixture->now), NULL));
    }

  fixture->now += LK_SECOND;
  IN_TRANSACTION (fixture,
                  n = lk_delivery_decision_stop_redelivery (fixture->db, fixture->now, NULL));
  g_assert_cmpint (n, ==, G_N_ELEMENTS (ids) - 1);
  fixture_assert_clean (fixture);
  assert_state (desk, ids[0], LK_DELIVERY_QUEUED);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (LkDelivery) after = get (desk, ids[i]);

      if (i > 0)
        {
          g_assert_cmpint (after->state, ==, before[i]->state);
          g_assert_cmpint (after->due_at, ==, before[i]->due_at);
          g_assert_cmpint (after->hold_kind, ==, before[i]->hold_kind);
          g_assert_cmpstr (after->hold_reason, ==, before[i]->hold_reason);
          g_assert_cmpint (after->finished_at, ==, before[i]->finished_at);
          g_assert_cmpint (after->schedule_from, ==, before[i]->schedule_from);
        }
      lk_delivery_free (before[i]);
    }

  IN_TRANSACTION (fixture,
                  n = lk_delivery_decision_stop_redelivery (fixture->db, fixture->now, NULL));
  g_assert_cmpint (n, ==, 0);
}

static void
test_held_runs (void)
{
  g_autoptr (Desk) desk = desk_new ();
  Fixture *fixture = desk->fixture;
  g_autoptr (GPtrArray) runs = NULL;
  gint64 n;

  fixture_query (fixture, "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'look',"
                          " hold_reason = 'the first run' WHERE id = 3");
  runs = lk_delivery_decision_list_held_runs (fixture->db, NULL);
  g_assert_cmpuint (runs->len, ==, 2); /* to be looked at, and unknown */
  g_assert_cmpint (((LkHeldRun *) runs->pdata[0])->run_id, ==, desk->run->id);
  g_assert_cmpint (((LkHeldRun *) runs->pdata[0])->n_held, ==, 2);
  g_assert_cmpstr (((LkHeldRun *) runs->pdata[0])->reason, ==, "the first run");
  g_assert_cmpstr (((LkHeldRun *) runs->pdata[0])->task_name, ==, "Watch");

  IN_TRANSACTION (
      fixture, n = lk_delivery_decision_send_run (fixture->db, desk->run->id, fixture->now, NULL));
  g_assert_cmpint (n, ==, 2);
  IN_TRANSACTION (fixture, n = lk_delivery_decision_drop_run (fixture->db, desk->run->id, "ada",
                                                              fixture->now, NULL));
  g_assert_cmpint (n, ==, 0);
  assert_state (desk, UNKNOWN, LK_DELIVERY_HELD); /* that is another question */
  fixture_assert_clean (fixture);
}

/* The clock was a day ahead: what was made or sent again by it goes out now, what was tried waits
 * its delay from now, and what is to wait by the right clock, or was spread over time, stays. */
static void
test_set_back (void)
{
  g_autoptr (Desk) desk = desk_new ();
  Fixture *fixture = desk->fixture;
  LkInstant now = fixture->now;
  LkInstant delay = get_due_at (desk, RETRY_WAIT) - now;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (delay, >, 0);
  g_assert_true (send (desk, EXHAUSTED, now + LK_DAY, NULL));
  fixture->now += LK_DAY;
  g_assert_true (send (desk, DELIVERED, fixture->now, NULL));
  fixture->now = now;
  IN_TRANSACTION (fixture, lk_delivery_store_rewind (fixture->db, now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_due_at (desk, DELIVERED), ==, now);
  g_assert_cmpint (get_due_at (desk, EXHAUSTED), ==, now + LK_DAY);
  g_assert_cmpint (get_due_at (desk, RETRY_WAIT), >, now);
  g_assert_cmpint (get_due_at (desk, DROPPED), ==, 0);

  IN_TRANSACTION (fixture, lk_delivery_store_rewind (fixture->db, now - LK_HOUR, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_due_at (desk, RETRY_WAIT), ==, now - LK_HOUR + delay);

  /* Tried before the clock went ahead, and written down after it. */
  now -= LK_HOUR;
  IN_TRANSACTION (
      fixture, lk_query_run (fixture->db, "UPDATE delivery SET due_at = due_at + ?1 WHERE id = ?2",
                             LK_VALUES (LK_INT (1000 * LK_DAY), LK_INT (RETRY_WAIT)), &error));
  IN_TRANSACTION (fixture, lk_query_run (fixture->db, "UPDATE attempt SET started_at = ?1",
                                         LK_VALUES (LK_INT (now)), &error));
  IN_TRANSACTION (fixture, lk_delivery_store_rewind (fixture->db, now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_due_at (desk, RETRY_WAIT), <=, now + 2 * LK_DAY);
  g_assert_cmpint (get_due_at (desk, RETRY_WAIT), >, now);
  fixture_assert_clean (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-decision/each-state", test_each_state);
  g_test_add_func ("/delivery-decision/refused", test_refused);
  g_test_add_func ("/delivery-decision/attempt-more", test_attempt_more);
  g_test_add_func ("/delivery-decision/paused", test_paused);
  g_test_add_func ("/delivery-decision/failed-since", test_failed_since);
  g_test_add_func ("/delivery-decision/stop", test_stop);
  g_test_add_func ("/delivery-decision/held-runs", test_held_runs);
  g_test_add_func ("/delivery-decision/set-back", test_set_back);

  return g_test_run ();
}
