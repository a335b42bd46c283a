/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/clause-private.h"
#include "core/clause-task.h"
#include "core/sql-time.h"

/* A month is taken for its shortest length, so that no warning is given too easily. */
static gint64
get_interval (const LkRecurrence *recurrence)
{
  switch (recurrence->unit)
    {
    case LK_UNIT_MINUTE:
      return recurrence->every * LK_MS_PER_MINUTE;
    case LK_UNIT_HOUR:
      return recurrence->every * LK_MS_PER_HOUR;
    case LK_UNIT_WEEK:
      return recurrence->every * 7 * LK_MS_PER_DAY;
    case LK_UNIT_MONTH:
      return recurrence->every * 28 * LK_MS_PER_DAY;
    case LK_UNIT_DAY:
    default:
      return recurrence->every * LK_MS_PER_DAY;
    }
}

static LkProblem *
new_warning (const LkClauseWindow *window, char *message)
{
  LkProblem *problem = g_new0 (LkProblem, 1);

  problem->severity = LK_SEVERITY_WARNING;
  problem->start = window->start;
  problem->end = window->end;
  problem->line = window->line;
  problem->column = window->column;
  problem->message = message;

  return problem;
}

/* The window moves on by one interval from run to run. One that is not wider has no overlap, so
 * what a skipped or late run did not see, none sees; one that is wider sees a license many times.
 */
static LkProblem *
check_window (const LkClauseWindow *window, gint64 interval, LkPolicyKind policy)
{
  gint64 width = window->upper - window->lower;

  if (width <= interval)
    return new_warning (
        window,
        g_strdup (_ ("this window is no wider than the time between two runs, so a run that is "
                     "late or missed leaves out licenses for good; make it wider and send “Once "
                     "per match”")));

  if (policy == LK_POLICY_EVERY_RUN && width >= 2 * interval)
    return new_warning (
        window, g_strdup_printf (_ ("a license stays in this window for about %" PRId64
                                    " runs and is sent at each of them; choose “Once per match”"),
                                 width / interval));

  return NULL;
}

/**
 * lk_clause_get_task_warnings:
 * @clause: the search of a task
 * @recurrence: when the task runs
 * @policy: what of the matches it sends
 *
 * What is right in a search and wrong in a task: a date window that is too narrow for the interval,
 * or so wide that each license is sent again and again. Thread: any.
 *
 * Returns: (transfer full) (element-type LkProblem): the warnings, maybe none; their place is in
 * the text of the search
 */
GPtrArray *
lk_clause_get_task_warnings (const LkClause *clause, const LkRecurrence *recurrence,
                             LkPolicyKind policy)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_problem_free);
  const GArray *windows;

  g_return_val_if_fail (clause != NULL, warnings);
  g_return_val_if_fail (recurrence != NULL, warnings);

  windows = lk_clause_get_windows (clause);
  for (guint i = 0; i < windows->len; i++)
    {
      LkProblem *warning = check_window (&g_array_index (windows, LkClauseWindow, i),
                                         get_interval (recurrence), policy);

      if (warning != NULL)
        g_ptr_array_add (warnings, warning);
    }

  return warnings;
}
