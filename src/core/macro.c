/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-macro"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/macro.h"
#include "core/sql-time.h"

/* A day begins at 00:00:01 and ends at 23:59:59, as in QLM, whose expiry dates are stamped
 * 23:59:59. */
typedef enum
{
  MOMENT_START,
  MOMENT_END,
} Moment;

typedef struct
{
  char sign;     /* '+', '-', or 0 when there is no arithmetic */
  gint64 amount; /* 0 or more */
  char unit;     /* d h m s M */
} Offset;

const LkMacro lk_macros[] = {
  { "today_start", N_ ("Today at 00:00:01") },
  { "today_end", N_ ("Today at 23:59:59") },
  { "yesterday_start", N_ ("Yesterday at 00:00:01") },
  { "yesterday_end", N_ ("Yesterday at 23:59:59") },
  { "this_month_start", N_ ("The first day of this month at 00:00:01") },
  { "this_month_end", N_ ("The last day of this month at 23:59:59") },
  { "last_month_start", N_ ("The first day of last month at 00:00:01") },
  { "last_month_end", N_ ("The last day of last month at 23:59:59") },
  { "date", N_ ("When the task last ran; for a new task, when it was created") },
};

const gsize lk_n_macros = G_N_ELEMENTS (lk_macros);

static void
set_moment (LkSqlTime *time, Moment moment)
{
  time->hour = moment == MOMENT_START ? 0 : 23;
  time->minute = moment == MOMENT_START ? 0 : 59;
  time->second = moment == MOMENT_START ? 1 : 59;
  time->millisecond = 0;
}

static gboolean
compute_day (LkSqlTime *time, int days_from_today, Moment moment)
{
  set_moment (time, moment);

  return lk_sql_time_init_from_milliseconds (time, lk_sql_time_to_milliseconds (time)
                                                       + days_from_today * LK_MS_PER_DAY);
}

static gboolean
compute_month (LkSqlTime *time, int months_from_now, Moment moment)
{
  set_moment (time, moment);
  time->day = 1;
  if (!lk_sql_time_add_months (time, months_from_now))
    return FALSE;
  if (moment == MOMENT_END)
    time->day = lk_days_in_month (time->year, time->month);

  return TRUE;
}

/* The last run is shown on the clock of the zone that "now" is in, like every other date. */
static void
compute_date (LkSqlTime *time, const LkMacroContext *context)
{
  g_autoptr (GDateTime) local = NULL;

  if (context->date == NULL)
    return;

  local = g_date_time_to_timezone (context->date, g_date_time_get_timezone (context->now));
  lk_sql_time_init_from_date_time (time, local);
  time->millisecond = 0;
}

static gboolean
compute_base (const char *name, const LkMacroContext *context, LkSqlTime *time)
{
  Moment moment = g_str_has_suffix (name, "_end") ? MOMENT_END : MOMENT_START;

  lk_sql_time_init_from_date_time (time, context->now);
  time->millisecond = 0;
  if (!lk_sql_time_is_valid (time))
    return FALSE;

  if (g_str_has_prefix (name, "today"))
    return compute_day (time, 0, moment);
  if (g_str_has_prefix (name, "yesterday"))
    return compute_day (time, -1, moment);
  if (g_str_has_prefix (name, "this_month"))
    return compute_month (time, 0, moment);
  if (g_str_has_prefix (name, "last_month"))
    return compute_month (time, -1, moment);

  compute_date (time, context);
  return lk_sql_time_is_valid (time);
}

static gint64
unit_milliseconds (char unit)
{
  switch (unit)
    {
    case 'd':
      return LK_MS_PER_DAY;
    case 'h':
      return LK_MS_PER_HOUR;
    case 'm':
      return LK_MS_PER_MINUTE;
    default:
      return LK_MS_PER_SECOND;
    }
}

/* On the wall clock: a day is 24 hours there, whatever daylight saving time does. */
static gboolean
apply_offset (LkSqlTime *time, const Offset *offset)
{
  gint64 amount = offset->sign == '-' ? -offset->amount : offset->amount;

  if (offset->sign == 0)
    return TRUE;
  if (offset->unit == 'M')
    return lk_sql_time_add_months (time, amount);

  /* Large enough for every second of the years that exist, small enough not to overflow. */
  if (ABS (amount) > G_MAXINT64 / 4 / unit_milliseconds (offset->unit))
    return FALSE;

  return lk_sql_time_init_from_milliseconds (time, lk_sql_time_to_milliseconds (time)
                                                       + amount * unit_milliseconds (offset->unit));
}

static const char *
skip_blanks (const char *cursor)
{
  while (*cursor != '\0' && g_unichar_isspace (g_utf8_get_char (cursor)))
    cursor = g_utf8_next_char (cursor);

  return cursor;
}

static gboolean
read_amount (const char **cursor, Offset *offset, GError **error)
{
  const char *start = *cursor;
  char *end;
  guint64 amount;

  if (!g_ascii_isdigit (*start))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("a whole number must follow the “%c”, as in [today_start%c30]"), offset->sign,
                   offset->sign);
      return FALSE;
    }

  amount = g_ascii_strtoull (start, &end, 10);
  if (end - start > 15)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("the number is too large; dates end with the year 9999"));
      return FALSE;
    }

  offset->amount = amount;
  *cursor = end;
  return TRUE;
}

static gboolean
read_unit (const char **cursor, Offset *offset, GError **error)
{
  *cursor = skip_blanks (*cursor);
  offset->unit = 'd';
  if (**cursor == '\0')
    return TRUE;

  if (strchr ("dhmsM", **cursor) != NULL && *skip_blanks (*cursor + 1) == '\0')
    {
      offset->unit = **cursor;
      *cursor = skip_blanks (*cursor + 1);
      return TRUE;
    }

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("“%s” is not a unit; use d (days), h (hours), m (minutes), s (seconds) or M "
                  "(months); small and capital letters differ"),
               *cursor);
  return FALSE;
}

static gboolean
read_offset (const char *cursor, Offset *offset, GError **error)
{
  *offset = (Offset){ 0 };
  cursor = skip_blanks (cursor);
  if (*cursor == '\0')
    return TRUE;

  if (*cursor != '+' && *cursor != '-')
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("“%s” cannot follow the name of a macro; write [today_start+30] or "
                      "[today_start-12h]"),
                   cursor);
      return FALSE;
    }

  offset->sign = *cursor;
  cursor = skip_blanks (cursor + 1);

  return read_amount (&cursor, offset, error) && read_unit (&cursor, offset, error);
}

/**
 * lk_macro_context_new:
 * @now: the moment macros are relative to, in the task's zone
 * @date: (nullable): what `[date]` means
 *
 * Returns: (transfer full): a context
 */
LkMacroContext *
lk_macro_context_new (GDateTime *now, GDateTime *date)
{
  LkMacroContext *self;

  g_return_val_if_fail (now != NULL, NULL);

  self = g_new0 (LkMacroContext, 1);
  self->now = g_date_time_ref (now);
  self->date = date != NULL ? g_date_time_ref (date) : NULL;

  return self;
}

/**
 * lk_macro_context_free:
 * @self: (transfer full): a context
 */
void
lk_macro_context_free (LkMacroContext *self)
{
  if (self == NULL)
    return;

  g_date_time_unref (self->now);
  g_clear_pointer (&self->date, g_date_time_unref);
  g_free (self);
}

/**
 * lk_macro_find:
 * @text: what stands between brackets, such as `Today_Start + 3 h`
 * @rest: (out) (optional): the text behind the name
 *
 * Thread: any.
 *
 * Returns: (nullable): the macro that @text begins with; case is ignored
 */
const LkMacro *
lk_macro_find (const char *text, const char **rest)
{
  const char *start = skip_blanks (text);
  gsize length = 0;

  while (g_ascii_isalnum (start[length]) || start[length] == '_')
    length++;

  for (gsize i = 0; i < G_N_ELEMENTS (lk_macros); i++)
    {
      if (strlen (lk_macros[i].name) == length
          && g_ascii_strncasecmp (lk_macros[i].name, start, length) == 0)
        {
          if (rest != NULL)
            *rest = start + length;
          return &lk_macros[i];
        }
    }

  return NULL;
}

/**
 * lk_macro_expand:
 * @text: what stands between brackets: `name`, or `name ± N unit`, blanks allowed. Units are d
 *   (days, the default), h, m (minutes), s and M (months, clamped to the month's last day)
 * @context: what the macros are relative to
 * @error: %LK_ERROR_NOT_FOUND when there is no macro of that name, %LK_ERROR_INVALID when the
 *   arithmetic cannot be read or leads out of the years 1753 to 9999
 *
 * The arithmetic is that of a wall clock, as in QLM: 30 days later it is the same time of day.
 * Thread: any.
 *
 * Returns: (transfer full): `YYYY-MM-DD HH:MM:SS`
 */
char *
lk_macro_expand (const char *text, const LkMacroContext *context, GError **error)
{
  const LkMacro *macro;
  const char *rest;
  Offset offset;
  LkSqlTime time;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (context != NULL, NULL);

  macro = lk_macro_find (text, &rest);
  if (macro == NULL)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND, _ ("there is no macro [%s]"), text);
      return NULL;
    }

  if (!read_offset (rest, &offset, error))
    return NULL;

  if (!compute_base (macro->name, context, &time) || !apply_offset (&time, &offset))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("[%s] leads out of the years %d to %d; use a smaller number"), text,
                   LK_SQL_TIME_MIN_YEAR, LK_SQL_TIME_MAX_YEAR);
      return NULL;
    }

  return lk_sql_time_format (&time);
}
