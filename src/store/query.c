/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every store does with a statement: prepare it, bind typed values, read what comes.
 *
 * Thread of all functions here: a pool thread. */

#define G_LOG_DOMAIN "lk-query"

#include "config.h"

#include "store/query.h"

static void
bind_int (LkStatement *statement, int index, const LkValue *value)
{
  if (value->kind == LK_VALUE_REF && value->integer == 0)
    lk_statement_bind_null (statement, index);
  else
    lk_statement_bind_int (statement, index, value->integer);
}

static void
bind_copies (LkStatement *statement, const LkValue *values)
{
  for (int i = 0; values[i].kind != LK_VALUE_END; i++)
    if (values[i].kind == LK_VALUE_TEXT)
      lk_statement_bind_text (statement, i + 1, values[i].text);
    else if (values[i].kind == LK_VALUE_BYTES)
      lk_statement_bind_bytes (statement, i + 1, values[i].bytes);
    else
      bind_int (statement, i + 1, &values[i]);
}

/* For those that give the statement back before they return: the values outlive it. */
static LkStatement *
borrow (LkDb *db, const char *sql, const LkValue *values, GError **error)
{
  LkStatement *statement = lk_db_prepare (db, sql, error);

  if (statement == NULL || values == NULL)
    return statement;

  for (int i = 0; values[i].kind != LK_VALUE_END; i++)
    if (values[i].kind == LK_VALUE_TEXT)
      lk_statement_borrow_text (statement, i + 1, values[i].text);
    else if (values[i].kind == LK_VALUE_BYTES)
      lk_statement_borrow_bytes (statement, i + 1, values[i].bytes);
    else
      bind_int (statement, i + 1, &values[i]);

  return statement;
}

/**
 * lk_query:
 * @db: a connection
 * @sql: one statement
 * @values: (nullable): its parameters, from %LK_VALUES; %NULL for none
 * @error: return location
 *
 * Prepares a statement and binds copies of its parameters.
 *
 * Returns: (transfer full): the statement, before its first row
 */
LkStatement *
lk_query (LkDb *db, const char *sql, const LkValue *values, GError **error)
{
  LkStatement *statement = lk_db_prepare (db, sql, error);

  if (statement != NULL && values != NULL)
    bind_copies (statement, values);

  return statement;
}

/**
 * lk_query_run:
 * @db: a connection
 * @sql: one statement
 * @values: (nullable): its parameters
 * @error: return location
 *
 * Runs a statement whose rows, if any, do not matter.
 *
 * Returns: whether it ran
 */
gboolean
lk_query_run (LkDb *db, const char *sql, const LkValue *values, GError **error)
{
  g_autoptr (LkStatement) statement = borrow (db, sql, values, error);

  return statement != NULL && lk_statement_run (statement, error);
}

/**
 * lk_query_run_rows:
 * @db: a connection
 * @head: the statement up to its rows: `INSERT INTO … VALUES `
 * @row: the parameters of a row: `(?, ?)`
 * @n_rows: how many rows
 * @tail: what follows the rows; "" for nothing
 * @values: the parameters of all rows
 * @error: return location
 *
 * Adds rows with one statement. To begin and to end one takes longer than its work on a row.
 *
 * Returns: whether it ran
 */
gboolean
lk_query_run_rows (LkDb *db, const char *head, const char *row, guint n_rows, const char *tail,
                   const LkValue *values, GError **error)
{
  g_autoptr (GString) sql = g_string_new (head);

  for (guint i = 0; i < n_rows; i++)
    {
      if (i > 0)
        g_string_append (sql, ", ");
      g_string_append (sql, row);
    }
  g_string_append (sql, tail);

  return lk_query_run (db, sql->str, values, error);
}

/**
 * lk_query_int:
 * @db: a connection
 * @sql: one statement
 * @values: (nullable): its parameters
 * @value: (out): the first column of the first row; 0 when it is null or there is no row
 * @error: return location
 *
 * Returns: whether it ran
 */
gboolean
lk_query_int (LkDb *db, const char *sql, const LkValue *values, gint64 *value, GError **error)
{
  g_autoptr (LkStatement) statement = borrow (db, sql, values, error);
  LkStep step;

  *value = 0;
  if (statement == NULL)
    return FALSE;

  step = lk_statement_step (statement, error);
  if (step == LK_STEP_ROW)
    *value = lk_statement_get_int (statement, 0);

  return step != LK_STEP_ERROR;
}

/**
 * lk_query_one:
 * @db: a connection
 * @sql: one statement
 * @values: (nullable): its parameters
 * @read_row: makes the result of a row
 * @result: (out) (transfer full) (nullable): what the first row says; %NULL when there is none
 * @error: return location
 *
 * Returns: whether it ran
 */
gboolean
lk_query_one (LkDb *db, const char *sql, const LkValue *values, LkRowFunc read_row,
              gpointer *result, GError **error)
{
  g_autoptr (LkStatement) statement = borrow (db, sql, values, error);
  LkStep step;

  *result = NULL;
  if (statement == NULL)
    return FALSE;

  step = lk_statement_step (statement, error);
  if (step == LK_STEP_ROW)
    *result = read_row (statement);

  return step != LK_STEP_ERROR;
}

/**
 * lk_query_list:
 * @db: a connection
 * @sql: one statement
 * @values: (nullable): its parameters
 * @read_row: makes an element of a row
 * @free_row: frees such an element
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what the rows say, in their order; %NULL on error
 */
GPtrArray *
lk_query_list (LkDb *db, const char *sql, const LkValue *values, LkRowFunc read_row,
               GDestroyNotify free_row, GError **error)
{
  g_autoptr (LkStatement) statement = borrow (db, sql, values, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free_row);
  LkStep step;

  if (statement == NULL)
    return NULL;

  while ((step = lk_statement_step (statement, error)) == LK_STEP_ROW)
    g_ptr_array_add (list, read_row (statement));

  return step == LK_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

/**
 * lk_row_dup_text:
 * @row: a statement that stands on a row
 *
 * A #LkRowFunc for lists of one text column.
 *
 * Returns: (transfer full): the first column; "" when it is null
 */
gpointer
lk_row_dup_text (LkStatement *row)
{
  return lk_row_take_text (row, 0);
}

/**
 * lk_row_take_text:
 * @row: a statement that stands on a row
 * @column: from 0
 *
 * Returns: (transfer full): the text; "" when it is null
 */
char *
lk_row_take_text (LkStatement *row, int column)
{
  const char *text = lk_statement_get_text (row, column);

  return g_strdup (text != NULL ? text : "");
}
