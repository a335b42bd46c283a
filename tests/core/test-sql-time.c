/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/sql-time.h"

/* Every day of 400 years, against GLib's calendar. */
static void
test_days (void)
{
  GDate date;
  LkSqlTime time;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, 1, 1900);

  for (gint64 day = 0; day < 146097; day++)
    {
      lk_sql_time_init_date (&time, g_date_get_year (&date), g_date_get_month (&date),
                             g_date_get_day (&date));
      g_assert_cmpint (lk_sql_time_get_day_number (&time), ==, day - 25567);
      g_assert_cmpint (lk_sql_time_get_weekday (&time), ==, g_date_get_weekday (&date) % 7);
      g_assert_cmpint (lk_sql_time_get_day_of_year (&time), ==, g_date_get_day_of_year (&date));
      g_assert_true (lk_sql_time_init_from_milliseconds (&time, (day - 25567) * LK_MS_PER_DAY + 1));
      g_assert_cmpint (time.year, ==, g_date_get_year (&date));
      g_assert_cmpint (time.month, ==, g_date_get_month (&date));
      g_assert_cmpint (time.day, ==, g_date_get_day (&date));
      g_assert_cmpint (time.millisecond, ==, 1);
      g_date_add_days (&date, 1);
    }
}

static void
test_parse_and_format (void)
{
  const struct
  {
    const char *text;
    const char *expected;
  } rows[] = {
    { "2026-11-10 23:59:59", "2026-11-10 23:59:59" },
    { "2026-11-10T23:59:59", "2026-11-10 23:59:59" },
    { "2026-11-10", "2026-11-10 00:00:00" },
    { "2026-11-10 23:59:59.997", "2026-11-10 23:59:59.997" },
    { "2026-11-10 23:59:59.000", "2026-11-10 23:59:59" },
    { "2024-02-29", "2024-02-29 00:00:00" },
    { "2026-02-29", NULL },
    { "2026-13-01", NULL },
    { "2026-11-10 24:00:00", NULL },
    { "1752-12-31", NULL },
    { "2026-11-1", NULL },
    { "2026-11-10 ", NULL },
    { "2026-11-10 10:00", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkSqlTime time;
      gboolean parsed = lk_sql_time_parse (&time, rows[i].text, strlen (rows[i].text));
      g_autofree char *text = parsed ? lk_sql_time_format (&time) : NULL;

      g_assert_cmpstr (text, ==, rows[i].expected);
    }
}

static void
test_limits (void)
{
  LkSqlTime time;

  lk_sql_time_init_date (&time, 9999, 12, 31);
  g_assert_false (lk_sql_time_add_months (&time, 1));
  g_assert_false (lk_sql_time_add_months (&time, G_MAXINT64));
  g_assert_false (lk_sql_time_add_months (&time, -9999 * 12));
  g_assert_false (lk_sql_time_init_from_milliseconds (&time, lk_sql_time_to_milliseconds (&time)
                                                                 + LK_MS_PER_DAY));
  g_assert_false (lk_sql_time_init_from_milliseconds (&time, G_MININT64));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql-time/days", test_days);
  g_test_add_func ("/sql-time/parse-and-format", test_parse_and_format);
  g_test_add_func ("/sql-time/limits", test_limits);

  return g_test_run ();
}
