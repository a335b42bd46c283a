/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-time"

#include "config.h"

#include <string.h>

#include "core/sql-time.h"

static gboolean
is_leap_year (int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static gint64
floor_divide (gint64 value, gint64 by)
{
  return value / by - (value % by < 0 ? 1 : 0);
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. The year is taken to begin in March,
 * so that the leap day is its last one and months have a regular pattern of lengths. */
static gint64
days_from_date (int year, int month, int day)
{
  gint64 shifted_year = month > 2 ? year : year - 1;
  gint64 month_from_march = (month + 9) % 12;
  gint64 day_of_year = (153 * month_from_march + 2) / 5 + day - 1;

  return shifted_year * 365 + floor_divide (shifted_year, 4) - floor_divide (shifted_year, 100)
         + floor_divide (shifted_year, 400) + day_of_year - 719468;
}

static gint64
first_day_of_shifted_year (gint64 shifted_year)
{
  return days_from_date (shifted_year, 3, 1);
}

static void
date_from_days (gint64 days, LkSqlTime *self)
{
  gint64 shifted_year = floor_divide ((days + 719468) * 400, 146097);
  gint64 day_of_year, month_from_march;

  while (first_day_of_shifted_year (shifted_year) > days)
    shifted_year--;
  while (first_day_of_shifted_year (shifted_year + 1) <= days)
    shifted_year++;

  day_of_year = days - first_day_of_shifted_year (shifted_year);
  month_from_march = (5 * day_of_year + 2) / 153;
  self->day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  self->month = (month_from_march + 2) % 12 + 1;
  self->year = shifted_year + (self->month <= 2 ? 1 : 0);
}

static gboolean
take_digits (const char **cursor, const char *end, int n_digits, int *value)
{
  *value = 0;

  for (int i = 0; i < n_digits; i++)
    {
      if (*cursor == end || !g_ascii_isdigit (**cursor))
        return FALSE;
      *value = *value * 10 + (*(*cursor)++ - '0');
    }

  return TRUE;
}

static gboolean
take_char (const char **cursor, const char *end, const char *any_of)
{
  if (*cursor == end || **cursor == '\0' || strchr (any_of, **cursor) == NULL)
    return FALSE;

  (*cursor)++;
  return TRUE;
}

/**
 * lk_sql_time_round_milliseconds:
 * @milliseconds: 0 to 999
 *
 * SQL Server's datetime counts in 300ths of a second, which show as milliseconds that end with 0,
 * 3 or 7; so 23:59:59.999 is the next day there.
 *
 * Returns: @milliseconds as datetime would keep them, 0 to 1000
 */
int
lk_sql_time_round_milliseconds (int milliseconds)
{
  static const int rounded[] = { 0, 0, 3, 3, 3, 7, 7, 7, 7, 10 };

  return milliseconds / 10 * 10 + rounded[milliseconds % 10];
}

/**
 * lk_days_in_month:
 * @year: a year
 * @month: 1 to 12
 *
 * Returns: 28 to 31
 */
int
lk_days_in_month (int year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  g_return_val_if_fail (month >= 1 && month <= 12, 31);

  return days[month - 1] + (month == 2 && is_leap_year (year) ? 1 : 0);
}

/**
 * lk_sql_time_is_valid:
 * @self: seven numbers
 *
 * Returns: whether they are a time that exists, in the years that SQL Server's datetime knows
 */
gboolean
lk_sql_time_is_valid (const LkSqlTime *self)
{
  return self->year >= LK_SQL_TIME_MIN_YEAR && self->year <= LK_SQL_TIME_MAX_YEAR
         && self->month >= 1 && self->month <= 12 && self->day >= 1
         && self->day <= lk_days_in_month (self->year, self->month) && self->hour >= 0
         && self->hour <= 23 && self->minute >= 0 && self->minute <= 59 && self->second >= 0
         && self->second <= 59 && self->millisecond >= 0 && self->millisecond <= 999;
}

/**
 * lk_sql_time_parse:
 * @self: (out): the time
 * @text: `YYYY-MM-DD HH:MM:SS`, as the databases hold it; also with `T`, with `.mmm`, and without
 *   the time
 * @length: the bytes of @text
 *
 * Reads a stored date. What a person types goes through lk_date_literal_parse().
 *
 * Returns: whether @text is such a time and exists
 */
gboolean
lk_sql_time_parse (LkSqlTime *self, const char *text, gsize length)
{
  const char *cursor = text;
  const char *end = text + length;

  *self = (LkSqlTime){ 0 };

  if (!take_digits (&cursor, end, 4, &self->year) || !take_char (&cursor, end, "-")
      || !take_digits (&cursor, end, 2, &self->month) || !take_char (&cursor, end, "-")
      || !take_digits (&cursor, end, 2, &self->day))
    return FALSE;

  if (cursor != end
      && (!take_char (&cursor, end, " T") || !take_digits (&cursor, end, 2, &self->hour)
          || !take_char (&cursor, end, ":") || !take_digits (&cursor, end, 2, &self->minute)
          || !take_char (&cursor, end, ":") || !take_digits (&cursor, end, 2, &self->second)))
    return FALSE;

  if (cursor != end
      && (!take_char (&cursor, end, ".") || !take_digits (&cursor, end, 3, &self->millisecond)))
    return FALSE;

  return cursor == end && lk_sql_time_is_valid (self);
}

/**
 * lk_sql_time_format:
 * @self: a time
 *
 * Returns: (transfer full): `YYYY-MM-DD HH:MM:SS`, with `.mmm` where there are milliseconds, so
 *   that the order of two texts is the order of the times
 */
char *
lk_sql_time_format (const LkSqlTime *self)
{
  if (self->millisecond != 0)
    return g_strdup_printf ("%04d-%02d-%02d %02d:%02d:%02d.%03d", self->year, self->month,
                            self->day, self->hour, self->minute, self->second, self->millisecond);

  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d:%02d", self->year, self->month, self->day,
                          self->hour, self->minute, self->second);
}

/**
 * lk_sql_time_init_from_date_time:
 * @self: (out): the time
 * @date_time: a moment in some zone
 *
 * What a clock on a wall in the zone of @date_time shows. What is below a millisecond is cut off.
 */
void
lk_sql_time_init_from_date_time (LkSqlTime *self, GDateTime *date_time)
{
  self->year = g_date_time_get_year (date_time);
  self->month = g_date_time_get_month (date_time);
  self->day = g_date_time_get_day_of_month (date_time);
  self->hour = g_date_time_get_hour (date_time);
  self->minute = g_date_time_get_minute (date_time);
  self->second = g_date_time_get_second (date_time);
  self->millisecond = g_date_time_get_microsecond (date_time) / 1000;
}

/**
 * lk_sql_time_init_date:
 * @self: (out): midnight of that day
 * @year: the year
 * @month: the month
 * @day: the day
 */
void
lk_sql_time_init_date (LkSqlTime *self, int year, int month, int day)
{
  *self = (LkSqlTime){ .year = year, .month = month, .day = day };
}

/**
 * lk_sql_time_to_milliseconds:
 * @self: a valid time
 *
 * Returns: the milliseconds since 1970-01-01 00:00:00, days of 24 hours each
 */
gint64
lk_sql_time_to_milliseconds (const LkSqlTime *self)
{
  return lk_sql_time_get_day_number (self) * LK_MS_PER_DAY + self->hour * LK_MS_PER_HOUR
         + self->minute * LK_MS_PER_MINUTE + self->second * LK_MS_PER_SECOND + self->millisecond;
}

/**
 * lk_sql_time_init_from_milliseconds:
 * @self: (out): the time
 * @milliseconds: as lk_sql_time_to_milliseconds() returns it
 *
 * Returns: whether the time lies in the years 1753 to 9999; if not, @self is undefined
 */
gboolean
lk_sql_time_init_from_milliseconds (LkSqlTime *self, gint64 milliseconds)
{
  gint64 days = floor_divide (milliseconds, LK_MS_PER_DAY);
  gint64 rest = milliseconds - days * LK_MS_PER_DAY;

  if (days < days_from_date (LK_SQL_TIME_MIN_YEAR, 1, 1)
      || days > days_from_date (LK_SQL_TIME_MAX_YEAR, 12, 31))
    return FALSE;

  date_from_days (days, self);
  self->hour = rest / LK_MS_PER_HOUR;
  self->minute = rest / LK_MS_PER_MINUTE % 60;
  self->second = rest / LK_MS_PER_SECOND % 60;
  self->millisecond = rest % LK_MS_PER_SECOND;

  return TRUE;
}

/**
 * lk_sql_time_get_day_number:
 * @self: a valid time
 *
 * Returns: the days since 1970-01-01; negative before it
 */
gint64
lk_sql_time_get_day_number (const LkSqlTime *self)
{
  return days_from_date (self->year, self->month, self->day);
}

/**
 * lk_sql_time_get_weekday:
 * @self: a valid time
 *
 * Returns: 0 for Sunday to 6 for Saturday
 */
int
lk_sql_time_get_weekday (const LkSqlTime *self)
{
  gint64 days = lk_sql_time_get_day_number (self) + 4; /* 1970-01-01 was a Thursday */

  return days - floor_divide (days, 7) * 7;
}

/**
 * lk_sql_time_get_day_of_year:
 * @self: a valid time
 *
 * Returns: 1 to 366
 */
int
lk_sql_time_get_day_of_year (const LkSqlTime *self)
{
  return lk_sql_time_get_day_number (self) - days_from_date (self->year, 1, 1) + 1;
}

/**
 * lk_sql_time_add_months:
 * @self: a valid time
 * @n_months: how many months later, or, if negative, earlier
 *
 * Keeps the day of the month where the new month has it, else takes its last day.
 *
 * Returns: whether the new time lies in the years 1753 to 9999; if not, @self is unchanged
 */
gboolean
lk_sql_time_add_months (LkSqlTime *self, gint64 n_months)
{
  gint64 months, year;

  if (n_months < -12 * LK_SQL_TIME_MAX_YEAR || n_months > 12 * LK_SQL_TIME_MAX_YEAR)
    return FALSE;

  months = (gint64) self->year * 12 + self->month - 1 + n_months;
  year = floor_divide (months, 12);
  if (year < LK_SQL_TIME_MIN_YEAR || year > LK_SQL_TIME_MAX_YEAR)
    return FALSE;

  self->year = year;
  self->month = months - year * 12 + 1;
  self->day = MIN (self->day, lk_days_in_month (self->year, self->month));

  return TRUE;
}
