/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui-test.h"
#include "ui/key-selection.h"

#define N_LICENSES 300

typedef struct
{
  LkLicenseServer *server;
  LkLicenseList *list;
  LkKeySelection *selection;
  GtkSelectionModel *model; /* the same */
} Fixture;

static void
query (Fixture *self, const char *order_by, const char *condition)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause = lk_clause_new (condition, -1, context);
  g_autoptr (LkLicenseQuery) query = lk_license_query_new (clause);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  query->order_by = order_by != NULL ? lk_license_field_find (order_by) : NULL;
  query->descending = order_by != NULL;
  lk_license_list_set_query_async (self->list, self->server, query, NULL, test_result_cb, &result);
  test_wait (&result);
  lk_license_list_set_query_finish (self->list, result, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, UiTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;

  ui_test_set_up (test, GINT_TO_POINTER (N_LICENSES));
  folder = g_strdup (lk_workspace_get_folder (test->workspace));
  self->server = lk_license_server_open ("sqlite:licenses.db", folder, &error);
  g_assert_no_error (error);
  self->list = lk_license_list_new ();
  self->selection = lk_key_selection_new (self->list);
  self->model = GTK_SELECTION_MODEL (self->selection);
  query (self, NULL, "LicenseID > 0");
}

static void
tear_down (Fixture *self, UiTest *test)
{
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  lk_license_server_close (self->server);
  g_clear_object (&self->server);
  ui_test_tear_down (test, NULL);
}

static guint
count (Fixture *self)
{
  return lk_key_selection_get_n_selected (self->selection);
}

static void
test_basics (void)
{
  UiTest test = { 0 };
  Fixture fixture = { 0 };
  g_autoptr (GtkBitset) bitset = NULL;

  set_up (&fixture, &test);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture.model)), ==, N_LICENSES);
  g_assert_cmpuint (count (&fixture), ==, 0);

  gtk_selection_model_select_item (fixture.model, 7, TRUE);
  gtk_selection_model_select_range (fixture.model, 10, 5, FALSE);
  gtk_selection_model_unselect_item (fixture.model, 12);
  g_assert_cmpuint (count (&fixture), ==, 5);
  g_assert_true (gtk_selection_model_is_selected (fixture.model, 7));
  g_assert_false (gtk_selection_model_is_selected (fixture.model, 12));
  g_assert_false (gtk_selection_model_is_selected (fixture.model, 9999));
  bitset = gtk_selection_model_get_selection (fixture.model);
  g_assert_cmpuint (gtk_bitset_get_size (bitset), ==, 5);

  gtk_selection_model_select_item (fixture.model, 3, TRUE);
  g_assert_cmpuint (count (&fixture), ==, 1);
  g_assert_false (gtk_selection_model_select_range (fixture.model, N_LICENSES - 1, 2, FALSE));
  tear_down (&fixture, &test);
}

static void
test_all (void)
{
  UiTest test = { 0 };
  Fixture fixture = { 0 };
  g_autoptr (GtkBitset) bitset = NULL;
  g_autoptr (GArray) ids = NULL;

  set_up (&fixture, &test);
  gtk_selection_model_select_all (fixture.model);
  g_assert_cmpuint (count (&fixture), ==, N_LICENSES);
  bitset = gtk_selection_model_get_selection (fixture.model);
  g_assert_cmpuint (gtk_bitset_get_size (bitset), ==, N_LICENSES);

  gtk_selection_model_unselect_item (fixture.model, 0);
  g_assert_cmpuint (count (&fixture), ==, N_LICENSES - 1);
  ids = lk_key_selection_get_ids (fixture.selection);
  g_assert_cmpuint (ids->len, ==, N_LICENSES - 1);
  gtk_selection_model_select_item (fixture.model, 0, FALSE);
  g_assert_cmpuint (count (&fixture), ==, N_LICENSES);
  gtk_selection_model_unselect_all (fixture.model);
  g_assert_cmpuint (count (&fixture), ==, 0);
  tear_down (&fixture, &test);
}

/* A new order moves the selection along; a new content forgets what is no longer there. */
static void
test_new_content (void)
{
  UiTest test = { 0 };
  Fixture fixture = { 0 };
  gint64 id;

  set_up (&fixture, &test);
  gtk_selection_model_select_range (fixture.model, 0, 2, TRUE);
  id = lk_license_list_get_id_at (fixture.list, 0);

  query (&fixture, "LicenseID", "LicenseID > 0");
  g_assert_cmpint (lk_license_list_get_id_at (fixture.list, N_LICENSES - 1), ==, id);
  g_assert_true (gtk_selection_model_is_selected (fixture.model, N_LICENSES - 1));
  g_assert_false (gtk_selection_model_is_selected (fixture.model, 0));
  g_assert_cmpuint (count (&fixture), ==, 2);

  query (&fixture, NULL, "LicenseID > 1");
  g_assert_cmpuint (count (&fixture), ==, 1);
  query (&fixture, NULL, "LicenseID > 100");
  g_assert_cmpuint (count (&fixture), ==, 0);
  tear_down (&fixture, &test);
}

static void
test_set_selection (void)
{
  UiTest test = { 0 };
  Fixture fixture = { 0 };
  g_autoptr (GtkBitset) selected = gtk_bitset_new_range (5, 10);
  g_autoptr (GtkBitset) mask = gtk_bitset_new_range (0, 100);

  set_up (&fixture, &test);
  gtk_selection_model_select_range (fixture.model, 90, 20, TRUE);
  gtk_selection_model_set_selection (fixture.model, selected, mask);
  g_assert_cmpuint (count (&fixture), ==, 10 + 10);
  g_assert_true (gtk_selection_model_is_selected (fixture.model, 105));
  g_assert_false (gtk_selection_model_is_selected (fixture.model, 95));
  tear_down (&fixture, &test);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/key-selection/basics", test_basics);
  g_test_add_func ("/key-selection/all", test_all);
  g_test_add_func ("/key-selection/new-content", test_new_content);
  g_test_add_func ("/key-selection/set-selection", test_set_selection);

  return g_test_run ();
}
