/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

static LkNode *
refuse (LkClauseParser *self, const LkToken *sign, const LkNode *left, const LkNode *right,
        const char *remedy)
{
  lk_clause_error (self, sign->start, sign->end, _ ("“%s” between %s and %s is not possible; %s"),
                   sign->text, lk_type_get_title (left->type), lk_type_get_title (right->type),
                   remedy);
  return lk_clause_error_node (self, left->start, right->end);
}

/* Both constants, so that DATEADD (day, -2 * 7, …) is computed here. */
static LkNode *
fold_integers (LkClauseParser *self, char sign, const LkNode *left, const LkNode *right)
{
  gint64 a = left->value.integer;
  gint64 b = right->value.integer;
  gint64 result;
  gboolean overflow;

  overflow = sign == '+'   ? __builtin_add_overflow (a, b, &result)
             : sign == '-' ? __builtin_sub_overflow (a, b, &result)
                           : __builtin_mul_overflow (a, b, &result);
  if (!overflow)
    return lk_node_new_integer (self, left->start, right->end, result);

  lk_clause_error (self, left->start, right->end, _ ("the result is too large a number"));
  return lk_clause_error_node (self, left->start, right->end);
}

static gboolean
is_zero (const LkNode *node)
{
  return node->is_constant
         && ((node->value.kind == LK_VALUE_INTEGER && node->value.integer == 0)
             || (node->value.kind == LK_VALUE_REAL && fpclassify (node->value.real) == FP_ZERO));
}

static LkNode *
refuse_zero (LkClauseParser *self, const LkNode *left, const LkNode *right)
{
  lk_clause_error (self, right->start, right->end, _ ("this divides by zero; use another number"));
  return lk_clause_error_node (self, left->start, right->end);
}

static LkType
number_type (const LkNode *left, const LkNode *right)
{
  return left->type == LK_TYPE_REAL || right->type == LK_TYPE_REAL ? LK_TYPE_REAL : LK_TYPE_INTEGER;
}

static gboolean
both_integer_constants (const LkNode *left, const LkNode *right)
{
  return left->is_constant && right->is_constant && left->value.kind == LK_VALUE_INTEGER
         && right->value.kind == LK_VALUE_INTEGER;
}

/* Access divides with a rest, and joins texts with &. */
static void
warn_dialects (LkClauseParser *self, char sign, const LkNode *left, const LkNode *right)
{
  if (sign == '/' && number_type (left, right) == LK_TYPE_INTEGER)
    lk_clause_warn (self, left->start, right->end,
                    _ ("whole numbers divide without a rest, as in SQL Server; write 2.0 for 2 to "
                       "get fractions"));
  if (sign == '&' && !left->is_constant && !right->is_constant)
    lk_clause_warn (
        self, left->start, right->end,
        _ ("between numbers & compares bits, as in SQL Server; write CONCAT (…) to join "
           "them"));
}

static LkNode *
build_numbers (LkClauseParser *self, char sign, LkNode *left, LkNode *right)
{
  LkType type = number_type (left, right);
  const char *template;
  LkNode *node;

  warn_dialects (self, sign, left, right);
  if (sign == '/')
    return lk_node_new_call_va (self, type, left->start, right->end, "lk_divide", left, right,
                                NULL);
  if (both_integer_constants (left, right) && sign != '&' && sign != '|')
    return fold_integers (self, sign, left, right);

  template = sign == '+'   ? "(%1 + %2)"
             : sign == '-' ? "(%1 - %2)"
             : sign == '*' ? "(%1 * %2)"
             : sign == '&' ? "(%1 & %2)"
                           : "(%1 | %2)";
  node = lk_node_new (self, type, left->start, right->end, template, left, right, NULL);

  return type == LK_TYPE_REAL
             ? lk_node_new_call_va (self, type, left->start, right->end, "lk_decimal", node, NULL)
             : node;
}

static LkNode *
build_modulo (LkClauseParser *self, const LkToken *sign, LkNode *left, LkNode *right)
{
  if (left->type == LK_TYPE_REAL || right->type == LK_TYPE_REAL)
    return refuse (self, sign, left, right, _ ("use whole numbers"));

  return lk_node_new_call_va (self, LK_TYPE_INTEGER, left->start, right->end, "lk_modulo", left,
                              right, NULL);
}

static LkNode *
join_constants (LkClauseParser *self, const LkNode *left, const LkNode *right)
{
  g_autofree char *joined = g_strconcat (left->value.text, right->value.text, NULL);
  LkNode *node;

  node = lk_node_new_text (self, left->start, right->end, LK_TYPE_TEXT, joined);
  node->origin = LK_ORIGIN_LITERAL;
  return node;
}

/* SQL Server's + keeps NULL, as || does; Access's & takes it for "". */
static LkNode *
build_text (LkClauseParser *self, char sign, LkNode *left, LkNode *right)
{
  if (left->is_constant && right->is_constant && left->type == LK_TYPE_TEXT
      && right->type == LK_TYPE_TEXT)
    return join_constants (self, left, right);

  return lk_node_new (self, LK_TYPE_TEXT, left->start, right->end,
                      sign == '&' ? "(coalesce (%1, '') || coalesce (%2, ''))" : "(%1 || %2)", left,
                      right, NULL);
}

static LkNode *
build_date (LkClauseParser *self, const LkToken *sign, LkNode *left, LkNode *right)
{
  LkNode *date = left->type == LK_TYPE_DATE ? left : right;
  LkNode *days = left->type == LK_TYPE_DATE ? right : left;

  if (left->type == LK_TYPE_DATE && right->type == LK_TYPE_DATE)
    return refuse (self, sign, left, right, _ ("write DATEDIFF (day, …, …) for the days between"));
  if (sign->text[0] != '+' && !(sign->text[0] == '-' && date == left))
    return refuse (self, sign, left, right, _ ("write DATEADD"));
  if (days->type != LK_TYPE_INTEGER && days->type != LK_TYPE_NULL)
    return refuse (self, sign, left, right, _ ("write DATEADD (day, …, …) with a whole number"));

  if (sign->text[0] == '-')
    days = lk_clause_build_negative (self, days, days->start);

  return lk_node_new_call_va (self, LK_TYPE_DATE, left->start, right->end, "lk_dateadd",
                              lk_node_new_text (self, sign->start, sign->end, LK_TYPE_TEXT, "day"),
                              days, date, NULL);
}

/* 1 + 1 is refused by SQL Server for two flags, and -2 in Access. */
static LkNode *
refuse_flag (LkClauseParser *self, const LkNode *flag)
{
  lk_clause_error (self, flag->start, flag->end,
                   _ ("a flag is no number to calculate with (yes is 1 in SQL Server and -1 in "
                      "Access); write CAST (… AS int) for 1 and 0"));
  return lk_clause_error_node (self, flag->start, flag->end);
}

/* A value that is NULL, whatever it is combined with. */
static LkNode *
build_null (LkClauseParser *self, const LkNode *left, const LkNode *right)
{
  return lk_node_new_null (self, left->start, right->end);
}

/* + - * / % & | between two values. */
LkNode *
lk_clause_build_operation (LkClauseParser *self, const LkToken *sign, LkNode *left, LkNode *right)
{
  char symbol = sign->text[0];

  if (left->type == LK_TYPE_ERROR || right->type == LK_TYPE_ERROR)
    return lk_clause_error_node (self, left->start, right->end);
  if ((left->type == LK_TYPE_NULL || right->type == LK_TYPE_NULL) && symbol != '&')
    return build_null (self, left, right);

  if (left->type == LK_TYPE_DATE || right->type == LK_TYPE_DATE)
    return build_date (self, sign, left, right);

  if (lk_type_is_number (left->type) && lk_type_is_number (right->type))
    {
      if (left->type == LK_TYPE_FLAG || right->type == LK_TYPE_FLAG)
        return refuse_flag (self, left->type == LK_TYPE_FLAG ? left : right);
      if ((symbol == '/' || symbol == '%') && is_zero (right))
        return refuse_zero (self, left, right);
      if (symbol == '%')
        return build_modulo (self, sign, left, right);
      if ((symbol == '&' || symbol == '|') && number_type (left, right) == LK_TYPE_REAL)
        return refuse (self, sign, left, right, _ ("use whole numbers"));
      return build_numbers (self, symbol, left, right);
    }

  if (!lk_type_is_number (left->type) && !lk_type_is_number (right->type)
      && (symbol == '+' || symbol == '&'))
    return build_text (self, symbol, left, right);

  return refuse (self, sign, left, right,
                 _ ("write CAST (… AS int) or CAST (… AS varchar(20)) around one of them"));
}

/* The minus before a value. */
LkNode *
lk_clause_build_negative (LkClauseParser *self, LkNode *operand, gsize start)
{
  operand = lk_node_as_value (self, operand);
  if (operand->type == LK_TYPE_ERROR || operand->type == LK_TYPE_NULL)
    return operand;

  if (!lk_type_is_number (operand->type))
    {
      lk_clause_error (self, start, operand->end, _ ("a minus cannot stand before %s"),
                       lk_type_get_title (operand->type));
      return lk_clause_error_node (self, start, operand->end);
    }

  if (operand->type == LK_TYPE_FLAG)
    return refuse_flag (self, operand);
  if (operand->is_constant && operand->type == LK_TYPE_INTEGER
      && operand->value.integer != G_MININT64)
    return lk_node_new_integer (self, start, operand->end, -operand->value.integer);
  if (operand->is_constant && operand->type == LK_TYPE_REAL)
    return lk_node_new_real (self, start, operand->end, -operand->value.real);

  return lk_node_new (self, operand->type, start, operand->end, "(- %1)", operand, NULL);
}
