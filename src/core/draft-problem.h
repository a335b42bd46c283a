/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkDraftSeverity:
 * @LK_DRAFT_ERROR: the draft cannot be saved
 * @LK_DRAFT_CONFIRM: it can be saved once a person has confirmed that this is meant
 * @LK_DRAFT_WARNING: it can be saved, but probably does not do what its writer wants
 */
typedef enum
{
  LK_DRAFT_ERROR,
  LK_DRAFT_CONFIRM,
  LK_DRAFT_WARNING,
} LkDraftSeverity;

/**
 * LkDraftProblem:
 * @field: which field it is about: a #LkTaskField or a #LkSearchField
 * @severity: whether it keeps the draft from being saved
 * @message: a lower-case fragment that names the thing, the reason and the remedy; translated
 *
 * One thing to say about what a person typed into a dialog or gave on the command line.
 */
typedef struct
{
  int field;
  LkDraftSeverity severity;
  char *message;
} LkDraftProblem;

GPtrArray *lk_draft_problems_new (void);
void lk_draft_problems_add (GPtrArray *problems, int field, LkDraftSeverity severity,
                            const char *message);
void lk_draft_problems_take_error (GPtrArray *problems, int field, GError *error);
const LkDraftProblem *lk_draft_problems_find (GPtrArray *problems, int field);
gboolean lk_draft_problems_have (GPtrArray *problems, LkDraftSeverity severity);
gboolean lk_draft_problems_check (GPtrArray *problems, GError **error);
void lk_draft_problem_free (LkDraftProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDraftProblem, lk_draft_problem_free)

G_END_DECLS
