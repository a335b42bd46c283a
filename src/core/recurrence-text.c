/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-recurrence"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/recurrence.h"
#include "core/word-list.h"
#include "core/zone.h"

static const char *const unit_words[] = {
  [LK_UNIT_MINUTE] = "minute", [LK_UNIT_HOUR] = "hour",   [LK_UNIT_DAY] = "day",
  [LK_UNIT_WEEK] = "week",     [LK_UNIT_MONTH] = "month",
};

static gboolean
find_unit (const char *word, LkRecurrenceUnit *unit)
{
  g_autofree char *singular = g_strdup (word);
  gsize length = strlen (singular);
  int value;

  if (length > 1 && g_ascii_tolower (singular[length - 1]) == 's')
    singular[length - 1] = '\0';
  if (!lk_word_list_find (unit_words, G_N_ELEMENTS (unit_words), singular, &value))
    return FALSE;

  *unit = (LkRecurrenceUnit) value;
  return TRUE;
}

/* One number of a date or time: exactly @n_digits digits and then @behind. */
static gboolean
take_number (const char **at, int n_digits, char behind, int *number)
{
  *number = 0;
  for (int i = 0; i < n_digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }

  if (**at != behind)
    return FALSE;

  if (behind != '\0')
    (*at)++;
  return TRUE;
}

static gboolean
scan_start (const char *text, LkRecurrence *to)
{
  const char *at = text;
  gboolean has_time = strlen (text) > strlen ("2026-01-31");

  if (!take_number (&at, 4, '-', &to->year) || !take_number (&at, 2, '-', &to->month))
    return FALSE;

  if (!has_time)
    {
      to->hour = to->minute = 0;
      return take_number (&at, 2, '\0', &to->day);
    }

  return take_number (&at, 2, at[2] == 'T' ? 'T' : ' ', &to->day)
         && take_number (&at, 2, ':', &to->hour) && take_number (&at, 2, '\0', &to->minute);
}

/**
 * lk_recurrence_parse_every:
 * @self: a recurrence, of which the interval and its unit are set
 * @text: such as `1 day`, `15 minutes`, `2 weeks`; the number may be left out for 1
 * @error: %LK_ERROR_INVALID
 *
 * Returns: whether @text is an interval; otherwise @self is unchanged
 */
gboolean
lk_recurrence_parse_every (LkRecurrence *self, const char *text, GError **error)
{
  g_autofree char *stripped = NULL;
  LkRecurrenceUnit unit;
  guint64 every = 1;
  char *word;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  stripped = g_strstrip (g_strdup (text));
  word = stripped;
  if (g_ascii_isdigit (*word))
    every = g_ascii_strtoull (stripped, &word, 10);

  if (!find_unit (g_strchug (word), &unit) || every < 1 || every > LK_RECURRENCE_MAX_EVERY)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   /* translators: “15 minutes”, “1 day” and the units are typed as they stand. */
                   _ ("interval “%s” is not understood: give a number from 1 to %d and minutes, "
                      "hours, days, weeks or months, such as “15 minutes” or “1 day”"),
                   text, LK_RECURRENCE_MAX_EVERY);
      return FALSE;
    }

  self->every = (int) every;
  self->unit = unit;
  return TRUE;
}

/**
 * lk_recurrence_parse_start:
 * @self: a recurrence, of which the anchor's date and time are set
 * @text: `2026-01-31 08:00`, with a blank or a `T`; without a time for 00:00
 * @error: %LK_ERROR_INVALID
 *
 * Returns: whether @text is a date and time from 1970 to 9999; otherwise @self is unchanged
 */
gboolean
lk_recurrence_parse_start (LkRecurrence *self, const char *text, GError **error)
{
  LkRecurrence checked = { .every = 1, .unit = LK_UNIT_DAY, .zone = "UTC" };
  g_autofree char *stripped = NULL;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  stripped = g_strstrip (g_strdup (text));
  if (!scan_start (stripped, &checked))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("start “%s” is not understood: give date and time as in 2026-01-31 08:00"),
                   text);
      return FALSE;
    }
  if (!lk_recurrence_check (&checked, error))
    return FALSE;

  self->year = checked.year;
  self->month = checked.month;
  self->day = checked.day;
  self->hour = checked.hour;
  self->minute = checked.minute;
  return TRUE;
}

/**
 * lk_recurrence_parse_zone:
 * @self: a recurrence, of which the zone is set
 * @text: (nullable): an IANA zone name; %NULL or "" for the local zone
 * @error: %LK_ERROR_INVALID
 *
 * Returns: whether the system knows the zone; otherwise @self is unchanged
 */
gboolean
lk_recurrence_parse_zone (LkRecurrence *self, const char *text, GError **error)
{
  g_autoptr (GTimeZone) zone = NULL;
  g_autofree char *stripped = g_strstrip (g_strdup (text != NULL ? text : ""));

  g_return_val_if_fail (self != NULL, FALSE);

  if (stripped[0] == '\0')
    {
      self->zone = lk_local_zone_name ();
      return TRUE;
    }

  zone = lk_zone_load (stripped, error);
  if (zone == NULL)
    return FALSE;

  self->zone = g_intern_string (stripped);
  return TRUE;
}

/**
 * lk_recurrence_parse:
 * @self: (out): the recurrence
 * @every: see lk_recurrence_parse_every()
 * @start: see lk_recurrence_parse_start()
 * @zone: (nullable): see lk_recurrence_parse_zone()
 * @error: %LK_ERROR_INVALID that names the part that is not understood
 *
 * Returns: whether @self was set; otherwise it is unchanged
 */
gboolean
lk_recurrence_parse (LkRecurrence *self, const char *every, const char *start, const char *zone,
                     GError **error)
{
  LkRecurrence parsed = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);

  if (!lk_recurrence_parse_every (&parsed, every, error)
      || !lk_recurrence_parse_start (&parsed, start, error)
      || !lk_recurrence_parse_zone (&parsed, zone, error))
    return FALSE;

  *self = parsed;
  return TRUE;
}

/**
 * lk_recurrence_format_every:
 * @self: a recurrence
 *
 * Returns: (transfer full): the interval as lk_recurrence_parse_every() takes it, such as `1 day`
 */
char *
lk_recurrence_format_every (const LkRecurrence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf (
      "%d %s%s", self->every,
      lk_word_list_get (unit_words, G_N_ELEMENTS (unit_words), (int) self->unit),
      self->every == 1 ? "" : "s");
}

/**
 * lk_recurrence_format_start:
 * @self: a recurrence
 *
 * Returns: (transfer full): the anchor as lk_recurrence_parse_start() takes it:
 *   `2026-01-31 08:00`
 */
char *
lk_recurrence_format_start (const LkRecurrence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d", self->year, self->month, self->day,
                          self->hour, self->minute);
}
