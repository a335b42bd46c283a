/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/search-draft.h"

#define SQL "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]"

static gboolean
can_save (const LkSearchDraft *draft, const LkMacroContext *context)
{
  g_autoptr (GPtrArray) problems = lk_search_draft_get_problems (draft, context);

  return lk_draft_problems_check (problems, NULL);
}

static const char *const taken[] = { "Expired", NULL };

static LkMacroContext *
make_context (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 1, 31, 8, 0, 0);

  return lk_macro_context_new (now, NULL);
}

static LkSearchDraft *
make_good (void)
{
  g_autoptr (LkSearch) search = lk_search_new ();
  LkSearchDraft *draft = lk_search_draft_new (search, taken);

  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_NAME, " Upcoming Renewals ");
  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_SQL, SQL);

  return draft;
}

static void
test_to_search (void)
{
  g_autoptr (LkMacroContext) context = make_context ();
  g_autoptr (LkSearch) original = lk_search_new ();
  g_autoptr (LkSearchDraft) draft = NULL;
  g_autoptr (LkSearch) search = NULL;
  g_autoptr (GError) error = NULL;

  original->id = 5;
  original->version = 2;
  draft = lk_search_draft_new (original, taken);
  g_assert_false (lk_search_draft_is_dirty (draft));
  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_NAME, " Upcoming Renewals ");
  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_SQL, SQL);
  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_TOOLTIP, NULL);
  lk_search_draft_set_favourite (draft, TRUE);
  g_assert_true (lk_search_draft_is_dirty (draft));
  search = lk_search_draft_to_search (draft, context, &error);

  g_assert_no_error (error);
  g_assert_cmpint (search->id, ==, 5);
  g_assert_cmpint (search->version, ==, 2);
  g_assert_cmpstr (search->name, ==, "Upcoming Renewals");
  g_assert_cmpstr (search->sql, ==, SQL);
  g_assert_cmpstr (search->tooltip, ==, "");
  g_assert_true (search->favourite);
  g_assert_cmpint (lk_search_draft_get_original (draft)->id, ==, 5);
}

static void
test_problems (void)
{
  static const struct
  {
    LkSearchField field;
    const char *text;
    LkDraftSeverity severity;
  } cases[] = {
    { LK_SEARCH_FIELD_NAME, "", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_NAME, "EXPIRED", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_NAME, "\xff", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_SQL, "", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_SQL, " \n ", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_SQL, "FullName = ", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_SQL, "NoSuchColumn = 1", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_SQL, "LicenseModel = 'subscription'", LK_DRAFT_WARNING },
    { LK_SEARCH_FIELD_DISTINCT_FIELD, "NoSuchColumn", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_DISTINCT_FIELD, "NewFeatures", LK_DRAFT_ERROR },
    { LK_SEARCH_FIELD_UNIQUE_ID_FIELD, "LicenseID", LK_DRAFT_WARNING },
  };
  g_autoptr (LkMacroContext) context = make_context ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkSearchDraft) draft = make_good ();
      g_autoptr (GPtrArray) problems = NULL;
      g_autofree char *shown = g_strescape (cases[i].text, NULL);
      const LkDraftProblem *problem;

      g_test_message ("%d: %s", (int) cases[i].field, shown);
      g_assert_true (can_save (draft, context));
      lk_search_draft_set_text (draft, cases[i].field, cases[i].text);
      problems = lk_search_draft_get_problems (draft, context);
      problem = lk_draft_problems_find (problems, (int) cases[i].field);
      g_assert_nonnull (problem);
      g_assert_cmpint (problem->severity, ==, cases[i].severity);
      g_assert_cmpint (can_save (draft, context), ==, cases[i].severity != LK_DRAFT_ERROR);
    }
}

static void
test_columns (void)
{
  g_autoptr (LkMacroContext) context = make_context ();
  g_autoptr (LkSearchDraft) draft = make_good ();
  g_autoptr (GPtrArray) problems = NULL;

  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_DISTINCT_FIELD, "SubscriptionID");
  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_UNIQUE_ID_FIELD, "LicenseID");
  problems = lk_search_draft_get_problems (draft, context);
  g_assert_null (lk_draft_problems_find (problems, LK_SEARCH_FIELD_DISTINCT_FIELD));
  g_assert_null (lk_draft_problems_find (problems, LK_SEARCH_FIELD_UNIQUE_ID_FIELD));
}

static void
test_text_may_be_its_own (void)
{
  g_autoptr (LkSearchDraft) draft = make_good ();

  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_SQL,
                            lk_search_draft_get_text (draft, LK_SEARCH_FIELD_SQL));
  g_assert_cmpstr (lk_search_draft_get_text (draft, LK_SEARCH_FIELD_SQL), ==, SQL);
  g_assert_false (lk_search_draft_get_favourite (draft));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search-draft/to-search", test_to_search);
  g_test_add_func ("/search-draft/problems", test_problems);
  g_test_add_func ("/search-draft/columns", test_columns);
  g_test_add_func ("/search-draft/text-may-be-its-own", test_text_may_be_its_own);

  return g_test_run ();
}
