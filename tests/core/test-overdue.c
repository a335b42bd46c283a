/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/overdue.h"

#define DUE (1000 * LK_DAY)

static void
test_grace (void)
{
  static const struct
  {
    int every;
    LkRecurrenceUnit unit;
    LkInstant grace;
  } rows[] = {
    { 1, LK_UNIT_MINUTE, 2 * LK_MINUTE },  { 20, LK_UNIT_MINUTE, 2 * LK_MINUTE },
    { 30, LK_UNIT_MINUTE, 3 * LK_MINUTE }, { 1, LK_UNIT_HOUR, 6 * LK_MINUTE },
    { 3, LK_UNIT_HOUR, 15 * LK_MINUTE },   { 1, LK_UNIT_DAY, 15 * LK_MINUTE },
    { 1, LK_UNIT_WEEK, 15 * LK_MINUTE },   { 1000, LK_UNIT_MONTH, 15 * LK_MINUTE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkTask) task = lk_task_new ();
      LkInstant since = DUE + rows[i].grace;

      task->next_due_at = DUE;
      task->recurrence.every = rows[i].every;
      task->recurrence.unit = rows[i].unit;
      g_assert_cmpint (lk_overdue_since (task), ==, since);
      g_assert_false (lk_overdue_is (task, FALSE, DUE));
      g_assert_false (lk_overdue_is (task, FALSE, since));
      g_assert_true (lk_overdue_is (task, FALSE, since + 1));
    }
}

/* A task that is not to run, or that runs, is not overdue. */
static void
test_never (void)
{
  g_autoptr (LkTask) task = lk_task_new ();

  task->next_due_at = DUE;
  g_assert_true (lk_overdue_is (task, FALSE, DUE + LK_DAY));
  g_assert_false (lk_overdue_is (task, TRUE, DUE + LK_DAY));
  task->enabled = FALSE;
  g_assert_false (lk_overdue_is (task, FALSE, DUE + LK_DAY));
  task->enabled = TRUE;
  task->next_due_at = 0;
  g_assert_cmpint (lk_overdue_since (task), ==, 0);
  g_assert_false (lk_overdue_is (task, FALSE, DUE + LK_DAY));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/overdue/grace", test_grace);
  g_test_add_func ("/overdue/never", test_never);

  return g_test_run ();
}
