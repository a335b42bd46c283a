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

/* What is told when, reading after reading. */
static void
test_news (void)
{
  static const struct
  {
    LkInstant failing_for; /* 0: all is well */
    gboolean is_paused;
    gboolean is_held;
    const char *title;
    gboolean is_overdue;
    const char *keyring_problem;
  } rows[] = {
    { LK_DAY, FALSE, FALSE, NULL },
    { 3 * LK_DAY, FALSE, FALSE, "A receiver will be paused" },
    { 3 * LK_DAY + 1, FALSE, FALSE, NULL },
    { 4 * LK_DAY, FALSE, TRUE, "A receiver will be paused" },
    { 5 * LK_DAY, TRUE, TRUE, "A receiver is paused" },
    { 6 * LK_DAY, TRUE, TRUE, NULL },
    { 0, FALSE, FALSE, NULL },
    { LK_DAY, TRUE, FALSE, "A receiver is paused" },
    { 0, FALSE, TRUE, "“Renewals” waits for you" },
    { 0, FALSE, FALSE, "“Renewals” should have run and has not", TRUE, NULL },
    { 0, FALSE, FALSE, "A secret cannot be read", TRUE, "it is locked" },
    { 0, FALSE, FALSE, NULL, TRUE, "it is locked" },
    { 0, FALSE, FALSE, NULL, FALSE, NULL },
    { 0, FALSE, FALSE, "“Renewals” should have run and has not", TRUE, NULL },
  };
  g_autoptr (LkTask) task = lk_task_new ();
  LkTaskStanding standing = { .task = task };
  g_autoptr (GPtrArray) standings = g_ptr_array_new ();
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  LkHeldRun held = { 7, (char *) "Renewals", LK_HOLD_LOOK, (char *) "the first run", 3 };

  g_free (task->name);
  task->name = g_strdup ("Renewals");
  g_ptr_array_add (standings, &standing);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkEndpoint) endpoint = lk_endpoint_new ("http://127.0.0.1:1/");
      g_autoptr (GPtrArray) endpoints = g_ptr_array_new ();
      g_autoptr (GPtrArray) held_runs = g_ptr_array_new ();
      const LkNeeds needs = { endpoints, held_runs, standings, rows[i].keyring_problem };
      g_autoptr (GPtrArray) news = NULL;

      standing.is_overdue = rows[i].is_overdue;
      endpoint->failing_since = 100 * LK_DAY - rows[i].failing_for;
      endpoint->is_paused = rows[i].is_paused;
      if (rows[i].failing_for > 0)
        g_ptr_array_add (endpoints, endpoint);
      if (rows[i].is_held)
        g_ptr_array_add (held_runs, &held);
      news = lk_alerts_find_news (&needs, 100 * LK_DAY, known);
      if (rows[i].title == NULL)
        g_assert_cmpuint (news->len, ==, 0);
      else
        g_assert_cmpstr (((LkNews *) news->pdata[0])->title, ==, rows[i].title);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alerts/describe", test_describe);
  g_test_add_func ("/alerts/news", test_news);

  return g_test_run ();
}
