/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-zone"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/recurrence.h"
#include "core/zone.h"

/* More than any zone was ever away from UTC. */
#define WIDEST_OFFSET_S (26 * 60 * 60)

#define ZONE_FOLDER "/zoneinfo/"

/* GLib takes "Mars5" for a rule as POSIX writes them. These are the only names of zones without a
 * slash that have a digit. */
static const char *const names_with_digits[] = { "CST6CDT", "EST5EDT", "GMT+0",   "GMT-0",
                                                 "GMT0",    "MST7MDT", "PST8PDT", NULL };

static gboolean
is_zone_name (const char *name)
{
  if (!g_ascii_isalpha (name[0]) || strstr (name, "..") != NULL || strchr (name, '.') != NULL)
    return FALSE;

  return strchr (name, '/') != NULL || strpbrk (name, "0123456789,<") == NULL
         || g_strv_contains (names_with_digits, name);
}

static gint64
get_offset_s (GTimeZone *zone, int interval)
{
  return g_time_zone_get_offset (zone, interval);
}

static int
get_interval (GTimeZone *zone, gint64 at_s)
{
  return g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, at_s);
}

/* The first second of the interval that follows @interval, which @from_s lies in and @to_s not. */
static gint64
find_end (GTimeZone *zone, int interval, gint64 from_s, gint64 to_s)
{
  while (to_s - from_s > 1)
    {
      gint64 middle = from_s + (to_s - from_s) / 2;

      if (get_interval (zone, middle) == interval)
        from_s = middle;
      else
        to_s = middle;
    }

  return to_s;
}

/**
 * lk_zone_load:
 * @name: (nullable): an IANA zone name, such as `Europe/Berlin`
 * @error: %LK_ERROR_INVALID when the system does not know it
 *
 * Thread: any.
 *
 * Returns: (transfer full) (nullable): the zone
 */
GTimeZone *
lk_zone_load (const char *name, GError **error)
{
  GTimeZone *zone = NULL;

  if (name != NULL && is_zone_name (name))
    zone = g_time_zone_new_identifier (name);
  if (zone == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("time zone “%s” is not known: give an IANA name, such as Europe/Berlin or UTC"),
                 name != NULL ? name : "");

  return zone;
}

/**
 * lk_zone_resolve:
 * @zone: a time zone
 * @wall_s: a wall-clock time: the seconds from 1970-01-01 00:00:00 on that clock
 *
 * Finds the first moment at which a clock in @zone shows @wall_s or later. So a time that occurs
 * twice means its first occurrence, and one that is skipped the first moment after the gap.
 *
 * Returns: seconds since 1970-01-01 UTC
 */
gint64
lk_zone_resolve (GTimeZone *zone, gint64 wall_s)
{
  gint64 start_s = wall_s - WIDEST_OFFSET_S;

  g_return_val_if_fail (zone != NULL, wall_s);

  for (;;)
    {
      int interval = get_interval (zone, start_s);
      gint64 at_s = wall_s - get_offset_s (zone, interval);

      if (at_s <= start_s)
        return start_s;
      if (get_interval (zone, at_s) == interval)
        return at_s;

      start_s = find_end (zone, interval, start_s, at_s);
    }
}

/**
 * lk_zone_get_local_days:
 * @zone: a time zone
 * @when: a moment
 *
 * Returns: the local date at @when, in days since 1970-01-01
 */
gint64
lk_zone_get_local_days (GTimeZone *zone, LkInstant when)
{
  gint64 at_s = when / LK_SECOND;
  gint64 wall_s = at_s + get_offset_s (zone, get_interval (zone, at_s));
  gint64 days = wall_s / (24 * 60 * 60);

  return wall_s < 0 && wall_s % (24 * 60 * 60) != 0 ? days - 1 : days;
}

/**
 * lk_local_zone_name:
 *
 * Thread: any.
 *
 * Returns: (transfer none): the IANA name of this machine's zone, interned; `UTC` when it has none
 */
const char *
lk_local_zone_name (void)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GTimeZone) zone = NULL;
  const char *name = g_time_zone_get_identifier (local);
  const char *in_folder = strstr (name, ZONE_FOLDER);

  if (in_folder != NULL)
    name = in_folder + strlen (ZONE_FOLDER);
  else if (name[0] == ':') /* as POSIX has it in the environment */
    name++;
  zone = lk_zone_load (name, NULL);

  return g_intern_string (zone != NULL ? name : "UTC");
}
