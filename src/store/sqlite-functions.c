/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sqlite-functions"

#include "config.h"

#include "core/sql-function.h"
#include "core/text-compare.h"
#include "store/sqlite-functions.h"

static void
read_argument (sqlite3_value *argument, LkValue *value)
{
  switch (sqlite3_value_type (argument))
    {
    case SQLITE_INTEGER:
      lk_value_set_integer (value, sqlite3_value_int64 (argument));
      break;
    case SQLITE_FLOAT:
      lk_value_set_real (value, sqlite3_value_double (argument));
      break;
    case SQLITE_NULL:
      break;
    default:
      value->kind = LK_VALUE_TEXT;
      value->text = (const char *) sqlite3_value_text (argument);
      value->length = sqlite3_value_bytes (argument);
      break;
    }
}

static void
return_value (sqlite3_context *context, const LkValue *value)
{
  switch (value->kind)
    {
    case LK_VALUE_INTEGER:
      sqlite3_result_int64 (context, value->integer);
      break;
    case LK_VALUE_REAL:
      sqlite3_result_double (context, value->real);
      break;
    case LK_VALUE_TEXT:
      sqlite3_result_text64 (context, value->text, value->length, SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    case LK_VALUE_NULL:
    default:
      sqlite3_result_null (context);
      break;
    }
}

static void
function_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  const LkSqlFunction *function = sqlite3_user_data (context);
  LkValue values[LK_SQL_FUNCTION_MAX_ARGUMENTS] = { 0 };
  g_auto (LkValue) result = { 0 };
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < n_arguments; i++)
    read_argument (arguments[i], &values[i]);

  if (lk_sql_function_call (function, values, &result, &error))
    return_value (context, &result);
  else
    {
      sqlite3_result_error (context, error->message, -1);
      sqlite3_result_error_code (context, SQLITE_MISMATCH); /* the search's fault, not ours */
    }
}

static int
compare_cb (void *data, int a_length, const void *a, int b_length, const void *b)
{
  return lk_text_compare (a, a_length, b, b_length);
}

/**
 * lk_sqlite_functions_register:
 * @handle: a connection
 *
 * Teaches SQLite the functions and the collation that conditions use.
 *
 * Returns: whether all were registered
 */
gboolean
lk_sqlite_functions_register (sqlite3 *handle)
{
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int code = sqlite3_create_collation (handle, LK_TEXT_COLLATION, SQLITE_UTF8, NULL, compare_cb);

  for (gsize i = 0; i < lk_n_sql_functions && code == SQLITE_OK; i++)
    code = sqlite3_create_function_v2 (
        handle, lk_sql_functions[i].name, lk_sql_functions[i].n_arguments, flags,
        (gpointer) &lk_sql_functions[i], function_cb, NULL, NULL, NULL);
  return code == SQLITE_OK;
}
