/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-function"

#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/sql-function-private.h"

static double
to_double (const LkValue *value)
{
  return value->kind == LK_VALUE_REAL ? value->real : (double) value->integer;
}

static gboolean
is_zero (const LkValue *value)
{
  return value->kind == LK_VALUE_REAL ? fpclassify (value->real) == FP_ZERO : value->integer == 0;
}

static gboolean
refuse_zero (GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("a division by zero; write NULLIF (…, 0) around the divisor"));
  return FALSE;
}

static gboolean
refuse_text (const LkValue *value, GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("“%s” is not a number that fits; leave it out of the search or correct it"),
               value->text);
  return FALSE;
}

static const char *
skip_blanks (const char *text)
{
  return text + strspn (text, " ");
}

/**
 * lk_sql_to_integer:
 * @arguments: text
 * @result: the whole number that it names; 0 for a blank one, as in SQL Server
 * @error: it names none
 */
gboolean
lk_sql_to_integer (const LkValue *arguments, LkValue *result, GError **error)
{
  const char *start = skip_blanks (arguments[0].text);
  gboolean has_sign = *start == '-' || *start == '+';
  gint64 integer;
  char *end;

  lk_value_set_integer (result, 0);
  if (*start == '\0')
    return TRUE;

  errno = 0;
  integer = g_ascii_strtoll (start, &end, 10);
  if (!g_ascii_isdigit (start[has_sign ? 1 : 0]) || *skip_blanks (end) != '\0' || errno == ERANGE)
    return refuse_text (&arguments[0], error);

  result->integer = integer;
  return TRUE;
}

/**
 * lk_sql_to_real:
 * @arguments: text
 * @result: the number that it names; 0 for a blank one, as in SQL Server
 * @error: it names none
 */
gboolean
lk_sql_to_real (const LkValue *arguments, LkValue *result, GError **error)
{
  const char *start = skip_blanks (arguments[0].text);
  gsize length = strspn (start, "+-0123456789.eE");
  double real;
  char *end;

  lk_value_set_real (result, 0);
  if (*start == '\0')
    return TRUE;

  real = g_ascii_strtod (start, &end);
  if (end == start || end > start + length || *skip_blanks (end) != '\0' || !isfinite (real))
    return refuse_text (&arguments[0], error);

  result->real = real;
  return TRUE;
}

/**
 * lk_sql_decimal:
 * @arguments: number
 * @result: the number of 15 digits that is nearest; a whole number as it is
 * @error: unused
 *
 * SQL Server calculates with decimals, where 3 * 0.1 is 0.3; as binary fractions the two differ by
 * the last bit, and a comparison would find nothing.
 */
gboolean
lk_sql_decimal (const LkValue *arguments, LkValue *result, GError **error)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  *result = arguments[0];
  result->owned = NULL;
  if (arguments[0].kind != LK_VALUE_REAL)
    return TRUE;

  g_ascii_formatd (digits, sizeof digits, "%.15g", arguments[0].real);
  lk_value_set_real (result, g_ascii_strtod (digits, NULL));
  return TRUE;
}

/**
 * lk_sql_divide:
 * @arguments: dividend, divisor
 * @result: the quotient; of two whole numbers a whole one, cut off towards zero
 * @error: the divisor is zero
 */
gboolean
lk_sql_divide (const LkValue *arguments, LkValue *result, GError **error)
{
  if (is_zero (&arguments[1]))
    return refuse_zero (error);

  if (arguments[0].kind == LK_VALUE_REAL || arguments[1].kind == LK_VALUE_REAL)
    lk_value_set_real (result, to_double (&arguments[0]) / to_double (&arguments[1]));
  else if (arguments[1].integer == -1)
    lk_value_set_integer (result,
                          arguments[0].integer == G_MININT64 ? G_MAXINT64 : -arguments[0].integer);
  else
    lk_value_set_integer (result, arguments[0].integer / arguments[1].integer);

  return TRUE;
}

/**
 * lk_sql_modulo:
 * @arguments: dividend, divisor, both whole numbers
 * @result: the remainder, with the sign of the dividend
 * @error: the divisor is zero
 */
gboolean
lk_sql_modulo (const LkValue *arguments, LkValue *result, GError **error)
{
  if (is_zero (&arguments[1]))
    return refuse_zero (error);

  lk_value_set_integer (
      result, arguments[1].integer == -1 ? 0 : arguments[0].integer % arguments[1].integer);
  return TRUE;
}

/* Half away from zero, as SQL Server's ROUND. */
static gint64
round_integer (gint64 value, int digits)
{
  gint64 factor = 1;
  gint64 rest;

  for (int i = digits; i < 0; i++)
    {
      if (i < -18)
        return 0;
      factor *= 10;
    }

  rest = value % factor;
  value -= rest;
  if (ABS (rest) * 2 < factor || factor == 1)
    return value;
  if (__builtin_add_overflow (value, rest < 0 ? -factor : factor, &value))
    return rest < 0 ? G_MININT64 : G_MAXINT64;

  return value;
}

/**
 * lk_sql_round:
 * @arguments: number, digits behind the point (negative: before it)
 * @result: the rounded number, of the same kind
 * @error: unused
 */
gboolean
lk_sql_round (const LkValue *arguments, LkValue *result, GError **error)
{
  int digits = CLAMP (to_double (&arguments[1]), -30, 30);
  double factor = pow (10, digits);

  if (arguments[0].kind == LK_VALUE_INTEGER)
    lk_value_set_integer (result, round_integer (arguments[0].integer, digits));
  else if (isfinite (arguments[0].real * factor))
    lk_value_set_real (result, round (arguments[0].real * factor) / factor);
  else
    lk_value_set_real (result, arguments[0].real);

  return TRUE;
}

/**
 * lk_sql_floor:
 * @arguments: number
 * @result: the largest whole number that is not larger
 * @error: unused
 */
gboolean
lk_sql_floor (const LkValue *arguments, LkValue *result, GError **error)
{
  if (arguments[0].kind == LK_VALUE_INTEGER)
    lk_value_set_integer (result, arguments[0].integer);
  else
    lk_value_set_real (result, floor (arguments[0].real));

  return TRUE;
}

/**
 * lk_sql_ceiling:
 * @arguments: number
 * @result: the smallest whole number that is not smaller
 * @error: unused
 */
gboolean
lk_sql_ceiling (const LkValue *arguments, LkValue *result, GError **error)
{
  if (arguments[0].kind == LK_VALUE_INTEGER)
    lk_value_set_integer (result, arguments[0].integer);
  else
    lk_value_set_real (result, ceil (arguments[0].real));

  return TRUE;
}
