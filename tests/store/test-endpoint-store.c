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
  g_test_add_func ("/endpoint-store/fenced", test_fenced);

  return g_test_run ();
}
