/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "license-fixture.h"
#include "store/license-list.h"

static void
set_query (LicenseFixture *fixture, LkLicenseList *list, const char *sql)
{
  g_autoptr (LkLicenseQuery) query = license_query (sql);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lk_license_list_set_query_async (list, fixture->server, query, NULL, test_result_cb, &result);
  g_assert_true (lk_license_list_is_loading (list));
  test_wait (&result);
  lk_license_list_set_query_finish (list, result, &error);
  g_assert_no_error (error);
  g_assert_false (lk_license_list_is_loading (list));
}

static void
note_change_cb (GListModel *model, guint position, guint removed, guint added, GString *log)
{
  g_string_append_printf (log, "(%u,%u,%u)", position, removed, added);
}

static void
count_cb (GObject *object, GParamSpec *spec, int *count)
{
  (*count)++;
}

static LkLicenseRow *
get_row (LkLicenseList *list, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (list), position);
}

static void
test_rows (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (LkLicenseRow) first = NULL;
  g_autoptr (LkLicenseRow) same = NULL;
  g_autoptr (LkLicenseRow) last = NULL;
  int n_notified = 0;
  gsize n_ids;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  set_query (fixture, list, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1000);
  g_assert_cmpint (lk_license_list_get_ids (list, &n_ids)[999], ==, 1000);
  g_assert_cmpuint (n_ids, ==, 1000);
  g_assert_cmpint (lk_license_list_get_id_at (list, 1000), ==, 0);
  g_assert_null (get_row (list, 1000));

  first = get_row (list, 0);
  same = get_row (list, 0);
  last = get_row (list, 999);
  g_assert_true (first == same);
  g_assert_null (lk_license_row_get_license (first));
  g_signal_connect (first, "notify::license", G_CALLBACK (count_cb), &n_notified);
  test_until (lk_license_row_get_license (first) && lk_license_row_get_license (last), 10);
  g_assert_cmpint (n_notified, ==, 1);
  g_assert_cmpint (lk_license_get_id (lk_license_row_get_license (last)), ==, 1000);
}

/* What was read is at hand at once, also under a new row object. */
static void
test_pages_stay (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();

  set_query (fixture, list, NULL);
  for (guint page = 0; page < 3; page++)
    {
      g_autoptr (LkLicenseRow) row = get_row (list, page * LK_LICENSE_LIST_PAGE);

      test_until (lk_license_row_get_license (row) != NULL, 10);
    }
  for (guint position = 0; position < 3 * LK_LICENSE_LIST_PAGE; position++)
    {
      g_autoptr (LkLicenseRow) row = get_row (list, position);

      g_assert_nonnull (lk_license_row_get_license (row));
      g_assert_cmpint (lk_license_row_get_license_id (row), ==, position + 1);
    }
}

static void
test_whole_scroll (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();

  set_query (fixture, list, NULL);
  for (guint position = 0; position < 1000; position += 17)
    {
      g_autoptr (LkLicenseRow) row = get_row (list, position);

      test_until (lk_license_row_get_license (row) != NULL, 10);
    }
}

static void
test_announces_only_length (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LkLicenseRow) row = NULL;
  g_autoptr (LkLicenseRow) other = NULL;
  g_autoptr (LkLicenseChange) change = lk_license_change_new (1);
  LkLicense *before;

  g_signal_connect (list, "items-changed", G_CALLBACK (note_change_cb), log);
  set_query (fixture, list, NULL);
  g_assert_cmpstr (log->str, ==, "(0,0,1000)");
  row = get_row (list, 0);
  test_until (lk_license_row_get_license (row) != NULL, 10);
  before = lk_license_ref (lk_license_row_get_license (row));

  license_set (change, "Comment", "changed");
  g_assert_true (license_write (fixture, change, NULL));
  g_string_truncate (log, 0);
  set_query (fixture, list, NULL);
  g_assert_cmpstr (log->str, ==, "");
  g_assert_nonnull (lk_license_row_get_license (row)); /* nothing flickers */
  test_until (lk_license_row_get_license (row) != before, 10);
  g_assert_cmpstr (lk_license_get_named (lk_license_row_get_license (row), "Comment"), ==,
                   "changed");
  lk_license_unref (before);

  set_query (fixture, list, "LicenseID <= 10");
  g_assert_cmpstr (log->str, ==, "(10,990,0)");
  other = get_row (list, 0);
  g_assert_true (other == row); /* the line stays, and what shows it */
  g_string_truncate (log, 0);
  set_query (fixture, list, "LicenseID < 0");
  g_assert_cmpstr (log->str, ==, "(0,10,0)");
}

static void
test_newer_query_wins (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (LkLicenseQuery) old_query = license_query (NULL);
  g_autoptr (LkLicenseQuery) new_query = license_query ("LicenseID = 5");
  g_autoptr (GAsyncResult) old_result = NULL;
  g_autoptr (GAsyncResult) new_result = NULL;
  g_autoptr (GError) error = NULL;

  lk_license_list_set_query_async (list, fixture->server, old_query, NULL, test_result_cb,
                                   &old_result);
  lk_license_list_set_query_async (list, fixture->server, new_query, NULL, test_result_cb,
                                   &new_result);
  test_wait (&old_result);
  test_wait (&new_result);
  g_assert_false (lk_license_list_set_query_finish (list, old_result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (lk_license_list_set_query_finish (list, new_result, NULL));
  g_assert_cmpint (lk_license_list_get_id_at (list, 0), ==, 5);
}

static void
test_rows_outlive_the_list (LicenseFixture *fixture, gconstpointer data)
{
  LkLicenseList *list = lk_license_list_new ();
  g_autoptr (LkLicenseRow) row = NULL;

  set_query (fixture, list, NULL);
  row = get_row (list, 3);
  test_until (lk_license_row_get_license (row) != NULL, 10);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_object_unref (list);
  g_assert_cmpint (lk_license_row_get_license_id (row), ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, LicenseFixture, GSIZE_TO_POINTER (1000), license_fixture_set_up, func,         \
              license_fixture_tear_down)
  ADD ("/license-list/rows", test_rows);
  ADD ("/license-list/pages-stay", test_pages_stay);
  ADD ("/license-list/whole-scroll", test_whole_scroll);
  ADD ("/license-list/announces-only-length", test_announces_only_length);
  ADD ("/license-list/newer-query-wins", test_newer_query_wins);
  ADD ("/license-list/rows-outlive-the-list", test_rows_outlive_the_list);
#undef ADD

  return g_test_run ();
}
