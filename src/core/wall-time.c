/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-wall-time"

#include "config.h"

#include <string.h>

#include "core/wall-time.h"
#include "core/zone.h"

static gboolean
parse_digits (const char **at, int n_digits, int *number)
{
  *number = 0;
  for (int i = 0; i < n_digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }

  return TRUE;
}

static gboolean
take (const char **at, char expected)
{
  if (**at != expected)
    return FALSE;

  (*at)++;
  return TRUE;
}

static gboolean
parse_day (const char **at, LkWallTime *to)
{
  return parse_digits (at, 4, &to->year) && take (at, '-') && parse_digits (at, 2, &to->month)
         && take (at, '-') && parse_digits (at, 2, &to->day) && to->year > 0
         && g_date_valid_dmy ((GDateDay) to->day, (GDateMonth) to->month, (GDateYear) to->year);
}

static gboolean
parse_time (const char **at, LkWallTime *to)
{
  return parse_digits (at, 2, &to->hour) && to->hour < 24 && take (at, ':')
         && parse_digits (at, 2, &to->minute) && to->minute < 60 && take (at, ':')
         && parse_digits (at, 2, &to->second) && to->second < 60;
}

static gboolean
is_fraction (const char *text)
{
  return text[0] == '.' && text[1] != '\0' && strspn (text + 1, "0123456789") == strlen (text + 1);
}

/**
 * lk_wall_time_parse:
 * @self: (out): the time; undefined unless %TRUE is returned
 * @text: (nullable): `YYYY-MM-DD HH:MM:SS`, also with a `T`, without a time for 00:00:00, or with a
 *   fraction of a second, which is cut off, as databases that were converted have it
 *
 * Returns: whether @text is a date of the calendar and a time of the day
 */
gboolean
lk_wall_time_parse (LkWallTime *self, const char *text)
{
  const char *at = text;

  g_return_val_if_fail (self != NULL, FALSE);

  *self = (LkWallTime){ 0 };
  if (text == NULL || !parse_day (&at, self))
    return FALSE;
  if (*at == '\0')
    return TRUE;

  if (!take (&at, ' ') && !take (&at, 'T'))
    return FALSE;

  return parse_time (&at, self) && (*at == '\0' || is_fraction (at));
}

/**
 * lk_wall_time_get_days:
 * @self: a wall-clock time
 *
 * Returns: its date in days since 1970-01-01
 */
gint64
lk_wall_time_get_days (const LkWallTime *self)
{
  GDate date;

  g_return_val_if_fail (self != NULL, 0);

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) self->day, (GDateMonth) self->month, (GDateYear) self->year);

  return (gint64) g_date_get_julian (&date) - LK_ZONE_JULIAN_1970;
}
