/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/endpoint-store.h"
#include "store/run-store.h"

#include "fixture.h"

static void
pause_url (Fixture *fixture, gint64 epoch, const char *url, const char *reason)
{
  g_autoptr (GError) error = NULL;

  fixture->now += LK_SECOND;
  IN_TRANSACTION (fixture,
                  lk_endpoint_store_pause (fixture->db, epoch, url, reason, fixture->now, &error));
  g_assert_no_error (error);
}

static gboolean
is_paused (Fixture *fixture, const char *url, char **reason)
{
  g_autoptr (GError) error = NULL;
  gboolean paused = FALSE;

  g_assert_true (lk_endpoint_store_is_paused (fixture->db, url, &paused, reason, &error));
  g_assert_no_error (error);
  return paused;
}

static void
test_pause_and_resume (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (LkDelivery) delivery = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (GPtrArray) paused = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n_resumed;

  fixture_add_deliveries (fixture, run, epoch, 1, 5);
  fixture_query (fixture, "UPDATE delivery SET state = 'retry_wait' WHERE id = 2");
  fixture_query (fixture, "UPDATE delivery SET url = 'http://127.0.0.1:2/' WHERE id = 3");
  fixture_query (fixture, "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'look',"
                          " hold_reason = 'the first run' WHERE id = 4");
  g_assert_false (is_paused (fixture, FIXTURE_URL, &reason));
  g_assert_null (reason);

  pause_url (fixture, epoch, FIXTURE_URL, "it is gone");
  pause_url (fixture, epoch, FIXTURE_URL, "another reason");
  g_assert_true (is_paused (fixture, FIXTURE_URL, &reason));
  g_assert_cmpstr (reason, ==, "it is gone");
  g_assert_false (is_paused (fixture, "http://127.0.0.1:2/", NULL));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 4);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 1);
  fixture_assert_clean (fixture);

  paused = lk_endpoint_store_list_paused (fixture->db, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (paused->len, ==, 1);
  g_assert_cmpstr (((LkEndpoint *) g_ptr_array_index (paused, 0))->url, ==, FIXTURE_URL);
  g_assert_cmpint (((LkEndpoint *) g_ptr_array_index (paused, 0))->n_held, ==, 3);

  fixture->now += LK_DAY;
  IN_TRANSACTION (fixture, n_resumed = lk_endpoint_store_resume (fixture->db, FIXTURE_URL,
                                                                 fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_resumed, ==, 3);
  g_assert_false (is_paused (fixture, FIXTURE_URL, NULL));
  delivery = lk_delivery_store_get (fixture->db, 2, &error);
  g_assert_cmpint (delivery->state, ==, LK_DELIVERY_QUEUED);
  g_assert_cmpint (delivery->due_at, ==, fixture->now);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 1); /* still to be looked at */
  fixture_assert_clean (fixture);
}

/* Ids of deliveries, closed by 0. */
static GArray *
list_ids (const gint64 *ids)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (; *ids != 0; ids++)
    g_array_append_val (array, *ids);

  return array;
}

/* What a person can do with what a pause held. */
static void
test_resume_asks (void)
{
  static const struct
  {
    gint64 chosen[3];
    gboolean drops;
    gint64 result; /* -1: refused */
    gint64 n_queued;
    gint64 n_held;
    gint64 n_dropped;
  } rows[] = {
    { { 0 }, FALSE, 0, 0, 3, 0 },
    { { 1, 3, 0 }, FALSE, 2, 2, 1, 0 },
    { { 1, 99, 0 }, FALSE, -1, 0, 3, 0 },
    { { 0 }, TRUE, 3, 0, 0, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      gint64 id = fixture_add_task (fixture, "Watch");
      gint64 epoch = fixture_take_lease (fixture);
      g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
      g_autoptr (GArray) ids = list_ids (rows[i].chosen);
      g_autoptr (GError) error = NULL;
      gint64 n;

      fixture_add_deliveries (fixture, run, epoch, 1, 3);
      pause_url (fixture, epoch, FIXTURE_URL, "it is gone");
      fixture_begin (fixture);
      n = rows[i].drops ? lk_endpoint_store_resume_dropping (fixture->db, FIXTURE_URL, "ada",
                                                             fixture->now, &error)
                        : lk_endpoint_store_resume_chosen (fixture->db, FIXTURE_URL, ids,
                                                           fixture->now, &error);
      g_assert_cmpint (n, ==, rows[i].result);
      if (n < 0)
        lk_db_rollback (fixture->db);
      else
        fixture_commit (fixture);

      g_assert_cmpint (is_paused (fixture, FIXTURE_URL, NULL), ==, n < 0);
      g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, rows[i].n_queued);
      g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, rows[i].n_held);
      g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DROPPED), ==, rows[i].n_dropped);
      g_assert_cmpint (
          fixture_query (fixture,
                         "SELECT count(*) FROM delivery WHERE last_cause = 'dropped by ada'"),
          ==, rows[i].n_dropped);
      fixture_assert_clean (fixture);
    }
}

/* By hand: without a lease, and only where a task sends to. */
static void
test_by_hand (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  fixture_add_task (fixture, "Watch");
  IN_TRANSACTION (fixture, ok = lk_endpoint_store_pause_by_hand (fixture->db, FIXTURE_URL, "ada",
                                                                 fixture->now, &error));
  g_assert_true (ok);
  g_assert_true (is_paused (fixture, FIXTURE_URL, &reason));
  g_assert_cmpstr (reason, ==, "paused by ada");
  IN_TRANSACTION (fixture, ok = lk_endpoint_store_pause_by_hand (fixture->db, "http://127.0.0.1:9/",
                                                                 "ada", fixture->now, &error));
  g_assert_false (ok);
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
}

static void
test_fenced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 old_epoch = fixture_take_lease (fixture);
  g_autoptr (GError) error = NULL;

  fixture_take_lease (fixture);
  g_assert_false (
      lk_endpoint_store_pause (fixture->db, old_epoch, FIXTURE_URL, "r", fixture->now, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_assert_false (is_paused (fixture, FIXTURE_URL, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint-store/pause-and-resume", test_pause_and_resume);
  g_test_add_func ("/endpoint-store/resume-asks", test_resume_asks);
  g_test_add_func ("/endpoint-store/by-hand", test_by_hand);
  g_test_add_func ("/endpoint-store/fenced", test_fenced);

  return g_test_run ();
}
