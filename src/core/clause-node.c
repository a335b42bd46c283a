/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include "core/clause-private.h"

static LkNode *
allocate (LkClauseParser *self, LkType type, gsize start, gsize end)
{
  LkNode *node = g_new0 (LkNode, 1);

  node->type = type;
  node->start = start;
  node->end = end;
  g_ptr_array_add (self->nodes, node);

  return node;
}

void
lk_node_free (LkNode *self)
{
  g_clear_pointer (&self->children, g_ptr_array_unref);
  lk_value_clear (&self->value);
  g_free (self);
}

static GPtrArray *
collect (va_list arguments)
{
  GPtrArray *children = g_ptr_array_new ();
  LkNode *child;

  while ((child = va_arg (arguments, LkNode *)) != NULL)
    g_ptr_array_add (children, child);

  return children;
}

static gboolean
any_error (GPtrArray *children)
{
  for (guint i = 0; i < children->len; i++)
    {
      if (((LkNode *) children->pdata[i])->type == LK_TYPE_ERROR)
        return TRUE;
    }

  return FALSE;
}

/* Takes the children. What has a mistake below is itself one, so that nothing is said twice. */
LkNode *
lk_node_new_list (LkClauseParser *self, LkType type, gsize start, gsize end, const char *template,
                  GPtrArray *children)
{
  LkNode *node = allocate (self, any_error (children) ? LK_TYPE_ERROR : type, start, end);

  node->template = template;
  node->children = children;

  return node;
}

/* The children follow, ended by NULL. */
LkNode *
lk_node_new (LkClauseParser *self, LkType type, gsize start, gsize end, const char *template, ...)
{
  GPtrArray *children;
  va_list arguments;

  va_start (arguments, template);
  children = collect (arguments);
  va_end (arguments);

  return lk_node_new_list (self, type, start, end, template, children);
}

LkNode *
lk_node_new_integer (LkClauseParser *self, gsize start, gsize end, gint64 integer)
{
  LkNode *node = allocate (self, LK_TYPE_INTEGER, start, end);

  node->is_constant = TRUE;
  lk_value_set_integer (&node->value, integer);

  return node;
}

LkNode *
lk_node_new_real (LkClauseParser *self, gsize start, gsize end, double real)
{
  LkNode *node = allocate (self, LK_TYPE_REAL, start, end);

  node->is_constant = TRUE;
  lk_value_set_real (&node->value, real);

  return node;
}

/* LK_TYPE_TEXT or LK_TYPE_DATE. */
LkNode *
lk_node_new_text (LkClauseParser *self, gsize start, gsize end, LkType type, const char *text)
{
  LkNode *node = allocate (self, type, start, end);

  node->is_constant = TRUE;
  lk_value_take_text (&node->value, g_strdup (text));

  return node;
}

LkNode *
lk_node_new_null (LkClauseParser *self, gsize start, gsize end)
{
  LkNode *node = allocate (self, LK_TYPE_NULL, start, end);

  node->is_constant = TRUE;

  return node;
}

static LkType
field_type (const LkLicenseField *field)
{
  switch (field->kind)
    {
    case LK_FIELD_INTEGER:
      return LK_TYPE_INTEGER;
    case LK_FIELD_FLAG:
      return LK_TYPE_FLAG;
    case LK_FIELD_DATE:
      return LK_TYPE_DATE;
    case LK_FIELD_TEXT:
    default:
      return LK_TYPE_TEXT;
    }
}

LkNode *
lk_node_new_column (LkClauseParser *self, gsize start, gsize end, const LkLicenseField *field,
                    guint scope_number)
{
  LkNode *node = allocate (self, field_type (field), start, end);

  node->field = field;
  node->scope_number = scope_number;
  node->qualified = self->scope->number > 0;

  return node;
}

static gboolean
all_constant (GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      if (!((LkNode *) nodes->pdata[i])->is_constant)
        return FALSE;
    }

  return TRUE;
}

/* Computes a function of constants now: mistakes show with their place, and the database is left
 * with a value to compare with. */
static LkNode *
fold (LkClauseParser *self, LkType type, gsize start, gsize end, const LkSqlFunction *function,
      GPtrArray *arguments)
{
  LkValue values[LK_SQL_FUNCTION_MAX_ARGUMENTS] = { { LK_VALUE_NULL } };
  g_autoptr (GError) error = NULL;
  LkValue result;
  LkNode *node;

  for (guint i = 0; i < arguments->len; i++)
    values[i] = ((LkNode *) arguments->pdata[i])->value;

  if (!lk_sql_function_call (function, values, &result, &error))
    {
      lk_clause_error (self, start, end, "%s", error->message);
      return lk_clause_error_node (self, start, end);
    }

  node = allocate (self, result.kind == LK_VALUE_NULL ? LK_TYPE_NULL : type, start, end);
  node->is_constant = TRUE;
  node->value = result;

  return node;
}

/* Calls one of lk_sql_functions. Takes the arguments. */
LkNode *
lk_node_new_call (LkClauseParser *self, LkType type, gsize start, gsize end, const char *function,
                  GPtrArray *arguments)
{
  const LkSqlFunction *sql_function = lk_sql_function_find (function);
  g_autofree char *template = NULL;
  LkNode *node;

  g_assert (sql_function != NULL);
  g_assert (arguments->len == (guint) sql_function->n_arguments);

  if (all_constant (arguments) && !any_error (arguments))
    {
      node = fold (self, type, start, end, sql_function, arguments);
      g_ptr_array_unref (arguments);
      return node;
    }

  template = g_strdup_printf ("%s (%%*)", function);
  return lk_node_new_list (self, type, start, end,
                           g_string_chunk_insert_const (self->strings, template), arguments);
}

/* The arguments follow, ended by NULL. */
LkNode *
lk_node_new_call_va (LkClauseParser *self, LkType type, gsize start, gsize end,
                     const char *function, ...)
{
  GPtrArray *children;
  va_list arguments;

  va_start (arguments, function);
  children = collect (arguments);
  va_end (arguments);

  return lk_node_new_call (self, type, start, end, function, children);
}

/* Joins conditions with the template `%1 AND %2` in a tree of wide nodes: SQLite takes neither
 * expressions nor parentheses of unbounded depth. Takes the children. */
LkNode *
lk_node_new_joined (LkClauseParser *self, gsize start, gsize end, const char *template,
                    GPtrArray *children)
{
  GPtrArray *level = children;

  while (level->len > LK_CLAUSE_MAX_CHAIN)
    {
      GPtrArray *wider = g_ptr_array_new ();

      for (guint i = 0; i < level->len; i += LK_CLAUSE_MAX_CHAIN)
        {
          guint n = MIN (LK_CLAUSE_MAX_CHAIN, level->len - i);
          GPtrArray *group = g_ptr_array_sized_new (n);

          for (guint j = 0; j < n; j++)
            g_ptr_array_add (group, level->pdata[i + j]);
          g_ptr_array_add (wider,
                           lk_node_new_list (self, LK_TYPE_CONDITION, start, end, template, group));
        }

      g_ptr_array_unref (level);
      level = wider;
    }

  return lk_node_new_list (self, LK_TYPE_CONDITION, start, end, template, level);
}
