/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "core/text-compare.h"

G_BEGIN_DECLS

typedef enum
{
  LK_VALUE_NULL,
  LK_VALUE_INTEGER,
  LK_VALUE_REAL,
  LK_VALUE_TEXT,
} LkValueKind;

/**
 * LkValue:
 * @kind: which of the following counts
 * @integer: the value of a %LK_VALUE_INTEGER
 * @real: the value of a %LK_VALUE_REAL
 * @text: the value of a %LK_VALUE_TEXT, NUL-terminated
 * @length: the bytes of @text
 * @owned: (nullable): @text, where the value owns it
 *
 * A value that goes into or comes out of a function of a condition.
 */
typedef struct
{
  LkValueKind kind;
  gint64 integer;
  double real;
  const char *text;
  gsize length;
  char *owned;
} LkValue;

void lk_value_set_integer (LkValue *self, gint64 integer);
void lk_value_set_real (LkValue *self, double real);
void lk_value_take_text (LkValue *self, char *text);
void lk_value_clear (LkValue *self);

/**
 * LkSqlEvaluate:
 * @arguments: as many as the function has, none of them NULL
 * @result: NULL before the call
 * @error: %LK_ERROR_INVALID when SQL Server would have failed as well: not a date, not a number,
 *   division by zero, out of range
 *
 * A pure function. Thread: any.
 */
typedef gboolean (*LkSqlEvaluate) (const LkValue *arguments, LkValue *result, GError **error);

/**
 * LkSqlFunction:
 * @name: how a condition calls it
 * @n_arguments: how many it takes, at most %LK_SQL_FUNCTION_MAX_ARGUMENTS
 * @evaluate: what it does; call it through lk_sql_function_call()
 *
 * What SQL Server has and SQLite lacks. A driver registers each (as deterministic) and the
 * collation %LK_TEXT_COLLATION; conditions call no other functions than these and those of
 * lk_sql_builtins.
 */
typedef struct
{
  const char *name;
  int n_arguments;
  LkSqlEvaluate evaluate;
} LkSqlFunction;

#define LK_SQL_FUNCTION_MAX_ARGUMENTS 3

extern const LkSqlFunction lk_sql_functions[];
extern const gsize lk_n_sql_functions;
extern const char *const lk_sql_builtins[];

const LkSqlFunction *lk_sql_function_find (const char *name);
gboolean lk_sql_function_call (const LkSqlFunction *self, const LkValue *arguments, LkValue *result,
                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LkValue, lk_value_clear)

G_END_DECLS
