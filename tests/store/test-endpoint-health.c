/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/endpoint-store.h"
#include "store/run-store.h"

#include "fixture.h"

/* One attempt of a delivery of its own, @at after the start. */
static void
attempt (Fixture *fixture, gint64 epoch, LkRun *run, int license_id, LkInstant at,
         LkOutcome outcome)
{
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;
  LkDeliveryState state =
      outcome == LK_OUTCOME_SUCCESS ? LK_DELIVERY_DELIVERED : LK_DELIVERY_EXHAUSTED;

  fixture_add_deliveries (fixture, run, epoch, license_id, 1);
  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now, 1,
                                                             NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (claims->len, ==, 1);
  fixture->now = FIXTURE_START + at;
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), outcome, state, NULL);
}

static gint64
count_paused (Fixture *fixture)
{
  return fixture_query (fixture, "SELECT count(*) FROM endpoint WHERE state = 'paused'");
}

/* Five days of failures, over three processes, pause a receiver; what is due later is held. */
static void
test_five_days (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);
  g_autoptr (GPtrArray) concerns = NULL;
  g_autoptr (GError) error = NULL;

  for (int day = 1; day <= 5; day++)
    {
      attempt (fixture, epoch, run, day, day * LK_DAY, LK_OUTCOME_FAILURE);
      g_assert_cmpint (count_paused (fixture), ==, 0);
    }
  g_assert_cmpint (fixture_query (fixture, "SELECT warned FROM endpoint"), ==, LK_CONCERN_LAST_DAY);
  concerns = lk_endpoint_store_list_concerns (fixture->db, fixture->now, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (concerns->len, ==, 1);
  g_assert_cmpint (((LkEndpoint *) concerns->pdata[0])->n_failures, ==, 5);

  fixture_add_deliveries (fixture, run, epoch, 50, 3);
  attempt (fixture, epoch, run, 6, 6 * LK_DAY, LK_OUTCOME_FAILURE);
  g_assert_cmpint (count_paused (fixture), ==, 1);
  fixture_add_deliveries (fixture, run, epoch, 60, 2);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 5);
  fixture_assert_clean (fixture);
}

/* What begins the five days anew, or says nothing about the receiver. */
static void
test_not_paused (void)
{
  static const struct
  {
    LkInstant at[6];
    LkOutcome outcomes[6];
    gint64 failures; /* noted in the end */
  } rows[] = {
    { { 1, 2, 3, 4, 5, 6 },
      { LK_OUTCOME_FAILURE, LK_OUTCOME_FAILURE, LK_OUTCOME_FAILURE, LK_OUTCOME_FAILURE,
        LK_OUTCOME_SUCCESS, LK_OUTCOME_FAILURE },
      1 },
    { { 1, 2, 3, 4, 5, 20 },
      { LK_OUTCOME_OFFLINE, LK_OUTCOME_OFFLINE, LK_OUTCOME_OFFLINE, LK_OUTCOME_UNKNOWN,
        LK_OUTCOME_UNKNOWN, LK_OUTCOME_FAILURE },
      1 },
    { { 1, 2, 3, 4, 5, 6 },
      { LK_OUTCOME_FAILURE, LK_OUTCOME_FAILURE, LK_OUTCOME_FAILURE, LK_OUTCOME_FAILURE,
        LK_OUTCOME_FAILURE, LK_OUTCOME_SUCCESS },
      0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      gint64 task_id = fixture_add_task (fixture, "Watch");
      gint64 epoch = fixture_take_lease (fixture);
      g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);

      for (int n = 0; n < 6; n++)
        attempt (fixture, epoch, run, n + 1, rows[i].at[n] * LK_DAY, rows[i].outcomes[n]);
      g_assert_cmpint (count_paused (fixture), ==, 0);
      g_assert_cmpint (fixture_query (fixture, "SELECT coalesce(sum(failures), 0) FROM endpoint"),
                       ==, rows[i].failures);
    }
}

/* Nobody is bothered with a receiver that no task has any more. */
static void
test_forgotten (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);
  g_autoptr (GPtrArray) concerns = NULL;

  attempt (fixture, epoch, run, 1, LK_DAY, LK_OUTCOME_FAILURE);
  fixture->now += 2 * LK_DAY;
  fixture_query (fixture, "UPDATE task SET url = 'http://127.0.0.1:2/'");
  concerns = lk_endpoint_store_list_concerns (fixture->db, fixture->now, NULL);
  g_assert_cmpuint (concerns->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint-health/five-days", test_five_days);
  g_test_add_func ("/endpoint-health/not-paused", test_not_paused);
  g_test_add_func ("/endpoint-health/forgotten", test_forgotten);

  return g_test_run ();
}
