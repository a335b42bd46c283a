/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/endpoint-store.h"
#include "store/run-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"

#include "fixture.h"

#define NEXT_MORNING (FIXTURE_START + 20 * LK_HOUR) /* 08:00 of the day after */

static LkTask *
get (Fixture *fixture, gint64 id)
{
  g_autoptr (GError) error = NULL;
  LkTask *task = lk_task_store_get (fixture->db, id, &error);

  g_assert_no_error (error);
  return task;
}

static void
replace (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static gboolean
update (Fixture *fixture, const LkTask *task, const char *secret, GError **error)
{
  gboolean ok;

  IN_TRANSACTION (fixture,
                  ok = lk_task_store_update (fixture->db, task, secret, fixture->now, error));
  return ok;
}

static void
test_round_trip (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkTask) task = fixture_make_task (fixture, "Watch");
  g_autoptr (LkTask) read = NULL;
  g_autoptr (LkTask) again = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  task->recurrence = (LkRecurrence){ .every = 2,
                                     .unit = LK_UNIT_MONTH,
                                     .year = 2026,
                                     .month = 1,
                                     .day = 31,
                                     .hour = 23,
                                     .minute = 5,
                                     .zone = g_intern_static_string ("Europe/Berlin") };
  replace (&task->user_data, "a\nb “c”");
  replace (&task->notes, "notes");
  replace (&task->ca_file, "/ca.pem");
  replace (&task->client_certificate, "/me.pem");
  replace (&task->proxy, "socks5://[::1]:1080");
  task->rate_limit = 60000;
  task->connect_timeout_s = 120;
  task->answer_timeout_s = 300;
  g_strfreev (task->headers);
  task->headers = g_strsplit ("X-One: 1|X-Two: 2", "|", -1);
  task->concurrency = 64;
  task->at_most_once = task->hold_unusual = task->alert = TRUE;
  task->standard_webhooks = FALSE;

  IN_TRANSACTION (
      fixture, id = lk_task_store_insert (fixture->db, task, FIXTURE_SECRET, fixture->now, &error));
  g_assert_no_error (error);
  read = get (fixture, id);
  g_assert_true (lk_task_equal (read, task));
  g_assert_true (read->has_secret);
  g_assert_cmpint (read->created_at, ==, fixture->now);
  g_assert_cmpint (read->last_ran_at, ==, 0);
  g_assert_cmpint (read->next_due_at, ==,
                   lk_recurrence_next_after (&task->recurrence, fixture->now));

  replace (&read->notes, "other");
  g_strfreev (read->headers);
  read->headers = g_new0 (char *, 1);
  g_assert_true (update (fixture, read, NULL, &error));
  again = get (fixture, id);
  g_assert_true (lk_task_equal (again, read));
  g_assert_cmpint (again->version, ==, 2);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *label;
    const char *name;
    const char *secret;
    const char *url;
    const char *header;
    gint64 search_id;
    int code;
  } rows[] = {
    { "blank name", " ", FIXTURE_SECRET, "http://x/", "A: b", 1, LK_ERROR_INVALID },
    { "name taken", "TAKEN", FIXTURE_SECRET, "http://x/", "A: b", 1, LK_ERROR_EXISTS },
    { "blank secret", "a", "", "http://x/", "A: b", 1, LK_ERROR_INVALID },
    { "no secret", "a", NULL, "http://x/", "A: b", 1, LK_ERROR_INVALID },
    { "no address", "a", FIXTURE_SECRET, "", "A: b", 1, LK_ERROR_INVALID },
    { "header injection", "a", FIXTURE_SECRET, "http://x/", "A: b\r\nC: d", 1, LK_ERROR_INVALID },
    { "no such search", "a", FIXTURE_SECRET, "http://x/", "A: b", 99, LK_ERROR_INVALID },
    { "not UTF-8", "a\xff", FIXTURE_SECRET, "http://x/", "A: b", 1, LK_ERROR_ENCODING },
  };
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_add_task (fixture, "Taken");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkTask) task = fixture_make_task (fixture, rows[i].name);
      g_autoptr (GError) error = NULL;
      gint64 id;

      replace (&task->url, rows[i].url);
      task->search_id = rows[i].search_id;
      g_strfreev (task->headers);
      task->headers = g_new0 (char *, 2);
      task->headers[0] = g_strdup (rows[i].header);
      IN_TRANSACTION (fixture, id = lk_task_store_insert (fixture->db, task, rows[i].secret,
                                                          fixture->now, &error));
      g_test_message ("%s", rows[i].label);
      g_assert_error (error, LK_ERROR, rows[i].code);
      g_assert_cmpint (id, ==, 0);
      if (rows[i].secret != NULL && *rows[i].secret != '\0')
        g_assert_null (strstr (error->message, rows[i].secret));
    }
}

/* (transfer full) (nullable) */
static char *
read_secret (Fixture *fixture, gint64 id, GError **error)
{
  char **secrets = lk_task_secret_list (fixture->db, id, fixture->now, NULL, error);
  char *newest = secrets != NULL ? g_strdup (secrets[0]) : NULL;

  lk_task_secret_list_free (secrets);

  return newest;
}

static void
test_secret (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkTask) plain = fixture_make_task (fixture, "Without");
  g_autoptr (LkTask) task = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = fixture_add_task (fixture, "With");
  char *secret = read_secret (fixture, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (secret, ==, FIXTURE_SECRET);
  lk_secret_free (secret);

  task = get (fixture, id);
  g_assert_true (update (fixture, task, " as typed ", &error));
  g_assert_no_error (error);
  secret = read_secret (fixture, id, &error);
  g_assert_cmpstr (secret, ==, " as typed ");
  lk_secret_free (secret);

  plain->webhook_enabled = FALSE;
  IN_TRANSACTION (fixture,
                  id = lk_task_store_insert (fixture->db, plain, NULL, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_null (read_secret (fixture, id, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* The webhook cannot be switched on without one. */
  plain->id = id;
  plain->version = 1;
  plain->webhook_enabled = TRUE;
  g_assert_false (update (fixture, plain, NULL, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
}

static void
test_cursor (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 id = fixture_add_task (fixture, "Watch");
  g_autoptr (LkTask) task = get (fixture, id);
  g_autoptr (GPtrArray) due = NULL;

  g_assert_cmpint (task->next_due_at, ==, NEXT_MORNING);
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==, NEXT_MORNING);

  /* What is due stays due when something else changes. */
  fixture->now = NEXT_MORNING + LK_HOUR;
  replace (&task->notes, "n");
  g_assert_true (update (fixture, task, NULL, &error));
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==, NEXT_MORNING);
  due = lk_task_store_list_due (fixture->db, fixture->now, &error);
  g_assert_cmpuint (due->len, ==, 1);
  g_clear_pointer (&due, g_ptr_array_unref);
  due = lk_task_store_list_due (fixture->db, NEXT_MORNING - 1, &error);
  g_assert_cmpuint (due->len, ==, 0);

  /* A new recurrence starts over. */
  task->version++;
  task->recurrence.hour = 10;
  g_assert_true (update (fixture, task, NULL, &error));
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==,
                   NEXT_MORNING + 2 * LK_HOUR);

  IN_TRANSACTION (fixture,
                  lk_task_store_set_enabled (fixture->db, id, FALSE, fixture->now, &error));
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==, 0);
  fixture->now += 2 * LK_DAY;
  IN_TRANSACTION (fixture, lk_task_store_set_enabled (fixture->db, id, TRUE, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==,
                   NEXT_MORNING + 2 * LK_DAY + 2 * LK_HOUR);

  /* Both switches counted, so a dialog that was open meanwhile notices. */
  task->version++;
  g_assert_false (update (fixture, task, NULL, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
}

static void
test_address_moves (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (LkTask) task = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add_deliveries (fixture, run, epoch, 1, 5);
  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now, 2,
                                                             NULL, NULL, &error));
  IN_TRANSACTION (fixture, lk_endpoint_store_pause (fixture->db, epoch, FIXTURE_URL, "gone",
                                                    fixture->now, &error));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 3);

  task = get (fixture, id);
  replace (&task->url, "http://127.0.0.1:2/new");
  g_assert_true (update (fixture, task, NULL, &error));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 3);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery WHERE url LIKE '%new'"),
                   ==, 3);

  /* What was in flight to the old address goes to the new one when it fails, at once; what arrived,
   * arrived there. */
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_RETRY_WAIT, NULL);
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 1), LK_OUTCOME_SUCCESS,
                  LK_DELIVERY_DELIVERED, NULL);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 4);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery WHERE url LIKE '%new'"),
                   ==, 4);

  /* Back to the paused one: held again. */
  replace (&task->url, FIXTURE_URL);
  task->version++;
  g_assert_true (update (fixture, task, NULL, &error));
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_HELD), ==, 4);
  fixture_assert_clean (fixture);
}

/* What a run adds that read its task before the address changed goes to the new one. */
static void
test_address_moves_during_run (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (LkTask) task = get (fixture, id);
  g_autoptr (GError) error = NULL;

  fixture_add_deliveries (fixture, run, epoch, 1, 2);
  replace (&task->url, "http://127.0.0.1:2/new");
  g_assert_true (update (fixture, task, NULL, &error));
  fixture_add_deliveries (fixture, run, epoch, 3, 2);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery WHERE url LIKE '%new'"),
                   ==, 4);
}

/* The same ids mean other licenses on another server. */
static void
test_another_server (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 other = fixture_add_task (fixture, "Other");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (LkRun) other_run = fixture_start_run (fixture, other, epoch);
  g_autoptr (LkTask) task = get (fixture, id);
  g_autoptr (GError) error = NULL;

  fixture_add_deliveries (fixture, run, epoch, 1, 3);
  fixture_add_deliveries (fixture, other_run, epoch, 1, 2);
  replace (&task->notes, "Another server comes next");
  g_assert_true (update (fixture, task, NULL, &error));
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM ledger"), ==, 5);

  fixture_query (fixture, "INSERT INTO server (name, name_key, uri, is_default)"
                          " VALUES ('Two', 'two', 'sqlite:/two.db', 0) RETURNING id");
  task->server_id = fixture_query (fixture, "SELECT max(id) FROM server");
  task->version++;
  g_assert_true (update (fixture, task, NULL, &error));
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM ledger"), ==, 2);
}

static void
test_remove (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (LkRun) ended = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (LkDelivery) dropped = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add_deliveries (fixture, run, epoch, 1, 4);
  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now, 2,
                                                             NULL, NULL, &error));
  IN_TRANSACTION (fixture, lk_task_store_remove (fixture->db, id, fixture->now, &error));
  g_assert_no_error (error);

  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DROPPED), ==, 2);
  dropped = lk_delivery_store_get (fixture->db, 4, &error);
  g_assert_cmpstr (dropped->last_cause, ==, "the task was deleted");
  g_assert_cmpstr (dropped->task_name, ==, "Watch");
  g_assert_cmpint (dropped->task_id, ==, 0);
  ended = lk_run_store_get (fixture->db, run->id, &error);
  g_assert_cmpint (ended->state, ==, LK_RUN_FAILED);
  g_assert_cmpstr (ended->error, ==, "the task was deleted");
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM task_secret"), ==, 0);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM ledger"), ==, 0);

  /* The engine, in the middle of it, is told; and ending the run does not overwrite the reason. */
  g_assert_cmpint (
      lk_run_store_add_batch (fixture->db, run, epoch, none, none, fixture->now, &error), ==, -1);
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  run->state = LK_RUN_FAILED;
  replace (&run->error, error->message);
  g_clear_error (&error);
  g_assert_true (lk_run_store_finish (fixture->db, run, epoch, fixture->now, &error));

  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 0), LK_OUTCOME_SUCCESS,
                  LK_DELIVERY_DELIVERED, NULL);
  fixture_settle (fixture, epoch, g_ptr_array_index (claims, 1), LK_OUTCOME_FAILURE,
                  LK_DELIVERY_RETRY_WAIT, NULL);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DELIVERED), ==, 1);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_DROPPED), ==, 3);
  fixture_assert_clean (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-store/round-trip", test_round_trip);
  g_test_add_func ("/task-store/refused", test_refused);
  g_test_add_func ("/task-store/secret", test_secret);
  g_test_add_func ("/task-store/cursor", test_cursor);
  g_test_add_func ("/task-store/address-moves", test_address_moves);
  g_test_add_func ("/task-store/address-moves-during-run", test_address_moves_during_run);
  g_test_add_func ("/task-store/another-server", test_another_server);
  g_test_add_func ("/task-store/remove", test_remove);

  return g_test_run ();
}
