/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

static const struct
{
  const char *name;
  const char *template;
  const char *distinct_template;
} aggregates[] = {
  { "COUNT", "count (%1)", "count (DISTINCT %1)" },
  { "MIN", "min (%1)", "min (%1)" },
  { "MAX", "max (%1)", "max (%1)" },
  { "SUM", "sum (%1)", "sum (DISTINCT %1)" },
  { "AVG", "avg (%1)", "avg (DISTINCT %1)" },
};

gboolean
lk_clause_is_aggregate (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (aggregates); i++)
    {
      if (g_ascii_strcasecmp (aggregates[i].name, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static LkNode *
build_aggregate (LkClauseParser *self, const LkToken *name, LkNode *value, gboolean distinct,
                 gsize end)
{
  gboolean counts = lk_token_is_word (name, "COUNT");
  gboolean adds = lk_token_is_word (name, "SUM") || lk_token_is_word (name, "AVG");
  LkType type = counts ? LK_TYPE_INTEGER : value->type;
  const char *template = NULL;
  LkNode *node;

  if (!counts && !adds && value->type == LK_TYPE_FLAG)
    {
      lk_clause_error (
          self, value->start, value->end,
          _ ("%s does not take a flag (yes is 1 in SQL Server and -1 in Access); write "
             "CAST (… AS int)"),
          name->text);
      return lk_clause_error_node (self, name->start, end);
    }

  if (adds && value->type != LK_TYPE_INTEGER && value->type != LK_TYPE_REAL
      && value->type != LK_TYPE_ERROR)
    {
      lk_clause_error (self, value->start, value->end, _ ("%s needs a number, and this is %s"),
                       name->text, lk_type_get_title (value->type));
      return lk_clause_error_node (self, name->start, end);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (aggregates); i++)
    {
      if (lk_token_is_word (name, aggregates[i].name))
        template = distinct ? aggregates[i].distinct_template : aggregates[i].template;
    }

  /* SQL Server's average of whole numbers is a whole number, cut off. */
  if (lk_token_is_word (name, "AVG") && type == LK_TYPE_INTEGER)
    template = distinct ? "CAST (avg (DISTINCT %1) AS INTEGER)" : "CAST (avg (%1) AS INTEGER)";
  if (value->type == LK_TYPE_TEXT)
    value = lk_node_new (self, LK_TYPE_TEXT, value->start, value->end, "%1 COLLATE LK_TEXT", value,
                         NULL);

  node = lk_node_new (self, type, name->start, end, template, value, NULL);

  return adds && type == LK_TYPE_REAL
             ? lk_node_new_call_va (self, type, name->start, end, "lk_decimal", node, NULL)
             : node;
}

static LkNode *
parse_aggregated (LkClauseParser *self, const LkToken *name)
{
  gboolean distinct;
  LkNode *value;
  gsize end;

  if (lk_token_is_word (name, "COUNT") && lk_clause_take_sign (self, "*"))
    {
      end = lk_clause_peek (self)->end;
      return lk_clause_expect_sign (self, ")")
                 ? lk_node_new (self, LK_TYPE_INTEGER, name->start, end, "count (*)", NULL)
                 : NULL;
    }

  distinct = lk_clause_take_word (self, "DISTINCT");
  value = lk_clause_parse_value (self);
  end = lk_clause_peek (self)->end;
  if (value == NULL || !lk_clause_expect_sign (self, ")"))
    return NULL;

  return build_aggregate (self, name, value, distinct, end);
}

/* Reads `COUNT (*)`, `MAX (column)` and their kin, which belong into what a sub-query selects. */
LkNode *
lk_clause_parse_aggregate (LkClauseParser *self)
{
  const LkToken *name = lk_clause_take (self);
  LkNode *node;

  lk_clause_take (self);
  if (!self->scope->in_values || self->scope->in_aggregate)
    {
      lk_clause_error (self, name->start, name->end,
                       _ ("%s needs a sub-query of its own: (SELECT %s (…) FROM %s)"), name->text,
                       name->text, LK_CLAUSE_VIEW);
      return NULL;
    }
  if (!lk_clause_enter (self))
    return NULL;

  self->scope->aggregates = TRUE;
  self->scope->in_aggregate = TRUE;
  node = parse_aggregated (self, name);
  self->scope->in_aggregate = FALSE;
  lk_clause_leave (self);

  return node;
}
