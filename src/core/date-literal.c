/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-date-literal"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/date-literal.h"
#include "core/error.h"

typedef struct
{
  const char *text; /* the whole literal, for messages */
  const char *cursor;
  LkDateLiteral *literal;
} Parser;

static const char *const month_names[] = { "january",   "february", "march",    "april",
                                           "may",       "june",     "july",     "august",
                                           "september", "october",  "november", "december" };

static gboolean
refuse (Parser *parser, GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("“%s” is not a date; write it as '2026-12-31' or '2026-12-31 23:59:59'"),
               parser->text);
  return FALSE;
}

static void
skip_blanks (Parser *parser)
{
  while (*parser->cursor == ' ')
    parser->cursor++;
}

/* Reads up to eight digits; returns how many. */
static int
read_digits (Parser *parser, int *value)
{
  int n_digits = 0;

  *value = 0;
  while (g_ascii_isdigit (*parser->cursor) && n_digits < 9)
    {
      *value = *value * 10 + (*parser->cursor++ - '0');
      n_digits++;
    }

  return n_digits;
}

static int
count_letters (const char *cursor)
{
  int n_letters = 0;

  while (g_ascii_isalpha (cursor[n_letters]))
    n_letters++;

  return n_letters;
}

/* An English month, in full or its first three letters, as us_english has them. */
static gboolean
read_month_name (Parser *parser, int *month)
{
  int n_letters = count_letters (parser->cursor);

  for (gsize i = 0; i < G_N_ELEMENTS (month_names); i++)
    {
      if ((n_letters == 3 || n_letters == (int) strlen (month_names[i]))
          && g_ascii_strncasecmp (parser->cursor, month_names[i], n_letters) == 0)
        {
          parser->cursor += n_letters;
          *month = i + 1;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
read_year (Parser *parser, int *year, GError **error)
{
  int n_digits = read_digits (parser, year);

  if (n_digits == 4)
    return TRUE;
  if (n_digits != 2)
    return refuse (parser, error);

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("the year of “%s” has two digits; write all four, as in '2026-12-31'"),
               parser->text);
  return FALSE;
}

/* `Jan 5 2026`, `January 5, 2026` */
static gboolean
read_name_first (Parser *parser, GError **error)
{
  LkSqlTime *time = &parser->literal->time;

  if (!read_month_name (parser, &time->month))
    return refuse (parser, error);
  skip_blanks (parser);
  if (read_digits (parser, &time->day) == 0)
    return refuse (parser, error);
  if (*parser->cursor == ',')
    parser->cursor++;
  skip_blanks (parser);

  return read_year (parser, &time->year, error);
}

/* `5 Jan 2026`, `5-Jan-2026`, behind the day */
static gboolean
read_name_second (Parser *parser, char separator, GError **error)
{
  LkSqlTime *time = &parser->literal->time;

  if (!read_month_name (parser, &time->month))
    return refuse (parser, error);
  if (separator == ' ')
    skip_blanks (parser);
  else if (*parser->cursor++ != separator)
    {
      parser->cursor--;
      return refuse (parser, error);
    }

  return read_year (parser, &time->year, error);
}

/* `2026-12-31`, `2026/12/31`, behind the year */
static gboolean
read_year_first (Parser *parser, GError **error)
{
  LkSqlTime *time = &parser->literal->time;
  char separator = *parser->cursor;

  if (separator == '\0' || strchr ("-/.", separator) == NULL)
    return refuse (parser, error);
  parser->cursor++;
  if (!read_digits (parser, &time->month) || *parser->cursor != separator)
    return refuse (parser, error);
  parser->cursor++;
  if (!read_digits (parser, &time->day))
    return refuse (parser, error);

  return TRUE;
}

/* `12/31/2026`, behind the month: the order of us_english, SQL Server's default. */
static gboolean
read_month_first (Parser *parser, int month, GError **error)
{
  LkSqlTime *time = &parser->literal->time;
  char separator = *parser->cursor++;

  time->month = month;
  if (!read_digits (parser, &time->day) || *parser->cursor != separator)
    return refuse (parser, error);
  parser->cursor++;
  if (!read_year (parser, &time->year, error))
    return FALSE;

  if (time->month > 12 && time->day >= 1 && time->day <= 12)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("“%s” has no month %d: the month comes first; write '%04d-%02d-%02d'"),
                   parser->text, time->month, time->year, time->day, time->month);
      return FALSE;
    }

  parser->literal->order_assumed = time->day <= 12 && time->day != time->month;
  return TRUE;
}

static gboolean
read_date (Parser *parser, GError **error)
{
  LkSqlTime *time = &parser->literal->time;
  int number;
  int n_digits;

  if (g_ascii_isalpha (*parser->cursor))
    return read_name_first (parser, error);

  n_digits = read_digits (parser, &number);
  if (n_digits == 8)
    {
      lk_sql_time_init_date (time, number / 10000, number / 100 % 100, number % 100);
      return TRUE;
    }
  if (n_digits == 4)
    {
      time->year = number;
      return read_year_first (parser, error);
    }
  if (n_digits != 1 && n_digits != 2)
    return refuse (parser, error);

  if (strchr ("-/. ", *parser->cursor) == NULL || *parser->cursor == '\0')
    return refuse (parser, error);
  if (*parser->cursor != ' ' && g_ascii_isdigit (parser->cursor[1]))
    return read_month_first (parser, number, error);

  time->day = number;
  number = *parser->cursor++;
  if (number == ' ')
    skip_blanks (parser);
  return read_name_second (parser, number, error);
}

static gboolean
read_fraction (Parser *parser, int *milliseconds, GError **error)
{
  int n_digits = read_digits (parser, milliseconds);

  if (n_digits < 1 || n_digits > 3)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("“%s” must have one to three digits behind the seconds"), parser->text);
      return FALSE;
    }

  for (; n_digits < 3; n_digits++)
    *milliseconds *= 10;

  *milliseconds = lk_sql_time_round_milliseconds (*milliseconds);
  return TRUE;
}

/* `AM` or `PM`; the hour before it is 1 to 12. */
static gboolean
read_half (Parser *parser, gboolean *given, GError **error)
{
  LkSqlTime *time = &parser->literal->time;
  gboolean afternoon;

  skip_blanks (parser);
  *given = g_ascii_isalpha (*parser->cursor);
  if (!*given)
    return TRUE;

  afternoon = g_ascii_strncasecmp (parser->cursor, "PM", 2) == 0;
  if (!afternoon && g_ascii_strncasecmp (parser->cursor, "AM", 2) != 0)
    return refuse (parser, error);
  if (time->hour < 1 || time->hour > 12)
    return refuse (parser, error);

  time->hour = time->hour % 12 + (afternoon ? 12 : 0);
  parser->cursor += 2;
  return TRUE;
}

static gboolean
read_minutes (Parser *parser, GError **error)
{
  LkSqlTime *time = &parser->literal->time;

  parser->cursor++;
  if (read_digits (parser, &time->minute) != 2)
    return refuse (parser, error);
  if (*parser->cursor != ':')
    return TRUE;

  parser->cursor++;
  if (read_digits (parser, &time->second) != 2)
    return refuse (parser, error);
  if (*parser->cursor != '.')
    return TRUE;

  parser->cursor++;
  return read_fraction (parser, &time->millisecond, error);
}

static gboolean
read_time (Parser *parser, GError **error)
{
  LkSqlTime *time = &parser->literal->time;
  int n_digits = read_digits (parser, &time->hour);
  gboolean has_minutes = *parser->cursor == ':';
  gboolean has_half;

  if (n_digits != 1 && n_digits != 2)
    return refuse (parser, error);
  if (has_minutes && !read_minutes (parser, error))
    return FALSE;
  if (!read_half (parser, &has_half, error))
    return FALSE;

  return has_minutes || has_half ? TRUE : refuse (parser, error);
}

static gboolean
check_end (Parser *parser, GError **error)
{
  skip_blanks (parser);
  if (*parser->cursor == '\0')
    return TRUE;

  if (strchr ("Zz+-", *parser->cursor) != NULL)
    {
      g_set_error (
          error, LK_ERROR, LK_ERROR_INVALID,
          _ ("“%s” names a time zone; licenses are dated on the wall clock, leave “%s” out"),
          parser->text, parser->cursor);
      return FALSE;
    }

  return refuse (parser, error);
}

/* A rounded fraction may have become a whole second. */
static gboolean
carry_milliseconds (Parser *parser, GError **error)
{
  LkSqlTime *time = &parser->literal->time;
  int milliseconds = time->millisecond;

  parser->literal->rounded_up = milliseconds == 1000;
  time->millisecond = 0;
  if (!lk_sql_time_is_valid (time))
    return refuse (parser, error);

  return lk_sql_time_init_from_milliseconds (time,
                                             lk_sql_time_to_milliseconds (time) + milliseconds)
             ? TRUE
             : refuse (parser, error);
}

/**
 * lk_date_literal_parse:
 * @self: (out): the date
 * @text: NUL-terminated: one of the forms that SQL Server reads under us_english, and Access
 *   between `#`: `2026-12-31`, `20261231`, `12/31/2026`, `Dec 31, 2026`, `31 Dec 2026`, with or
 *   without a time such as `T10:00`, `10:00:00.997`, `5:00 PM`
 * @error: %LK_ERROR_INVALID when @text is no date, has two digits for a year, or names a zone
 *
 * Thread: any.
 *
 * Returns: whether @text is a date
 */
gboolean
lk_date_literal_parse (LkDateLiteral *self, const char *text, GError **error)
{
  Parser parser = { text, text, self };

  *self = (LkDateLiteral){ 0 };
  skip_blanks (&parser);

  if (*parser.cursor == '\0')
    {
      self->empty = TRUE;
      self->date_only = TRUE;
      lk_sql_time_init_date (&self->time, 1900, 1, 1);
      return TRUE;
    }

  if (!read_date (&parser, error))
    return FALSE;

  if ((*parser.cursor == 'T' || *parser.cursor == 't') && g_ascii_isdigit (parser.cursor[1]))
    parser.cursor++;
  else
    skip_blanks (&parser);

  self->date_only = *parser.cursor == '\0';
  if (g_ascii_isdigit (*parser.cursor) && !read_time (&parser, error))
    return FALSE;

  return check_end (&parser, error) && carry_milliseconds (&parser, error);
}
