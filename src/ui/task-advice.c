/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-advice"

#include "config.h"

#include <glib/gi18n.h>

#include "core/clause-task.h"
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

/* What is wrong with a search in any place comes before what is wrong with it in this task. */
static char *
find_problem (LkTaskItem *item, const LkClause *clause)
{
  GPtrArray *problems = lk_clause_get_problems (clause);
  g_autoptr (GPtrArray) warnings = NULL;
  LkRecurrence recurrence;
  LkPolicyKind policy;
  const char *rest;

  if (problems->len > 0)
    return describe_problem (g_ptr_array_index (problems, 0));
  if (!lk_task_item_get_recurrence (item, &recurrence)
      || !lk_policy_kind_find (lk_task_item_get_text (item, LK_TASK_FIELD_SEND), &policy, &rest))
    return NULL;

  warnings = lk_clause_get_task_warnings (clause, &recurrence, policy);

  return warnings->len > 0 ? describe_problem (g_ptr_array_index (warnings, 0)) : NULL;
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

  return clause != NULL ? find_problem (item, clause) : NULL;
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
