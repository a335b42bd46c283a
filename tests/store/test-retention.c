/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "store/query.h"
#include "store/retention.h"
#include "store/run-store.h"
#include "store/task-store.h"

#include "fixture.h"

#define BATCH 3

static void
run_sql (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  lk_db_execute (fixture->db, sql, &error);
  g_assert_no_error (error);
}

/* Seven deliveries, each with an attempt: one in each state, and the last a test that failed. The
 * one that was delivered, the 5th, has a second attempt. */
static gint64
fill (Fixture *fixture)
{
  static const char *const ends[] = {
    "UPDATE delivery SET state = 'retry_wait', due_at = 1 WHERE id = 1",
    "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'look', hold_reason = 'a look'"
    " WHERE id = 2",
    "UPDATE delivery SET state = 'exhausted', due_at = 0 WHERE id = 3",
    "UPDATE delivery SET state = 'dropped', due_at = 0 WHERE id = 4",
    "UPDATE delivery SET state = 'delivered', due_at = 0 WHERE id = 5",
    "UPDATE delivery SET state = 'delivered', due_at = 0 WHERE id = 6",
    "UPDATE delivery SET state = 'exhausted', due_at = 0, is_test = 1 WHERE id = 7",
    "INSERT INTO attempt (delivery_id, number, outcome, url, started_at)"
    " SELECT id, 1, 'failure', url, created_at FROM delivery ORDER BY id DESC",
    "INSERT INTO attempt (delivery_id, number, outcome, url, started_at)"
    " SELECT id, 2, 'success', url, created_at FROM delivery WHERE id = 5",
  };
  gint64 epoch = fixture_take_lease (fixture);
  gint64 task_id = fixture_add_task (fixture, "Watch");
  g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);
  g_autoptr (GError) error = NULL;

  fixture_add_deliveries (fixture, run, epoch, 1, 7);
  run_sql (fixture, "PRAGMA ignore_check_constraints = 1");
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    run_sql (fixture, ends[i]);
  run_sql (fixture, "UPDATE delivery SET finished_at = created_at"
                    " WHERE state IN ('delivered', 'exhausted', 'dropped')");
  run_sql (fixture, "PRAGMA ignore_check_constraints = 0");

  return epoch;
}

static LkRetention
prune_batch (Fixture *fixture, gint64 epoch)
{
  g_autofree LkRetention *pass = NULL;
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture,
                  pass = lk_retention_prune (fixture->db, epoch, fixture->now, BATCH, &error));
  g_assert_no_error (error);

  return *pass;
}

/* A pass from its beginning to its end. */
static LkRetention
prune (Fixture *fixture, gint64 epoch)
{
  LkRetention pass = { 0 };

  while (pass.stage != LK_RETENTION_DONE)
    pass = prune_batch (fixture, epoch);

  return pass;
}

static char *
list (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkStatement) row = lk_query (fixture->db, sql, NULL, &error);
  GString *list = g_string_new (NULL);

  while (lk_statement_step (row, &error) == LK_STEP_ROW)
    g_string_append_printf (list, "%s%d", list->len > 0 ? " " : "",
                            (int) lk_statement_get_int (row, 0));
  g_assert_no_error (error);

  return g_string_free (list, FALSE);
}

static void
assert_kept (Fixture *fixture, const char *bodies, const char *attempts)
{
  g_autofree char *kept_bodies =
      list (fixture, "SELECT delivery_id FROM delivery_body ORDER BY delivery_id");
  g_autofree char *kept_attempts =
      list (fixture, "SELECT delivery_id FROM attempt ORDER BY delivery_id, number");

  g_assert_cmpstr (kept_bodies, ==, bodies);
  g_assert_cmpstr (kept_attempts, ==, attempts);
  fixture_assert_clean (fixture);
}

/* What arrived goes when its time has come, what did not arrive stays. */
static void
test_ages (void)
{
  static const struct
  {
    gint64 days;
    const char *bodies;
    const char *attempts;
    gint64 n_removed;
  } rows[] = {
    { 0, "1 2 3 4 5 6 7", "1 2 3 4 5 5 6 7", 0 },
    { LK_RETENTION_BODY_DAYS, "1 2 3 4 5 6 7", "1 2 3 4 5 5 6 7", 0 },
    { LK_RETENTION_BODY_DAYS + 1, "1 2 3 4", "1 2 3 4 5 5 6 7", 3 },
    { LK_RETENTION_ATTEMPT_DAYS, "1 2 3 4", "1 2 3 4 5 5 6 7", 0 },
    { LK_RETENTION_ATTEMPT_DAYS + 1, "1 2 3 4", "1 2 3 4", 4 },
    { 10 * LK_RETENTION_ATTEMPT_DAYS, "1 2 3 4", "1 2 3 4", 0 },
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 epoch = fill (fixture);
  LkInstant start = fixture->now;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fixture->now = start + rows[i].days * LK_DAY;
      g_assert_cmpint (prune (fixture, epoch).n_removed, ==, rows[i].n_removed);
      assert_kept (fixture, rows[i].bodies, rows[i].attempts);
    }
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery"), ==, 7);
}

/* A failure that arrives after all counts from then on. */
static void
test_resolved (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 epoch = fill (fixture);

  fixture->now += 200 * LK_DAY;
  run_sql (fixture, "UPDATE delivery SET state = 'delivered', finished_at = finished_at"
                    " + 190 * 86400000000 WHERE id = 3");
  prune (fixture, epoch);
  assert_kept (fixture, "1 2 3 4", "1 2 3 4");
  fixture->now += 21 * LK_DAY;
  prune (fixture, epoch);
  assert_kept (fixture, "1 2 4", "1 2 3 4");
}

/* A batch looks at no more than it may, also where everything stays, and the next one goes on after
 * it, whichever process that is. */
static void
test_batches (void)
{
  static const struct
  {
    LkRetentionStage stage;
    gint64 delivery_id;
    gint64 n_removed;
  } batches[] = {
    { LK_RETENTION_BODIES, 0, 0 },   { LK_RETENTION_BODIES, 3, 0 },
    { LK_RETENTION_BODIES, 6, 2 },   { LK_RETENTION_ATTEMPTS, 0, 3 },
    { LK_RETENTION_ATTEMPTS, 3, 3 }, { LK_RETENTION_ATTEMPTS, 5, 5 },
    { LK_RETENTION_DONE, 0, 7 },
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 epoch = fill (fixture);

  fixture->now += 365 * LK_DAY;
  for (gsize i = 0; i < G_N_ELEMENTS (batches); i++)
    {
      LkRetention pass = prune_batch (fixture, epoch);

      g_assert_cmpint (pass.stage, ==, batches[i].stage);
      g_assert_cmpint (pass.delivery_id, ==, batches[i].delivery_id);
      g_assert_cmpint (pass.n_removed, ==, batches[i].n_removed);
    }
}

/* The next pass begins a day later, or when the clock was set back. */
static void
test_daily (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 epoch = fill (fixture);

  g_assert_cmpint (prune (fixture, epoch).next_at, ==, fixture->now + LK_DAY);
  fixture->now += LK_DAY - 1;
  g_assert_cmpint (prune_batch (fixture, epoch).stage, ==, LK_RETENTION_DONE);
  fixture->now += 1;
  g_assert_cmpint (prune_batch (fixture, epoch).stage, ==, LK_RETENTION_BODIES);
  prune (fixture, epoch);
  fixture->now -= 1;
  g_assert_cmpint (prune_batch (fixture, epoch).stage, ==, LK_RETENTION_BODIES);
}

/* Whoever lost the lease removes nothing. */
static void
test_lease_lost (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 epoch = fill (fixture);
  g_autoptr (GError) error = NULL;

  fixture_take_lease (fixture);
  fixture->now += 365 * LK_DAY;
  fixture_begin (fixture);
  g_assert_null (lk_retention_prune (fixture->db, epoch, fixture->now, BATCH, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  lk_db_rollback (fixture->db);
}

static void
test_secrets (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 epoch = fill (fixture);

  run_sql (fixture, "INSERT INTO task_secret (task_id, created_at, expires_at, secret)"
                    " SELECT task_id, 1, created_at + 1000000, 'older' FROM task_secret");
  prune (fixture, epoch);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM task_secret"), ==, 2);
  fixture->now += LK_DAY;
  prune (fixture, epoch);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM task_secret"), ==, 1);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM task_secret WHERE expires_at = 0"),
                   ==, 1);
}

static void
test_words (void)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_new ();
  g_autofree char *gone = NULL;
  g_autofree char *damaged = NULL;
  g_autofree char *attempts = NULL;

  delivery->state = LK_DELIVERY_DELIVERED;
  delivery->attempts = 2;
  gone = lk_retention_describe_body (delivery);
  g_assert_nonnull (strstr (gone, "30 days"));
  attempts = lk_retention_describe_attempts (delivery, 0);
  g_assert_nonnull (strstr (attempts, "90 days"));
  g_assert_null (lk_retention_describe_attempts (delivery, 1));
  delivery->state = LK_DELIVERY_HELD;
  damaged = lk_retention_describe_body (delivery);
  g_assert_nonnull (strstr (damaged, "backup"));
  delivery->body = g_bytes_new ("{}", 2);
  g_assert_null (lk_retention_describe_body (delivery));
  delivery->attempts = 0;
  g_assert_null (lk_retention_describe_attempts (delivery, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retention/ages", test_ages);
  g_test_add_func ("/retention/resolved", test_resolved);
  g_test_add_func ("/retention/batches", test_batches);
  g_test_add_func ("/retention/daily", test_daily);
  g_test_add_func ("/retention/lease-lost", test_lease_lost);
  g_test_add_func ("/retention/secrets", test_secrets);
  g_test_add_func ("/retention/words", test_words);

  return g_test_run ();
}
