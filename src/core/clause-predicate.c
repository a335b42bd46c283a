/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

static gboolean
is_comparison (const LkToken *token)
{
  static const char *const signs[] = { "=", "<>", "!=", "<", "<=", ">", ">=", NULL };

  return token->kind == LK_TOKEN_SIGN && g_strv_contains (signs, token->text);
}

static LkNode *
negate (LkClauseParser *self, LkNode *node, gboolean negated)
{
  if (node == NULL || !negated)
    return node;

  return lk_node_new (self, LK_TYPE_CONDITION, node->start, node->end, "(NOT %1)", node, NULL);
}

static LkNode *
parse_comparison (LkClauseParser *self, LkNode *left)
{
  const LkToken *sign = lk_clause_take (self);
  LkNode *right = lk_clause_parse_sum (self);

  if (right == NULL)
    return NULL;

  if (is_comparison (lk_clause_peek (self)))
    return lk_clause_fail_unexpected (self, _ ("AND or OR between two comparisons"));

  return lk_clause_build_comparison (self, sign, left, right);
}

static LkNode *
parse_between (LkClauseParser *self, LkNode *value)
{
  LkNode *low = lk_clause_parse_sum (self);
  LkNode *high;

  if (low == NULL || !lk_clause_expect_word (self, "AND"))
    return NULL;

  high = lk_clause_parse_sum (self);
  return high != NULL ? lk_clause_build_between (self, value, low, high) : NULL;
}

static LkNode *
parse_like (LkClauseParser *self, LkNode *value)
{
  LkNode *pattern = lk_clause_parse_sum (self);
  LkNode *escape = NULL;

  if (pattern == NULL)
    return NULL;
  if (lk_clause_take_word (self, "ESCAPE"))
    {
      escape = lk_clause_parse_sum (self);
      if (escape == NULL)
        return NULL;
    }

  return lk_clause_build_like (self, value, pattern, escape);
}

static LkNode *
parse_in_query (LkClauseParser *self, LkNode *value)
{
  LkNode *query = lk_clause_parse_query (self, LK_QUERY_IN);

  if (query == NULL || !lk_node_unify (self, &value, &query))
    return query;

  return lk_node_new (self, LK_TYPE_CONDITION, value->start, query->end,
                      value->type == LK_TYPE_TEXT || query->type == LK_TYPE_TEXT
                          ? "(%1 COLLATE LK_TEXT IN %2)"
                          : "(%1 IN %2)",
                      value, query, NULL);
}

static LkNode *
parse_in (LkClauseParser *self, LkNode *value, gboolean negated)
{
  g_autoptr (GPtrArray) list = NULL;

  if (lk_token_is_sign (lk_clause_peek (self), "(")
      && lk_token_is_word (lk_clause_peek_ahead (self, 1), "SELECT"))
    return parse_in_query (self, value);

  if (!lk_clause_expect_sign (self, "("))
    return NULL;

  list = g_ptr_array_new ();
  do
    {
      LkNode *element = lk_clause_parse_value (self);

      if (element == NULL)
        return NULL;
      g_ptr_array_add (list, element);
    }
  while (lk_clause_take_sign (self, ","));

  if (!lk_clause_expect_sign (self, ")"))
    return NULL;

  return lk_clause_build_in (
      self, value, list, g_array_index (self->tokens, LkToken, self->position - 1).end, negated);
}

static LkNode *
parse_is (LkClauseParser *self, LkNode *value)
{
  gboolean negated = lk_clause_take_word (self, "NOT");
  const LkToken *token = lk_clause_peek (self);

  if (!lk_token_is_word (token, "NULL"))
    return lk_clause_fail_unexpected (self, negated ? "NULL" : _ ("NULL or NOT NULL"));

  lk_clause_take (self);
  return lk_node_new (self, LK_TYPE_CONDITION, value->start, token->end,
                      negated ? "(%1 IS NOT NULL)" : "(%1 IS NULL)", lk_node_as_value (self, value),
                      NULL);
}

/* Reads a comparison, BETWEEN, IN, LIKE, IS NULL, or what is no condition yet. */
LkNode *
lk_clause_parse_predicate (LkClauseParser *self)
{
  LkNode *value = lk_clause_parse_sum (self);
  gboolean negated;

  if (value == NULL)
    return NULL;
  if (is_comparison (lk_clause_peek (self)))
    return parse_comparison (self, value);
  if (lk_clause_take_word (self, "IS"))
    return parse_is (self, value);

  negated = lk_clause_take_word (self, "NOT");
  if (lk_clause_take_word (self, "BETWEEN"))
    return negate (self, parse_between (self, value), negated);
  if (lk_clause_take_word (self, "LIKE"))
    return negate (self, parse_like (self, value), negated);
  if (lk_clause_take_word (self, "IN"))
    return negate (self, parse_in (self, value, negated), negated);
  if (negated)
    return lk_clause_fail_unexpected (self, _ ("BETWEEN, IN or LIKE"));

  return value;
}
