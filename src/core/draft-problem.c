/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-draft-problem"

#include "config.h"

#include "core/draft-problem.h"
#include "core/error.h"

/**
 * lk_draft_problems_new:
 *
 * Returns: (transfer full) (element-type LkDraftProblem): an empty list that owns its problems
 */
GPtrArray *
lk_draft_problems_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lk_draft_problem_free);
}

/**
 * lk_draft_problems_add:
 * @problems: a list
 * @field: which field it is about
 * @severity: how bad it is
 * @message: what it is, translated
 */
void
lk_draft_problems_add (GPtrArray *problems, int field, LkDraftSeverity severity,
                       const char *message)
{
  LkDraftProblem *problem = g_new0 (LkDraftProblem, 1);

  problem->field = field;
  problem->severity = severity;
  problem->message = g_strdup (message);
  g_ptr_array_add (problems, problem);
}

/**
 * lk_draft_problems_take_error:
 * @problems: a list
 * @field: which field it is about
 * @error: (transfer full): what a check said
 *
 * Adds an error of a check as a problem that keeps the draft from being saved.
 */
void
lk_draft_problems_take_error (GPtrArray *problems, int field, GError *error)
{
  g_return_if_fail (error != NULL);

  lk_draft_problems_add (problems, field, LK_DRAFT_ERROR, error->message);
  g_error_free (error);
}

/**
 * lk_draft_problems_find:
 * @problems: a list
 * @field: a field
 *
 * Returns: (nullable) (transfer none): the worst problem of @field, the first of several equally
 *   bad ones; %NULL when there is none
 */
const LkDraftProblem *
lk_draft_problems_find (GPtrArray *problems, int field)
{
  const LkDraftProblem *worst = NULL;

  g_return_val_if_fail (problems != NULL, NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const LkDraftProblem *problem = g_ptr_array_index (problems, i);

      if (problem->field == field && (worst == NULL || problem->severity < worst->severity))
        worst = problem;
    }

  return worst;
}

/**
 * lk_draft_problems_have:
 * @problems: a list
 * @severity: a severity
 *
 * Returns: whether there is a problem of exactly that severity
 */
gboolean
lk_draft_problems_have (GPtrArray *problems, LkDraftSeverity severity)
{
  g_return_val_if_fail (problems != NULL, FALSE);

  for (guint i = 0; i < problems->len; i++)
    if (((const LkDraftProblem *) g_ptr_array_index (problems, i))->severity == severity)
      return TRUE;

  return FALSE;
}

/**
 * lk_draft_problems_check:
 * @problems: a list
 * @error: %LK_ERROR_INVALID with the message of the first problem that keeps the draft from being
 *   saved
 *
 * Returns: whether no problem keeps the draft from being saved
 */
gboolean
lk_draft_problems_check (GPtrArray *problems, GError **error)
{
  g_return_val_if_fail (problems != NULL, FALSE);

  for (guint i = 0; i < problems->len; i++)
    {
      const LkDraftProblem *problem = g_ptr_array_index (problems, i);

      if (problem->severity == LK_DRAFT_ERROR)
        {
          g_set_error_literal (error, LK_ERROR, LK_ERROR_INVALID, problem->message);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * lk_draft_problem_free:
 * @self: (nullable) (transfer full): a problem
 */
void
lk_draft_problem_free (LkDraftProblem *self)
{
  if (self == NULL)
    return;

  g_free (self->message);
  g_free (self);
}
