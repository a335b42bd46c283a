/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

static LkNode *
parse_macro (LkClauseParser *self, const LkToken *token)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = lk_macro_expand (token->text, self->context, &error);
  const LkMacro *macro = lk_macro_find (token->text, NULL);
  LkNode *node;

  if (text == NULL)
    {
      lk_clause_error (self, token->start, token->end, "%s", error->message);
      return lk_clause_error_node (self, token->start, token->end);
    }

  node = lk_node_new_text (self, token->start, token->end, LK_TYPE_DATE, text);
  node->origin = g_str_has_suffix (macro->name, "_end")     ? LK_ORIGIN_MACRO_END
                 : g_str_has_suffix (macro->name, "_start") ? LK_ORIGIN_MACRO_START
                                                            : LK_ORIGIN_NOW;
  return node;
}

/* In [today_strat+30] the name alone is looked up; what follows it is kept. */
static const char *
suggest (const LkToken *token, const char **rest)
{
  gsize length = strcspn (token->text, "+-");
  g_autofree char *name = g_strstrip (g_strndup (token->text, length));

  *rest = "";
  if (token->kind != LK_TOKEN_BRACKET)
    return lk_clause_suggest_column (token->text);

  *rest = token->text + length;
  return lk_clause_suggest_bracket (name);
}

/* Says that nothing has that name, and what may be meant. */
LkNode *
lk_clause_refuse_name (LkClauseParser *self, const LkToken *token)
{
  gboolean bracket = token->kind == LK_TOKEN_BRACKET;
  const char *rest;
  const char *nearest = suggest (token, &rest);
  g_autofree char *replacement = NULL;
  char *message;

  if (nearest == NULL)
    message = g_strdup_printf (
        bracket
            ? _ ("there is no column or macro [%s]; Ctrl+Space lists them")
            : _ ("there is no column %s; put quotes around a text, Ctrl+Space lists the columns"),
        token->text);
  else
    {
      replacement = bracket ? g_strdup_printf ("[%s%s]", nearest, rest) : g_strdup (nearest);
      message = g_strdup_printf (_ ("there is no %s; did you mean %s?"), token->text, nearest);
    }

  lk_clause_add_problem (self, LK_SEVERITY_ERROR, token->start, token->end, message,
                         g_steal_pointer (&replacement));
  return lk_clause_error_node (self, token->start, token->end);
}

/* A column of a table in reach; notes it where a sub-query selects. */
LkNode *
lk_clause_new_column (LkClauseParser *self, gsize start, gsize end, const LkLicenseField *field,
                      LkScope *scope)
{
  LkNode *node = lk_node_new_column (self, start, end, field, scope->number);

  if (self->scope->in_aggregate && scope != self->scope)
    {
      lk_clause_error (self, start, end,
                       _ ("COUNT, MIN, MAX, SUM and AVG take columns of their own sub-query"));
      return lk_clause_error_node (self, start, end);
    }

  if (scope->in_values && !scope->in_aggregate)
    g_ptr_array_add (scope->plain_columns, node);

  return node;
}

gboolean
lk_token_is_name (const LkToken *token)
{
  return token->kind == LK_TOKEN_WORD || token->kind == LK_TOKEN_BRACKET
         || token->kind == LK_TOKEN_DOUBLE_QUOTED;
}

static LkScope *
find_scope (LkClauseParser *self, const LkToken *table)
{
  for (LkScope *scope = self->scope; scope != NULL; scope = scope->outer)
    {
      if (g_ascii_strcasecmp (scope->name, table->text) == 0)
        return scope;
    }

  lk_clause_error (self, table->start, table->end,
                   _ ("there is no table %s here; columns belong to %s"), table->text,
                   self->scope->name);
  return NULL;
}

/* `table.column` or `dbo.table.column` */
LkNode *
lk_clause_parse_qualified (LkClauseParser *self)
{
  const LkToken *first = lk_clause_peek (self);
  const LkToken *table = first;
  const LkToken *column;
  const LkLicenseField *field;
  LkScope *scope;

  if (g_ascii_strcasecmp (first->text, "dbo") == 0)
    {
      self->position += 2;
      table = lk_clause_peek (self);
      if (!lk_token_is_name (table) || !lk_token_is_sign (lk_clause_peek_ahead (self, 1), "."))
        return lk_clause_fail_unexpected (self, _ ("a table and a column"));
    }

  self->position += 2;
  column = lk_clause_peek (self);
  if (!lk_token_is_name (column))
    return lk_clause_fail_unexpected (self, _ ("the name of a column"));

  lk_clause_take (self);
  scope = find_scope (self, table);
  if (scope == NULL)
    return lk_clause_error_node (self, first->start, column->end);

  field = lk_license_field_find (column->text);
  return field != NULL ? lk_clause_new_column (self, first->start, column->end, field, scope)
                       : lk_clause_refuse_name (self, column);
}

/* [..]: a column comes before a macro of the same name. */
LkNode *
lk_clause_parse_bracket (LkClauseParser *self, const LkToken *token)
{
  g_autofree char *name = g_strstrip (g_strdup (token->text));
  const LkLicenseField *field = lk_license_field_find (name);

  if (field != NULL)
    return lk_clause_new_column (self, token->start, token->end, field, self->scope);
  if (lk_macro_find (token->text, NULL) != NULL)
    return parse_macro (self, token);

  return lk_clause_refuse_name (self, token);
}

/* "..": with QUOTED_IDENTIFIER ON, a name; with OFF and in Access, a text. What names a column is
 * the column, since a text that happens to be a column's name is the rarer wish. */
LkNode *
lk_clause_parse_double_quoted (LkClauseParser *self, const LkToken *token)
{
  const LkLicenseField *field = lk_license_field_find (token->text);

  if (field == NULL)
    return lk_clause_parse_text (self, token);

  lk_clause_add_problem (self, LK_SEVERITY_WARNING, token->start, token->end,
                         g_strdup_printf (_ ("read as the column %s; write '%s' for the text"),
                                          field->column, token->text),
                         g_strdup_printf ("[%s]", field->column));
  return lk_clause_new_column (self, token->start, token->end, field, self->scope);
}
