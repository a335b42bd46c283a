/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/wall-time.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gboolean valid;
    LkWallTime time;
  } cases[] = {
    { "2021-04-29 16:39:49", TRUE, { 2021, 4, 29, 16, 39, 49 } },
    { "2021-04-29T16:39:49", TRUE, { 2021, 4, 29, 16, 39, 49 } },
    { "2021-04-29 16:39:49.997", TRUE, { 2021, 4, 29, 16, 39, 49 } },
    { "2024-02-29", TRUE, { 2024, 2, 29, 0, 0, 0 } },
    { "9999-12-31 23:59:59", TRUE, { 9999, 12, 31, 23, 59, 59 } },
    { NULL, FALSE, { 0 } },
    { "", FALSE, { 0 } },
    { "2023-02-29", FALSE, { 0 } },
    { "0000-01-01", FALSE, { 0 } },
    { "2021-04-2", FALSE, { 0 } },
    { "2021-04-29 ", FALSE, { 0 } },
    { "2021-04-29 16:39", FALSE, { 0 } },
    { "2021-04-29 24:00:00", FALSE, { 0 } },
    { "2021-04-29 16:60:00", FALSE, { 0 } },
    { "2021-04-29 16:39:60", FALSE, { 0 } },
    { "2021-04-29 16:39:49.", FALSE, { 0 } },
    { "2021-04-29 16:39:49Z", FALSE, { 0 } },
    { "29/04/2021", FALSE, { 0 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const LkWallTime *expected = &cases[i].time;
      LkWallTime time;

      g_assert_cmpint (lk_wall_time_parse (&time, cases[i].text), ==, cases[i].valid);
      if (!cases[i].valid)
        continue;
      g_assert_cmpint (time.year, ==, expected->year);
      g_assert_cmpint (time.month, ==, expected->month);
      g_assert_cmpint (time.day, ==, expected->day);
      g_assert_cmpint (time.hour, ==, expected->hour);
      g_assert_cmpint (time.minute, ==, expected->minute);
      g_assert_cmpint (time.second, ==, expected->second);
    }
}

static void
test_days (void)
{
  const LkWallTime epoch = { 1970, 1, 1, 23, 59, 59 };
  const LkWallTime before = { 1969, 12, 31, 0, 0, 0 };
  const LkWallTime later = { 2025, 1, 1, 0, 0, 0 };

  g_assert_cmpint (lk_wall_time_get_days (&epoch), ==, 0);
  g_assert_cmpint (lk_wall_time_get_days (&before), ==, -1);
  g_assert_cmpint (lk_wall_time_get_days (&later), ==, 20089);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wall-time/parse", test_parse);
  g_test_add_func ("/wall-time/days", test_days);

  return g_test_run ();
}
