/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-condition"

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "ui/condition.h"

/* Longest span of "in the next days", in days: ten years. */
#define MAX_DAYS 3660

static const LkOperator text_operators[] = {
  LK_OPERATOR_CONTAINS,    LK_OPERATOR_CONTAINS_NOT, LK_OPERATOR_IS,    LK_OPERATOR_IS_NOT,
  LK_OPERATOR_STARTS_WITH, LK_OPERATOR_ENDS_WITH,    LK_OPERATOR_EMPTY, LK_OPERATOR_NOT_EMPTY,
};
static const LkOperator integer_operators[] = {
  LK_OPERATOR_IS,      LK_OPERATOR_IS_NOT,   LK_OPERATOR_LESS,  LK_OPERATOR_AT_MOST,
  LK_OPERATOR_GREATER, LK_OPERATOR_AT_LEAST, LK_OPERATOR_EMPTY, LK_OPERATOR_NOT_EMPTY,
};
static const LkOperator flag_operators[] = { LK_OPERATOR_YES, LK_OPERATOR_NO };
static const LkOperator date_operators[] = {
  LK_OPERATOR_ON,        LK_OPERATOR_BEFORE, LK_OPERATOR_AFTER,     LK_OPERATOR_NEXT_DAYS,
  LK_OPERATOR_LAST_DAYS, LK_OPERATOR_EMPTY,  LK_OPERATOR_NOT_EMPTY,
};

static const char *const operator_titles[] = {
  [LK_OPERATOR_CONTAINS] = N_ ("contains"),
  [LK_OPERATOR_CONTAINS_NOT] = N_ ("does not contain"),
  [LK_OPERATOR_IS] = N_ ("is"),
  [LK_OPERATOR_IS_NOT] = N_ ("is not"),
  [LK_OPERATOR_STARTS_WITH] = N_ ("starts with"),
  [LK_OPERATOR_ENDS_WITH] = N_ ("ends with"),
  [LK_OPERATOR_LESS] = N_ ("is less than"),
  [LK_OPERATOR_AT_MOST] = N_ ("is at most"),
  [LK_OPERATOR_GREATER] = N_ ("is greater than"),
  [LK_OPERATOR_AT_LEAST] = N_ ("is at least"),
  [LK_OPERATOR_YES] = N_ ("is set"),
  [LK_OPERATOR_NO] = N_ ("is not set"),
  [LK_OPERATOR_ON] = N_ ("is on"),
  [LK_OPERATOR_BEFORE] = N_ ("is before"),
  [LK_OPERATOR_AFTER] = N_ ("is after"),
  /* translators: followed by a number of days */
  [LK_OPERATOR_NEXT_DAYS] = N_ ("in the next days:"),
  /* translators: followed by a number of days */
  [LK_OPERATOR_LAST_DAYS] = N_ ("in the last days:"),
  [LK_OPERATOR_EMPTY] = N_ ("is empty"),
  [LK_OPERATOR_NOT_EMPTY] = N_ ("is not empty"),
};

/* Where "find as you type" looks. */
static const char *const find_columns[] = {
  "ActivationKey", "FullName", "Company", "Email", "OrderID", "ReceiptID",
};

static char *
quote (const char *before, const char *text, const char *after)
{
  g_autoptr (GString) escaped = g_string_new (text);

  g_string_replace (escaped, "'", "''", 0);

  return g_strconcat ("'", before, escaped->str, after, "'", NULL);
}

/* What LIKE gives a meaning stands for itself in brackets, the way SQL Server writes it. */
static char *
quote_pattern (const char *before, const char *text, const char *after)
{
  g_autoptr (GString) pattern = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (strchr ("%_[", *c) != NULL)
      g_string_append_printf (pattern, "[%c]", *c);
    else
      g_string_append_c (pattern, *c);

  return quote (before, pattern->str, after);
}

static char *
format_text (const LkCondition *self, const char *operand, GError **error)
{
  const char *column = self->field->column;
  g_autofree char *value = NULL;

  switch (self->op)
    {
    case LK_OPERATOR_CONTAINS:
      value = quote_pattern ("%", operand, "%");
      return g_strdup_printf ("%s Like %s", column, value);
    case LK_OPERATOR_CONTAINS_NOT:
      value = quote_pattern ("%", operand, "%");
      return g_strdup_printf ("(%s Not Like %s Or %s Is Null)", column, value, column);
    case LK_OPERATOR_STARTS_WITH:
      value = quote_pattern ("", operand, "%");
      return g_strdup_printf ("%s Like %s", column, value);
    case LK_OPERATOR_ENDS_WITH:
      value = quote_pattern ("%", operand, "");
      return g_strdup_printf ("%s Like %s", column, value);
    case LK_OPERATOR_IS_NOT:
      value = quote ("", operand, "");
      return g_strdup_printf ("(%s <> %s Or %s Is Null)", column, value, column);
    default:
      value = quote ("", operand, "");
      return g_strdup_printf ("%s = %s", column, value);
    }
}

static const char *
get_sign (LkOperator op)
{
  switch (op)
    {
    case LK_OPERATOR_LESS:
      return "<";
    case LK_OPERATOR_AT_MOST:
      return "<=";
    case LK_OPERATOR_GREATER:
      return ">";
    case LK_OPERATOR_AT_LEAST:
      return ">=";
    case LK_OPERATOR_IS_NOT:
      return "<>";
    default:
      return "=";
    }
}

static char *
format_integer (const LkCondition *self, const char *operand, GError **error)
{
  gint64 number;

  if (!g_ascii_string_to_signed (operand, 10, G_MININT32, G_MAXINT32, &number, NULL))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("%s: “%s” is not a whole number"),
                   _ (self->field->title), operand);
      return NULL;
    }

  return g_strdup_printf ("%s %s %" G_GINT64_FORMAT, self->field->column, get_sign (self->op),
                          number);
}

static char *
format_days (const LkCondition *self, const char *operand, GError **error)
{
  const char *column = self->field->column;
  gint64 days;

  if (!g_ascii_string_to_signed (operand, 10, 0, MAX_DAYS, &days, NULL))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("%s: “%s” is not a number of days from 0 to %d"), _ (self->field->title),
                   operand, MAX_DAYS);
      return NULL;
    }

  /* From the end of the day before, because [today_start] is one second after midnight. */
  if (self->op == LK_OPERATOR_NEXT_DAYS)
    return g_strdup_printf ("(%s > [yesterday_end] And %s <= [today_end+%d])", column, column,
                            (int) days);

  return g_strdup_printf ("(%s > [yesterday_end-%d] And %s <= [today_end])", column, (int) days,
                          column);
}

/* Takes YYYY-MM-DD and brings it into that form, with all its zeros. */
static char *
parse_day (const LkCondition *self, const char *operand, GError **error)
{
  int year;
  int month;
  int day;
  char rest;

  if (sscanf (operand, "%4d-%2d-%2d%c", &year, &month, &day, &rest) == 3 && year > 0 && month > 0
      && day > 0 && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return g_strdup_printf ("%04d-%02d-%02d", year, month, day);

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("%s: “%s” is not a date; write it as year-month-day, such as 2026-01-31"),
               _ (self->field->title), operand);

  return NULL;
}

static char *
format_date (const LkCondition *self, const char *operand, GError **error)
{
  const char *column = self->field->column;
  g_autofree char *day = NULL;

  if (self->op == LK_OPERATOR_NEXT_DAYS || self->op == LK_OPERATOR_LAST_DAYS)
    return format_days (self, operand, error);

  day = parse_day (self, operand, error);
  if (day == NULL)
    return NULL;
  if (self->op == LK_OPERATOR_BEFORE)
    return g_strdup_printf ("%s < '%s 00:00:00'", column, day);
  if (self->op == LK_OPERATOR_AFTER)
    return g_strdup_printf ("%s > '%s 23:59:59'", column, day);

  return g_strdup_printf ("(%s >= '%s 00:00:00' And %s <= '%s 23:59:59')", column, day, column,
                          day);
}

static char *
format_without_operand (const LkCondition *self)
{
  const char *column = self->field->column;
  gboolean is_text = self->field->kind == LK_FIELD_TEXT;

  switch (self->op)
    {
    case LK_OPERATOR_YES:
      return g_strdup_printf ("%s = 1", column);
    case LK_OPERATOR_NO:
      return g_strdup_printf ("(%s = 0 Or %s Is Null)", column, column);
    case LK_OPERATOR_NOT_EMPTY:
      return is_text ? g_strdup_printf ("%s <> ''", column)
                     : g_strdup_printf ("%s Is Not Null", column);
    default:
      return is_text ? g_strdup_printf ("(%s Is Null Or %s = '')", column, column)
                     : g_strdup_printf ("%s Is Null", column);
    }
}

/**
 * lk_condition_new:
 * @field: the value of the license to look at; one with a column
 * @op: how to compare it
 * @operand: (nullable): with what
 * @is_alternative: whether "or" joins it to what stands before it
 *
 * Returns: (transfer full): a condition
 */
LkCondition *
lk_condition_new (const LkLicenseField *field, LkOperator op, const char *operand,
                  gboolean is_alternative)
{
  LkCondition *self = g_new0 (LkCondition, 1);

  self->field = field;
  self->op = op;
  self->operand = g_strdup (operand != NULL ? operand : "");
  self->is_alternative = is_alternative;

  return self;
}

/**
 * lk_condition_free:
 * @self: (transfer full): a condition
 */
void
lk_condition_free (LkCondition *self)
{
  g_free (self->operand);
  g_free (self);
}

/**
 * lk_condition_format:
 * @self: a condition
 * @error: %LK_ERROR_INVALID when the operand is no number or no date
 *
 * Returns: (transfer full): the text of a search; %NULL on error
 */
char *
lk_condition_format (const LkCondition *self, GError **error)
{
  g_autofree char *operand = NULL;

  g_return_val_if_fail (self != NULL && self->field->column != NULL, NULL);

  if (!lk_operator_needs_operand (self->op))
    return format_without_operand (self);

  operand = g_strstrip (g_strdup (self->operand));
  switch (self->field->kind)
    {
    case LK_FIELD_INTEGER:
      return format_integer (self, operand, error);
    case LK_FIELD_DATE:
      return format_date (self, operand, error);
    default:
      return format_text (self, operand, error);
    }
}

/**
 * lk_conditions_format:
 * @conditions: (element-type LkCondition): conditions in their order
 * @error: %LK_ERROR_INVALID when an operand is no number or no date
 *
 * Joins conditions. As in SQL, "and" binds closer than "or".
 *
 * Returns: (transfer full): the text of a search, "" for no condition; %NULL on error
 */
char *
lk_conditions_format (GPtrArray *conditions, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < conditions->len; i++)
    {
      const LkCondition *condition = g_ptr_array_index (conditions, i);
      g_autofree char *part = lk_condition_format (condition, error);

      if (part == NULL)
        return NULL;
      if (i > 0)
        g_string_append (text, condition->is_alternative ? " Or " : " And ");
      g_string_append (text, part);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lk_condition_format_find:
 * @words: what was typed into the find entry
 *
 * Makes a search for licenses in which each word occurs in the key, the customer, the company, the
 * email, the order or the receipt.
 *
 * Returns: (transfer full): the text of a search; "" when @words is blank
 */
char *
lk_condition_format_find (const char *words)
{
  g_auto (GStrv) parts = g_strsplit_set (words, " \t\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *pattern = quote_pattern ("%", parts[i], "%");

      if (parts[i][0] == '\0')
        continue;
      g_string_append (text, text->len > 0 ? " And (" : "(");
      for (gsize k = 0; k < G_N_ELEMENTS (find_columns); k++)
        g_string_append_printf (text, "%s%s Like %s", k > 0 ? " Or " : "", find_columns[k],
                                pattern);
      g_string_append_c (text, ')');
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lk_condition_join:
 * @conditions: (array zero-terminated=1): texts of searches, each of which is one valid condition
 *   by itself or ""
 *
 * Makes the search for what matches all of them. The line breaks keep a comment at the end of one
 * from reaching into the next.
 *
 * Returns: (transfer full): the text of a search; "" when all are blank
 */
char *
lk_condition_join (const char *const *conditions)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; conditions[i] != NULL; i++)
    if (conditions[i][0] != '\0')
      g_string_append_printf (text, "%s(%s\n)", text->len > 0 ? " And " : "", conditions[i]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lk_operators_for_kind:
 * @kind: a kind of value
 * @n_operators: (out): how many there are
 *
 * Returns: (array length=n_operators) (transfer none): what makes sense for it, the usual one first
 */
const LkOperator *
lk_operators_for_kind (LkFieldKind kind, gsize *n_operators)
{
  switch (kind)
    {
    case LK_FIELD_INTEGER:
      *n_operators = G_N_ELEMENTS (integer_operators);
      return integer_operators;
    case LK_FIELD_FLAG:
      *n_operators = G_N_ELEMENTS (flag_operators);
      return flag_operators;
    case LK_FIELD_DATE:
      *n_operators = G_N_ELEMENTS (date_operators);
      return date_operators;
    case LK_FIELD_TEXT:
    default:
      *n_operators = G_N_ELEMENTS (text_operators);
      return text_operators;
    }
}

/**
 * lk_operator_get_title:
 * @op: an operator
 *
 * Returns: (transfer none): what it is called, translated
 */
const char *
lk_operator_get_title (LkOperator op)
{
  return _ (operator_titles[op]);
}

/**
 * lk_operator_needs_operand:
 * @op: an operator
 *
 * Returns: whether it compares with something that a person types
 */
gboolean
lk_operator_needs_operand (LkOperator op)
{
  return op != LK_OPERATOR_YES && op != LK_OPERATOR_NO && op != LK_OPERATOR_EMPTY
         && op != LK_OPERATOR_NOT_EMPTY;
}
