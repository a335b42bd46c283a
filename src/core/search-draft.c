/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-draft"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/clause.h"
#include "core/license-field.h"
#include "core/search-draft.h"
#include "core/text-check.h"

struct _LkSearchDraft
{
  LkSearch *original;
  LkSearch *current;
  char **taken_names;
};

/* Where a search keeps the text of each field; NULL for the favourite flag. */
static char **
get_place (LkSearch *search, LkSearchField field)
{
  switch (field)
    {
    case LK_SEARCH_FIELD_NAME:
      return &search->name;
    case LK_SEARCH_FIELD_TOOLTIP:
      return &search->tooltip;
    case LK_SEARCH_FIELD_GROUP:
      return &search->group;
    case LK_SEARCH_FIELD_SQL:
      return &search->sql;
    case LK_SEARCH_FIELD_DISTINCT_FIELD:
      return &search->distinct_field;
    case LK_SEARCH_FIELD_UNIQUE_ID_FIELD:
      return &search->unique_id_field;
    case LK_SEARCH_FIELD_FAVOURITE:
    default:
      return NULL;
    }
}

static void
check_encoding (const LkSearchDraft *self, GPtrArray *problems)
{
  for (int field = LK_SEARCH_FIELD_NAME; field <= LK_SEARCH_FIELD_UNIQUE_ID_FIELD; field++)
    {
      char **place = get_place (self->current, (LkSearchField) field);
      GError *error = NULL;

      if (place != NULL && !lk_text_check (*place, &error))
        lk_draft_problems_take_error (problems, field, error);
    }
}

static void
check_sql (const LkSearchDraft *self, const LkMacroContext *context, GPtrArray *problems)
{
  g_autoptr (LkClause) clause = NULL;
  GPtrArray *found;

  if (lk_text_is_blank (self->current->sql))
    {
      lk_draft_problems_add (problems, LK_SEARCH_FIELD_SQL, LK_DRAFT_ERROR,
                             _ ("the condition is blank: type one, such as "
                                "SubscriptionExpiryDate < [today_start+30]"));
      return;
    }

  clause = lk_clause_new (self->current->sql, -1, context);
  found = lk_clause_get_problems (clause);
  for (guint i = 0; i < found->len; i++)
    {
      const LkProblem *problem = g_ptr_array_index (found, i);

      lk_draft_problems_add (problems, LK_SEARCH_FIELD_SQL,
                             problem->severity == LK_SEVERITY_ERROR ? LK_DRAFT_ERROR
                                                                    : LK_DRAFT_WARNING,
                             problem->message);
    }
}

static void
check_column (const LkSearchDraft *self, LkSearchField field, GPtrArray *problems)
{
  const char *name = *get_place (self->current, field);
  const LkLicenseField *column = lk_license_field_find (name);
  g_autofree char *message = NULL;

  if (lk_text_is_blank (name) || (column != NULL && column->column != NULL))
    return;

  message = g_strdup_printf (_ ("“%s” is no column of the licenses: choose one, or none"), name);
  lk_draft_problems_add (problems, (int) field, LK_DRAFT_ERROR, message);
}

static void
check_unique_id (const LkSearchDraft *self, GPtrArray *problems)
{
  if (!lk_text_is_blank (self->current->unique_id_field)
      && lk_text_is_blank (self->current->distinct_field))
    lk_draft_problems_add (problems, LK_SEARCH_FIELD_UNIQUE_ID_FIELD, LK_DRAFT_WARNING,
                           _ ("a Unique ID Field does nothing without a Distinct Field: choose "
                              "that, too"));
}

/**
 * lk_search_draft_new:
 * @original: the search as it is stored, or lk_search_new() for a new one
 * @taken_names: (array zero-terminated=1) (nullable): the names of the *other* searches
 *
 * Returns: (transfer full): a draft that says what @original says
 */
LkSearchDraft *
lk_search_draft_new (const LkSearch *original, const char *const *taken_names)
{
  LkSearchDraft *self;

  g_return_val_if_fail (original != NULL, NULL);

  self = g_new0 (LkSearchDraft, 1);
  self->original = lk_search_copy (original);
  self->current = lk_search_copy (original);
  self->taken_names = g_strdupv ((char **) taken_names);

  return self;
}

/**
 * lk_search_draft_free:
 * @self: (nullable) (transfer full): a draft
 */
void
lk_search_draft_free (LkSearchDraft *self)
{
  if (self == NULL)
    return;

  lk_search_free (self->original);
  lk_search_free (self->current);
  g_strfreev (self->taken_names);
  g_free (self);
}

/**
 * lk_search_draft_set_text:
 * @self: a draft
 * @field: a field other than the favourite flag
 * @text: (nullable): what was typed; %NULL stands for ""
 */
void
lk_search_draft_set_text (LkSearchDraft *self, LkSearchField field, const char *text)
{
  char **place;
  char *copy;

  g_return_if_fail (self != NULL);
  place = get_place (self->current, field);
  g_return_if_fail (place != NULL);

  copy = g_strdup (text != NULL ? text : ""); /* before the old one goes: it may be the same */
  g_free (*place);
  *place = copy;
}

/**
 * lk_search_draft_set_favourite:
 * @self: a draft
 * @favourite: whether the search stands first
 */
void
lk_search_draft_set_favourite (LkSearchDraft *self, gboolean favourite)
{
  g_return_if_fail (self != NULL);

  self->current->favourite = !!favourite;
}

/**
 * lk_search_draft_get_text:
 * @self: a draft
 * @field: a field other than the favourite flag
 *
 * Returns: the text as typed
 */
const char *
lk_search_draft_get_text (const LkSearchDraft *self, LkSearchField field)
{
  char **place;

  g_return_val_if_fail (self != NULL, NULL);
  place = get_place (self->current, field);
  g_return_val_if_fail (place != NULL, NULL);

  return *place;
}

/**
 * lk_search_draft_get_favourite:
 * @self: a draft
 *
 * Returns: whether the search stands first
 */
gboolean
lk_search_draft_get_favourite (const LkSearchDraft *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->current->favourite;
}

/**
 * lk_search_draft_get_original:
 * @self: a draft
 *
 * Returns: (transfer none): the search that it started from
 */
const LkSearch *
lk_search_draft_get_original (const LkSearchDraft *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->original;
}

/**
 * lk_search_draft_get_problems:
 * @self: a draft
 * @context: what macros stand for
 *
 * Returns: (transfer full) (element-type LkDraftProblem): what there is to say about the draft
 */
GPtrArray *
lk_search_draft_get_problems (const LkSearchDraft *self, const LkMacroContext *context)
{
  g_autoptr (GPtrArray) problems = lk_draft_problems_new ();
  GError *error = NULL;

  g_return_val_if_fail (self != NULL && context != NULL, NULL);

  check_encoding (self, problems);
  if (problems->len > 0)
    return g_steal_pointer (&problems);

  if (!lk_text_check_free_name (self->current->name, (const char *const *) self->taken_names,
                                &error))
    lk_draft_problems_take_error (problems, LK_SEARCH_FIELD_NAME, error);
  check_sql (self, context, problems);
  check_column (self, LK_SEARCH_FIELD_DISTINCT_FIELD, problems);
  check_column (self, LK_SEARCH_FIELD_UNIQUE_ID_FIELD, problems);
  check_unique_id (self, problems);

  return g_steal_pointer (&problems);
}

/**
 * lk_search_draft_is_dirty:
 * @self: a draft
 *
 * Returns: whether closing the dialog would lose something
 */
gboolean
lk_search_draft_is_dirty (const LkSearchDraft *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !lk_search_equal (self->original, self->current);
}

/**
 * lk_search_draft_to_search:
 * @self: a draft
 * @context: what macros stand for
 * @error: %LK_ERROR_INVALID with the first problem that keeps it from being saved
 *
 * Returns: (transfer full): the search to save, with the original's id and version
 */
LkSearch *
lk_search_draft_to_search (const LkSearchDraft *self, const LkMacroContext *context, GError **error)
{
  g_autoptr (GPtrArray) problems = lk_search_draft_get_problems (self, context);
  LkSearch *search;

  if (!lk_draft_problems_check (problems, error))
    return NULL;

  search = lk_search_copy (self->current);
  g_strstrip (search->name);
  g_strstrip (search->group);
  g_strstrip (search->distinct_field);
  g_strstrip (search->unique_id_field);

  return search;
}
