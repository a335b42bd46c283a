/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/endpoint.h"

#define NOW (1000 * LK_DAY)

static void
test_concern (void)
{
  static const struct
  {
    LkInstant failing_for; /* -1: it is not */
    gint64 n_failures;
    gboolean is_paused;
    LkConcern concern;
    gboolean is_to_be_paused;
  } rows[] = {
    { -1, 0, FALSE, LK_CONCERN_NONE, FALSE },
    { LK_DAY - 1, 99, FALSE, LK_CONCERN_NONE, FALSE },
    { LK_DAY, 1, FALSE, LK_CONCERN_DAY, FALSE },
    { 3 * LK_DAY - 1, 1, FALSE, LK_CONCERN_DAY, FALSE },
    { 3 * LK_DAY, 1, FALSE, LK_CONCERN_DAYS, FALSE },
    { 4 * LK_DAY, 1, FALSE, LK_CONCERN_LAST_DAY, FALSE },
    { 5 * LK_DAY - 1, 99, FALSE, LK_CONCERN_LAST_DAY, FALSE },
    { 5 * LK_DAY, 5, FALSE, LK_CONCERN_LAST_DAY, TRUE },
    { 5 * LK_DAY, 4, FALSE, LK_CONCERN_LAST_DAY, FALSE }, /* slept, and tried hardly at all */
    { 5 * LK_DAY, 5, TRUE, LK_CONCERN_PAUSED, FALSE },
    { -1, 0, TRUE, LK_CONCERN_PAUSED, FALSE },
    { -2 * LK_DAY, 5, FALSE, LK_CONCERN_NONE, FALSE }, /* the clock was set back */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkEndpoint) endpoint = lk_endpoint_new ("http://127.0.0.1:1/");

      endpoint->failing_since = rows[i].failing_for == -1 ? 0 : NOW - rows[i].failing_for;
      endpoint->n_failures = rows[i].n_failures;
      endpoint->is_paused = rows[i].is_paused;
      g_assert_cmpint (lk_endpoint_get_concern (endpoint, NOW), ==, rows[i].concern);
      g_assert_cmpint (lk_endpoint_is_to_be_paused (endpoint, NOW), ==, rows[i].is_to_be_paused);
    }
}

static void
test_describe (void)
{
  static const struct
  {
    LkInstant failing_for;
    const char *sentence;
  } rows[] = {
    { LK_HOUR, "nothing has arrived there since its last failure" },
    { LK_DAY, "nothing has arrived there for 1 day; after 5 days without a success it is paused" },
    { 3 * LK_DAY,
      "nothing has arrived there for 3 days; after 5 days without a success it is paused" },
    { 8 * LK_DAY, "nothing has arrived there for 8 days; the next failure pauses it" },
  };
  g_autoptr (LkEndpoint) endpoint = lk_endpoint_new ("http://127.0.0.1:1/");
  g_autofree char *reason = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sentence = NULL;

      endpoint->failing_since = NOW - rows[i].failing_for;
      sentence = lk_endpoint_describe (endpoint, NOW);
      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }

  endpoint->is_paused = TRUE;
  g_free (endpoint->reason);
  endpoint->reason = g_strdup ("it is gone");
  reason = lk_endpoint_describe (endpoint, NOW);
  g_assert_cmpstr (reason, ==, "it is gone");
  g_assert_cmpstr (lk_concern_to_string (LK_CONCERN_LAST_DAY), ==, "last");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint/concern", test_concern);
  g_test_add_func ("/endpoint/describe", test_describe);

  return g_test_run ();
}
