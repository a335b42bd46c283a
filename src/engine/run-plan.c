/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-run-plan"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/text-compare.h"
#include "engine/run-plan.h"

struct _LkRunPlan
{
  LkTask *task;
  LkSearch *search;
  LkFiringPolicy *policy;
  const LkLicenseField *distinct_field; /* NULL: each license is a group */
  LkInstant due_at;
  GDateTime *now; /* the due instant in the task's zone */
};

static GDateTime *
to_zone (LkInstant instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);

  return g_date_time_to_timezone (utc, zone);
}

/* What `[date]` means: a task that is not saved yet has neither. */
static LkInstant
get_last (const LkRunPlan *self)
{
  if (self->task->last_ran_at != 0)
    return self->task->last_ran_at;

  return self->task->created_at != 0 ? self->task->created_at : self->due_at;
}

static gboolean
find_field (const char *name, const LkLicenseField **field, GError **error)
{
  if (name == NULL || *name == '\0')
    return TRUE;

  *field = lk_license_field_find (name);
  if (*field != NULL && (*field)->column != NULL)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("there is no column “%s”: correct the Distinct Field or Unique ID Field of the "
                  "search"),
               name);
  return FALSE;
}

/**
 * lk_run_plan_new:
 * @task: a task
 * @search: its search
 * @due_at: the instant that the run stands for
 * @error: %LK_ERROR_INVALID for a firing policy or a field that does not exist
 *
 * Returns: (transfer full) (nullable): the plan
 */
LkRunPlan *
lk_run_plan_new (const LkTask *task, const LkSearch *search, LkInstant due_at, GError **error)
{
  g_autoptr (LkRunPlan) self = g_new0 (LkRunPlan, 1);
  g_autoptr (GTimeZone) zone = lk_recurrence_get_zone (&task->recurrence);

  self->task = lk_task_copy (task);
  self->search = lk_search_copy (search);
  self->due_at = due_at;
  self->now = to_zone (due_at, zone);
  self->policy = lk_firing_policy_parse (task->send, error);
  if (self->policy == NULL || !find_field (search->distinct_field, &self->distinct_field, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lk_run_plan_free:
 * @self: (transfer full): a plan
 */
void
lk_run_plan_free (LkRunPlan *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->search, lk_search_free);
  g_clear_pointer (&self->policy, lk_firing_policy_free);
  g_clear_pointer (&self->now, g_date_time_unref);
  g_free (self);
}

/**
 * lk_run_plan_make_query:
 * @self: a plan
 * @error: %LK_ERROR_CLAUSE when the search is not one valid condition
 *
 * Expands the search's macros at the run's due instant in the task's zone, with `[date]` as the
 * task's last run, so that the same run always asks for the same.
 *
 * Returns: (transfer full) (nullable): what to scan
 */
LkLicenseQuery *
lk_run_plan_make_query (const LkRunPlan *self, GError **error)
{
  g_autoptr (GTimeZone) zone = lk_recurrence_get_zone (&self->task->recurrence);
  g_autoptr (GDateTime) date = to_zone (get_last (self), zone);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (self->now, date);
  g_autoptr (LkClause) clause = lk_clause_new (self->search->sql, -1, context);
  g_autoptr (LkLicenseQuery) query = NULL;

  if (!lk_clause_check (clause, error))
    {
      /* translators: the name of a search, before what is wrong with it */
      g_prefix_error (error, _ ("“%s”: "), self->search->name);
      return NULL;
    }

  query = lk_license_query_new (clause);
  query->distinct_field = self->distinct_field;
  if (!find_field (self->search->unique_id_field, &query->unique_id_field, error))
    return NULL;

  return g_steal_pointer (&query);
}

/**
 * lk_run_plan_needs_ledger:
 * @self: a plan
 *
 * Returns: whether its decisions depend on what was fired before
 */
gboolean
lk_run_plan_needs_ledger (const LkRunPlan *self)
{
  return lk_firing_policy_get_kind (self->policy) != LK_POLICY_EVERY_RUN;
}

/* Returns: (transfer full) (nullable): the value of the Distinct Field; %NULL for a license that is
 * a group of its own */
static char *
dup_distinct_value (const LkRunPlan *self, const LkLicense *license)
{
  g_autofree char *folded = NULL;
  const char *value;

  if (self->distinct_field == NULL)
    return NULL;

  value = lk_license_get (license, self->distinct_field);
  folded = lk_text_fold (value != NULL ? value : "", value != NULL ? strlen (value) : 0);
  return *folded != '\0' ? g_steal_pointer (&folded) : NULL;
}

/**
 * lk_run_plan_make_group_key:
 * @self: a plan
 * @license: a match
 *
 * Two values are one group here if they are one to the search's Distinct Field: whichever license
 * stands for the group, the ledger knows it. A license with a blank value is a group of its own.
 *
 * Returns: (transfer full): under what the ledger knows the license
 */
char *
lk_run_plan_make_group_key (const LkRunPlan *self, const LkLicense *license)
{
  char *value = dup_distinct_value (self, license);

  if (value != NULL)
    return value;

  return g_strdup_printf (self->distinct_field != NULL ? "license %" PRId64 : "%" PRId64,
                          lk_license_get_id (license));
}

/**
 * lk_run_plan_check_entry:
 * @self: a plan
 * @entry: (nullable): what the ledger has on the license's group; %NULL for nothing
 * @license: a match
 *
 * The ledger knows a license by its number, which a database gives to a new license after the
 * newest was deleted, and which means another one after the database was replaced. What was sent
 * for that one was not sent for this one.
 *
 * Returns: (transfer none) (nullable): @entry; %NULL where it is of another license
 */
const LkLedgerEntry *
lk_run_plan_check_entry (const LkRunPlan *self, const LkLedgerEntry *entry,
                         const LkLicense *license)
{
  const char *key = lk_license_get_named (license, "ActivationKey");
  g_autofree char *value = NULL;

  if (entry == NULL || entry->license_key == NULL || *entry->license_key == '\0' || key == NULL
      || g_ascii_strcasecmp (entry->license_key, key) == 0)
    return entry;

  value = dup_distinct_value (self, license);
  return value != NULL ? entry : NULL;
}

/**
 * lk_run_plan_decide:
 * @self: a plan
 * @entry: (nullable): what the ledger has on the license's group; %NULL for nothing
 * @license: a match
 * @decision: (out caller-allocates): to be cleared with lk_firing_decision_clear()
 *
 * Decides whether the match fires, and says why.
 */
void
lk_run_plan_decide (const LkRunPlan *self, const LkLedgerEntry *entry, const LkLicense *license,
                    LkFiringDecision *decision)
{
  lk_firing_policy_decide (self->policy, lk_run_plan_check_entry (self, entry, license), license,
                           self->now, decision);
}

/**
 * lk_run_plan_find_customer:
 * @license: a match
 *
 * Returns: what people know the license's owner by; ""
 */
const char *
lk_run_plan_find_customer (const LkLicense *license)
{
  static const char *const columns[] = { "FullName", "Company", "Email" };

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      const char *value = lk_license_get_named (license, columns[i]);

      if (value != NULL && *value != '\0')
        return value;
    }

  return "";
}
