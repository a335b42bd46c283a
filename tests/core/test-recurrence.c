/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/error.h"
#include "core/recurrence.h"

#define FIRST_S   ((gint64) 1735689600) /* 2025-01-01 00:00:00 UTC */
#define LAST_S    ((gint64) 1924992000) /* 2031-01-01 00:00:00 UTC */
#define QUARTER   (15 * 60)
#define ONE_DAY_S (24 * 60 * 60)

static LkInstant
instant_of (const char *utc)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (utc, zone);

  g_assert_nonnull (time);

  return g_date_time_to_unix (time) * LK_SECOND;
}

static LkRecurrence
make (const char *every, const char *start, const char *zone)
{
  LkRecurrence recurrence = { 0 };
  g_autoptr (GError) error = NULL;

  lk_recurrence_parse (&recurrence, every, start, zone, &error);
  g_assert_no_error (error);

  return recurrence;
}

static void
test_nth (void)
{
  static const struct
  {
    const char *every, *start, *zone;
    gint64 n;
    const char *utc;
  } cases[] = {
    { "1 day", "2026-01-31 08:00", "UTC", 0, "2026-01-31T08:00:00" },
    { "1 day", "2026-01-31 08:00", "UTC", 365, "2027-01-31T08:00:00" },
    { "2 weeks", "2026-03-16 08:00", "Europe/Berlin", 1, "2026-03-30T06:00:00" },
    { "1 day", "2026-03-28 02:30", "Europe/Berlin", 1, "2026-03-29T01:00:00" }, /* gap */
    { "1 day", "2026-03-28 02:30", "Europe/Berlin", 2, "2026-03-30T00:30:00" },
    { "1 day", "2026-10-24 02:30", "Europe/Berlin", 1, "2026-10-25T00:30:00" }, /* fold */
    { "1 day", "2026-10-24 02:30", "Europe/Berlin", 2, "2026-10-26T01:30:00" },
    { "1 month", "2026-01-31 08:00", "UTC", 1, "2026-02-28T08:00:00" }, /* clamped ... */
    { "1 month", "2026-01-31 08:00", "UTC", 2, "2026-03-31T08:00:00" }, /* ... from the anchor */
    { "1 month", "2026-01-31 08:00", "UTC", 25, "2028-02-29T08:00:00" },
    { "5 months", "2026-11-30 00:00", "UTC", 3, "2028-02-29T00:00:00" },
    { "1 hour", "2026-03-29 01:00", "Europe/Berlin", 1, "2026-03-29T01:00:00" }, /* elapsed */
    { "1 hour", "2026-03-29 01:00", "Europe/Berlin", 2, "2026-03-29T02:00:00" },
    { "24 hours", "2026-03-28 12:00", "Europe/Berlin", 1, "2026-03-29T11:00:00" },
    { "15 minutes", "2026-10-25 01:45", "Europe/Berlin", 5, "2026-10-25T01:00:00" },
    { "1000 months", "2026-01-31 08:00", "UTC", 1, "2109-05-31T08:00:00" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkRecurrence recurrence = make (cases[i].every, cases[i].start, cases[i].zone);

      g_assert_cmpint (lk_recurrence_nth (&recurrence, cases[i].n), ==, instant_of (cases[i].utc));
    }
}

static void
test_end_of_time (void)
{
  LkRecurrence months = make ("1000 months", "9999-01-01", "UTC");
  LkRecurrence days = make ("1000 days", "9999-01-01", "UTC");

  g_assert_cmpint (lk_recurrence_nth (&months, 1), ==, G_MAXINT64);
  g_assert_cmpint (lk_recurrence_nth (&days, 1), ==, G_MAXINT64);
}

/* next, latest and count agree with the plain sequence of the n-th instants. */
static void
test_sequence (void)
{
  static const char *const intervals[] = { "7 minutes", "1 hour",  "36 hours", "1 day",
                                           "3 days",    "2 weeks", "1 month",  "7 months" };
  static const char *const zones[] = {
    "UTC",          "Europe/Berlin",       "Pacific/Apia",
    "America/Nuuk", "Australia/Lord_Howe", "Pacific/Kiritimati"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (intervals); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (zones); j++)
      {
        LkRecurrence recurrence = make (intervals[i], "2011-10-31 23:30", zones[j]);
        /* While somebody holds a zone GLib does not read it again. */
        g_autoptr (GTimeZone) held = lk_recurrence_get_zone (&recurrence);
        LkInstant before = 0;

        for (gint64 n = 0; n < 100; n++)
          {
            LkInstant at = lk_recurrence_nth (&recurrence, n);

            g_assert_cmpint (lk_recurrence_next_after (&recurrence, at - 1), ==, at);
            g_assert_cmpint (lk_recurrence_latest_until (&recurrence, at), ==, at);
            if (at == before) /* a day that its zone left out */
              continue;
            g_assert_cmpint (at, >, before);
            g_assert_cmpint (lk_recurrence_latest_until (&recurrence, at - 1), ==, before);
            g_assert_cmpint (lk_recurrence_next_after (&recurrence, before), ==, at);
            g_assert_cmpint (lk_recurrence_count_between (&recurrence, 0, at - 1), ==, n);
            before = at;
          }
      }
}

static void
test_before_the_anchor (void)
{
  LkRecurrence recurrence = make ("1 day", "2026-01-31 08:00", "UTC");
  LkInstant anchor = instant_of ("2026-01-31T08:00:00");

  g_assert_cmpint (lk_recurrence_next_after (&recurrence, 0), ==, anchor);
  g_assert_cmpint (lk_recurrence_next_after (&recurrence, anchor), ==, anchor + LK_DAY);
  g_assert_cmpint (lk_recurrence_latest_until (&recurrence, anchor - 1), ==, 0);
  g_assert_cmpint (lk_recurrence_latest_until (&recurrence, anchor + LK_DAY - 1), ==, anchor);
}

static void
test_left_out_day (void)
{
  LkRecurrence recurrence = make ("1 day", "2011-12-29 08:00", "Pacific/Apia");
  static const char *const utc[] = { "2011-12-29T18:00:00", "2011-12-30T10:00:00",
                                     "2011-12-30T18:00:00", "2011-12-31T18:00:00" };
  LkInstant at = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (utc); i++)
    {
      at = lk_recurrence_next_after (&recurrence, at);
      g_assert_cmpint (at, ==, instant_of (utc[i]));
    }
}

static void
test_missed (void)
{
  LkRecurrence recurrence = make ("15 minutes", "1980-01-01 00:00", "Asia/Tokyo");
  LkInstant slept = instant_of ("2026-01-01T00:07:00");
  LkInstant woke = instant_of ("2026-01-08T00:08:00");

  g_assert_cmpint (lk_recurrence_count_between (&recurrence, slept, woke), ==, 7 * 96);
  g_assert_cmpint (lk_recurrence_latest_until (&recurrence, woke), ==,
                   instant_of ("2026-01-08T00:00:00"));
}

static void
test_check (void)
{
  const LkRecurrence good = { 1, LK_UNIT_DAY, 2026, 1, 31, 8, 0, "UTC" };
  const LkRecurrence bad[] = {
    { 0, LK_UNIT_DAY, 2026, 1, 31, 8, 0, "UTC" },
    { 1001, LK_UNIT_DAY, 2026, 1, 31, 8, 0, "UTC" },
    { 1, LK_N_RECURRENCE_UNITS, 2026, 1, 31, 8, 0, "UTC" },
    { 1, LK_UNIT_DAY, 1969, 1, 31, 8, 0, "UTC" },
    { 1, LK_UNIT_DAY, 10000, 1, 31, 8, 0, "UTC" },
    { 1, LK_UNIT_DAY, 2026, 0, 31, 8, 0, "UTC" },
    { 1, LK_UNIT_DAY, 2026, 2, 29, 8, 0, "UTC" },
    { 1, LK_UNIT_DAY, 2026, 1, -1, 8, 0, "UTC" },
    { 1, LK_UNIT_DAY, 2026, 1, 31, 24, 0, "UTC" },
    { 1, LK_UNIT_DAY, 2026, 1, 31, 8, 60, "UTC" },
    { 1, LK_UNIT_DAY, 2026, 1, 31, 8, 0, "Mars/Base" },
    { 1, LK_UNIT_DAY, 2026, 1, 31, 8, 0, NULL },
  };

  g_assert_true (lk_recurrence_check (&good, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (lk_recurrence_check (&bad[i], &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      g_assert_false (lk_recurrence_equal (&good, &bad[i]));
    }
}

/* What follows compares with the C library's own reading of the time zone database. */

static gint64
wall_of (gint64 at_s)
{
  time_t at = (time_t) at_s;
  struct tm tm;

  localtime_r (&at, &tm);

  return at_s + tm.tm_gmtoff;
}

/* The first quarter of an hour at which the clock shows @wall_s or later. In these years offsets
 * and transitions are whole quarters of an hour. */
static gint64
resolve_by_walking (gint64 wall_s)
{
  gint64 at_s = wall_s - 15 * 60 * 60;

  while (wall_of (at_s) < wall_s)
    at_s += QUARTER;

  return at_s;
}

static void
check_around (const char *zone, gint64 transition_s)
{
  gint64 first_day = wall_of (transition_s) / ONE_DAY_S - 1;
  gint64 jump_s = wall_of (transition_s) - wall_of (transition_s - 1) - 1;
  gint64 clock_s = MIN (wall_of (transition_s), wall_of (transition_s) - jump_s);

  for (gint64 offset_s = -QUARTER; offset_s <= ABS (jump_s) + QUARTER; offset_s += QUARTER)
    {
      gint64 of_day_s = (clock_s + offset_s) % ONE_DAY_S;
      g_autofree char *start = g_strdup_printf ("2024-12-31 %02d:%02d", (int) (of_day_s / 3600),
                                                (int) (of_day_s / 60 % 60));
      LkRecurrence daily = make ("1 day", start, zone);

      for (gint64 day = first_day; day < first_day + 3; day++)
        {
          LkInstant expected = resolve_by_walking (day * ONE_DAY_S + of_day_s) * LK_SECOND;

          g_assert_cmpint (lk_recurrence_next_after (&daily, expected - 1), ==, expected);
          g_assert_cmpint (lk_recurrence_nth (&daily, day - (FIRST_S / ONE_DAY_S - 1)), ==,
                           expected);
        }
    }
}

static guint
check_transitions (const char *zone)
{
  const gint64 step_s = 6 * 60 * 60;
  guint count = 0;

  for (gint64 at_s = FIRST_S; at_s < LAST_S; at_s += step_s)
    {
      gint64 low_s = at_s, high_s = at_s + step_s;

      if (wall_of (high_s) - wall_of (low_s) == step_s)
        continue;

      while (high_s - low_s > QUARTER)
        {
          gint64 middle_s = low_s + (high_s - low_s) / (2 * QUARTER) * QUARTER;

          if (wall_of (middle_s) - wall_of (low_s) == middle_s - low_s)
            low_s = middle_s;
          else
            high_s = middle_s;
        }
      check_around (zone, high_s);
      count++;
    }

  return count;
}

/* One due instant per local date, in a row, over the six years. */
static void
check_once_a_day (const char *zone)
{
  LkRecurrence daily = make ("1 day", "1999-12-31 02:30", zone);
  LkInstant at = lk_recurrence_next_after (&daily, FIRST_S * LK_SECOND);
  gint64 day = wall_of (at / LK_SECOND) / ONE_DAY_S;

  for (; at < LAST_S * LK_SECOND; at = lk_recurrence_next_after (&daily, at), day++)
    g_assert_cmpint (wall_of (at / LK_SECOND) / ONE_DAY_S, ==, day);
}

static void
check_zone (const char *zone, guint *transitions)
{
  g_autoptr (GTimeZone) held = g_time_zone_new_identifier (zone);

  g_assert_nonnull (held);
  g_setenv ("TZ", zone, TRUE);
  tzset ();
  *transitions += check_transitions (zone);
  check_once_a_day (zone);
}

static void
test_every_zone (void)
{
  g_autofree char *table = NULL;
  g_autofree char *before = g_strdup (g_getenv ("TZ"));
  g_auto (GStrv) lines = NULL;
  guint zones = 0, transitions = 0;

  if (!g_file_get_contents ("/usr/share/zoneinfo/tzdata.zi", &table, NULL, NULL))
    {
      g_test_skip ("no time zone database at /usr/share/zoneinfo");
      return;
    }

  /* "Z name rule ..." starts a zone, "L target name" names one again. */
  lines = g_strsplit (table, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "Z ") && !g_str_has_prefix (lines[i], "Z Factory "))
      {
        g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);

        check_zone (words[1], &transitions);
        zones++;
      }

  g_test_message ("%u zones, %u transitions", zones, transitions);
  g_assert_cmpuint (zones, >, 300);
  g_assert_cmpuint (transitions, >, 1000);

  g_setenv ("TZ", before != NULL ? before : "UTC", TRUE);
  tzset ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recurrence/nth", test_nth);
  g_test_add_func ("/recurrence/end-of-time", test_end_of_time);
  g_test_add_func ("/recurrence/sequence", test_sequence);
  g_test_add_func ("/recurrence/before-the-anchor", test_before_the_anchor);
  g_test_add_func ("/recurrence/left-out-day", test_left_out_day);
  g_test_add_func ("/recurrence/missed", test_missed);
  g_test_add_func ("/recurrence/check", test_check);
  g_test_add_func ("/recurrence/every-zone", test_every_zone);

  return g_test_run ();
}
