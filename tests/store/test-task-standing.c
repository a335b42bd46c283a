/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/lease-store.h"
#include "store/run-store.h"
#include "store/task-standing.h"

#include "fixture.h"

static LkTaskStanding *
read_one (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = lk_task_standing_list (fixture->db, fixture->now, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);

  return g_ptr_array_steal_index (list, 0);
}

static void
assert_standing (Fixture *fixture, gboolean has_run, gboolean is_overdue)
{
  g_autoptr (LkTaskStanding) standing = read_one (fixture);

  g_assert_cmpstr (standing->task->name, ==, "Watch");
  g_assert_cmpint (standing->last_run != NULL, ==, has_run);
  g_assert_cmpint (standing->is_overdue, ==, is_overdue);
}

/* Due at eight o'clock: late is not overdue at once, and a run that is only asked for is none. */
static void
test_no_run_begins (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id = fixture_add_task (fixture, "Watch");
  g_autoptr (GError) error = NULL;

  fixture->now = FIXTURE_START + 20 * LK_HOUR;
  assert_standing (fixture, FALSE, FALSE);
  fixture->now += 14 * LK_MINUTE;
  assert_standing (fixture, FALSE, FALSE);
  fixture->now += 2 * LK_MINUTE;
  assert_standing (fixture, FALSE, TRUE);
  IN_TRANSACTION (fixture, lk_run_store_request (fixture->db, task_id, fixture->now, &error));
  g_assert_no_error (error);
  assert_standing (fixture, FALSE, TRUE);
}

/* What falls due while a run is under way waits for its end; but a process must be there. */
static void
test_a_long_run (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id = fixture_add_task (fixture, "Watch");
  gint64 epoch;
  g_autoptr (LkRun) run = NULL;
  g_autoptr (GError) error = NULL;

  fixture->now = FIXTURE_START + 20 * LK_HOUR + 16 * LK_MINUTE;
  epoch = fixture_take_lease (fixture);
  run = fixture_start_run (fixture, task_id, epoch);
  assert_standing (fixture, TRUE, FALSE);
  fixture->now += LK_MINUTE;
  assert_standing (fixture, TRUE, TRUE);

  fixture_take_lease (fixture);
  assert_standing (fixture, TRUE, FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-standing/no-run-begins", test_no_run_begins);
  g_test_add_func ("/task-standing/a-long-run", test_a_long_run);

  return g_test_run ();
}
