/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "store/task-secret.h"
#include "store/task-store.h"

#include "fixture.h"

static void
rotate (Fixture *fixture, gint64 task_id, const char *secret, LkInstant overlap)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (
      fixture, lk_task_secret_rotate (fixture->db, task_id, secret, overlap, fixture->now, &error));
  g_assert_no_error (error);
}

static void
assert_secrets (Fixture *fixture, gint64 task_id, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  char **secrets = lk_task_secret_list (fixture->db, task_id, fixture->now, NULL, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = g_strjoinv (" ", secrets);
  g_assert_cmpstr (found, ==, wanted);
  lk_task_secret_list_free (secrets);
}

static void
assert_end (Fixture *fixture, gint64 task_id, LkInstant wanted)
{
  g_autoptr (GError) error = NULL;
  LkInstant end;

  lk_task_secret_get_overlap_end (fixture->db, task_id, fixture->now, &end, &error);
  g_assert_no_error (error);
  g_assert_cmpint (end, ==, wanted);
}

/* The newest first; an old one until its time, whatever comes after it. */
static void
test_overlap (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  LkInstant start = fixture->now;

  assert_secrets (fixture, id, FIXTURE_SECRET);
  assert_end (fixture, id, 0);
  rotate (fixture, id, "second", 3 * LK_DAY);
  assert_secrets (fixture, id, "second " FIXTURE_SECRET);
  assert_end (fixture, id, start + 3 * LK_DAY);

  fixture->now += LK_DAY;
  rotate (fixture, id, "third", LK_DAY);
  assert_secrets (fixture, id, "third second " FIXTURE_SECRET);
  assert_end (fixture, id, start + 3 * LK_DAY);
  fixture->now += LK_DAY;
  assert_secrets (fixture, id, "third " FIXTURE_SECRET);
  fixture->now += LK_DAY;
  assert_secrets (fixture, id, "third");
  assert_end (fixture, id, 0);
}

/* In the same instant, and after the clock was set back, the last one is the newest. */
static void
test_order (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");

  rotate (fixture, id, "second", 30 * LK_DAY);
  fixture->now -= LK_DAY;
  rotate (fixture, id, "third", 30 * LK_DAY);
  assert_secrets (fixture, id, "third second " FIXTURE_SECRET);
}

static void
test_same (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");

  rotate (fixture, id, FIXTURE_SECRET, LK_DAY);
  assert_secrets (fixture, id, FIXTURE_SECRET);
  assert_end (fixture, id, 0);
}

/* A secret without an overlap ends all others at once. */
static void
test_replaced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  g_autoptr (LkTask) task = NULL;
  g_autoptr (GError) error = NULL;

  rotate (fixture, id, "second", 30 * LK_DAY);
  task = lk_task_store_get (fixture->db, id, &error);
  IN_TRANSACTION (fixture,
                  lk_task_secret_update_task (fixture->db, task, "third", 0, fixture->now, &error));
  g_assert_no_error (error);
  assert_secrets (fixture, id, "third");

  lk_task_free (task);
  task = lk_task_store_get (fixture->db, id, &error);
  IN_TRANSACTION (fixture, lk_task_secret_update_task (fixture->db, task, "fourth", LK_DAY,
                                                       fixture->now, &error));
  g_assert_no_error (error);
  assert_secrets (fixture, id, "fourth third");

  lk_task_free (task);
  task = lk_task_store_get (fixture->db, id, &error);
  IN_TRANSACTION (
      fixture, lk_task_secret_update_task (fixture->db, task, NULL, LK_DAY, fixture->now, &error));
  g_assert_no_error (error);
  assert_secrets (fixture, id, "fourth third");
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  g_autoptr (GError) error = NULL;

  fixture_begin (fixture);
  g_assert_false (lk_task_secret_rotate (fixture->db, id, " ", LK_DAY, fixture->now, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (lk_task_secret_rotate (fixture->db, 99, "new", LK_DAY, fixture->now, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_assert_null (strstr (error->message, "new secret"));
  g_clear_error (&error);
  g_assert_null (lk_task_secret_list (fixture->db, 99, fixture->now, NULL, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  lk_db_rollback (fixture->db);
  assert_secrets (fixture, id, FIXTURE_SECRET);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-secret/overlap", test_overlap);
  g_test_add_func ("/task-secret/order", test_order);
  g_test_add_func ("/task-secret/same", test_same);
  g_test_add_func ("/task-secret/replaced", test_replaced);
  g_test_add_func ("/task-secret/refused", test_refused);

  return g_test_run ();
}
