/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-dialect.h"
#include "core/clause-private.h"
#include "core/date-literal.h"
#include "core/date-part.h"

static LkNode *
parse_parentheses (LkClauseParser *self)
{
  LkNode *node;

  if (lk_token_is_word (lk_clause_peek_ahead (self, 1), "SELECT"))
    return lk_clause_parse_query (self, LK_QUERY_SCALAR);

  if (!lk_clause_enter (self))
    return NULL;

  lk_clause_take (self);
  node = lk_clause_parse_expression (self);
  lk_clause_leave (self);

  return node != NULL && lk_clause_expect_sign (self, ")") ? node : NULL;
}

static LkNode *
parse_integer (LkClauseParser *self, const LkToken *token)
{
  gint64 integer;

  /* Nothing but ERANGE: GLib waits for other threads in here, which sets errno, too. */
  errno = 0;
  integer = g_ascii_strtoll (token->text, NULL, 10);
  if (errno != ERANGE)
    return lk_node_new_integer (self, token->start, token->end, integer);

  lk_clause_error (self, token->start, token->end,
                   _ ("the number is too large; use at most 18 digits"));
  return lk_clause_error_node (self, token->start, token->end);
}

static LkNode *
parse_real (LkClauseParser *self, const LkToken *token)
{
  double real = g_ascii_strtod (token->text, NULL);

  if (isfinite (real))
    return lk_node_new_real (self, token->start, token->end, real);

  lk_clause_error (self, token->start, token->end, _ ("the number is too large"));
  return lk_clause_error_node (self, token->start, token->end);
}

LkNode *
lk_clause_parse_text (LkClauseParser *self, const LkToken *token)
{
  LkNode *node = lk_node_new_text (self, token->start, token->end, LK_TYPE_TEXT, token->text);

  node->origin = LK_ORIGIN_LITERAL;
  return node;
}

/* Access's #12/31/2026#, which is month first whatever the country. */
static LkNode *
parse_access_date (LkClauseParser *self, const LkToken *token)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  LkDateLiteral literal;
  LkNode *node;

  if (!lk_date_literal_parse (&literal, token->text, &error) || literal.empty)
    {
      lk_clause_error (self, token->start, token->end, "%s",
                       error != NULL ? error->message : _ ("there is no date between # and #"));
      return lk_clause_error_node (self, token->start, token->end);
    }

  text = lk_sql_time_format (&literal.time);
  node = lk_node_new_text (self, token->start, token->end, LK_TYPE_DATE, text);
  node->origin = LK_ORIGIN_LITERAL;
  node->date_only = literal.date_only;
  return node;
}

static LkNode *
parse_truth (LkClauseParser *self, const LkToken *token, gboolean value)
{
  LkNode *node = lk_node_new_integer (self, token->start, token->end, value);

  node->type = LK_TYPE_FLAG;
  node->origin = LK_ORIGIN_TRUE;
  return node;
}

static LkNode *
parse_case_results (LkClauseParser *self, LkNode *base, GPtrArray *comparands, GPtrArray *results)
{
  LkNode *node;

  while (lk_clause_take_word (self, "WHEN"))
    {
      node = base != NULL ? lk_clause_parse_value (self) : lk_clause_parse_condition (self);
      if (node == NULL || !lk_clause_expect_word (self, "THEN"))
        return NULL;
      g_ptr_array_add (comparands, node);

      node = lk_clause_parse_value (self);
      if (node == NULL)
        return NULL;
      g_ptr_array_add (results, node);
    }

  if (comparands->len == 0)
    return lk_clause_fail_unexpected (self, "WHEN");
  if (lk_clause_take_word (self, "ELSE"))
    {
      node = lk_clause_parse_value (self);
      if (node == NULL)
        return NULL;
      g_ptr_array_add (results, node);
    }

  return results->pdata[0];
}

/* CASE Disabled WHEN -1: as in Disabled = -1. */
static LkNode *
unify_flags (LkClauseParser *self, LkNode *base, GPtrArray *comparands)
{
  for (guint i = 0; i < comparands->len && base->type == LK_TYPE_FLAG; i++)
    {
      LkNode *comparand = comparands->pdata[i];

      lk_node_unify (self, &base, &comparand);
      comparands->pdata[i] = comparand;
    }

  return base;
}

static LkNode *
build_case (LkClauseParser *self, gsize start, gsize end, LkNode *base, GPtrArray *comparands,
            GPtrArray *results)
{
  GPtrArray *parts = g_ptr_array_new ();
  LkType type = lk_node_unify_all (self, results);

  if (base != NULL)
    {
      LkType comparand_type;

      base = unify_flags (self, base, comparands);
      g_ptr_array_insert (comparands, 0, base);
      comparand_type = lk_node_unify_all (self, comparands);
      base = g_ptr_array_steal_index (comparands, 0);
      g_ptr_array_add (parts,
                       lk_node_new (self, comparand_type, base->start, base->end,
                                    comparand_type == LK_TYPE_TEXT ? "%1 COLLATE LK_TEXT" : "%1",
                                    base, NULL));
    }

  for (guint i = 0; i < results->len; i++)
    {
      LkNode *result = results->pdata[i];

      if (i < comparands->len)
        g_ptr_array_add (parts, lk_node_new (self, type, start, end, "WHEN %1 THEN %2",
                                             comparands->pdata[i], result, NULL));
      else
        g_ptr_array_add (parts, lk_node_new (self, type, start, end, "ELSE %1", result, NULL));
    }

  return lk_node_new_list (self, type, start, end, "CASE %& END", parts);
}

static LkNode *
parse_case (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);
  g_autoptr (GPtrArray) comparands = g_ptr_array_new ();
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  LkNode *base = NULL;
  gboolean success;

  if (!lk_clause_enter (self))
    return NULL;

  lk_clause_take (self);
  success = lk_token_is_word (lk_clause_peek (self), "WHEN")
            || (base = lk_clause_parse_value (self)) != NULL;
  success = success && parse_case_results (self, base, comparands, results) != NULL;
  lk_clause_leave (self);
  if (!success || !lk_clause_expect_word (self, "END"))
    return NULL;

  return build_case (self, token->start, lk_clause_peek_ahead (self, 0)->start, base, comparands,
                     results);
}

/* The first argument of DATEADD and its kin: day, or 'd' in Access. */
static LkNode *
parse_date_part (LkClauseParser *self, const char *function)
{
  const LkToken *token = lk_clause_take (self);
  gboolean quoted = token->kind == LK_TOKEN_TEXT || token->kind == LK_TOKEN_DOUBLE_QUOTED;
  const LkDatePart *part = quoted || token->kind == LK_TOKEN_WORD
                               ? lk_date_part_find_spelling (token->text, quoted)
                               : NULL;

  if (part != NULL && quoted && g_ascii_strcasecmp (function, "DATEDIFF") == 0
      && g_str_equal (lk_date_part_get_name (part), "weekday"))
    {
      lk_clause_error (self, token->start, token->end,
                       _ ("Access counts weeks of seven days with “w”, SQL Server days; write 'd' "
                          "for days, or 'ww' for the Sundays between"));
      return NULL;
    }

  if (part != NULL)
    return lk_node_new_text (self, token->start, token->end, LK_TYPE_TEXT,
                             lk_date_part_get_name (part));

  lk_clause_error (self, token->start, token->end,
                   _ ("a part of a date is needed here: year, quarter, month, day, week, hour, "
                      "minute or second"));
  return NULL;
}

static gboolean
parse_arguments (LkClauseParser *self, const char *name, GPtrArray *arguments)
{
  gboolean takes_part = lk_clause_function_takes_part (name);

  if (lk_clause_take_sign (self, ")"))
    return TRUE;

  do
    {
      LkNode *node = takes_part && arguments->len == 0 ? parse_date_part (self, name)
                                                       : lk_clause_parse_expression (self);

      if (node == NULL)
        return FALSE;
      g_ptr_array_add (arguments, node);
    }
  while (lk_clause_take_sign (self, ","));

  return lk_clause_expect_sign (self, ")");
}

/* Reads `NAME (…)`. */
LkNode *
lk_clause_parse_call (LkClauseParser *self)
{
  const LkToken *name = lk_clause_peek (self);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  gboolean success;

  if (lk_dialect_get_remedy (name->text) != NULL)
    return lk_clause_refuse_function (self, name);
  if (lk_token_is_word (name, "CAST"))
    return lk_clause_parse_cast (self);
  if (lk_token_is_word (name, "CONVERT"))
    return lk_clause_parse_convert (self);
  if (lk_token_is_word (name, "EXISTS"))
    return lk_clause_parse_query (self, LK_QUERY_EXISTS);
  if (lk_clause_is_aggregate (name->text))
    return lk_clause_parse_aggregate (self);
  if (!lk_clause_enter (self))
    return NULL;

  self->position += 2;
  success = parse_arguments (self, name->text, arguments);
  lk_clause_leave (self);
  if (!success)
    return NULL;

  return lk_clause_build_call (self, name, arguments,
                               g_array_index (self->tokens, LkToken, self->position - 1).end);
}

/* What a word means that stands alone. */
static LkNode *
parse_word (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);
  const LkLicenseField *field;
  g_autoptr (GPtrArray) none = NULL;

  if (lk_token_is_word (token, "CASE"))
    return parse_case (self);
  if (lk_clause_explain_word (token->text) != NULL)
    return lk_clause_fail_unexpected (self, _ ("a condition"));

  field = lk_license_field_find (token->text);
  if (field == NULL && lk_clause_is_keyword (token->text) && !lk_token_is_word (token, "NULL")
      && !lk_token_is_word (token, "TRUE") && !lk_token_is_word (token, "FALSE"))
    return lk_clause_fail_unexpected (self, _ ("a column, a value or a condition"));

  lk_clause_take (self);
  if (field != NULL)
    return lk_clause_new_column (self, token->start, token->end, field, self->scope);
  if (lk_token_is_word (token, "NULL"))
    return lk_node_new_null (self, token->start, token->end);
  if (lk_token_is_word (token, "TRUE"))
    return parse_truth (self, token, TRUE);
  if (lk_token_is_word (token, "FALSE"))
    return parse_truth (self, token, FALSE);
  if (!lk_token_is_word (token, "CURRENT_TIMESTAMP"))
    return lk_clause_refuse_name (self, token);

  none = g_ptr_array_new ();
  return lk_clause_build_call (self, token, none, token->end);
}

static LkNode *
parse_name (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);
  const LkToken *next = lk_clause_peek_ahead (self, 1);

  if (lk_token_is_sign (next, ".") && lk_token_is_name (token))
    return lk_clause_parse_qualified (self);
  if (token->kind == LK_TOKEN_WORD && lk_token_is_sign (next, "(")
      && lk_clause_explain_word (token->text) == NULL
      && (!lk_clause_is_keyword (token->text) || lk_token_is_word (token, "EXISTS")))
    return lk_clause_parse_call (self);
  if (token->kind == LK_TOKEN_WORD)
    return parse_word (self);

  lk_clause_take (self);
  return token->kind == LK_TOKEN_BRACKET ? lk_clause_parse_bracket (self, token)
                                         : lk_clause_parse_double_quoted (self, token);
}

static LkNode *
parse_primary (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);

  if (lk_token_is_name (token))
    return parse_name (self);
  if (lk_token_is_sign (token, "("))
    return parse_parentheses (self);
  if (token->kind == LK_TOKEN_SIGN || token->kind == LK_TOKEN_END)
    return lk_clause_fail_unexpected (self, _ ("a column, a value or a condition"));

  lk_clause_take (self);
  switch (token->kind)
    {
    case LK_TOKEN_INTEGER:
      return parse_integer (self, token);
    case LK_TOKEN_REAL:
      return parse_real (self, token);
    case LK_TOKEN_DATE:
      return parse_access_date (self, token);
    default:
      return lk_clause_parse_text (self, token);
    }
}

/* `COLLATE x` behind a value: the usual collations are what texts compare by anyway. */
static LkNode *
parse_collated (LkClauseParser *self)
{
  LkNode *node = parse_primary (self);

  while (node != NULL && lk_clause_take_word (self, "COLLATE"))
    {
      const LkToken *name = lk_clause_take (self);
      g_autofree char *upper = g_ascii_strup (name->text, -1);

      if (name->kind != LK_TOKEN_WORD || strstr (upper, "_CI") == NULL
          || strstr (upper, "_AI") != NULL)
        {
          lk_clause_error (self, name->start, name->end,
                           _ ("texts compare without regard to case and with regard to accents; "
                              "other collations than …_CI_AS are not supported, remove COLLATE"));
          return NULL;
        }
    }

  return node;
}

static LkNode *
parse_unary (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);
  gboolean negative = lk_token_is_sign (token, "-");
  LkNode *operand;

  if (!negative && !lk_token_is_sign (token, "+"))
    return parse_collated (self);
  if (!lk_clause_enter (self))
    return NULL;

  lk_clause_take (self);
  operand = parse_unary (self);
  lk_clause_leave (self);
  if (operand == NULL)
    return NULL;

  return negative ? lk_clause_build_negative (self, operand, token->start)
                  : lk_node_as_value (self, operand);
}

static LkNode *
parse_operations (LkClauseParser *self, const char *const *operators,
                  LkNode *(*parse_operand) (LkClauseParser *self))
{
  LkNode *left = parse_operand (self);

  for (guint n = 1; left != NULL; n++)
    {
      const LkToken *sign = lk_clause_peek (self);
      LkNode *right;

      if (sign->kind != LK_TOKEN_SIGN || !g_strv_contains (operators, sign->text))
        return left;
      if (n >= LK_CLAUSE_MAX_CHAIN)
        return lk_clause_fail_unexpected (self, _ ("the end of so long a calculation"));

      lk_clause_take (self);
      right = parse_operand (self);
      if (right == NULL)
        return NULL;
      left = lk_clause_build_operation (self, sign, lk_node_as_value (self, left),
                                        lk_node_as_value (self, right));
    }

  return NULL;
}

static LkNode *
parse_product (LkClauseParser *self)
{
  static const char *const operators[] = { "*", "/", "%", NULL };

  return parse_operations (self, operators, parse_unary);
}

/* Reads sums of products. A condition between parentheses is passed through. */
LkNode *
lk_clause_parse_sum (LkClauseParser *self)
{
  static const char *const operators[] = { "+", "-", "&", "|", NULL };

  return parse_operations (self, operators, parse_product);
}
