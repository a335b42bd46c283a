/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-date-part"

#include "config.h"

#include <string.h>

#include "core/date-part.h"

typedef enum
{
  PART_YEAR,
  PART_QUARTER,
  PART_MONTH,
  PART_DAY_OF_YEAR,
  PART_DAY,
  PART_WEEK,
  PART_WEEKDAY,
  PART_ISO_WEEK,
  PART_HOUR,
  PART_MINUTE,
  PART_SECOND,
  PART_MILLISECOND,
} PartKind;

/* The names of SQL Server, and those that Access takes as text. */
struct _LkDatePart
{
  PartKind kind;
  const char *name;
  const char *spellings; /* between blanks */
  const char *access;
};

static const LkDatePart parts[] = {
  { PART_YEAR, "year", " year yyyy yy ", "yyyy" },
  { PART_QUARTER, "quarter", " quarter qq q ", "q" },
  { PART_MONTH, "month", " month mm m ", "m" },
  { PART_DAY_OF_YEAR, "dayofyear", " dayofyear dy y ", "y" },
  { PART_DAY, "day", " day dd d ", "d" },
  { PART_WEEK, "week", " week wk ww ", "ww" },
  { PART_WEEKDAY, "weekday", " weekday dw w ", "w" },
  { PART_ISO_WEEK, "iso_week", " iso_week isowk isoww ", NULL },
  { PART_HOUR, "hour", " hour hh ", "h" },
  { PART_MINUTE, "minute", " minute mi n ", "n" },
  { PART_SECOND, "second", " second ss s ", "s" },
  { PART_MILLISECOND, "millisecond", " millisecond ms ", NULL },
};

static gint64
floor_divide (gint64 value, gint64 by)
{
  return value / by - (value % by < 0 ? 1 : 0);
}

static gint64
milliseconds_of (PartKind kind)
{
  switch (kind)
    {
    case PART_HOUR:
      return LK_MS_PER_HOUR;
    case PART_MINUTE:
      return LK_MS_PER_MINUTE;
    case PART_SECOND:
      return LK_MS_PER_SECOND;
    case PART_MILLISECOND:
      return 1;
    case PART_WEEK:
      return 7 * LK_MS_PER_DAY;
    default:
      return LK_MS_PER_DAY;
    }
}

static gint64
months_of (PartKind kind)
{
  if (kind == PART_YEAR)
    return 12;

  return kind == PART_QUARTER ? 3 : kind == PART_MONTH ? 1 : 0;
}

/* Days of the Sunday that begins the week of a day, in weeks; 1970-01-01 was a Thursday. */
static gint64
week_number (gint64 day_number)
{
  return floor_divide (day_number + 4, 7);
}

/* ISO 8601: weeks begin on Monday, and week 1 is the one with the first Thursday. */
static gint64
iso_week (const LkSqlTime *time)
{
  gint64 monday = floor_divide (lk_sql_time_get_day_number (time) + 3, 7) * 7 - 3;
  LkSqlTime thursday;

  lk_sql_time_init_from_milliseconds (&thursday, (monday + 3) * LK_MS_PER_DAY);
  return (lk_sql_time_get_day_of_year (&thursday) - 1) / 7 + 1;
}

static gint64
week_of_year (const LkSqlTime *time)
{
  LkSqlTime new_year;

  lk_sql_time_init_date (&new_year, time->year, 1, 1);
  return week_number (lk_sql_time_get_day_number (time))
         - week_number (lk_sql_time_get_day_number (&new_year)) + 1;
}

/**
 * lk_date_part_find:
 * @name: the full name, as lk_date_part_get_name() returns it
 *
 * Returns: (nullable): the part
 */
const LkDatePart *
lk_date_part_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (strcmp (parts[i].name, name) == 0)
        return &parts[i];
    }

  return NULL;
}

/**
 * lk_date_part_find_spelling:
 * @spelling: what a person wrote; case is ignored
 * @quoted: it stands between quotes, as Access wants it; SQL Server wants a bare word
 *
 * Returns: (nullable): the part
 */
const LkDatePart *
lk_date_part_find_spelling (const char *spelling, gboolean quoted)
{
  g_autofree char *lower = g_ascii_strdown (spelling, -1);
  g_autofree char *between_blanks = g_strdup_printf (" %s ", lower);

  for (gsize i = 0; i < G_N_ELEMENTS (parts) && strchr (lower, ' ') == NULL; i++)
    {
      if (quoted ? g_strcmp0 (parts[i].access, lower) == 0
                 : strstr (parts[i].spellings, between_blanks) != NULL)
        return &parts[i];
    }

  return NULL;
}

/**
 * lk_date_part_get_name:
 * @self: a part
 *
 * Returns: its full name, lower case
 */
const char *
lk_date_part_get_name (const LkDatePart *self)
{
  return self->name;
}

/**
 * lk_date_part_can_be_counted:
 * @self: a part
 *
 * Returns: whether DATEADD and DATEDIFF take it; DATEPART takes all
 */
gboolean
lk_date_part_can_be_counted (const LkDatePart *self)
{
  return self->kind != PART_ISO_WEEK;
}

/**
 * lk_date_part_add:
 * @self: a part
 * @time: the time to change
 * @number: how many parts later
 *
 * Returns: whether the result lies in the years 1753 to 9999
 */
gboolean
lk_date_part_add (const LkDatePart *self, LkSqlTime *time, gint64 number)
{
  gint64 unit = milliseconds_of (self->kind);
  gint64 sum;
  int rounded;

  if (months_of (self->kind) != 0)
    {
      if (number < -1000000 || number > 1000000)
        return FALSE;
      return lk_sql_time_add_months (time, number * months_of (self->kind));
    }

  /* Ten thousand years of milliseconds. */
  if (number > G_GINT64_CONSTANT (315576000000000) / unit
      || number < G_GINT64_CONSTANT (-315576000000000) / unit)
    return FALSE;

  sum = lk_sql_time_to_milliseconds (time) + number * unit;
  rounded = lk_sql_time_round_milliseconds (sum - floor_divide (sum, 1000) * 1000);

  return lk_sql_time_init_from_milliseconds (time, floor_divide (sum, 1000) * 1000 + rounded);
}

/**
 * lk_date_part_count:
 * @self: a part
 * @time: a time
 *
 * Returns: how many boundaries of the part lie between a fixed moment and @time; the difference of
 *   two such numbers is what DATEDIFF returns
 */
gint64
lk_date_part_count (const LkDatePart *self, const LkSqlTime *time)
{
  switch (self->kind)
    {
    case PART_YEAR:
      return time->year;
    case PART_QUARTER:
      return time->year * 4 + (time->month - 1) / 3;
    case PART_MONTH:
      return time->year * 12 + time->month - 1;
    case PART_WEEK:
    case PART_ISO_WEEK:
      return week_number (lk_sql_time_get_day_number (time));
    default:
      return floor_divide (lk_sql_time_to_milliseconds (time), milliseconds_of (self->kind));
    }
}

/**
 * lk_date_part_extract:
 * @self: a part
 * @time: a time
 *
 * Returns: the number of that part, as DATEPART returns it under us_english
 */
gint64
lk_date_part_extract (const LkDatePart *self, const LkSqlTime *time)
{
  switch (self->kind)
    {
    case PART_YEAR:
      return time->year;
    case PART_QUARTER:
      return (time->month - 1) / 3 + 1;
    case PART_MONTH:
      return time->month;
    case PART_DAY_OF_YEAR:
      return lk_sql_time_get_day_of_year (time);
    case PART_DAY:
      return time->day;
    case PART_WEEK:
      return week_of_year (time);
    case PART_WEEKDAY:
      return lk_sql_time_get_weekday (time) + 1;
    case PART_ISO_WEEK:
      return iso_week (time);
    case PART_HOUR:
      return time->hour;
    case PART_MINUTE:
      return time->minute;
    case PART_SECOND:
      return time->second;
    default:
      return time->millisecond;
    }
}
