/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/recurrence.h"
#include "core/zone.h"

static gint64
seconds_of (const char *utc)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (utc, zone);

  g_assert_nonnull (time);

  return g_date_time_to_unix (time);
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *zone, *wall, *utc;
  } cases[] = {
    { "UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00" },
    { "Europe/Berlin", "2026-01-31T08:00:00", "2026-01-31T07:00:00" },
    { "Europe/Berlin", "2026-03-29T01:59:00", "2026-03-29T00:59:00" },
    { "Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00" }, /* gap */
    { "Europe/Berlin", "2026-03-29T02:59:00", "2026-03-29T01:00:00" },
    { "Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00" },
    { "Europe/Berlin", "2026-03-29T03:01:00", "2026-03-29T01:01:00" },
    { "Europe/Berlin", "2026-10-25T01:59:00", "2026-10-24T23:59:00" },
    { "Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00" }, /* fold */
    { "Europe/Berlin", "2026-10-25T02:59:00", "2026-10-25T00:59:00" },
    { "Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00" },
    { "Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00" }, /* half an hour */
    { "Antarctica/Troll", "2026-03-29T02:00:00", "2026-03-29T01:00:00" },    /* two hours */
    { "Asia/Kathmandu", "2026-01-01T00:00:00", "2025-12-31T18:15:00" },
    { "Pacific/Apia", "2011-12-29T08:00:00", "2011-12-29T18:00:00" },
    { "Pacific/Apia", "2011-12-30T00:00:00", "2011-12-30T10:00:00" }, /* no such day */
    { "Pacific/Apia", "2011-12-30T23:59:00", "2011-12-30T10:00:00" },
    { "Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00" },
    { "Pacific/Apia", "2011-12-31T08:00:00", "2011-12-30T18:00:00" },
    { "America/Nuuk", "2026-03-28T23:30:00", "2026-03-29T01:00:00" }, /* the gap ends the day */
    { "Pacific/Kiritimati", "2026-01-01T00:00:00", "2025-12-31T10:00:00" },
    { "America/New_York", "2100-07-01T00:00:00", "2100-07-01T04:00:00" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GTimeZone) zone = lk_zone_load (cases[i].zone, NULL);

      g_assert_nonnull (zone);
      if (g_test_verbose ())
        g_test_message ("%s %s", cases[i].zone, cases[i].wall);
      g_assert_cmpint (lk_zone_resolve (zone, seconds_of (cases[i].wall)), ==,
                       seconds_of (cases[i].utc));
    }
}

static void
test_local_days (void)
{
  static const struct
  {
    const char *zone, *utc, *day;
  } cases[] = {
    { "UTC", "2026-01-31T23:59:59", "2026-01-31T00:00:00" },
    { "Europe/Berlin", "2026-01-31T23:59:59", "2026-02-01T00:00:00" },
    { "America/New_York", "2026-02-01T04:59:59", "2026-01-31T00:00:00" },
    { "America/New_York", "1970-01-01T00:00:00", "1969-12-31T00:00:00" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GTimeZone) zone = lk_zone_load (cases[i].zone, NULL);

      g_assert_cmpint (lk_zone_get_local_days (zone, seconds_of (cases[i].utc) * LK_SECOND)
                           * (24 * 60 * 60),
                       ==, seconds_of (cases[i].day));
    }
}

static void
test_load (void)
{
  static const char *const good[] = {
    "UTC",  "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT",
    "GMT0", "NZ-CHAT"
  };
  static const char *const bad[] = {
    "",          "Europe/Atlantis", "/etc/localtime", "../UTC",   "+01:00", "Mars5",
    "CET-1CEST", "Berlin",          "zone.tab",       "A/../UTC", NULL
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GTimeZone) zone = lk_zone_load (good[i], NULL);

      g_assert_nonnull (zone);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lk_zone_load (bad[i], &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
    }
}

static void
test_local_zone (void)
{
  g_autofree char *before = g_strdup (g_getenv ("TZ"));
  static const struct
  {
    const char *tz, *name;
  } cases[] = { { "Asia/Tokyo", "Asia/Tokyo" },
                { ":Asia/Tokyo", "Asia/Tokyo" },
                { "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo" },
                { "Nowhere/Land", "UTC" },
                { "UTC", "UTC" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_setenv ("TZ", cases[i].tz, TRUE);
      g_assert_cmpstr (lk_local_zone_name (), ==, cases[i].name);
    }

  if (before != NULL)
    g_setenv ("TZ", before, TRUE);
  else
    g_unsetenv ("TZ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/zone/resolve", test_resolve);
  g_test_add_func ("/zone/local-days", test_local_days);
  g_test_add_func ("/zone/load", test_load);
  g_test_add_func ("/zone/local-zone", test_local_zone);

  return g_test_run ();
}
