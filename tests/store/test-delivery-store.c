/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/run-store.h"
#include "store/task-store.h"

#include "fixture.h"

#define OTHER_URL "http://127.0.0.1:2/other"

static GPtrArray *
claim (Fixture *fixture, gint64 epoch, gsize limit, GHashTable *room)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *claims;

  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now,
                                                             limit, room, NULL, &error));
  g_assert_no_error (error);
  return claims;
}

static const LkClaim *
nth (GPtrArray *claims, guint n)
{
  return g_ptr_array_index (claims, n);
}

/* A task with @n deliveries, due one second after the other. */
static gint64
fill (Fixture *fixture, gint64 *task_id, int n)
{
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = NULL;

  *task_id = fixture_add_task (fixture, "Watch");
  run = fixture_start_run (fixture, *task_id, epoch);
  for (int i = 1; i <= n; i++)
    {
      fixture_add_deliveries (fixture, run, epoch, i, 1);
      fixture->now += LK_SECOND;
    }

  return epoch;
}

static void
run_sql (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  lk_db_execute (fixture->db, sql, &error);
  g_assert_no_error (error);
}

static void
test_claim (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 6);
  g_autoptr (GPtrArray) claims = claim (fixture, epoch, 3, NULL);
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GError) error = NULL;
  const LkClaim *first = nth (claims, 0);

  g_assert_cmpuint (claims->len, ==, 3);
  for (guint i = 0; i < claims->len; i++)
    g_assert_cmpint (nth (claims, i)->delivery->license_id, ==, i + 1);

  g_assert_cmpint (first->task_id, ==, task_id);
  g_assert_cmpint (first->attempt_number, ==, 1);
  g_assert_cmpint (first->delivery->state, ==, LK_DELIVERY_SENDING);
  g_assert_cmpint (first->delivery->attempts, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (first->delivery->body), ==, 2);

  attempts = lk_delivery_store_list_attempts (fixture->db, first->delivery->id, &error);
  g_assert_cmpuint (attempts->len, ==, 1);
  g_assert_cmpint (((LkAttempt *) g_ptr_array_index (attempts, 0))->id, ==, first->attempt_id);
  g_assert_cmpint (((LkAttempt *) g_ptr_array_index (attempts, 0))->outcome, ==,
                   LK_OUTCOME_PENDING);
  fixture_assert_clean (fixture);
}

/* Neighbours are claimed together. What is due in another order than that of the ids, or does not
 * wait at all, stands between them. */
static void
test_neighbours (void)
{
  static const gint64 expected[] = { 7, 8, 1, 3, 4, 5, 9, 10 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GHashTable) room = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 10);

  /* The second and the eighth were tried before. */
  run_sql (fixture, "UPDATE delivery SET due_at = 1 WHERE id IN (2, 8)");
  first = claim (fixture, epoch, 2, NULL);
  for (guint i = 0; i < first->len; i++)
    fixture_settle (fixture, epoch, nth (first, i), LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT,
                    NULL);
  run_sql (fixture, "UPDATE delivery SET due_at = 1 WHERE id IN (7, 8);"
                    "UPDATE delivery SET due_at = due_at + 1000000 WHERE id = 9;"
                    "UPDATE delivery SET due_at = 0, state = 'held', hold_kind = 'look',"
                    " hold_reason = 'r' WHERE id IN (2, 6)");
  fixture->now += LK_SECOND;
  g_hash_table_insert (room, (char *) FIXTURE_URL, GUINT_TO_POINTER (100));
  claims = claim (fixture, epoch, 100, room);

  g_assert_cmpuint (claims->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < claims->len; i++)
    {
      const LkClaim *one = nth (claims, i);
      g_autoptr (GPtrArray) attempts =
          lk_delivery_store_list_attempts (fixture->db, expected[i], NULL);
      const LkAttempt *last = g_ptr_array_index (attempts, attempts->len - 1);

      g_assert_cmpint (one->delivery->id, ==, expected[i]);
      g_assert_cmpint (one->attempt_number, ==, expected[i] == 8 ? 2 : 1);
      g_assert_cmpuint (attempts->len, ==, one->attempt_number);
      g_assert_cmpint (one->attempt_id, ==, last->id);
      g_assert_cmpint (last->outcome, ==, LK_OUTCOME_PENDING);
    }
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 2);
  fixture_assert_clean (fixture);
}

/* The body of one of several neighbours was lost: none of them is claimed. */
static void
test_lost_body (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 3);
  g_autoptr (GError) error = NULL;

  run_sql (fixture, "DELETE FROM delivery_body WHERE delivery_id = 2");
  fixture_begin (fixture);
  g_assert_null (lk_delivery_store_claim (fixture->db, epoch, fixture->now, 9, NULL, NULL, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "delivery 2"));
  lk_db_rollback (fixture->db);

  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 3);
}

/* Without a word from the engine a receiver has the concurrency of its task. */
static void
test_room (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GHashTable) room = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 20);
  static const int rooms[] = { 0, 1, 7 };

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) claims = claim (fixture, epoch, 100, NULL);

      g_assert_cmpuint (claims->len, ==, i == 0 ? LK_TASK_DEFAULT_CONCURRENCY : 0);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autoptr (GPtrArray) claims = NULL;

      g_hash_table_insert (room, (char *) FIXTURE_URL, GUINT_TO_POINTER (rooms[i]));
      claims = claim (fixture, epoch, 100, room);
      g_assert_cmpuint (claims->len, ==, rooms[i]);
    }

  run_sql (fixture, "UPDATE task SET concurrency = 15");
  {
    g_autoptr (GPtrArray) claims = claim (fixture, epoch, 100, NULL);

    g_assert_cmpuint (claims->len, ==, 15 - LK_TASK_DEFAULT_CONCURRENCY - 1 - 7);
  }
}

/* Oldest first over all receivers, and a busy one does not keep another waiting. */
static void
test_receivers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GPtrArray) more = NULL;
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 12);

  run_sql (fixture, "UPDATE delivery SET url = '" OTHER_URL "' WHERE id IN (2, 4, 11, 12)");
  claims = claim (fixture, epoch, 5, NULL);
  g_assert_cmpuint (claims->len, ==, 5);
  for (guint i = 0; i < claims->len; i++)
    g_assert_cmpint (nth (claims, i)->delivery->id, ==, i + 1);

  /* One more place here, and two there. */
  more = claim (fixture, epoch, 5, NULL);
  g_assert_cmpuint (more->len, ==, 3);
  g_assert_cmpint (nth (more, 0)->delivery->id, ==, 6);
  g_assert_cmpint (nth (more, 1)->delivery->id, ==, 11);
  g_assert_cmpint (nth (more, 2)->delivery->id, ==, 12);
}

/* Never two in flight about one license to one receiver, however they come to be waiting. */
static void
test_one_per_license (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) next = NULL;
  gint64 task_id;
  gint64 epoch = fill (fixture, &task_id, 5);

  run_sql (fixture, "UPDATE delivery SET license_id = 1 WHERE id IN (1, 2, 3)");
  run_sql (fixture, "UPDATE delivery SET url = '" OTHER_URL "' WHERE id = 3");
  claims = claim (fixture, epoch, 2, NULL);
  g_assert_cmpuint (claims->len, ==, 2);
  g_assert_cmpint (nth (claims, 0)->delivery->id, ==, 1);
  g_assert_cmpint (nth (claims, 1)->delivery->id, ==, 3); /* another receiver */

  none = claim (fixture, epoch, 10, NULL);
  g_assert_cmpuint (none->len, ==, 2); /* 4 and 5, but not 2 */
  g_assert_cmpint (nth (none, 0)->delivery->id, ==, 4);

  fixture_settle (fixture, epoch, nth (claims, 0), LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED, NULL);
  next = claim (fixture, epoch, 10, NULL);
  g_assert_cmpuint (next->len, ==, 1);
  g_assert_cmpint (nth (next, 0)->delivery->id, ==, 2);
}

/* The first of all receivers, wherever it stands among them, and without the tasks that must wait.
 */
static void
test_next_due (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id;
  LkInstant start = fixture->now;
  g_autofree char *without = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture, &task_id, 9);
  without = g_strdup_printf ("[%" G_GINT64_FORMAT "]", task_id);
  for (int first = 0; first < 3; first++)
    {
      g_autofree char *sql =
          g_strdup_printf ("UPDATE delivery SET url = char (97 + (id + %d) %% 3) || '://x', due_at "
                           "= %" G_GINT64_FORMAT " + (id + 3) / 3 * 1000",
                           first, start);

      run_sql (fixture, sql);
      run_sql (fixture, "UPDATE delivery SET due_at = due_at - 1 WHERE id = 2");
      g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, NULL, &error), ==,
                       start + 1000 - 1);
    }

  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, without, &error), ==, 0);
  run_sql (fixture, "UPDATE delivery SET task_id = NULL WHERE id = 7");
  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, without, &error), ==, start + 3000);
  g_assert_no_error (error);
}

static void
test_due (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GPtrArray) later = NULL;
  g_autoptr (GError) error = NULL;
  gint64 task_id;
  gint64 epoch;
  LkInstant retry_at;

  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, NULL, &error), ==, 0);
  epoch = fill (fixture, &task_id, 1);
  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, NULL, &error), ==,
                   fixture->now - LK_SECOND);
  claims = claim (fixture, epoch, 1, NULL);
  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, NULL, &error), ==, 0);

  fixture_settle (fixture, epoch, nth (claims, 0), LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT,
                  NULL);
  retry_at = fixture->now + LK_MINUTE;
  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, NULL, &error), ==, retry_at);

  fixture->now = retry_at - 1;
  later = claim (fixture, epoch, 1, NULL);
  g_assert_cmpuint (later->len, ==, 0);
  g_clear_pointer (&later, g_ptr_array_unref);
  fixture->now = retry_at;
  later = claim (fixture, epoch, 1, NULL);
  g_assert_cmpuint (later->len, ==, 1);
  g_assert_cmpint (nth (later, 0)->attempt_number, ==, 2);
  g_assert_cmpint (nth (later, 0)->delivery->attempts, ==, 1);
  g_assert_cmpstr (nth (later, 0)->delivery->webhook_id, ==, nth (claims, 0)->delivery->webhook_id);
  g_assert_true (g_bytes_equal (nth (later, 0)->delivery->body, nth (claims, 0)->delivery->body));
}

static void
test_fenced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 task_id;
  gint64 old_epoch = fill (fixture, &task_id, 1);

  fixture_take_lease (fixture);
  g_assert_null (
      lk_delivery_store_claim (fixture->db, old_epoch, fixture->now, 1, NULL, NULL, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 1);
}

/* A claim must not look at all that waits for a busy receiver. */
static void
test_many_waiting (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkRun) run = NULL;
  gint64 task_id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  gint64 few, many;

  run = fixture_start_run (fixture, task_id, epoch);
  fixture_add_deliveries (fixture, run, epoch, 1, 500);
  for (int round = 0; round < 2; round++)
    {
      gint64 *took = round == 0 ? &few : &many;

      *took = G_MAXINT64;
      for (int i = 0; i < 10; i++)
        {
          g_autoptr (GPtrArray) claims = NULL;
          gint64 start = g_get_monotonic_time ();

          claims = claim (fixture, epoch, 4, NULL);
          *took = MIN (*took, g_get_monotonic_time () - start);
          g_assert_cmpuint (claims->len, ==, 4);
          for (guint j = 0; j < claims->len; j++)
            fixture_settle (fixture, epoch, nth (claims, j), LK_OUTCOME_SUCCESS,
                            LK_DELIVERY_DELIVERED, NULL);
        }
      if (round == 0)
        for (int batch = 0; batch < 20; batch++)
          fixture_add_deliveries (fixture, run, epoch, 501 + batch * 1000, 1000);
    }

  g_test_message ("4 of 500: %d us, 4 of 20,000: %d us", (int) few, (int) many);
  g_assert_cmpint (many, <, 4 * few + 2000);
}

static void
test_send_test (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkDelivery) delivery = lk_delivery_new ();
  g_autoptr (LkClaim) sent = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;
  gint64 epoch = fixture_take_lease (fixture);

  g_free (delivery->webhook_id);
  delivery->webhook_id = g_strdup ("msg_test");
  g_free (delivery->url);
  delivery->url = g_strdup (FIXTURE_URL);
  delivery->body = g_bytes_new ("{}", 2);
  IN_TRANSACTION (
      fixture, sent = lk_delivery_store_insert_test (fixture->db, delivery, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sent->attempt_number, ==, 1);
  g_assert_cmpint (sent->task_id, ==, 0);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_SENDING), ==, 1);
  fixture_assert_clean (fixture);

  claims = claim (fixture, epoch, 10, NULL); /* nobody else's */
  g_assert_cmpuint (claims->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-store/claim", test_claim);
  g_test_add_func ("/delivery-store/neighbours", test_neighbours);
  g_test_add_func ("/delivery-store/lost-body", test_lost_body);
  g_test_add_func ("/delivery-store/room", test_room);
  g_test_add_func ("/delivery-store/receivers", test_receivers);
  g_test_add_func ("/delivery-store/one-per-license", test_one_per_license);
  g_test_add_func ("/delivery-store/next-due", test_next_due);
  g_test_add_func ("/delivery-store/due", test_due);
  g_test_add_func ("/delivery-store/fenced", test_fenced);
  g_test_add_func ("/delivery-store/many-waiting", test_many_waiting);
  g_test_add_func ("/delivery-store/send-test", test_send_test);

  return g_test_run ();
}
