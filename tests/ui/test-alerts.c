/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/alerts.h"

/* What the notification of a run says; no title where there is nothing to tell. */
static void
test_describe (void)
{
  static const struct
  {
    LkRunState state;
    gint64 matched, fired, held;
    const char *error;
    const char *title;
    const char *body;
  } rows[] = {
    { LK_RUN_FINISHED, 0, 0, 0, "", NULL, NULL },
    { LK_RUN_REQUESTED, 5, 5, 0, "", NULL, NULL },
    { LK_RUN_RUNNING, 5, 5, 0, "", NULL, NULL },
    { LK_RUN_FINISHED, 1, 1, 0, "", "“Renewals” has run",
      "1 license matched, 1 webhook is on its way." },
    { LK_RUN_FINISHED, 14, 3, 0, "", "“Renewals” has run",
      "14 licenses matched, 3 webhooks are on their way." },
    { LK_RUN_FINISHED, 14, 0, 0, "", "“Renewals” has run",
      "14 licenses matched, nothing was sent." },
    { LK_RUN_FINISHED, 14, 3, 2, "", "“Renewals” has run",
      "14 licenses matched, 3 webhooks are on their way, 2 of them held for a look." },
    { LK_RUN_FAILED, 0, 0, 0, "there is no column “Expiry”", "“Renewals” failed",
      "There is no column “Expiry”." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkRun) run = lk_run_new ();
      g_autofree char *title = NULL;
      g_autofree char *body = NULL;

      g_free (run->task_name);
      run->task_name = g_strdup ("Renewals");
      g_free (run->error);
      run->error = g_strdup (rows[i].error);
      run->state = rows[i].state;
      run->matched = rows[i].matched;
      run->fired = rows[i].fired;
      run->held = rows[i].held;
      g_assert_cmpint (lk_alert_describe (run, &title, &body), ==, rows[i].title != NULL);
      g_assert_cmpstr (title, ==, rows[i].title);
      g_assert_cmpstr (body, ==, rows[i].body);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alerts/describe", test_describe);

  return g_test_run ();
}
