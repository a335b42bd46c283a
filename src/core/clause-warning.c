/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"
#include "core/sql-time.h"

/* The words that these columns hold; anything else is probably a slip. */
static const struct
{
  const char *column;
  const char *words[12];
} word_columns[] = {
  { "LicenseModel",
    { "none", "permanent", "trial", "subscription", "permanent_floating", "trial_floating",
      "subscription_floating", "permanent_cloud", "trial_cloud", "subscription_cloud", NULL } },
  { "OrderStatus",
    { "None", "In Progress", "Completed", "Upgraded", "Released", "Archived", NULL } },
};

static gboolean
read_time (const LkNode *constant, LkSqlTime *time)
{
  return constant->type == LK_TYPE_DATE && constant->value.kind == LK_VALUE_TEXT
         && lk_sql_time_parse (time, constant->value.text, constant->value.length);
}

static gboolean
is_null (const LkNode *node)
{
  return node->is_constant && node->type == LK_TYPE_NULL;
}

/* `= NULL` is never true. */
static void
warn_null (LkClauseParser *self, const LkToken *sign, const LkNode *left, const LkNode *right)
{
  gboolean equality = g_str_equal (sign->text, "=");
  const char *remedy = equality ? "IS NULL" : "IS NOT NULL";
  gboolean mendable = is_null (right) && (equality || sign->text[1] == '>' || sign->text[0] == '!');

  if (!is_null (left) && !is_null (right))
    return;

  lk_clause_add_problem (
      self, LK_SEVERITY_WARNING, sign->start, MAX (sign->end, right->end),
      g_strdup_printf (_ ("a comparison with NULL matches nothing; write %s"), remedy),
      mendable ? g_strdup (remedy) : NULL);
}

/* `< [today_end]`: expiry dates are stamped 23:59:59, exactly the end that is left out. */
static void
warn_strict_end (LkClauseParser *self, const LkToken *sign, const LkNode *left, const LkNode *right)
{
  gboolean below = g_str_equal (sign->text, "<") && right->origin == LK_ORIGIN_MACRO_END;
  gboolean above = g_str_equal (sign->text, ">") && left->origin == LK_ORIGIN_MACRO_END;

  if (!below && !above)
    return;

  lk_clause_add_problem (
      self, LK_SEVERITY_WARNING, sign->start, sign->end,
      g_strdup_printf (_ ("dates stamped 23:59:59 are left out; write %s="), sign->text),
      g_strdup (below ? "<=" : ">="));
}

/* `= '2026-11-10'` is one second of that day. */
static void
warn_single_moment (LkClauseParser *self, const LkToken *sign, const LkNode *column,
                    const LkNode *constant)
{
  g_autofree char *name = NULL;
  g_autofree char *day = NULL;
  LkSqlTime time;

  if (!g_str_equal (sign->text, "=") || column->field == NULL || !constant->is_constant
      || !read_time (constant, &time))
    return;

  name = lk_clause_copy_text (self, column->start, column->end);
  day = g_strdup_printf ("%04d-%02d-%02d", time.year, time.month, time.day);
  lk_clause_add_problem (
      self, LK_SEVERITY_WARNING, MIN (column->start, constant->start),
      MAX (column->end, constant->end),
      g_strdup_printf (_ ("only dates stamped exactly %s match; for the whole day write BETWEEN"),
                       constant->value.text),
      g_strdup_printf ("%s BETWEEN '%s' AND '%s 23:59:59'", name, day, day));
}

/* Of a date column against a date literal without a time, which is midnight at its start. */
void
lk_clause_warn_upper_bound (LkClauseParser *self, const LkNode *column, const LkNode *constant)
{
  LkSqlTime time;

  if (column->field == NULL || !constant->date_only || !read_time (constant, &time))
    return;

  lk_clause_add_problem (
      self, LK_SEVERITY_WARNING, constant->start, constant->end,
      g_strdup (_ ("a date alone is its midnight, so this ends as that day begins; add 23:59:59")),
      g_strdup_printf ("'%04d-%02d-%02d 23:59:59'", time.year, time.month, time.day));
}

static void
warn_same_column (LkClauseParser *self, const LkNode *left, const LkNode *right)
{
  if (left->field != NULL && left->field == right->field
      && left->scope_number == right->scope_number)
    lk_clause_warn (self, left->start, right->end,
                    _ ("a column is compared with itself; name the tables, as in q.%s = "
                       "qryLicenseInfo.%s"),
                    left->field->column, right->field->column);
}

/* Of what was just built by lk_clause_build_comparison(). */
void
lk_clause_warn_comparison (LkClauseParser *self, const LkToken *sign, LkNode *left, LkNode *right,
                           LkNode *comparison)
{
  if (comparison->type == LK_TYPE_ERROR)
    return;

  warn_null (self, sign, left, right);
  warn_strict_end (self, sign, left, right);
  warn_single_moment (self, sign, left, right);
  warn_single_moment (self, sign, right, left);
  if (g_str_equal (sign->text, "<="))
    lk_clause_warn_upper_bound (self, left, right);
  if (g_str_equal (sign->text, ">="))
    lk_clause_warn_upper_bound (self, right, left);
  warn_same_column (self, left, right);
}

static void
warn_unknown_word (LkClauseParser *self, const char *const *words, const LkNode *constant)
{
  const char *nearest;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (words[i], constant->value.text) == 0)
        return;
    }

  nearest = lk_name_suggest (constant->value.text, words);
  if (nearest == NULL)
    lk_clause_warn (self, constant->start, constant->end, _ ("no license has “%s” here"),
                    constant->value.text);
  else
    lk_clause_add_problem (self, LK_SEVERITY_WARNING, constant->start, constant->end,
                           g_strdup_printf (_ ("no license has “%s” here; did you mean “%s”?"),
                                            constant->value.text, nearest),
                           g_strdup_printf ("'%s'", nearest));
}

/* Of each constant that a column is compared with by = or IN. */
void
lk_clause_note_model (LkClauseParser *self, const LkNode *column, LkNode *constant)
{
  if (column->field == NULL || !constant->is_constant || constant->type != LK_TYPE_TEXT)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (word_columns); i++)
    {
      if (g_str_equal (word_columns[i].column, column->field->column))
        warn_unknown_word (self, word_columns[i].words, constant);
    }

  if (g_str_equal (column->field->column, "LicenseModel"))
    g_ptr_array_add (self->models, constant);
}

/* `LicenseModel = 'subscription'` alone misses the floating and the cloud subscriptions. */
void
lk_clause_warn_models (LkClauseParser *self)
{
  const LkNode *subscription = NULL;

  for (guint i = 0; i < self->models->len; i++)
    {
      const LkNode *constant = self->models->pdata[i];
      const char *model = constant->value.text;

      if (g_ascii_strcasecmp (model, "subscription") == 0)
        subscription = constant;
      else if (g_ascii_strncasecmp (model, "subscription_", strlen ("subscription_")) == 0)
        return;
    }

  if (subscription != NULL)
    lk_clause_warn (self, subscription->start, subscription->end,
                    _ ("this leaves out subscription_floating and subscription_cloud; write "
                       "LicenseModel IN ('subscription', 'subscription_floating', "
                       "'subscription_cloud') for all subscriptions"));
}

static void
note_window (LkClauseParser *self, const LkNode *first, const LkNode *last, const LkNode *lower,
             const LkNode *upper)
{
  LkSqlTime from, to;
  LkClauseWindow window;

  if (!read_time (lower, &from) || !read_time (upper, &to))
    return;

  window.lower = lk_sql_time_to_milliseconds (&from);
  window.upper = lk_sql_time_to_milliseconds (&to);
  window.start = MIN (first->start, last->start);
  window.end = MAX (first->end, last->end);
  lk_clause_compute_place (self, window.start, &window.line, &window.column);

  if (window.lower > window.upper)
    lk_clause_warn (self, window.start, window.end,
                    _ ("the dates are in reverse: from %s to %s matches nothing"),
                    lower->value.text, upper->value.text);
  else if (self->negations == 0)
    g_array_append_val (self->windows, window);
}

/* Of conditions that AND joins (or of one BETWEEN): finds the two ends of a date window. Looks at
 * the first end of each kind for a column, so the time does not grow with the square. */
void
lk_clause_warn_windows (LkClauseParser *self, GPtrArray *conditions)
{
  g_autofree const LkNode **lower = g_new0 (const LkNode *, lk_license_n_fields);
  g_autofree const LkNode **upper = g_new0 (const LkNode *, lk_license_n_fields);

  for (guint i = 0; i < conditions->len; i++)
    {
      const LkNode *condition = conditions->pdata[i];
      gsize index;

      if (condition->bounded == NULL
          || (conditions->len > 1 && condition->lower.constant != NULL
              && condition->upper.constant != NULL))
        continue;

      index = lk_license_field_index (condition->bounded);
      if (condition->lower.constant != NULL)
        lower[index] = condition;
      if (condition->upper.constant != NULL)
        upper[index] = condition;
    }

  for (gsize i = 0; i < lk_license_n_fields; i++)
    {
      if (lower[i] != NULL && upper[i] != NULL)
        note_window (self, lower[i], upper[i], lower[i]->lower.constant, upper[i]->upper.constant);
    }
}
