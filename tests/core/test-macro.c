/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/macro.h"

static LkMacroContext *
create_context (const char *now, const char *date)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GDateTime) now_time = g_date_time_new_from_iso8601 (now, zone);
  g_autoptr (GDateTime) date_time = date != NULL ? g_date_time_new_from_iso8601 (date, NULL) : NULL;
  g_autoptr (GDateTime) local = g_date_time_to_timezone (now_time, zone);

  return lk_macro_context_new (local, date_time);
}

static void
test_expand (void)
{
  const struct
  {
    const char *now;
    const char *text;
    const char *expected;
  } rows[] = {
    { "2026-11-10T14:30:15", "today_start", "2026-11-10 00:00:01" },
    { "2026-11-10T14:30:15", "today_end", "2026-11-10 23:59:59" },
    { "2026-11-10T14:30:15", "Today_START", "2026-11-10 00:00:01" },
    { "2026-11-10T14:30:15", "yesterday_start", "2026-11-09 00:00:01" },
    { "2026-01-01T00:00:00", "yesterday_end", "2025-12-31 23:59:59" },
    { "2026-11-10T14:30:15", "this_month_start", "2026-11-01 00:00:01" },
    { "2028-02-10T14:30:15", "this_month_end", "2028-02-29 23:59:59" },
    { "2026-01-31T14:30:15", "last_month_start", "2025-12-01 00:00:01" },
    { "2026-03-31T14:30:15", "last_month_end", "2026-02-28 23:59:59" },
    { "2026-11-10T14:30:15", "today_start+30", "2026-12-10 00:00:01" },
    { "2026-11-10T14:30:15", "today_start + 30", "2026-12-10 00:00:01" },
    { "2026-11-10T14:30:15", " today_start -30 d ", "2026-10-11 00:00:01" },
    { "2026-11-10T14:30:15", "today_start+30h", "2026-11-11 06:00:01" },
    { "2026-11-10T14:30:15", "today_start+90m", "2026-11-10 01:30:01" },
    { "2026-11-10T14:30:15", "today_start-2s", "2026-11-09 23:59:59" },
    { "2026-01-31T14:30:15", "today_end+1M", "2026-02-28 23:59:59" },
    { "2028-03-31T14:30:15", "today_end-1M", "2028-02-29 23:59:59" },
    { "2026-11-10T14:30:15", "today_start+0", "2026-11-10 00:00:01" },
    { "2026-11-10T14:30:15", "today_start\302\240+\302\2401", "2026-11-11 00:00:01" },
    /* A day has 24 hours on the wall, also where daylight saving time begins. */
    { "2026-03-29T01:00:00", "today_start+24h", "2026-03-30 00:00:01" },
    { "2026-03-29T12:00:00", "today_start+1", "2026-03-30 00:00:01" },
    { "2026-11-10T14:30:15", "date", "2026-10-31 22:15:00" },
    { "2026-11-10T14:30:15", "date-1h", "2026-10-31 21:15:00" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkMacroContext) context = create_context (rows[i].now, "2026-10-31T21:15:00Z");
      g_autoptr (GError) error = NULL;
      g_autofree char *expanded = lk_macro_expand (rows[i].text, context, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (expanded, ==, rows[i].expected);
    }
}

static void
test_date_outside_of_a_task_is_now (void)
{
  g_autoptr (LkMacroContext) context = create_context ("2026-11-10T14:30:15", NULL);
  g_autofree char *expanded = lk_macro_expand ("date", context, NULL);

  g_assert_cmpstr (expanded, ==, "2026-11-10 14:30:15");
}

static void
test_refused (void)
{
  const struct
  {
    const char *text;
    int code;
  } rows[] = {
    { "", LK_ERROR_NOT_FOUND },
    { "toady_start", LK_ERROR_NOT_FOUND },
    { "today_starts", LK_ERROR_NOT_FOUND },
    { "30", LK_ERROR_NOT_FOUND },
    { "today_start+", LK_ERROR_INVALID },
    { "today_start+x", LK_ERROR_INVALID },
    { "today_start+1D", LK_ERROR_INVALID },
    { "today_start+1y", LK_ERROR_INVALID },
    { "today_start+1dd", LK_ERROR_INVALID },
    { "today_start 30", LK_ERROR_INVALID },
    { "today_start*2", LK_ERROR_INVALID },
    { "today_start+1-2", LK_ERROR_INVALID },
    { "today_start+1.5", LK_ERROR_INVALID },
    { "today_start+99999999", LK_ERROR_INVALID },
    { "today_start-99999999", LK_ERROR_INVALID },
    { "today_start+999999M", LK_ERROR_INVALID },
    { "today_start+999999999999999s", LK_ERROR_INVALID },
    { "today_start+99999999999999999999999", LK_ERROR_INVALID },
    { "today_start+999999999999999", LK_ERROR_INVALID },
  };
  g_autoptr (LkMacroContext) context = create_context ("2026-11-10T14:30:15", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lk_macro_expand (rows[i].text, context, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/macro/expand", test_expand);
  g_test_add_func ("/macro/date-outside-of-a-task-is-now", test_date_outside_of_a_task_is_now);
  g_test_add_func ("/macro/refused", test_refused);

  return g_test_run ();
}
