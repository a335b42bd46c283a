/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sqlite-function"

#include "config.h"

#include "core/sql-function.h"
#include "store/sqlite-function.h"

/* A blob cannot come out of a license column; it reads as text, as SQLite itself would. */
static LkValue
read_value (sqlite3_value *value)
{
  LkValue result = { LK_VALUE_NULL };

  switch (sqlite3_value_type (value))
    {
    case SQLITE_NULL:
      break;
    case SQLITE_INTEGER:
      lk_value_set_integer (&result, sqlite3_value_int64 (value));
      break;
    case SQLITE_FLOAT:
      lk_value_set_real (&result, sqlite3_value_double (value));
      break;
    default:
      result.text = (const char *) sqlite3_value_text (value);
      result.length = sqlite3_value_bytes (value);
      result.kind = result.text != NULL ? LK_VALUE_TEXT : LK_VALUE_NULL;
      break;
    }

  return result;
}

static void
return_value (sqlite3_context *context, LkValue *value)
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
      if (value->owned != NULL)
        sqlite3_result_text (context, g_steal_pointer (&value->owned), value->length, g_free);
      else
        sqlite3_result_text (context, value->text, value->length, SQLITE_TRANSIENT);
      break;
    case LK_VALUE_NULL:
    default:
      sqlite3_result_null (context);
      break;
    }
}

static void
call_cb (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const LkSqlFunction *function = sqlite3_user_data (context);
  LkValue arguments[LK_SQL_FUNCTION_MAX_ARGUMENTS] = { { LK_VALUE_NULL } };
  g_auto (LkValue) result = { LK_VALUE_NULL };
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < n_values; i++)
    arguments[i] = read_value (values[i]);

  if (lk_sql_function_call (function, arguments, &result, &error))
    return_value (context, &result);
  else
    sqlite3_result_error (context, error->message, -1);
}

static int
compare_cb (void *data, int a_length, const void *a, int b_length, const void *b)
{
  return lk_text_compare (a, a_length, b, b_length);
}

/**
 * lk_sqlite_function_register_all:
 * @handle: a connection
 *
 * Teaches a connection the functions and the collation that the conditions of searches use.
 *
 * Returns: an SQLite result code
 */
int
lk_sqlite_function_register_all (sqlite3 *handle)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  int code =
      sqlite3_create_collation_v2 (handle, LK_TEXT_COLLATION, SQLITE_UTF8, NULL, compare_cb, NULL);

  for (gsize i = 0; i < lk_n_sql_functions && code == SQLITE_OK; i++)
    {
      const LkSqlFunction *function = &lk_sql_functions[i];

      code = sqlite3_create_function_v2 (handle, function->name, function->n_arguments, flags,
                                         (gpointer) function, call_cb, NULL, NULL, NULL);
    }

  return code;
}
