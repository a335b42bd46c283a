/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/clause-private.h"
#include "core/date-literal.h"

/*
 * SQL Server converts without being asked, in the order date, number, flag, text: a text that meets
 * a date becomes a date. A literal is converted here, once, and refused where that fails. A column
 * would be converted row by row there and break the search on the first odd one; that is refused,
 * with the explicit conversion as the remedy.
 */

gboolean
lk_type_is_number (LkType type)
{
  return type == LK_TYPE_INTEGER || type == LK_TYPE_REAL || type == LK_TYPE_FLAG;
}

/* With its article, translated. */
const char *
lk_type_get_title (LkType type)
{
  switch (type)
    {
    case LK_TYPE_TEXT:
      return _ ("a text");
    case LK_TYPE_FLAG:
      return _ ("a flag");
    case LK_TYPE_INTEGER:
      return _ ("a whole number");
    case LK_TYPE_REAL:
      return _ ("a number");
    case LK_TYPE_DATE:
      return _ ("a date");
    case LK_TYPE_CONDITION:
      return _ ("a condition");
    case LK_TYPE_NULL:
    case LK_TYPE_ERROR:
    default:
      return _ ("nothing");
    }
}

static LkNode *
text_to_date (LkClauseParser *self, LkNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  LkDateLiteral literal;
  LkNode *date;

  if (!lk_date_literal_parse (&literal, node->value.text, &error))
    {
      if (g_str_has_prefix (node->value.text, "[") && lk_macro_find (node->value.text + 1, NULL))
        lk_clause_add_problem (self, LK_SEVERITY_ERROR, node->start, node->end,
                               g_strdup (_ ("a macro stands without quotes; remove them")),
                               g_strdup (node->value.text));
      else
        lk_clause_error (self, node->start, node->end, "%s", error->message);
      return lk_clause_error_node (self, node->start, node->end);
    }

  text = lk_sql_time_format (&literal.time);
  if (literal.empty)
    lk_clause_warn (self, node->start, node->end,
                    _ ("an empty text means 1900-01-01 as a date; write IS NULL for “no date”"));
  if (literal.rounded_up)
    lk_clause_warn (self, node->start, node->end,
                    _ ("SQL Server's datetime rounds this up to %s; write .997"), text);
  if (literal.order_assumed)
    lk_clause_add_problem (self, LK_SEVERITY_WARNING, node->start, node->end,
                           g_strdup_printf (_ ("read as month/day/year, which is %s"), text),
                           g_strdup_printf ("'%s'", text));

  date = lk_node_new_text (self, node->start, node->end, LK_TYPE_DATE, text);
  date->origin = node->origin;
  date->date_only = literal.date_only;
  return date;
}

static LkNode *
text_to_number (LkClauseParser *self, LkNode *node, LkType type)
{
  const char *function = type == LK_TYPE_REAL ? "lk_to_real" : "lk_to_integer";

  if (node->value.length == 0)
    lk_clause_warn (self, node->start, node->end,
                    _ ("an empty text means 0 as a number; write IS NULL for “no number”"));

  return lk_node_new_call_va (self, type, node->start, node->end, function, node, NULL);
}

static LkNode *
text_to_flag (LkClauseParser *self, LkNode *node)
{
  const char *text = node->value.text;
  gboolean is_true = g_ascii_strcasecmp (text, "true") == 0 || g_str_equal (text, "1");
  LkNode *flag;

  if (!is_true && g_ascii_strcasecmp (text, "false") != 0 && !g_str_equal (text, "0"))
    {
      lk_clause_error (self, node->start, node->end,
                       _ ("“%s” is not a flag; write 1 for yes and 0 for no"), text);
      return lk_clause_error_node (self, node->start, node->end);
    }

  flag = lk_node_new_integer (self, node->start, node->end, is_true ? 1 : 0);
  flag->type = LK_TYPE_FLAG;
  return flag;
}

static LkNode *
refuse_conversion (LkClauseParser *self, LkNode *node, LkType type)
{
  const char *remedy;

  if (type == LK_TYPE_DATE && node->type == LK_TYPE_TEXT)
    remedy = _ ("write CAST (… AS datetime)");
  else if (type == LK_TYPE_DATE)
    remedy = _ ("write a date between quotes, such as '2026-12-31'");
  else if (type == LK_TYPE_TEXT && node->type == LK_TYPE_DATE)
    remedy = _ ("write CONVERT (varchar(10), …, 120) for a text such as 2026-12-31");
  else if (type == LK_TYPE_TEXT)
    remedy = _ ("put quotes around the number, or write CAST (… AS varchar(20))");
  else if (node->type == LK_TYPE_DATE)
    remedy = _ ("write DATEDIFF or DATEPART to get a number from a date");
  else
    remedy = _ ("write CAST (… AS int)");

  lk_clause_error (self, node->start, node->end, _ ("%s is needed here, and this is %s; %s"),
                   lk_type_get_title (type), lk_type_get_title (node->type), remedy);
  return lk_clause_error_node (self, node->start, node->end);
}

/* Makes a value be of a type, where that loses nothing. */
LkNode *
lk_node_coerce (LkClauseParser *self, LkNode *node, LkType type)
{
  if (node->type == type || node->type == LK_TYPE_ERROR || node->type == LK_TYPE_NULL
      || type == LK_TYPE_NULL || type == LK_TYPE_ERROR)
    return node;

  if (node->type == LK_TYPE_TEXT && node->is_constant && type == LK_TYPE_DATE)
    return text_to_date (self, node);
  if (node->type == LK_TYPE_TEXT && node->is_constant && type == LK_TYPE_FLAG)
    return text_to_flag (self, node);
  if (node->type == LK_TYPE_TEXT && node->is_constant && lk_type_is_number (type))
    return text_to_number (self, node, type);

  /* A flag is a small number, a whole number a real one; both are stored alike. */
  if (lk_type_is_number (node->type) && lk_type_is_number (type)
      && !(node->type == LK_TYPE_REAL && type != LK_TYPE_REAL)
      && !(node->type == LK_TYPE_INTEGER && type == LK_TYPE_FLAG))
    return node;

  return refuse_conversion (self, node, type);
}

/* The same for an argument of a function, where SQL Server's conversions are customary: a number
 * as a text, and days since 1900 as a date. */
LkNode *
lk_node_coerce_argument (LkClauseParser *self, LkNode *node, LkType type)
{
  if (type == LK_TYPE_DATE && node->type == LK_TYPE_INTEGER)
    return lk_node_new_call_va (self, LK_TYPE_DATE, node->start, node->end, "lk_date_from_days",
                                node, NULL);

  if (type == LK_TYPE_TEXT && (node->type == LK_TYPE_INTEGER || node->type == LK_TYPE_FLAG))
    return lk_node_new (self, LK_TYPE_TEXT, node->start, node->end, "CAST (%1 AS TEXT)", node,
                        NULL);

  return lk_node_coerce (self, node, type);
}

/* A flag alone is a condition in Access. */
LkNode *
lk_node_as_condition (LkClauseParser *self, LkNode *node)
{
  if (node->type == LK_TYPE_CONDITION || node->type == LK_TYPE_ERROR)
    return node;

  if (node->type == LK_TYPE_FLAG)
    return lk_node_new (self, LK_TYPE_CONDITION, node->start, node->end, "(%1 <> 0)", node, NULL);

  lk_clause_error (self, node->start, node->end,
                   _ ("this is %s, not a condition; compare it with something, as in "
                      "ProductID = 1 or Email LIKE '%%@example.com'"),
                   lk_type_get_title (node->type));
  return lk_clause_error_node (self, node->start, node->end);
}

LkNode *
lk_node_as_value (LkClauseParser *self, LkNode *node)
{
  if (node->type != LK_TYPE_CONDITION)
    return node;

  lk_clause_error (self, node->start, node->end,
                   _ ("a condition cannot be used as a value; join conditions with AND or OR, or "
                      "write CASE WHEN … THEN 1 ELSE 0 END"));
  return lk_clause_error_node (self, node->start, node->end);
}

/* -1 is "true" in Access and beyond a flag's range elsewhere. */
static LkNode *
integer_to_flag (LkClauseParser *self, LkNode *node)
{
  LkNode *flag;

  if (node->value.integer < -1 || node->value.integer > 1)
    {
      lk_clause_error (self, node->start, node->end,
                       _ ("a flag is never %" PRId64 "; write 1 for yes and 0 for no"),
                       node->value.integer);
      return lk_clause_error_node (self, node->start, node->end);
    }

  flag = lk_node_new_integer (self, node->start, node->end, node->value.integer != 0);
  flag->type = LK_TYPE_FLAG;
  return flag;
}

static LkType
stronger_type (LkType a, LkType b)
{
  static const LkType order[] = { LK_TYPE_DATE, LK_TYPE_REAL, LK_TYPE_INTEGER, LK_TYPE_FLAG,
                                  LK_TYPE_TEXT };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      if (a == order[i] || b == order[i])
        return order[i];
    }

  return LK_TYPE_NULL;
}

/* "5" for the number 5 beside a column of texts, which is what was meant. */
static void
refuse_number_for_text (LkClauseParser *self, LkNode **number)
{
  g_autofree char *typed = lk_clause_copy_text (self, (*number)->start, (*number)->end);

  lk_clause_add_problem (self, LK_SEVERITY_ERROR, (*number)->start, (*number)->end,
                         g_strdup_printf (_ ("this is compared with a text; write '%s'"), typed),
                         g_strdup_printf ("'%s'", typed));
  *number = lk_clause_error_node (self, (*number)->start, (*number)->end);
}

/* True is -1 in Access and nothing in SQL Server. */
static void
refuse_truth_for_number (LkClauseParser *self, LkNode **truth)
{
  lk_clause_error (self, (*truth)->start, (*truth)->end,
                   _ ("this is compared with a number; write the number that is meant"));
  *truth = lk_clause_error_node (self, (*truth)->start, (*truth)->end);
}

static gboolean
is_plain_number (const LkNode *node)
{
  return node->type == LK_TYPE_INTEGER || node->type == LK_TYPE_REAL;
}

/* Brings the two sides of a comparison to one type. Returns whether that was possible. */
gboolean
lk_node_unify (LkClauseParser *self, LkNode **a, LkNode **b)
{
  LkType type;

  *a = lk_node_as_value (self, *a);
  *b = lk_node_as_value (self, *b);
  if ((*a)->type == LK_TYPE_ERROR || (*b)->type == LK_TYPE_ERROR)
    return FALSE;

  if ((*a)->type == LK_TYPE_FLAG && (*b)->type == LK_TYPE_INTEGER && (*b)->is_constant)
    *b = integer_to_flag (self, *b);
  else if ((*b)->type == LK_TYPE_FLAG && (*a)->type == LK_TYPE_INTEGER && (*a)->is_constant)
    *a = integer_to_flag (self, *a);
  else if ((*a)->field != NULL && (*a)->type == LK_TYPE_TEXT && (*b)->is_constant
           && lk_type_is_number ((*b)->type))
    refuse_number_for_text (self, b);
  else if ((*b)->field != NULL && (*b)->type == LK_TYPE_TEXT && (*a)->is_constant
           && lk_type_is_number ((*a)->type))
    refuse_number_for_text (self, a);
  else if ((*b)->origin == LK_ORIGIN_TRUE && is_plain_number (*a))
    refuse_truth_for_number (self, b);
  else if ((*a)->origin == LK_ORIGIN_TRUE && is_plain_number (*b))
    refuse_truth_for_number (self, a);

  type = stronger_type ((*a)->type, (*b)->type);
  *a = lk_node_coerce (self, *a, type);
  *b = lk_node_coerce (self, *b, type);

  return (*a)->type != LK_TYPE_ERROR && (*b)->type != LK_TYPE_ERROR;
}

/* Brings the results of CASE or COALESCE to one type, which is returned. */
LkType
lk_node_unify_all (LkClauseParser *self, GPtrArray *nodes)
{
  LkType type = LK_TYPE_NULL;

  for (guint i = 0; i < nodes->len; i++)
    {
      nodes->pdata[i] = lk_node_as_value (self, nodes->pdata[i]);
      type = stronger_type (type, ((LkNode *) nodes->pdata[i])->type);
    }

  for (guint i = 0; i < nodes->len; i++)
    nodes->pdata[i] = lk_node_coerce (self, nodes->pdata[i], type);

  return type;
}
