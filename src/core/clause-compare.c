/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if ((guchar) *text >= 128 || (guchar) *text < ' ')
        return FALSE;
    }

  return TRUE;
}

/* An index on a NOCASE column does not serve LK_TEXT. For a plain ASCII text the range from the
 * text to the text with a character above the blank holds everything that LK_TEXT finds equal (the
 * text in any case and with blanks behind it) and little else, so it is asked first. */
static LkNode *
build_indexed_equality (LkClauseParser *self, LkNode *column, LkNode *constant)
{
  g_autofree char *low = g_strchomp (g_strdup (constant->value.text));
  g_autofree char *high = g_strconcat (low, "!", NULL);
  LkNode *node;

  node = lk_node_new (
      self, LK_TYPE_CONDITION, column->start, constant->end,
      "(%1 >= %3 COLLATE NOCASE AND %1 < %4 COLLATE NOCASE "
      "AND %1 = %2 COLLATE LK_TEXT)",
      column, constant, lk_node_new_text (self, constant->start, constant->end, LK_TYPE_TEXT, low),
      lk_node_new_text (self, constant->start, constant->end, LK_TYPE_TEXT, high), NULL);
  node->display = "(%1 = %2 COLLATE LK_TEXT)";
  return node;
}

static const char *
comparison_template (const char *sign, gboolean text)
{
  static const struct
  {
    const char *sign;
    const char *plain;
    const char *text;
  } templates[] = {
    { "=", "(%1 = %2)", "(%1 = %2 COLLATE LK_TEXT)" },
    { "<>", "(%1 <> %2)", "(%1 <> %2 COLLATE LK_TEXT)" },
    { "!=", "(%1 <> %2)", "(%1 <> %2 COLLATE LK_TEXT)" },
    { "<", "(%1 < %2)", "(%1 < %2 COLLATE LK_TEXT)" },
    { "<=", "(%1 <= %2)", "(%1 <= %2 COLLATE LK_TEXT)" },
    { ">", "(%1 > %2)", "(%1 > %2 COLLATE LK_TEXT)" },
    { ">=", "(%1 >= %2)", "(%1 >= %2 COLLATE LK_TEXT)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      if (g_str_equal (templates[i].sign, sign))
        return text ? templates[i].text : templates[i].plain;
    }

  g_return_val_if_reached ("(%1 = %2)");
}

/* Notes what a comparison of a column with a constant bounds, for the warnings about windows. */
static void
note_bound (LkNode *node, const LkNode *column, const LkNode *constant, char direction,
            gboolean inclusive)
{
  if (column->field == NULL || !constant->is_constant)
    return;

  node->bounded = column->field;
  if (direction == '<')
    node->upper = (LkBound){ constant, inclusive };
  else
    node->lower = (LkBound){ constant, inclusive };
}

static void
note_bounds (LkNode *node, const LkToken *sign, const LkNode *left, const LkNode *right)
{
  gboolean inclusive = strchr (sign->text, '=') != NULL;
  char direction = sign->text[0];

  if (g_str_equal (sign->text, "<>") || (direction != '<' && direction != '>'))
    return;

  note_bound (node, left, right, direction, inclusive);
  note_bound (node, right, left, direction == '<' ? '>' : '<', inclusive);
}

static gboolean
refuse_order (LkClauseParser *self, gsize start, gsize end)
{
  lk_clause_error (self, start, end,
                   _ ("flags have no order (yes is 1 in SQL Server and -1 in Access); compare with "
                      "= or <>"));
  return TRUE;
}

static gboolean
has_true_order (LkClauseParser *self, const LkToken *sign, const LkNode *flag)
{
  return flag->type == LK_TYPE_FLAG && strchr ("<>", sign->text[0]) != NULL
         && !g_str_equal (sign->text, "<>") && refuse_order (self, sign->start, sign->end);
}

/* = <> < <= > >= */
LkNode *
lk_clause_build_comparison (LkClauseParser *self, const LkToken *sign, LkNode *left, LkNode *right)
{
  gboolean equality = g_str_equal (sign->text, "=");
  gboolean text;
  LkNode *node;

  if (!lk_node_unify (self, &left, &right))
    return lk_clause_error_node (self, left->start, right->end);
  if (has_true_order (self, sign, left) || has_true_order (self, sign, right))
    return lk_clause_error_node (self, left->start, right->end);

  text = left->type == LK_TYPE_TEXT || right->type == LK_TYPE_TEXT;
  if (equality && text && left->field != NULL && right->is_constant && right->type == LK_TYPE_TEXT
      && is_ascii (right->value.text))
    node = build_indexed_equality (self, left, right);
  else
    node = lk_node_new (self, LK_TYPE_CONDITION, left->start, right->end,
                        comparison_template (sign->text, text), left, right, NULL);

  note_bounds (node, sign, left, right);
  lk_clause_warn_comparison (self, sign, left, right, node);
  if (equality)
    {
      lk_clause_note_model (self, left, right);
      lk_clause_note_model (self, right, left);
    }

  return node;
}

/* value BETWEEN low AND high */
LkNode *
lk_clause_build_between (LkClauseParser *self, LkNode *value, LkNode *low, LkNode *high)
{
  g_autoptr (GPtrArray) list = NULL;
  LkNode *node;

  if (!lk_node_unify (self, &value, &low) || !lk_node_unify (self, &value, &high)
      || !lk_node_unify (self, &value, &low)
      || (value->type == LK_TYPE_FLAG && refuse_order (self, value->start, high->end)))
    return lk_clause_error_node (self, value->start, high->end);

  node = lk_node_new (self, LK_TYPE_CONDITION, value->start, high->end,
                      value->type == LK_TYPE_TEXT ? "(%1 COLLATE LK_TEXT BETWEEN %2 AND %3)"
                                                  : "(%1 BETWEEN %2 AND %3)",
                      value, low, high, NULL);
  note_bound (node, value, low, '>', TRUE);
  note_bound (node, value, high, '<', TRUE);
  lk_clause_warn_upper_bound (self, value, high);

  list = g_ptr_array_new ();
  g_ptr_array_add (list, node);
  lk_clause_warn_windows (self, list);

  return node;
}

static void
warn_null_element (LkClauseParser *self, const LkNode *element, gboolean negated)
{
  if (element->type != LK_TYPE_NULL)
    return;

  if (negated)
    lk_clause_warn (self, element->start, element->end,
                    _ ("NOT IN with NULL in the list matches nothing at all; remove NULL"));
  else
    lk_clause_warn (self, element->start, element->end,
                    _ ("NULL in the list matches nothing; write OR … IS NULL"));
}

/* In '1' IN ('2', ProductID) all are numbers: the text before the list takes the type of what it
 * meets there, before the first element is compared with it. */
static void
strengthen (LkClauseParser *self, LkNode **value, GPtrArray *list)
{
  for (guint i = 0; i < list->len && (*value)->is_constant && (*value)->type == LK_TYPE_TEXT; i++)
    {
      LkNode *element = list->pdata[i];

      if (element->type != LK_TYPE_TEXT)
        lk_node_unify (self, value, &element);
    }
}

/* value IN (list); the caller puts NOT before it. */
LkNode *
lk_clause_build_in (LkClauseParser *self, LkNode *value, GPtrArray *list, gsize end,
                    gboolean negated)
{
  GPtrArray *children = g_ptr_array_new ();

  strengthen (self, &value, list);
  g_ptr_array_add (children, value);
  for (guint i = 0; i < list->len; i++)
    {
      LkNode *element = list->pdata[i];

      warn_null_element (self, element, negated);
      if (lk_node_unify (self, &value, &element) && !negated)
        lk_clause_note_model (self, value, element);
      g_ptr_array_add (children, element);
    }

  children->pdata[0] = value;
  return lk_node_new_list (
      self, LK_TYPE_CONDITION, value->start, end,
      value->type == LK_TYPE_TEXT ? "(%1 COLLATE LK_TEXT IN (%r))" : "(%1 IN (%r))", children);
}
