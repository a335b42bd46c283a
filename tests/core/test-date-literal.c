/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/date-literal.h"
#include "core/error.h"

static void
test_parse (void)
{
  const struct
  {
    const char *text;
    const char *expected; /* NULL: refused */
    gboolean date_only;
    gboolean order_assumed;
  } rows[] = {
    { "2026-12-31", "2026-12-31 00:00:00", TRUE },
    { "2026-1-2", "2026-01-02 00:00:00", TRUE },
    { "2026/12/31", "2026-12-31 00:00:00", TRUE },
    { "20261231", "2026-12-31 00:00:00", TRUE },
    { "20261231 10:00", "2026-12-31 10:00:00" },
    { " 2026-12-31 ", "2026-12-31 00:00:00", TRUE },
    { "2026-12-31T10:00", "2026-12-31 10:00:00" },
    { "2026-12-31T10:00:05", "2026-12-31 10:00:05" },
    { "2026-12-31 10:00:05.5", "2026-12-31 10:00:05.500" },
    { "2026-12-31 23:59:59.997", "2026-12-31 23:59:59.997" },
    { "2026-12-31 23:59:59.999", "2027-01-01 00:00:00" },
    { "2026-12-31 23:59:59.998", "2026-12-31 23:59:59.997" },
    { "12/31/2026", "2026-12-31 00:00:00", TRUE },
    { "1/31/2026 5:00 PM", "2026-01-31 17:00:00" },
    { "1/31/2026 5PM", "2026-01-31 17:00:00" },
    { "1/31/2026 12:00 AM", "2026-01-31 00:00:00" },
    { "1/31/2026 12:30 pm", "2026-01-31 12:30:00" },
    { "1/2/2026", "2026-01-02 00:00:00", TRUE, TRUE },
    { "2-2-2026", "2026-02-02 00:00:00", TRUE, FALSE },
    { "1.2.2026", "2026-01-02 00:00:00", TRUE, TRUE },
    { "Jan 5, 2026", "2026-01-05 00:00:00", TRUE },
    { "january 5 2026 8:15", "2026-01-05 08:15:00" },
    { "5 Jan 2026", "2026-01-05 00:00:00", TRUE },
    { "05-Jan-2026", "2026-01-05 00:00:00", TRUE },
    { "2024-02-29", "2024-02-29 00:00:00", TRUE },
    { "", "1900-01-01 00:00:00", TRUE },
    { "31/12/2026", NULL },
    { "2026-02-29", NULL },
    { "2026-13-01", NULL },
    { "2026-00-01", NULL },
    { "1/2/26", NULL },
    { "12/31", NULL },
    { "10:00", NULL },
    { "2026", NULL },
    { "2026-12", NULL },
    { "1752-12-31", NULL },
    { "2026-12-31 25:00", NULL },
    { "2026-12-31 10", NULL },
    { "2026-12-31 10:60", NULL },
    { "2026-12-31 13:00 PM", NULL },
    { "2026-12-31T", NULL },
    { "2026-12-31T10:00:00Z", NULL },
    { "2026-12-31T10:00:00+02:00", NULL },
    { "2026-12-31 10:00:00.1234", NULL },
    { "2026-12-31 10:00:00.", NULL },
    { "2026-12/31", NULL },
    { "5 Foo 2026", NULL },
    { "5-Jan/2026", NULL },
    { "today", NULL },
    { "123456789", NULL },
    { "-5", NULL },
    { "é", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      LkDateLiteral literal;

      g_test_message ("%s", rows[i].text);
      if (!lk_date_literal_parse (&literal, rows[i].text, &error))
        {
          g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
          g_assert_null (rows[i].expected);
          continue;
        }

      text = lk_sql_time_format (&literal.time);
      g_assert_cmpstr (text, ==, rows[i].expected);
      g_assert_cmpint (literal.date_only, ==, rows[i].date_only);
      g_assert_cmpint (literal.order_assumed, ==, rows[i].order_assumed);
    }
}

/* What becomes the next second in datetime alone has to be told from the rest. */
static void
test_rounded_up (void)
{
  LkDateLiteral literal;

  g_assert_true (lk_date_literal_parse (&literal, "2026-12-31 23:59:59.999", NULL));
  g_assert_true (literal.rounded_up);
  g_assert_true (lk_date_literal_parse (&literal, "2026-12-31 23:59:59.998", NULL));
  g_assert_false (literal.rounded_up);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/date-literal/parse", test_parse);
  g_test_add_func ("/date-literal/rounded-up", test_rounded_up);

  return g_test_run ();
}
