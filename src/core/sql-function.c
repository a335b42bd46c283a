/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-function"

#include "config.h"

#include <string.h>

#include "core/sql-function-private.h"

const LkSqlFunction lk_sql_functions[] = {
  { "lk_dateadd", 3, lk_sql_dateadd },
  { "lk_datediff", 3, lk_sql_datediff },
  { "lk_datepart", 2, lk_sql_datepart },
  { "lk_day_start", 1, lk_sql_day_start },
  { "lk_eomonth", 2, lk_sql_eomonth },
  { "lk_date_from_parts", 3, lk_sql_date_from_parts },
  { "lk_date_from_days", 1, lk_sql_date_from_days },
  { "lk_date_text", 2, lk_sql_date_text },
  { "lk_to_date", 1, lk_sql_to_date },
  { "lk_like", 3, lk_sql_like },
  { "lk_charindex", 3, lk_sql_charindex },
  { "lk_replace", 3, lk_sql_replace },
  { "lk_upper", 1, lk_sql_upper },
  { "lk_lower", 1, lk_sql_lower },
  { "lk_substring", 3, lk_sql_substring },
  { "lk_right", 2, lk_sql_right },
  { "lk_to_integer", 1, lk_sql_to_integer },
  { "lk_to_real", 1, lk_sql_to_real },
  { "lk_decimal", 1, lk_sql_decimal },
  { "lk_divide", 2, lk_sql_divide },
  { "lk_modulo", 2, lk_sql_modulo },
  { "lk_round", 2, lk_sql_round },
  { "lk_floor", 1, lk_sql_floor },
  { "lk_ceiling", 1, lk_sql_ceiling },
};

const gsize lk_n_sql_functions = G_N_ELEMENTS (lk_sql_functions);

/* SQLite's own functions that a condition may call; %NULL-terminated, for the authorizer. */
const char *const lk_sql_builtins[] = { "abs",   "avg",   "coalesce", "count", "length",
                                        "like",  "ltrim", "max",      "min",   "nullif",
                                        "rtrim", "sum",   "trim",     NULL };

/**
 * lk_value_set_integer:
 * @self: a value that owns nothing
 * @integer: what it becomes
 */
void
lk_value_set_integer (LkValue *self, gint64 integer)
{
  *self = (LkValue){ .kind = LK_VALUE_INTEGER, .integer = integer };
}

/**
 * lk_value_set_real:
 * @self: a value that owns nothing
 * @real: what it becomes
 */
void
lk_value_set_real (LkValue *self, double real)
{
  *self = (LkValue){ .kind = LK_VALUE_REAL, .real = real };
}

/**
 * lk_value_take_text:
 * @self: a value that owns nothing
 * @text: (transfer full): what it becomes
 */
void
lk_value_take_text (LkValue *self, char *text)
{
  *self = (LkValue){ .kind = LK_VALUE_TEXT, .text = text, .length = strlen (text), .owned = text };
}

/**
 * lk_value_clear:
 * @self: a value, which becomes NULL
 */
void
lk_value_clear (LkValue *self)
{
  g_free (self->owned);
  *self = (LkValue){ LK_VALUE_NULL };
}

/**
 * lk_sql_function_find:
 * @name: the name of a function, lower case
 *
 * Returns: (nullable): the function
 */
const LkSqlFunction *
lk_sql_function_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lk_sql_functions); i++)
    {
      if (strcmp (lk_sql_functions[i].name, name) == 0)
        return &lk_sql_functions[i];
    }

  return NULL;
}

/**
 * lk_sql_function_call:
 * @self: a function
 * @arguments: as many as it takes
 * @result: (out caller-allocates): the result; the caller clears it
 * @error: %LK_ERROR_INVALID, see #LkSqlEvaluate
 *
 * Calls @self as a database does: any NULL makes the result NULL, and text that is not UTF-8
 * (another program may have written it) is read with replacement characters. Thread: any.
 *
 * Returns: whether there is a result
 */
gboolean
lk_sql_function_call (const LkSqlFunction *self, const LkValue *arguments, LkValue *result,
                      GError **error)
{
  LkValue valid[LK_SQL_FUNCTION_MAX_ARGUMENTS] = { { LK_VALUE_NULL } };
  gboolean success = TRUE;
  gboolean any_null = FALSE;

  g_return_val_if_fail (self->n_arguments <= LK_SQL_FUNCTION_MAX_ARGUMENTS, FALSE);

  *result = (LkValue){ LK_VALUE_NULL };

  for (int i = 0; i < self->n_arguments; i++)
    {
      any_null |= arguments[i].kind == LK_VALUE_NULL;
      valid[i] = arguments[i];
      valid[i].owned = NULL;
      if (valid[i].kind == LK_VALUE_TEXT && !g_utf8_validate (valid[i].text, valid[i].length, NULL))
        lk_value_take_text (&valid[i], g_utf8_make_valid (valid[i].text, valid[i].length));
    }

  if (!any_null)
    success = self->evaluate (valid, result, error);

  for (int i = 0; i < self->n_arguments; i++)
    lk_value_clear (&valid[i]);

  return success;
}
