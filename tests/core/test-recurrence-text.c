/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/recurrence.h"

static void
test_every (void)
{
  static const struct
  {
    const char *text;
    const char *formatted; /* NULL: refused */
  } cases[] = {
    { "1 day", "1 day" },
    { "15 minutes", "15 minutes" },
    { "2 weeks", "2 weeks" },
    { "1 hours", "1 hour" },
    { "day", "1 day" },
    { " 3  Months ", "3 months" },
    { "90minutes", "90 minutes" },
    { "1000 days", "1000 days" },
    { "1001 days", NULL },
    { "0 days", NULL },
    { "-1 days", NULL },
    { "1.5 days", NULL },
    { "1", NULL },
    { "", NULL },
    { "s", NULL },
    { "1 fortnight", NULL },
    { "1 day x", NULL },
    { "99999999999999999999 days", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkRecurrence recurrence = { .every = 7, .unit = LK_UNIT_HOUR };
      g_autoptr (GError) error = NULL;
      g_autofree char *formatted = NULL;

      lk_recurrence_parse_every (&recurrence, cases[i].text, &error);
      formatted = lk_recurrence_format_every (&recurrence);
      g_assert_cmpstr (formatted, ==, cases[i].formatted != NULL ? cases[i].formatted : "7 hours");
      if (cases[i].formatted == NULL)
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
}

static void
test_start (void)
{
  static const struct
  {
    const char *text;
    const char *formatted; /* NULL: refused */
  } cases[] = {
    { "2026-01-31 08:00", "2026-01-31 08:00" },
    { "2026-01-31T08:00", "2026-01-31 08:00" },
    { " 2026-01-31 ", "2026-01-31 00:00" },
    { "2024-02-29 23:59", "2024-02-29 23:59" },
    { "2026-02-29 08:00", NULL },
    { "2026-13-01 08:00", NULL },
    { "2026-00-01 08:00", NULL },
    { "2026-01-00 08:00", NULL },
    { "2026-01-31 24:00", NULL },
    { "2026-01-31 08:60", NULL },
    { "2026-01-31 08:00:00", NULL },
    { "2026-01-31x08:00", NULL },
    { "2026-01-31 ", "2026-01-31 00:00" },
    { "2026-01-31 8:00", NULL },
    { "1969-12-31 08:00", NULL },
    { "31.01.2026 08:00", NULL },
    { "2026-1-31", NULL },
    { "2026-01-31T", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkRecurrence recurrence = { .year = 2000, .month = 1, .day = 1 };
      g_autoptr (GError) error = NULL;
      g_autofree char *formatted = NULL;

      lk_recurrence_parse_start (&recurrence, cases[i].text, &error);
      formatted = lk_recurrence_format_start (&recurrence);
      g_assert_cmpstr (formatted, ==,
                       cases[i].formatted != NULL ? cases[i].formatted : "2000-01-01 00:00");
      if (cases[i].formatted == NULL)
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
}

static void
test_parse (void)
{
  LkRecurrence recurrence = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (
      lk_recurrence_parse (&recurrence, "2 weeks", "2026-01-31 08:05", "Europe/Berlin", &error));
  g_assert_no_error (error);
  g_assert_cmpint (recurrence.every, ==, 2);
  g_assert_cmpint (recurrence.unit, ==, LK_UNIT_WEEK);
  g_assert_cmpint (recurrence.minute, ==, 5);
  g_assert_cmpstr (recurrence.zone, ==, "Europe/Berlin");

  g_assert_true (lk_recurrence_parse (&recurrence, "1 day", "2026-01-31", NULL, &error));
  g_assert_cmpstr (recurrence.zone, ==, lk_local_zone_name ());

  g_assert_false (lk_recurrence_parse (&recurrence, "3 days", "2026-01-31", "Mars/Base", &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_assert_cmpint (recurrence.every, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recurrence-text/every", test_every);
  g_test_add_func ("/recurrence-text/start", test_start);
  g_test_add_func ("/recurrence-text/parse", test_parse);

  return g_test_run ();
}
