/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-recurrence"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/recurrence.h"
#include "core/zone.h"

#define SECONDS_PER_DAY (24 * 60 * 60)
#define LAST_YEAR       9999

static gboolean
counts_elapsed_time (const LkRecurrence *self)
{
  return self->unit == LK_UNIT_MINUTE || self->unit == LK_UNIT_HOUR;
}

static gint64
get_step_s (const LkRecurrence *self)
{
  return (gint64) self->every * (self->unit == LK_UNIT_MINUTE ? 60 : 60 * 60);
}

static gint64
get_step_days (const LkRecurrence *self)
{
  return (gint64) self->every * (self->unit == LK_UNIT_WEEK ? 7 : 1);
}

static gint64
days_of (int year, int month, int day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);

  return (gint64) g_date_get_julian (&date) - LK_ZONE_JULIAN_1970;
}

static gint64
get_anchor_days (const LkRecurrence *self)
{
  return days_of (self->year, self->month, self->day);
}

static LkInstant
resolve (const LkRecurrence *self, GTimeZone *zone, gint64 days)
{
  gint64 wall_s = days * SECONDS_PER_DAY + (self->hour * 60 + self->minute) * 60;

  return lk_zone_resolve (zone, wall_s) * LK_SECOND;
}

static LkInstant
get_nth_month (const LkRecurrence *self, GTimeZone *zone, gint64 n)
{
  gint64 months = (gint64) self->year * 12 + self->month - 1 + n * self->every;
  int year, month;
  guint8 last_day;

  if (months / 12 > LAST_YEAR)
    return G_MAXINT64;

  year = (int) (months / 12);
  month = (int) (months % 12) + 1;
  last_day = g_date_get_days_in_month ((GDateMonth) month, (GDateYear) year);

  return resolve (self, zone, days_of (year, month, MIN (self->day, last_day)));
}

static LkInstant
get_nth (const LkRecurrence *self, GTimeZone *zone, gint64 n)
{
  gint64 days;

  if (self->unit == LK_UNIT_MONTH)
    return get_nth_month (self, zone, n);

  if (counts_elapsed_time (self))
    return resolve (self, zone, get_anchor_days (self)) + n * get_step_s (self) * LK_SECOND;

  days = get_anchor_days (self) + n * get_step_days (self);
  if (days > days_of (LAST_YEAR, 12, 31))
    return G_MAXINT64;

  return resolve (self, zone, days);
}

/* The index that stands for the local date of @after, or the last one before it. Whatever stands
 * for an earlier date is due by then: a clock that shows @after has shown that date's time before.
 * So this is never too high, and too low by few steps. */
static gint64
estimate_wall_clock_index (const LkRecurrence *self, GTimeZone *zone, LkInstant after)
{
  gint64 days = lk_zone_get_local_days (zone, after);
  GDate date;
  gint64 months;

  if (self->unit != LK_UNIT_MONTH)
    return (days - get_anchor_days (self)) / get_step_days (self);

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (days + LK_ZONE_JULIAN_1970));
  months = (gint64) g_date_get_year (&date) * 12 + (gint64) g_date_get_month (&date) - 1;

  return (months - (self->year * 12 + self->month - 1)) / self->every;
}

/* The least index whose instant lies behind @after. Due instants never go down with the index. */
static gint64
find_first_index_after (const LkRecurrence *self, GTimeZone *zone, LkInstant after)
{
  LkInstant anchor = get_nth (self, zone, 0);
  gint64 n;

  if (after < anchor)
    return 0;

  if (counts_elapsed_time (self))
    return (after - anchor) / (get_step_s (self) * LK_SECOND) + 1;

  n = MAX (estimate_wall_clock_index (self, zone, after), 0);
  while (get_nth (self, zone, n) <= after)
    n++;

  return n;
}

/**
 * lk_recurrence_nth:
 * @self: a valid recurrence
 * @n: counts from 0, the anchor itself
 *
 * Returns: the @n-th due instant; %G_MAXINT64 when it lies behind the year 9999
 */
LkInstant
lk_recurrence_nth (const LkRecurrence *self, gint64 n)
{
  g_autoptr (GTimeZone) zone = NULL;

  g_return_val_if_fail (self != NULL && n >= 0, 0);

  zone = lk_recurrence_get_zone (self);

  return get_nth (self, zone, n);
}

/**
 * lk_recurrence_next_after:
 * @self: a valid recurrence
 * @after: a moment before the year 9999
 *
 * Takes the same short time however long ago the anchor is.
 *
 * Returns: the first due instant that is later than @after, the anchor at the earliest;
 *   %G_MAXINT64 when it would lie behind the year 9999
 */
LkInstant
lk_recurrence_next_after (const LkRecurrence *self, LkInstant after)
{
  g_autoptr (GTimeZone) zone = NULL;

  g_return_val_if_fail (self != NULL, 0);

  zone = lk_recurrence_get_zone (self);

  return get_nth (self, zone, find_first_index_after (self, zone, after));
}

/**
 * lk_recurrence_latest_until:
 * @self: a valid recurrence
 * @until: a moment before the year 9999
 *
 * Returns: the last due instant that is not later than @until; 0 when there is none yet
 */
LkInstant
lk_recurrence_latest_until (const LkRecurrence *self, LkInstant until)
{
  g_autoptr (GTimeZone) zone = NULL;
  gint64 n;

  g_return_val_if_fail (self != NULL, 0);

  zone = lk_recurrence_get_zone (self);
  n = find_first_index_after (self, zone, until);

  return n > 0 ? get_nth (self, zone, n - 1) : 0;
}

/**
 * lk_recurrence_count_between:
 * @self: a valid recurrence
 * @after: a moment
 * @until: a later moment
 *
 * Returns: how many due instants are later than @after and not later than @until
 */
gint64
lk_recurrence_count_between (const LkRecurrence *self, LkInstant after, LkInstant until)
{
  g_autoptr (GTimeZone) zone = NULL;

  g_return_val_if_fail (self != NULL && after <= until, 0);

  zone = lk_recurrence_get_zone (self);

  return find_first_index_after (self, zone, until) - find_first_index_after (self, zone, after);
}

static gboolean
check_every (const LkRecurrence *self, GError **error)
{
  if (self->every >= 1 && self->every <= LK_RECURRENCE_MAX_EVERY
      && (guint) self->unit < LK_N_RECURRENCE_UNITS)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("interval %d is out of range: give a number from 1 to %d"), self->every,
               LK_RECURRENCE_MAX_EVERY);
  return FALSE;
}

static gboolean
check_start (const LkRecurrence *self, GError **error)
{
  if (self->year >= 1970 && self->year <= LAST_YEAR && self->month >= 1 && self->month <= 12
      && self->day >= 1 && self->day <= 31
      && g_date_valid_dmy ((GDateDay) self->day, (GDateMonth) self->month, (GDateYear) self->year)
      && self->hour >= 0 && self->hour <= 23 && self->minute >= 0 && self->minute <= 59)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("start %04d-%02d-%02d %02d:%02d is not a date and time from 1970 to 9999: check "
                  "the calendar"),
               self->year, self->month, self->day, self->hour, self->minute);
  return FALSE;
}

/**
 * lk_recurrence_check:
 * @self: a recurrence
 * @error: %LK_ERROR_INVALID that names what is out of range or unknown
 *
 * Returns: whether @self is valid
 */
gboolean
lk_recurrence_check (const LkRecurrence *self, GError **error)
{
  g_autoptr (GTimeZone) zone = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!check_every (self, error) || !check_start (self, error))
    return FALSE;

  zone = lk_zone_load (self->zone, error);

  return zone != NULL;
}

/**
 * lk_recurrence_equal:
 * @a: a recurrence
 * @b: another one
 *
 * Returns: whether both say the same
 */
gboolean
lk_recurrence_equal (const LkRecurrence *a, const LkRecurrence *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->every == b->every && a->unit == b->unit && a->year == b->year && a->month == b->month
         && a->day == b->day && a->hour == b->hour && a->minute == b->minute
         && g_strcmp0 (a->zone, b->zone) == 0;
}

/**
 * lk_recurrence_get_zone:
 * @self: a recurrence
 *
 * Returns: (transfer full): its time zone; UTC when the system no longer knows its name
 */
GTimeZone *
lk_recurrence_get_zone (const LkRecurrence *self)
{
  GTimeZone *zone;

  g_return_val_if_fail (self != NULL, NULL);

  zone = lk_zone_load (self->zone, NULL);

  return zone != NULL ? zone : g_time_zone_new_utc ();
}
