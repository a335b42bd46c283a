/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/retry.h"

#define NOW ((LkInstant) 784111777 * LK_SECOND) /* 1994-11-06 08:49:37 UTC */

static void
test_judge (void)
{
  static const struct
  {
    LkOutcome outcome;
    int status;
    LkVerdict verdict;
  } cases[] = {
    { LK_OUTCOME_SUCCESS, 200, LK_VERDICT_DELIVERED },
    { LK_OUTCOME_SUCCESS, 204, LK_VERDICT_DELIVERED },
    { LK_OUTCOME_FAILURE, 0, LK_VERDICT_RETRY },
    { LK_OUTCOME_FAILURE, 301, LK_VERDICT_RETRY },
    { LK_OUTCOME_FAILURE, 404, LK_VERDICT_RETRY },
    { LK_OUTCOME_FAILURE, 410, LK_VERDICT_PAUSE },
    { LK_OUTCOME_FAILURE, 429, LK_VERDICT_RETRY },
    { LK_OUTCOME_FAILURE, 500, LK_VERDICT_RETRY },
    { LK_OUTCOME_UNKNOWN, 0, LK_VERDICT_RETRY },
    { LK_OUTCOME_OFFLINE, 0, LK_VERDICT_OFFLINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lk_retry_judge (cases[i].outcome, cases[i].status), ==, cases[i].verdict);
}

static void
test_schedule (void)
{
  static const gint64 expected_s[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };

  for (int i = 0; i < LK_RETRY_MAX_ATTEMPTS - 1; i++)
    {
      LkInstant base = expected_s[i] * LK_SECOND;

      g_assert_cmpint (lk_retry_base_delay_s (i + 1), ==, expected_s[i]);
      g_assert_cmpint (lk_retry_due_at (i + 1, NOW, -1, 0.0), ==, NOW + base);
      g_assert_cmpint (lk_retry_due_at (i + 1, NOW, -1, 0.5), ==, NOW + base + base / 10);
      g_assert_cmpint (lk_retry_due_at (i + 1, NOW, -1, 1.0), ==, NOW + base + base / 5);
    }
}

static void
test_floor (void)
{
  g_assert_cmpint (lk_retry_due_at (1, NOW, 60, 0.0), ==, NOW + LK_MINUTE);
  g_assert_cmpint (lk_retry_due_at (1, NOW, 2, 0.0), ==, NOW + 5 * LK_SECOND);
  g_assert_cmpint (lk_retry_due_at (2, NOW, 60, 0.0), ==, NOW + 5 * LK_MINUTE);
  g_assert_cmpint (lk_retry_due_at (1, NOW, G_MAXINT64, 0.0), ==, NOW + LK_DAY);
}

static void
test_parse_after (void)
{
  static const struct
  {
    const char *header;
    gint64 seconds;
  } cases[] = {
    { "0", 0 },
    { "120", 120 },
    { " 120 ", 120 },
    { "86400", 86400 },
    { "86401", 86400 },
    { "99999999999999999999999", 86400 },
    { "Sun, 06 Nov 1994 08:50:37 GMT", 60 },
    { "Sunday, 06-Nov-94 08:50:37 GMT", 60 },
    { "Sun Nov  6 08:50:37 1994", 60 },
    { "Sun Nov 06 08:50:37 1994", 60 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 0 },
    { "Sat, 05 Nov 1994 08:49:37 GMT", 0 },
    { "Wed, 09 Nov 1994 08:49:37 GMT", 86400 },
    { "Sunday, 06-Nov-93 08:50:37 GMT", 0 },
    { "Friday, 06-Nov-45 08:50:37 GMT", 0 }, /* 1945, not 2045 */
    { NULL, -1 },
    { "", -1 },
    { "-5", -1 },
    { "1.5", -1 },
    { "5s", -1 },
    { "soon", -1 },
    { "Sun, 06 Nov 1994 08:50:37", -1 },
    { "Sun, 06 Nov 1994 08:50:37 CET", -1 },
    { "Sun, 06 Nov 1994 08:50:37 GMT+1", -1 },
    { "Sun, 31 Feb 1994 08:50:37 GMT", -1 },
    { "Sun, 06 Foo 1994 08:50:37 GMT", -1 },
    { "Sun, 06 Nov 1994 25:50:37 GMT", -1 },
    { "1994-11-06T08:50:37Z", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lk_retry_parse_after (cases[i].header, NOW), ==, cases[i].seconds);
}

/* RFC 9110, section 5.6.7: 94 is 1994, not 2094, when read in 2026; 76 is 2076, 77 is 1977. */
static void
test_years_of_two_digits (void)
{
  const LkInstant now = (LkInstant) 1769844600 * LK_SECOND;

  g_assert_cmpint (lk_retry_parse_after ("Sunday, 06-Nov-94 08:49:37 GMT", now), ==, 0);
  g_assert_cmpint (lk_retry_parse_after ("Sunday, 06-Nov-77 08:49:37 GMT", now), ==, 0);
  g_assert_cmpint (lk_retry_parse_after ("Friday, 06-Nov-76 08:49:37 GMT", now), ==,
                   LK_RETRY_AFTER_MAX_S);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry/judge", test_judge);
  g_test_add_func ("/retry/schedule", test_schedule);
  g_test_add_func ("/retry/floor", test_floor);
  g_test_add_func ("/retry/parse-after", test_parse_after);
  g_test_add_func ("/retry/years-of-two-digits", test_years_of_two_digits);

  return g_test_run ();
}
