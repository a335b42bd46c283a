/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-time-text"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/time-text.h"

static GDateTime *
to_local (LkInstant when)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when / LK_SECOND);

  return g_date_time_to_local (utc);
}

/**
 * lk_time_format:
 * @when: a moment; 0 for none
 * @now: the present
 *
 * Returns: (transfer full): the local time, with the date unless it is today; "" for none
 */
char *
lk_time_format (LkInstant when, LkInstant now)
{
  g_autoptr (GDateTime) local = NULL;
  g_autoptr (GDateTime) today = NULL;

  if (when == 0)
    return g_strdup ("");

  local = to_local (when);
  today = to_local (now);
  if (g_date_time_get_year (local) == g_date_time_get_year (today)
      && g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (today))
    return g_date_time_format (local, "%H:%M:%S");

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

/**
 * lk_time_format_long:
 * @when: a moment; 0 for none
 *
 * Returns: (transfer full): the local date and time to the second, with the zone; "" for none
 */
char *
lk_time_format_long (LkInstant when)
{
  g_autoptr (GDateTime) local = NULL;

  if (when == 0)
    return g_strdup ("");

  local = to_local (when);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S %Z");
}

/**
 * lk_latency_format:
 * @latency_ms: milliseconds; -1 for none
 *
 * Returns: (transfer full): the time with its unit; "" for none
 */
char *
lk_latency_format (int latency_ms)
{
  if (latency_ms < 0)
    return g_strdup ("");
  if (latency_ms < 10000)
    /* translators: milliseconds */
    return g_strdup_printf (_ ("%d ms"), latency_ms);

  /* translators: seconds */
  return g_strdup_printf (_ ("%.1f s"), latency_ms / 1000.0);
}

/**
 * lk_duration_format:
 * @duration_us: microseconds; -1 for what did not happen
 *
 * Returns: (transfer full): the time with its unit, as far as a narrow column has room; a dash for
 *   what did not happen
 */
char *
lk_duration_format (gint64 duration_us)
{
  if (duration_us < 0)
    return g_strdup ("–");
  if (duration_us < 1000)
    /* translators: less than a millisecond */
    return g_strdup (_ ("<1 ms"));

  return lk_latency_format ((int) MIN ((duration_us + 500) / 1000, G_MAXINT));
}

/**
 * lk_time_new_macro_context:
 * @clock: the services' clock
 *
 * Returns: (transfer full): what macros stand for at this moment, for a search that no task runs
 */
LkMacroContext *
lk_time_new_macro_context (LkClock *clock)
{
  g_autoptr (GDateTime) now = to_local (lk_clock_now (clock));

  return lk_macro_context_new (now, NULL);
}
