/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/search-store.h"

#include "fixture.h"

static gint64
add (Fixture *fixture, const char *name, const char *group, gboolean favourite, int position,
     GError **error)
{
  g_autoptr (LkSearch) search = lk_search_new ();
  gint64 id;

  g_free (search->name);
  search->name = g_strdup (name);
  g_free (search->group);
  search->group = g_strdup (group);
  search->favourite = favourite;
  search->position = position;
  IN_TRANSACTION (fixture, id = lk_search_store_insert (fixture->db, search, error));

  return id;
}

static void
test_round_trip (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkSearch) read = NULL;
  g_autoptr (LkSearch) again = NULL;
  g_autoptr (GError) error = NULL;
  LkSearch search = {
    .name = (char *) "Ärger & Co",
    .tooltip = (char *) "what for",
    .group = (char *) "Renewals",
    .favourite = TRUE,
    .position = 7,
    .sql = (char *) "Email LIKE '%;--'",
    .distinct_field = (char *) "ReceiptID",
    .unique_id_field = (char *) "LicenseID",
  };

  IN_TRANSACTION (fixture, search.id = lk_search_store_insert (fixture->db, &search, &error));
  g_assert_no_error (error);
  read = lk_search_store_get (fixture->db, search.id, &error);
  g_assert_no_error (error);
  g_assert_true (lk_search_equal (read, &search));
  g_assert_cmpint (read->version, ==, 1);

  search.version = 1;
  search.sql = (char *) "1 = 0";
  search.favourite = FALSE;
  search.position = 0;
  IN_TRANSACTION (fixture, lk_search_store_update (fixture->db, &search, &error));
  g_assert_no_error (error);
  again = lk_search_store_find (fixture->db, "äRGER & cO", &error);
  g_assert_no_error (error);
  g_assert_true (lk_search_equal (again, &search));
  g_assert_cmpint (again->version, ==, 2);
}

static void
test_order (void)
{
  static const char *const expected[] = { "Star", "renewals 2", "Renewals", "alpha", "Beta" };
  g_autoptr (Fixture) fixture = fixture_new (); /* has “Renewals” in no group */
  g_autoptr (GPtrArray) searches = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, "Beta", "zz", FALSE, 1, &error);
  add (fixture, "alpha", "zz", FALSE, 1, &error);
  add (fixture, "Star", "zz", TRUE, 9, &error);
  add (fixture, "renewals 2", "", FALSE, -1, &error);
  g_assert_no_error (error);

  searches = lk_search_store_list (fixture->db, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (searches->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < searches->len; i++)
    g_assert_cmpstr (((LkSearch *) g_ptr_array_index (searches, i))->name, ==, expected[i]);
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkSearch) search = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (add (fixture, "RENEWALS", "", FALSE, 0, &error), ==, 0);
  g_assert_error (error, LK_ERROR, LK_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_cmpint (add (fixture, "\t", "", FALSE, 0, &error), ==, 0);
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (add (fixture, "x", "\xc3", FALSE, 0, &error), ==, 0);
  g_assert_error (error, LK_ERROR, LK_ERROR_ENCODING);
  g_clear_error (&error);

  search = lk_search_store_get (fixture->db, fixture->search_id, &error);
  search->version--;
  g_assert_false (lk_search_store_update (fixture->db, search, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
}

static void
test_in_use (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 unused = add (fixture, "Unused", "", FALSE, 0, &error);

  fixture_add_task (fixture, "Watch");
  fixture_add_task (fixture, "Also");
  g_assert_false (lk_search_store_remove (fixture->db, fixture->search_id, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“Also”, “Watch”"));
  g_clear_error (&error);

  IN_TRANSACTION (fixture, lk_search_store_remove (fixture->db, unused, &error));
  g_assert_no_error (error);
  g_assert_null (lk_search_store_get (fixture->db, unused, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search-store/round-trip", test_round_trip);
  g_test_add_func ("/search-store/order", test_order);
  g_test_add_func ("/search-store/refused", test_refused);
  g_test_add_func ("/search-store/in-use", test_in_use);

  return g_test_run ();
}
