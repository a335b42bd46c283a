/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

/* A sub-query on the view: what is read of it. */
typedef struct
{
  LkQueryUse use;
  gsize start;
  gsize end;
  LkScope scope;
  gboolean distinct;
  gint64 top; /* 0: all */
  LkType type;
  gboolean grouped;
  gboolean ordered;
  GString *template;
  GPtrArray *children;
} Query;

static void
add_part (Query *query, const char *template, LkNode *child)
{
  g_string_append (query->template, template);
  g_ptr_array_add (query->children, child);
}

static gboolean
fail (LkClauseParser *self, const char *expected)
{
  lk_clause_fail_unexpected (self, expected);
  return FALSE;
}

/* Skips what stands between SELECT and its FROM, so that the table's name is known when the values
 * are read. Returns the position of FROM, or 0. */
static guint
find_from (const LkClauseParser *self)
{
  guint level = 0;

  for (guint i = self->position; i < self->tokens->len; i++)
    {
      const LkToken *token = &g_array_index (self->tokens, LkToken, i);

      if (lk_token_is_sign (token, "("))
        level++;
      else if (lk_token_is_sign (token, ")") && level-- == 0)
        return 0;
      else if (level == 0 && lk_token_is_word (token, "FROM"))
        return i;
    }

  return 0;
}

static gboolean
parse_alias (LkClauseParser *self, Query *query)
{
  gboolean as = lk_clause_take_word (self, "AS");
  const LkToken *token = lk_clause_peek (self);
  gboolean is_name = token->kind == LK_TOKEN_BRACKET
                     || (token->kind == LK_TOKEN_WORD && !lk_clause_is_keyword (token->text)
                         && lk_clause_explain_word (token->text) == NULL);

  if (!is_name)
    return as ? fail (self, _ ("a name for the table")) : TRUE;

  query->scope.name = lk_clause_take (self)->text;
  return TRUE;
}

/* `FROM dbo.qryLicenseInfo AS q` */
static gboolean
parse_table (LkClauseParser *self, Query *query)
{
  const LkToken *token;

  lk_clause_take (self);
  if (lk_token_is_sign (lk_clause_peek_ahead (self, 1), ".")
      && g_ascii_strcasecmp (lk_clause_peek (self)->text, "dbo") == 0)
    self->position += 2;

  token = lk_clause_peek (self);
  if ((token->kind != LK_TOKEN_WORD && token->kind != LK_TOKEN_BRACKET
       && token->kind != LK_TOKEN_DOUBLE_QUOTED)
      || g_ascii_strcasecmp (token->text, LK_CLAUSE_VIEW) != 0)
    {
      lk_clause_error (self, token->start, token->end,
                       _ ("a sub-query can read %s alone; it has the columns of customers, "
                          "products and organizations"),
                       LK_CLAUSE_VIEW);
      return FALSE;
    }

  lk_clause_take (self);
  query->scope.name = LK_CLAUSE_VIEW;
  if (!parse_alias (self, query))
    return FALSE;

  return lk_token_is_sign (lk_clause_peek (self), ",") ? fail (self, "WHERE") : TRUE;
}

static gboolean
parse_top (LkClauseParser *self, Query *query)
{
  gboolean parentheses;
  const LkToken *token;

  if (!lk_clause_take_word (self, "TOP"))
    return TRUE;

  parentheses = lk_clause_take_sign (self, "(");
  token = lk_clause_take (self);
  query->top = token->kind == LK_TOKEN_INTEGER && strlen (token->text) <= 9
                   ? g_ascii_strtoll (token->text, NULL, 10)
                   : 0;
  if (query->top == 0)
    {
      lk_clause_error (self, token->start, token->end,
                       _ ("TOP needs a whole number of 1 or more, such as TOP 1"));
      return FALSE;
    }
  if (parentheses && !lk_clause_expect_sign (self, ")"))
    return FALSE;

  token = lk_clause_peek (self);
  if (!lk_token_is_word (token, "PERCENT") && !lk_token_is_word (token, "WITH"))
    return TRUE;

  lk_clause_error (self, token->start, token->end,
                   _ ("PERCENT and WITH TIES are not supported; use a number alone"));
  return FALSE;
}

/* For EXISTS it does not matter what is selected: `*`, `q.*`, `1`, `a, b`. */
static gboolean
parse_star (LkClauseParser *self)
{
  if (lk_clause_take_sign (self, "*"))
    return TRUE;

  if (lk_token_is_sign (lk_clause_peek_ahead (self, 1), ".")
      && lk_token_is_sign (lk_clause_peek_ahead (self, 2), "*"))
    {
      self->position += 3;
      return TRUE;
    }

  return FALSE;
}

static gboolean
parse_values (LkClauseParser *self, Query *query)
{
  LkNode *value;

  if (query->use == LK_QUERY_EXISTS && parse_star (self))
    {
      g_string_append (query->template, "1");
      return TRUE;
    }

  value = lk_clause_parse_value (self);
  if (value == NULL)
    return FALSE;
  if (lk_clause_take_word (self, "AS"))
    lk_clause_take (self);

  query->type = value->type;
  add_part (query, "%,", value);
  if (lk_token_is_sign (lk_clause_peek (self), ","))
    return fail (self, _ ("one column alone"));

  return TRUE;
}

/* What is neither grouped by nor in an aggregate has no one value in a group; SQLite would take any
 * of them. */
static gboolean
check_plain_columns (LkClauseParser *self, Query *query, GPtrArray *keys)
{
  if (!query->grouped && !query->scope.aggregates)
    return TRUE;

  for (guint i = 0; i < query->scope.plain_columns->len; i++)
    {
      const LkNode *column = query->scope.plain_columns->pdata[i];
      gboolean found = FALSE;

      for (guint j = 0; j < keys->len; j++)
        found |= ((LkNode *) keys->pdata[j])->field == column->field;
      if (found)
        continue;

      lk_clause_error (self, column->start, column->end,
                       _ ("%s has many values here; add it to GROUP BY, or take its MIN or MAX"),
                       column->field->column);
      return FALSE;
    }

  return TRUE;
}

static gboolean
parse_group (LkClauseParser *self, Query *query, GPtrArray *keys)
{
  query->grouped = TRUE;
  if (!lk_clause_expect_word (self, "BY"))
    return FALSE;

  do
    {
      LkNode *key = lk_clause_parse_value (self);

      if (key == NULL)
        return FALSE;
      if (key->field == NULL || key->scope_number != query->scope.number)
        {
          lk_clause_error (self, key->start, key->end,
                           _ ("GROUP BY takes columns of its own sub-query"));
          return FALSE;
        }
      add_part (query, keys->len == 0 ? " GROUP BY %," : ", %,", key);
      if (key->type == LK_TYPE_TEXT)
        g_string_append (query->template, " COLLATE LK_TEXT");
      g_ptr_array_add (keys, key);
    }
  while (lk_clause_take_sign (self, ","));

  return TRUE;
}

static gboolean
parse_having (LkClauseParser *self, Query *query)
{
  LkNode *condition;

  query->grouped = TRUE;
  query->scope.in_values = TRUE;
  condition = lk_clause_parse_condition (self);
  query->scope.in_values = FALSE;
  if (condition == NULL)
    return FALSE;

  add_part (query, " HAVING %,", condition);
  return TRUE;
}

static gboolean
parse_order (LkClauseParser *self, Query *query)
{
  const LkToken *order = lk_clause_peek (self);

  if (!lk_clause_expect_word (self, "BY"))
    return FALSE;
  if (query->top == 0 || query->distinct)
    {
      lk_clause_error (self, order->start, order->end,
                       _ ("ORDER BY in a sub-query needs TOP, and not DISTINCT; remove it"));
      return FALSE;
    }

  do
    {
      LkNode *key;

      query->scope.in_values = TRUE;
      key = lk_clause_parse_value (self);
      query->scope.in_values = FALSE;
      if (key == NULL)
        return FALSE;
      if (key->is_constant)
        {
          lk_clause_error (self, key->start, key->end, _ ("ORDER BY takes columns"));
          return FALSE;
        }

      add_part (query, query->ordered ? ", %," : " ORDER BY %,", key);
      query->ordered = TRUE;
      if (key->type == LK_TYPE_TEXT)
        g_string_append (query->template, " COLLATE LK_TEXT");
      if (lk_clause_take_word (self, "DESC"))
        g_string_append (query->template, " DESC");
      else
        lk_clause_take_word (self, "ASC");
    }
  while (lk_clause_take_sign (self, ","));

  return TRUE;
}

static gboolean
parse_where (LkClauseParser *self, Query *query)
{
  LkNode *condition;

  if (!lk_clause_take_word (self, "WHERE"))
    return TRUE;

  condition = lk_clause_parse_condition (self);
  if (condition == NULL)
    return FALSE;

  add_part (query, " WHERE %,", condition);
  return TRUE;
}

static gboolean
parse_tail (LkClauseParser *self, Query *query)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  if (!parse_where (self, query))
    return FALSE;
  if (lk_clause_take_word (self, "GROUP") && !parse_group (self, query, keys))
    return FALSE;
  if (lk_clause_take_word (self, "HAVING") && !parse_having (self, query))
    return FALSE;
  if (lk_clause_take_word (self, "ORDER") && !parse_order (self, query))
    return FALSE;

  return check_plain_columns (self, query, keys);
}

/* SQL Server fails on a second row, SQLite takes the first without a word. */
static gboolean
check_single_row (LkClauseParser *self, const Query *query)
{
  if (query->use != LK_QUERY_SCALAR || (query->scope.aggregates && !query->grouped))
    return TRUE;

  if (query->top != 1)
    {
      lk_clause_error (self, query->start, query->end,
                       _ ("this sub-query may give many values; write IN (SELECT …), or take one "
                          "with MIN, MAX or TOP 1 … ORDER BY"));
      return FALSE;
    }

  return TRUE;
}

static void
warn_about_any_row (LkClauseParser *self, const Query *query)
{
  if (query->top > 0 && !query->ordered && query->use != LK_QUERY_EXISTS
      && !(query->scope.aggregates && !query->grouped))
    lk_clause_warn (self, query->start, query->end,
                    _ ("TOP without ORDER BY takes any rows; add ORDER BY"));
}

static LkNode *
finish (LkClauseParser *self, Query *query)
{
  LkType type = query->use == LK_QUERY_EXISTS ? LK_TYPE_CONDITION : query->type;

  if (!check_single_row (self, query))
    return lk_clause_error_node (self, query->start, query->end);

  warn_about_any_row (self, query);
  if (query->top > 0)
    g_string_append_printf (query->template, " LIMIT %" G_GINT64_FORMAT, query->top);
  g_string_append_c (query->template, ')');

  return lk_node_new_list (self, type, query->start, query->end,
                           g_string_chunk_insert_const (self->strings, query->template->str),
                           g_ptr_array_ref (query->children));
}

static gboolean
parse_body (LkClauseParser *self, Query *query)
{
  guint from = find_from (self);
  guint values = self->position;
  guint behind_table;
  gboolean success;

  if (from == 0)
    {
      lk_clause_error (self, query->start, lk_clause_peek (self)->end,
                       _ ("a sub-query needs FROM %s"), LK_CLAUSE_VIEW);
      return FALSE;
    }

  self->position = from;
  if (!parse_table (self, query))
    return FALSE;

  behind_table = self->position;
  self->position = values;
  query->scope.in_values = TRUE;
  success = parse_values (self, query);
  query->scope.in_values = FALSE;
  if (!success)
    return FALSE;
  if (self->position != from)
    return fail (self, "FROM");

  g_string_append_printf (query->template, " FROM \"%s\" AS \"s%u\"", LK_CLAUSE_VIEW,
                          query->scope.number);
  self->position = behind_table;
  return parse_tail (self, query);
}

static gboolean
enter_query (LkClauseParser *self, Query *query)
{
  if (self->n_queries >= LK_CLAUSE_MAX_QUERIES)
    {
      lk_clause_error (self, query->start, lk_clause_peek (self)->end,
                       _ ("more than %d sub-queries in one another; simplify the search"),
                       LK_CLAUSE_MAX_QUERIES);
      return FALSE;
    }
  if (!lk_clause_enter (self))
    return FALSE;

  self->n_queries++;
  query->scope.outer = self->scope;
  query->scope.number = ++self->n_scopes;
  query->scope.name = LK_CLAUSE_VIEW;
  query->scope.plain_columns = g_ptr_array_new ();
  self->scope = &query->scope;
  return TRUE;
}

static void
leave_query (LkClauseParser *self, Query *query)
{
  self->scope = query->scope.outer;
  self->n_queries--;
  g_ptr_array_unref (query->scope.plain_columns);
  lk_clause_leave (self);
}

/* Reads `(SELECT … FROM qryLicenseInfo …)`, with EXISTS before it if that is its use. */
LkNode *
lk_clause_parse_query (LkClauseParser *self, LkQueryUse use)
{
  g_autoptr (GString) template =
      g_string_new (use == LK_QUERY_EXISTS ? "EXISTS (SELECT " : "(SELECT ");
  g_autoptr (GPtrArray) children = g_ptr_array_new ();
  Query query = {
    .use = use, .start = lk_clause_peek (self)->start, .template = template, .children = children
  };
  gboolean success;

  if (use == LK_QUERY_EXISTS)
    lk_clause_take (self);
  if (!lk_clause_expect_sign (self, "(") || !lk_clause_expect_word (self, "SELECT")
      || !enter_query (self, &query))
    return NULL;

  query.distinct = lk_clause_take_word (self, "DISTINCT");
  if (query.distinct)
    g_string_append (template, "DISTINCT ");
  else
    lk_clause_take_word (self, "ALL");

  success = parse_top (self, &query) && parse_body (self, &query);
  leave_query (self, &query);
  if (!success || !lk_clause_expect_sign (self, ")"))
    return NULL;

  query.end = g_array_index (self->tokens, LkToken, self->position - 1).end;
  return finish (self, &query);
}
