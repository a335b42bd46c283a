/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LK_SQL_TIME_MIN_YEAR 1753 /* what SQL Server's datetime holds */
#define LK_SQL_TIME_MAX_YEAR 9999

#define LK_MS_PER_SECOND G_GINT64_CONSTANT (1000)
#define LK_MS_PER_MINUTE (60 * LK_MS_PER_SECOND)
#define LK_MS_PER_HOUR   (60 * LK_MS_PER_MINUTE)
#define LK_MS_PER_DAY    (24 * LK_MS_PER_HOUR)

/**
 * LkSqlTime:
 * @year: 1753 to 9999
 * @month: 1 to 12
 * @day: 1 to 31
 * @hour: 0 to 23
 * @minute: 0 to 59
 * @second: 0 to 59
 * @millisecond: 0 to 999
 *
 * A date and time without a zone, as SQL Server's datetime and the dates of a license have it, for
 * the arithmetic of searches.
 */
typedef struct
{
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
  int millisecond;
} LkSqlTime;

int lk_sql_time_round_milliseconds (int milliseconds);
int lk_days_in_month (int year, int month);
gboolean lk_sql_time_is_valid (const LkSqlTime *self);
gboolean lk_sql_time_parse (LkSqlTime *self, const char *text, gsize length);
char *lk_sql_time_format (const LkSqlTime *self);
void lk_sql_time_init_from_date_time (LkSqlTime *self, GDateTime *date_time);
void lk_sql_time_init_date (LkSqlTime *self, int year, int month, int day);
gint64 lk_sql_time_to_milliseconds (const LkSqlTime *self);
gboolean lk_sql_time_init_from_milliseconds (LkSqlTime *self, gint64 milliseconds);
gint64 lk_sql_time_get_day_number (const LkSqlTime *self);
int lk_sql_time_get_weekday (const LkSqlTime *self);
int lk_sql_time_get_day_of_year (const LkSqlTime *self);
gboolean lk_sql_time_add_months (LkSqlTime *self, gint64 n_months);

G_END_DECLS
