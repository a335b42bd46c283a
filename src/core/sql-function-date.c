/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-function"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/date-literal.h"
#include "core/date-part.h"
#include "core/error.h"
#include "core/sql-function-private.h"

#define DAYS_FROM_1900_TO_1970 25567

static gboolean
read_date (const LkValue *value, LkSqlTime *time, GError **error)
{
  if (value->kind == LK_VALUE_TEXT && lk_sql_time_parse (time, value->text, value->length))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("“%s” is not a date of the form 2026-12-31 23:59:59; correct the license"),
               value->kind == LK_VALUE_TEXT ? value->text : "");
  return FALSE;
}

static gboolean
out_of_range (GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("the date leads out of the years %d to %d; use a smaller number"),
               LK_SQL_TIME_MIN_YEAR, LK_SQL_TIME_MAX_YEAR);
  return FALSE;
}

static gboolean
return_date (LkValue *result, const LkSqlTime *time)
{
  lk_value_take_text (result, lk_sql_time_format (time));
  return TRUE;
}

/* A fraction of a number is cut off, as SQL Server does. */
static gint64
whole (const LkValue *value)
{
  if (value->kind == LK_VALUE_REAL)
    return CLAMP (value->real, -1e15, 1e15);

  return value->integer;
}

/**
 * lk_sql_dateadd:
 * @arguments: part, number, date
 * @result: the date that is so many parts later
 * @error: out of the years 1753 to 9999
 *
 * SQL Server's DATEADD: months, quarters and years clamp to the last day of the month.
 */
gboolean
lk_sql_dateadd (const LkValue *arguments, LkValue *result, GError **error)
{
  const LkDatePart *part = lk_date_part_find (arguments[0].text);
  gint64 number = whole (&arguments[1]);
  LkSqlTime time;

  if (!read_date (&arguments[2], &time, error))
    return FALSE;
  if (part == NULL || !lk_date_part_add (part, &time, number))
    return out_of_range (error);

  return return_date (result, &time);
}

/**
 * lk_sql_datediff:
 * @arguments: part, first date, second date
 * @result: how many boundaries of the part lie between them
 * @error: not a date
 *
 * SQL Server's DATEDIFF: from 23:59 to 00:01 is one day. Weeks begin on Sunday.
 */
gboolean
lk_sql_datediff (const LkValue *arguments, LkValue *result, GError **error)
{
  const LkDatePart *part = lk_date_part_find (arguments[0].text);
  LkSqlTime from, to;

  if (!read_date (&arguments[1], &from, error) || !read_date (&arguments[2], &to, error))
    return FALSE;

  g_return_val_if_fail (part != NULL, FALSE);
  lk_value_set_integer (result, lk_date_part_count (part, &to) - lk_date_part_count (part, &from));
  return TRUE;
}

/**
 * lk_sql_datepart:
 * @arguments: part, date
 * @result: the number of that part
 * @error: not a date
 *
 * SQL Server's DATEPART under us_english: weekday 1 is Sunday, week 1 begins on 1 January.
 */
gboolean
lk_sql_datepart (const LkValue *arguments, LkValue *result, GError **error)
{
  const LkDatePart *part = lk_date_part_find (arguments[0].text);
  LkSqlTime time;

  if (!read_date (&arguments[1], &time, error))
    return FALSE;

  g_return_val_if_fail (part != NULL, FALSE);
  lk_value_set_integer (result, lk_date_part_extract (part, &time));
  return TRUE;
}

/**
 * lk_sql_day_start:
 * @arguments: date
 * @result: midnight at the start of that day
 * @error: not a date
 */
gboolean
lk_sql_day_start (const LkValue *arguments, LkValue *result, GError **error)
{
  LkSqlTime time;

  if (!read_date (&arguments[0], &time, error))
    return FALSE;

  lk_sql_time_init_date (&time, time.year, time.month, time.day);
  return return_date (result, &time);
}

/**
 * lk_sql_eomonth:
 * @arguments: date, months to add
 * @result: midnight at the start of the last day of the month
 * @error: out of the years 1753 to 9999
 */
gboolean
lk_sql_eomonth (const LkValue *arguments, LkValue *result, GError **error)
{
  LkSqlTime time;

  if (!read_date (&arguments[0], &time, error))
    return FALSE;

  lk_sql_time_init_date (&time, time.year, time.month, 1);
  if (!lk_sql_time_add_months (&time, whole (&arguments[1])))
    return out_of_range (error);

  time.day = lk_days_in_month (time.year, time.month);
  return return_date (result, &time);
}

/**
 * lk_sql_date_from_parts:
 * @arguments: year, month, day
 * @result: midnight of that day
 * @error: there is no such day
 */
gboolean
lk_sql_date_from_parts (const LkValue *arguments, LkValue *result, GError **error)
{
  gint64 year = whole (&arguments[0]);
  gint64 month = whole (&arguments[1]);
  gint64 day = whole (&arguments[2]);
  LkSqlTime time;

  lk_sql_time_init_date (&time, CLAMP (year, -1, 10000), CLAMP (month, -1, 13),
                         CLAMP (day, -1, 32));
  if (lk_sql_time_is_valid (&time))
    return return_date (result, &time);

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("there is no day %d of month %d of year %d"),
               time.day, time.month, time.year);
  return FALSE;
}

/**
 * lk_sql_date_from_days:
 * @arguments: days since 1900-01-01, which is what SQL Server takes a number for
 * @result: midnight of that day
 * @error: out of the years 1753 to 9999
 */
gboolean
lk_sql_date_from_days (const LkValue *arguments, LkValue *result, GError **error)
{
  gint64 days = whole (&arguments[0]);
  LkSqlTime time;

  if (days < -1000000 || days > 10000000
      || !lk_sql_time_init_from_milliseconds (&time,
                                              (days - DAYS_FROM_1900_TO_1970) * LK_MS_PER_DAY))
    return out_of_range (error);

  return return_date (result, &time);
}

static char *
format_time (const LkSqlTime *t)
{
  return g_strdup_printf ("%02d:%02d:%02d", t->hour, t->minute, t->second);
}

static char *
format_with_milliseconds (const LkSqlTime *t, char between)
{
  return g_strdup_printf ("%04d-%02d-%02d%c%02d:%02d:%02d.%03d", t->year, t->month, t->day, between,
                          t->hour, t->minute, t->second, t->millisecond);
}

static char *
format_iso (const LkSqlTime *t)
{
  if (t->millisecond != 0)
    return format_with_milliseconds (t, 'T');

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d", t->year, t->month, t->day, t->hour,
                          t->minute, t->second);
}

static char *
format_style (const LkSqlTime *t, gint64 style)
{
  switch (style)
    {
    case 20:
    case 120:
      return g_strdup_printf ("%04d-%02d-%02d %02d:%02d:%02d", t->year, t->month, t->day, t->hour,
                              t->minute, t->second);
    case 21:
    case 121:
      return format_with_milliseconds (t, ' ');
    case 126:
      return format_iso (t);
    case 23:
      return g_strdup_printf ("%04d-%02d-%02d", t->year, t->month, t->day);
    case 101:
      return g_strdup_printf ("%02d/%02d/%04d", t->month, t->day, t->year);
    case 102:
      return g_strdup_printf ("%04d.%02d.%02d", t->year, t->month, t->day);
    case 103:
      return g_strdup_printf ("%02d/%02d/%04d", t->day, t->month, t->year);
    case 104:
      return g_strdup_printf ("%02d.%02d.%04d", t->day, t->month, t->year);
    case 105:
      return g_strdup_printf ("%02d-%02d-%04d", t->day, t->month, t->year);
    case 8:
    case 108:
      return format_time (t);
    case 110:
      return g_strdup_printf ("%02d-%02d-%04d", t->month, t->day, t->year);
    case 111:
      return g_strdup_printf ("%04d/%02d/%02d", t->year, t->month, t->day);
    case 112:
      return g_strdup_printf ("%04d%02d%02d", t->year, t->month, t->day);
    default:
      return NULL;
    }
}

/**
 * lk_sql_date_text:
 * @arguments: date, style
 * @result: the date as CONVERT (varchar, date, style) writes it
 * @error: a style that is not known
 */
gboolean
lk_sql_date_text (const LkValue *arguments, LkValue *result, GError **error)
{
  LkSqlTime time;
  char *text;

  if (!read_date (&arguments[0], &time, error))
    return FALSE;

  text = format_style (&time, whole (&arguments[1]));
  if (text == NULL)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("style %" PRId64 " is not known; use 120 (2026-12-31 23:59:59), 23 "
                      "(2026-12-31) or 112 (20261231)"),
                   whole (&arguments[1]));
      return FALSE;
    }

  lk_value_take_text (result, text);
  return TRUE;
}

/**
 * lk_sql_to_date:
 * @arguments: text
 * @result: the date that it names
 * @error: it names none
 */
gboolean
lk_sql_to_date (const LkValue *arguments, LkValue *result, GError **error)
{
  LkDateLiteral literal;

  return lk_date_literal_parse (&literal, arguments[0].text, error)
         && return_date (result, &literal.time);
}
