/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-advice"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "core/clause.h"
#include "ui/form.h"
#include "ui/task-advice.h"

static GDateTime *
to_zone (LkInstant instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);

  return g_date_time_to_timezone (utc, zone);
}

/* The search as the task's next run would see it. */
static LkClause *
new_clause (LkTaskItem *item, const LkSearch *search, LkInstant now)
{
  const LkTask *task = lk_task_item_get_original (item);
  LkInstant since = task->last_ran_at != 0 ? task->last_ran_at : task->created_at;
  LkRecurrence recurrence;
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) due = NULL;
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (LkMacroContext) macros = NULL;

  if (!lk_task_item_get_recurrence (item, &recurrence))
    return NULL;

  zone = lk_recurrence_get_zone (&recurrence);
  due = to_zone (lk_recurrence_next_after (&recurrence, now), zone);
  date = to_zone (since != 0 ? since : now, zone);
  macros = lk_macro_context_new (due, date);
  return lk_clause_new (search->sql, -1, macros);
}

static char *
describe_problem (const LkProblem *problem)
{
  g_autofree char *sentence = lk_form_make_sentence (problem->message);

  if (problem->severity == LK_SEVERITY_ERROR)
    /* translators: about a saved search that a task uses */
    return g_strdup_printf (_ ("The search does not run: %s"), sentence);

  return g_strdup_printf (_ ("About the search: %s"), sentence);
}

static char *
find_problem (const LkClause *clause)
{
  GPtrArray *problems = lk_clause_get_problems (clause);

  return problems->len > 0 ? describe_problem (g_ptr_array_index (problems, 0)) : NULL;
}

/* How many days the macros of a condition reach from the day they start at: `[today_start+30]`. */
static gint64
measure_window_days (const char *sql)
{
  g_autoptr (GRegex) pattern =
      g_regex_new ("\\[\\s*\\w+\\s*[+-]\\s*(\\d{1,4})\\s*([dM]?)\\s*\\]", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  gint64 longest = 0;

  g_regex_match (pattern, sql, 0, &match);
  while (g_match_info_matches (match))
    {
      g_autofree char *number = g_match_info_fetch (match, 1);
      g_autofree char *unit = g_match_info_fetch (match, 2);
      gint64 days = g_ascii_strtoll (number, NULL, 10) * (unit[0] == 'M' ? 30 : 1);

      longest = MAX (longest, days);
      g_match_info_next (match, NULL);
    }

  return longest;
}

static double
interval_days (const LkRecurrence *recurrence)
{
  static const double days[] = { 1.0 / 1440, 1.0 / 24, 1, 7, 30 };

  return recurrence->every * days[recurrence->unit];
}

/* The classic surprise of "Every run": a month's window, looked at daily, sends everybody thirty
 * times. */
static char *
find_repetition (LkTaskItem *item, const LkSearch *search)
{
  LkRecurrence recurrence;
  gint64 window = measure_window_days (search->sql);
  gint64 times;

  if (g_strcmp0 (lk_task_item_get_text (item, LK_TASK_FIELD_SEND), "every-run") != 0
      || !lk_task_item_get_recurrence (item, &recurrence))
    return NULL;

  times = (gint64) ((double) window / interval_days (&recurrence));
  if (times < 2)
    return NULL;

  return g_strdup_printf (_ ("A license stays in this search for up to %" PRId64
                             " days, and “Every run” sends it at each of about %" PRId64
                             " runs. “Once per match” sends it once."),
                          window, times);
}

/**
 * lk_task_advice_new:
 * @item: a task as edited
 * @search: the search it runs
 * @now: the present
 *
 * Returns: (transfer full) (nullable): what probably does not do what its writer wants
 */
char *
lk_task_advice_new (LkTaskItem *item, const LkSearch *search, LkInstant now)
{
  g_autoptr (LkClause) clause = new_clause (item, search, now);
  g_autofree char *problem = clause != NULL ? find_problem (clause) : NULL;

  return problem != NULL ? g_steal_pointer (&problem) : find_repetition (item, search);
}

static char *
format_distance (LkInstant distance)
{
  gint64 minutes = MAX (distance / LK_MINUTE, 1);

  if (minutes < 120)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "in %d minute", "in %d minutes", (gulong) minutes),
        (int) minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf (_ ("in %d hours"), (int) (minutes / 60));

  return g_strdup_printf (_ ("in %d days"), (int) (minutes / (24 * 60)));
}

/**
 * lk_task_advice_format_next_run:
 * @item: a task as edited
 * @now: the present
 *
 * Returns: (transfer full): when it is due next, in its own zone, or why it is not
 */
char *
lk_task_advice_format_next_run (LkTaskItem *item, LkInstant now)
{
  LkRecurrence recurrence;
  g_autoptr (GTimeZone) zone = NULL;
  g_autofree char *when = NULL;
  g_autofree char *distance = NULL;
  LkInstant next;

  if (!lk_task_item_get_flag (item, LK_TASK_FIELD_ENABLED))
    return g_strdup (_ ("Not enabled"));
  if (!lk_task_item_get_recurrence (item, &recurrence))
    return g_strdup (_ ("Not known yet"));

  next = lk_recurrence_next_after (&recurrence, now);
  zone = lk_recurrence_get_zone (&recurrence);
  when = lk_form_format_instant (next, zone);
  distance = format_distance (next - now);
  /* translators: date and time, and how far away that is: "in 3 hours" */
  return g_strdup_printf (_ ("%s, %s"), when, distance);
}
