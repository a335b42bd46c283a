/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/draft-problem.h"
#include "core/error.h"

static void
test_find_gives_the_worst (void)
{
  g_autoptr (GPtrArray) problems = lk_draft_problems_new ();

  lk_draft_problems_add (problems, 1, LK_DRAFT_WARNING, "warning");
  lk_draft_problems_add (problems, 1, LK_DRAFT_ERROR, "first");
  lk_draft_problems_add (problems, 1, LK_DRAFT_ERROR, "second");
  lk_draft_problems_add (problems, 2, LK_DRAFT_CONFIRM, "sure?");

  g_assert_cmpstr (lk_draft_problems_find (problems, 1)->message, ==, "first");
  g_assert_cmpint (lk_draft_problems_find (problems, 2)->severity, ==, LK_DRAFT_CONFIRM);
  g_assert_null (lk_draft_problems_find (problems, 3));
}

static void
test_check (void)
{
  g_autoptr (GPtrArray) problems = lk_draft_problems_new ();
  g_autoptr (GError) error = NULL;

  lk_draft_problems_add (problems, 2, LK_DRAFT_CONFIRM, "sure?");
  lk_draft_problems_add (problems, 2, LK_DRAFT_WARNING, "hm");
  g_assert_true (lk_draft_problems_check (problems, &error));
  g_assert_no_error (error);
  g_assert_false (lk_draft_problems_have (problems, LK_DRAFT_ERROR));

  lk_draft_problems_take_error (problems, 0,
                                g_error_new_literal (LK_ERROR, LK_ERROR_ENCODING, "bad bytes"));
  g_assert_true (lk_draft_problems_have (problems, LK_DRAFT_ERROR));
  g_assert_false (lk_draft_problems_check (problems, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "bad bytes");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draft-problem/find-gives-the-worst", test_find_gives_the_worst);
  g_test_add_func ("/draft-problem/check", test_check);

  return g_test_run ();
}
