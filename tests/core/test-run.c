/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/run.h"

static void
test_new_and_copy (void)
{
  g_autoptr (LkRun) run = lk_run_new ();
  g_autoptr (LkRun) copy = NULL;

  g_assert_cmpstr (run->task_name, ==, "");
  g_assert_cmpstr (run->error, ==, "");
  g_assert_cmpint (run->state, ==, LK_RUN_REQUESTED);

  run->matched = 12;
  run->due_at = LK_HOUR;
  g_free (run->error);
  run->error = g_strdup ("broken");
  copy = lk_run_copy (run);

  g_assert_cmpint (copy->matched, ==, 12);
  g_assert_cmpint (copy->due_at, ==, LK_HOUR);
  g_assert_cmpstr (copy->error, ==, "broken");
  g_assert_true (copy->error != run->error);
}

static void
test_words (void)
{
  LkRunState state;
  LkRunKind kind;

  for (int i = LK_RUN_REQUESTED; i <= LK_RUN_FAILED; i++)
    {
      g_assert_true (lk_run_state_from_string (lk_run_state_to_string (i), &state));
      g_assert_cmpint (state, ==, i);
    }
  for (int i = LK_RUN_SCHEDULED; i <= LK_RUN_MANUAL; i++)
    {
      g_assert_true (lk_run_kind_from_string (lk_run_kind_to_string (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }

  g_assert_cmpstr (lk_run_state_to_string (LK_RUN_FINISHED), ==, "finished");
  g_assert_cmpstr (lk_run_kind_to_string (LK_RUN_MANUAL), ==, "manual");
  g_assert_false (lk_run_state_from_string ("ended", &state));
  g_assert_false (lk_run_kind_from_string (NULL, &kind));
}

static void
test_unusual (void)
{
  static const struct
  {
    gint64 usual;
    gint64 matched;
    gboolean is_unusual;
  } rows[] = {
    { 0, 20, FALSE }, { 0, 21, TRUE },     { 2, 20, FALSE },   { 7, 21, FALSE },
    { 7, 22, TRUE },  { 100, 300, FALSE }, { 100, 301, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (lk_run_is_unusual (rows[i].usual, rows[i].matched), ==, rows[i].is_unusual);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/run/new-and-copy", test_new_and_copy);
  g_test_add_func ("/run/words", test_words);
  g_test_add_func ("/run/unusual", test_unusual);

  return g_test_run ();
}
