/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/run-store.h"
#include "store/task-store.h"

#include "fixture.h"

#define NEXT_MORNING (FIXTURE_START + 20 * LK_HOUR) /* 08:00 of the day after */

static LkRun *
begin (Fixture *fixture, gint64 task_id, gint64 epoch)
{
  g_autoptr (GError) error = NULL;
  LkRun *run;

  IN_TRANSACTION (fixture, run = lk_run_store_begin_scheduled (fixture->db, task_id, epoch,
                                                               fixture->now, &error));
  g_assert_no_error (error);
  return run;
}

static void
finish (Fixture *fixture, LkRun *run, gint64 epoch, LkRunState state)
{
  g_autoptr (GError) error = NULL;

  run->state = state;
  if (state == LK_RUN_FAILED)
    {
      g_free (run->error);
      run->error = g_strdup ("it broke");
    }
  IN_TRANSACTION (fixture, lk_run_store_finish (fixture->db, run, epoch, fixture->now, &error));
  g_assert_no_error (error);
}

/* How late the timer comes, and what it makes of that: never more than one run. */
static void
test_missed (void)
{
  static const struct
  {
    LkRecurrenceUnit unit;
    int every;
    LkInstant late;
    gint64 missed;
    LkInstant due_after; /* the first due instant */
  } rows[] = {
    { LK_UNIT_DAY, 1, 0, 0, 0 },
    { LK_UNIT_DAY, 1, LK_DAY - 1, 0, 0 },
    { LK_UNIT_DAY, 1, LK_DAY, 1, LK_DAY },
    { LK_UNIT_DAY, 1, 30 * LK_DAY + LK_HOUR, 30, 30 * LK_DAY },
    { LK_UNIT_WEEK, 1, 15 * LK_DAY, 2, 14 * LK_DAY },
    { LK_UNIT_MINUTE, 1, 300 * LK_DAY, 300 * 1440, 300 * LK_DAY },
    { LK_UNIT_MINUTE, 7, LK_HOUR, 8, 56 * LK_MINUTE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      g_autoptr (LkTask) task = fixture_make_task (fixture, "Watch");
      g_autoptr (LkTask) after = NULL;
      g_autoptr (LkRun) run = NULL;
      g_autoptr (LkRun) second = NULL;
      g_autoptr (GError) error = NULL;
      gint64 id, epoch;
      LkInstant first;

      task->recurrence.unit = rows[i].unit;
      task->recurrence.every = rows[i].every;
      task->recurrence.year = 2026;
      epoch = fixture_take_lease (fixture);
      IN_TRANSACTION (fixture, id = lk_task_store_insert (fixture->db, task, FIXTURE_SECRET,
                                                          fixture->now, &error));
      first = lk_recurrence_next_after (&task->recurrence, fixture->now);
      fixture->now = first - 1;
      g_assert_null (begin (fixture, id, epoch));

      fixture->now = first + rows[i].late;
      run = begin (fixture, id, epoch);
      g_assert_nonnull (run);
      g_assert_cmpint (run->due_at, ==, first + rows[i].due_after);
      g_assert_cmpint (run->missed, ==, rows[i].missed);
      g_assert_cmpint (run->state, ==, LK_RUN_RUNNING);
      finish (fixture, run, epoch, LK_RUN_FINISHED);

      second = begin (fixture, id, epoch);
      g_assert_null (second);
      after = lk_task_store_get (fixture->db, id, &error);
      g_assert_cmpint (after->next_due_at, >, fixture->now);
      g_assert_cmpint (after->last_ran_at, ==, run->due_at);
    }
}

static void
test_clock_set_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = NULL;
  g_autoptr (LkRun) again = NULL;
  g_autoptr (GError) error = NULL;

  fixture->now = NEXT_MORNING;
  run = begin (fixture, id, epoch);
  finish (fixture, run, epoch, LK_RUN_FINISHED);

  /* Switched off and on while the clock is wrong, the cursor points at the same instant again. */
  fixture->now = NEXT_MORNING - LK_HOUR;
  IN_TRANSACTION (fixture,
                  lk_task_store_set_enabled (fixture->db, id, FALSE, fixture->now, &error));
  IN_TRANSACTION (fixture, lk_task_store_set_enabled (fixture->db, id, TRUE, fixture->now, &error));
  fixture->now = NEXT_MORNING;
  again = begin (fixture, id, epoch);
  g_assert_null (again);
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==, NEXT_MORNING + LK_DAY);
}

static void
test_one_at_once (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = NULL;
  g_autoptr (LkRun) late = NULL;
  g_autoptr (GPtrArray) pending = NULL;
  g_autoptr (GError) error = NULL;
  gint64 requested;

  fixture->now = NEXT_MORNING;
  run = begin (fixture, id, epoch);
  IN_TRANSACTION (fixture,
                  requested = lk_run_store_request (fixture->db, id, fixture->now, &error));
  g_assert_cmpint (requested, !=, run->id);
  IN_TRANSACTION (fixture,
                  g_assert_cmpint (lk_run_store_request (fixture->db, id, fixture->now + 5, &error),
                                   ==, requested));
  IN_TRANSACTION (fixture,
                  pending = lk_run_store_take_pending (fixture->db, epoch, fixture->now, &error));
  g_assert_cmpuint (pending->len, ==, 0);
  g_clear_pointer (&pending, g_ptr_array_unref);

  /* It lasts for two days: what falls due meanwhile waits, and is one run then. */
  fixture->now += 2 * LK_DAY;
  g_assert_null (begin (fixture, id, epoch));
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==, 0);
  finish (fixture, run, epoch, LK_RUN_FINISHED);
  g_assert_cmpint (lk_task_store_get_next_due (fixture->db, &error), ==, NEXT_MORNING + LK_DAY);

  IN_TRANSACTION (fixture,
                  pending = lk_run_store_take_pending (fixture->db, epoch, fixture->now, &error));
  g_assert_cmpuint (pending->len, ==, 1);
  g_assert_null (begin (fixture, id, epoch));
  finish (fixture, g_ptr_array_index (pending, 0), epoch, LK_RUN_FINISHED);
  late = begin (fixture, id, epoch);
  g_assert_cmpint (late->due_at, ==, NEXT_MORNING + 2 * LK_DAY);
  g_assert_cmpint (late->missed, ==, 1);
}

static void
test_interrupted (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 other_id = fixture_add_task (fixture, "Other");
  gint64 old_epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, old_epoch);
  g_autoptr (LkRun) ended = NULL;
  g_autoptr (GPtrArray) pending = NULL;
  g_autoptr (GError) error = NULL;
  gint64 epoch;

  fixture_add_deliveries (fixture, run, old_epoch, 1, 10);
  IN_TRANSACTION (fixture, lk_run_store_request (fixture->db, id, fixture->now, &error));
  IN_TRANSACTION (fixture, lk_run_store_request (fixture->db, other_id, fixture->now, &error));
  epoch = fixture_take_lease (fixture);

  /* The interrupted one, before the requested one of its task, and the other task's. */
  IN_TRANSACTION (fixture,
                  pending = lk_run_store_take_pending (fixture->db, epoch, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pending->len, ==, 2);
  g_assert_cmpint (((LkRun *) g_ptr_array_index (pending, 0))->id, ==, run->id);
  g_assert_cmpint (((LkRun *) g_ptr_array_index (pending, 0))->started_at, ==, run->started_at);
  g_assert_cmpint (((LkRun *) g_ptr_array_index (pending, 1))->task_id, ==, other_id);

  /* Executed again, it adds only what is missing, and its counts are of both executions. */
  g_assert_cmpint (fixture_add_deliveries (fixture, run, epoch, 1, 12), ==, 2);
  run->matched = 15;
  run->suppressed = 13;
  finish (fixture, run, epoch, LK_RUN_FINISHED);
  ended = lk_run_store_get (fixture->db, run->id, &error);
  g_assert_cmpint (ended->fired, ==, 12);
  g_assert_cmpint (ended->suppressed, ==, 3);
  g_assert_cmpint (ended->matched, ==, 15);
}

/* Whoever slept through its lease changes nothing. */
static void
test_fenced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 old_epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, old_epoch);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  fixture_take_lease (fixture);
  run->state = LK_RUN_FINISHED;
  for (int i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;

      if (i == 0)
        g_assert_null (lk_run_store_begin_scheduled (fixture->db, id, old_epoch,
                                                     fixture->now + LK_DAY, &error));
      else if (i == 1)
        g_assert_null (lk_run_store_take_pending (fixture->db, old_epoch, fixture->now, &error));
      else if (i == 2)
        g_assert_cmpint (
            lk_run_store_add_batch (fixture->db, run, old_epoch, none, none, fixture->now, &error),
            ==, -1);
      else
        g_assert_false (lk_run_store_finish (fixture->db, run, old_epoch, fixture->now, &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
    }
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM run WHERE state = 'running'"), ==,
                   1);
}

static void
test_list (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 ids[] = { fixture_add_task (fixture, "One"), fixture_add_task (fixture, "Two") };
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) newest = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 6; i++)
    {
      g_autoptr (LkRun) run = fixture_start_run (fixture, ids[i % 2], epoch);

      finish (fixture, run, epoch, i == 4 ? LK_RUN_FAILED : LK_RUN_FINISHED);
    }

  all = lk_run_store_list (fixture->db, 0, 100, &error);
  g_assert_cmpuint (all->len, ==, 6);
  newest = lk_run_store_list (fixture->db, ids[0], 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (newest->len, ==, 2);
  g_assert_cmpint (((LkRun *) g_ptr_array_index (newest, 0))->state, ==, LK_RUN_FAILED);
  g_assert_cmpstr (((LkRun *) g_ptr_array_index (newest, 0))->error, ==, "it broke");
  g_assert_cmpstr (((LkRun *) g_ptr_array_index (newest, 0))->task_name, ==, "One");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/run-store/missed", test_missed);
  g_test_add_func ("/run-store/clock-set-back", test_clock_set_back);
  g_test_add_func ("/run-store/one-at-once", test_one_at_once);
  g_test_add_func ("/run-store/interrupted", test_interrupted);
  g_test_add_func ("/run-store/fenced", test_fenced);
  g_test_add_func ("/run-store/list", test_list);

  return g_test_run ();
}
