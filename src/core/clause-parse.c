/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

const LkToken *
lk_clause_peek_ahead (const LkClauseParser *self, guint n)
{
  return &g_array_index (self->tokens, LkToken, MIN (self->position + n, self->tokens->len - 1));
}

const LkToken *
lk_clause_peek (const LkClauseParser *self)
{
  return lk_clause_peek_ahead (self, 0);
}

/* Returns the token and goes to the next one. */
const LkToken *
lk_clause_take (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);

  if (token->kind != LK_TOKEN_END)
    self->position++;

  return token;
}

gboolean
lk_token_is_word (const LkToken *token, const char *word)
{
  return token->kind == LK_TOKEN_WORD && g_ascii_strcasecmp (token->text, word) == 0;
}

gboolean
lk_token_is_sign (const LkToken *token, const char *sign)
{
  return token->kind == LK_TOKEN_SIGN && g_str_equal (token->text, sign);
}

/* Goes on if the next token is that word. */
gboolean
lk_clause_take_word (LkClauseParser *self, const char *word)
{
  if (!lk_token_is_word (lk_clause_peek (self), word))
    return FALSE;

  lk_clause_take (self);
  return TRUE;
}

gboolean
lk_clause_take_sign (LkClauseParser *self, const char *sign)
{
  if (!lk_token_is_sign (lk_clause_peek (self), sign))
    return FALSE;

  lk_clause_take (self);
  return TRUE;
}

/* Says that something else was expected where the next token is. Returns NULL. */
LkNode *
lk_clause_fail_unexpected (LkClauseParser *self, const char *expected)
{
  const LkToken *token = lk_clause_peek (self);
  const char *explanation =
      token->kind == LK_TOKEN_WORD ? lk_clause_explain_word (token->text) : NULL;
  g_autofree char *typed =
      lk_clause_copy_text (self, token->start, MIN (token->end, token->start + 60));
  g_autofree char *shown = g_utf8_make_valid (typed, -1);

  if (explanation != NULL)
    lk_clause_add_problem (
        self, LK_SEVERITY_ERROR, token->start, token->end, g_strdup (explanation),
        lk_token_is_word (token, "WHERE") && self->position == 0 ? g_strdup ("") : NULL);
  else if (token->kind == LK_TOKEN_END)
    lk_clause_error (self, token->start, token->end, _ ("the search ends too early; add %s"),
                     expected);
  else
    lk_clause_error (self, token->start, token->end, _ ("“%s” cannot stand here; %s is expected"),
                     shown, expected);

  return NULL;
}

gboolean
lk_clause_expect_sign (LkClauseParser *self, const char *sign)
{
  if (lk_clause_take_sign (self, sign))
    return TRUE;

  lk_clause_fail_unexpected (self, sign);
  return FALSE;
}

gboolean
lk_clause_expect_word (LkClauseParser *self, const char *word)
{
  if (lk_clause_take_word (self, word))
    return TRUE;

  lk_clause_fail_unexpected (self, word);
  return FALSE;
}

/* Counts what stands in one another, which bounds the recursion. Every TRUE is followed by
 * lk_clause_leave(). */
gboolean
lk_clause_enter (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);

  if (self->depth >= LK_CLAUSE_MAX_DEPTH)
    {
      lk_clause_error (self, token->start, token->end,
                       _ ("more than %d levels in one another; simplify the search"),
                       LK_CLAUSE_MAX_DEPTH);
      return FALSE;
    }

  self->depth++;
  return TRUE;
}

void
lk_clause_leave (LkClauseParser *self)
{
  self->depth--;
}

static LkNode *
parse_not (LkClauseParser *self)
{
  const LkToken *token = lk_clause_peek (self);
  LkNode *operand;

  if (!lk_token_is_word (token, "NOT"))
    return lk_clause_parse_predicate (self);

  if (!lk_clause_enter (self))
    return NULL;

  lk_clause_take (self);
  self->negations++;
  operand = parse_not (self);
  self->negations--;
  lk_clause_leave (self);
  if (operand == NULL)
    return NULL;

  return lk_node_new (self, LK_TYPE_CONDITION, token->start, operand->end, "(NOT %1)",
                      lk_node_as_condition (self, operand), NULL);
}

/* @from: the position of the first token of an operand, of which the last was read just now. Unlike
 * the places of the nodes these take in all parentheses. */
static void
add_part (LkClauseParser *self, GArray *parts, guint from)
{
  LkClausePart part = { g_array_index (self->tokens, LkToken, from).start,
                        g_array_index (self->tokens, LkToken, self->position - 1).end };

  g_array_append_val (parts, part);
}

/* Reads `a AND b AND c`; a single operand is passed through as it is, it may be a value. */
static LkNode *
parse_chain (LkClauseParser *self, const char *word, const char *template,
             LkNode *(*parse_operand) (LkClauseParser *self))
{
  guint from = self->position;
  LkNode *first = parse_operand (self);
  g_autoptr (GPtrArray) operands = NULL;
  g_autoptr (GArray) parts = NULL;
  LkNode *last = first;

  if (first == NULL || !lk_token_is_word (lk_clause_peek (self), word))
    return first;

  operands = g_ptr_array_new ();
  parts = g_array_new (FALSE, FALSE, sizeof (LkClausePart));
  g_ptr_array_add (operands, lk_node_as_condition (self, first));
  add_part (self, parts, from);

  while (lk_clause_take_word (self, word))
    {
      from = self->position;
      last = parse_operand (self);
      if (last == NULL)
        return NULL;
      g_ptr_array_add (operands, lk_node_as_condition (self, last));
      add_part (self, parts, from);
    }

  if (g_str_equal (word, "AND"))
    {
      lk_clause_warn_windows (self, operands);
      g_array_unref (self->parts);
      self->parts = g_steal_pointer (&parts);
    }

  return lk_node_new_joined (self, first->start, last->end, template, g_steal_pointer (&operands));
}

static LkNode *
parse_and (LkClauseParser *self)
{
  return parse_chain (self, "AND", "(%A)", parse_not);
}

/* Reads a value or a condition; which of them stands between parentheses shows behind them. */
LkNode *
lk_clause_parse_expression (LkClauseParser *self)
{
  return parse_chain (self, "OR", "(%O)", parse_and);
}

LkNode *
lk_clause_parse_condition (LkClauseParser *self)
{
  LkNode *node = lk_clause_parse_expression (self);

  return node != NULL ? lk_node_as_condition (self, node) : NULL;
}

/* Reads a value: what a function takes as an argument, for example. */
LkNode *
lk_clause_parse_value (LkClauseParser *self)
{
  LkNode *node = lk_clause_parse_expression (self);

  return node != NULL ? lk_node_as_value (self, node) : NULL;
}
