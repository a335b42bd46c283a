/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "store/search-store.h"
#include "store/sqlite-license-server.h"
#include "ui-test.h"
#include "ui/empty-state.h"
#include "ui/key-cell.h"
#include "ui/keys-page.h"
#include "ui/settings.h"

#define N_LICENSES 300

typedef struct
{
  UiTest test;
  LkCatalog *catalog;
  LkKeysPage *page;
  GtkWindow *window;
  guint n_first_rows;
} Fixture;

static guint
count (Fixture *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (self->page)));
}

static void
wait_loaded (Fixture *self)
{
  test_until (lk_catalog_is_loaded (self->catalog) && !lk_keys_page_is_loading (self->page), 30);
}

static void
set_up (Fixture *self, gconstpointer n_licenses)
{
  g_autoptr (GSettings) settings = lk_settings_new ();

  ui_test_set_up (&self->test, n_licenses);
  self->catalog = lk_catalog_new (self->test.context);
  self->page = g_object_new (LK_TYPE_KEYS_PAGE, NULL);
  lk_keys_page_set_up (self->page, self->test.context, self->catalog, settings);
  self->window = ui_test_show (GTK_WIDGET (self->page), 1100, 600);
  wait_loaded (self);
}

static void
tear_down (Fixture *self, gconstpointer n_licenses)
{
  gtk_window_destroy (self->window);
  g_clear_object (&self->catalog);
  ui_test_tear_down (&self->test, n_licenses);
}

static gint64
find_sample_search (Fixture *self)
{
  GPtrArray *searches = lk_catalog_get_searches (self->catalog);

  for (guint i = 0; i < searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (searches, i);

      if (g_str_equal (search->name, "Upcoming Renewals"))
        return search->id;
    }

  g_assert_not_reached ();
}

static const char *
first_text (Fixture *self)
{
  LkKeyCell *cell = LK_KEY_CELL (ui_test_find (GTK_WIDGET (self->page), LK_TYPE_KEY_CELL));

  return lk_text_cell_get_text (LK_TEXT_CELL (cell));
}

static void
test_shows_all (Fixture *self, gconstpointer n_licenses)
{
  g_assert_cmpuint (count (self), ==, N_LICENSES);
  test_until (strlen (first_text (self)) > 10, 30);
}

static void
test_search (Fixture *self, gconstpointer n_licenses)
{
  gint64 id = find_sample_search (self);
  guint n_matches;

  lk_keys_page_show_search (self->page, id);
  wait_loaded (self);
  n_matches = count (self);
  g_assert_cmpuint (n_matches, >, 0);
  g_assert_cmpuint (n_matches, <, N_LICENSES);
  g_assert_cmpint (lk_keys_page_get_search_id (self->page), ==, id);
  g_assert_true (lk_keys_page_is_filtered (self->page));

  lk_keys_page_clear (self->page);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, N_LICENSES);
  g_assert_false (lk_keys_page_is_filtered (self->page));
}

static void
test_find (Fixture *self, gconstpointer n_licenses)
{
  g_autofree char *key = NULL;

  test_until (strlen (first_text (self)) > 10, 30);
  key = g_strdup (first_text (self));
  lk_keys_page_find (self->page, key);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 1);

  lk_keys_page_find (self->page, "no license has these words");
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (lk_empty_state_get_title (LK_EMPTY_STATE (
                       ui_test_find (GTK_WIDGET (self->page), LK_TYPE_EMPTY_STATE))),
                   ==, "No License Matches");
}

static void
first_rows_cb (GListModel *list, guint position, guint removed, guint added, Fixture *self)
{
  if (!lk_license_list_is_partial (LK_LICENSE_LIST (list)))
    return;

  self->n_first_rows = g_list_model_get_n_items (list);
  g_assert_true (lk_keys_page_is_loading (self->page));
  g_assert_true (gtk_widget_get_mapped (lk_keys_page_get_grid (self->page)));
}

/* The first rows are on the screen while the others are still being read. */
static void
test_first_rows (Fixture *self, gconstpointer n_licenses)
{
  lk_keys_page_find (self->page, "no license has these words");
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 0);

  g_signal_connect (lk_keys_page_get_list (self->page), "items-changed", G_CALLBACK (first_rows_cb),
                    self);
  lk_keys_page_clear (self->page);
  wait_loaded (self);
  g_assert_cmpuint (self->n_first_rows, ==, LK_LICENSE_HEAD);
  g_assert_cmpuint (count (self), ==, N_LICENSES);
}

static void
test_sort (Fixture *self, gconstpointer n_licenses)
{
  LkKeyColumns *columns = lk_keys_page_get_columns (self->page);
  const LkLicenseField *field = lk_license_field_find ("LicenseID");
  gboolean descending = FALSE;
  gint64 first = lk_license_list_get_id_at (lk_keys_page_get_list (self->page), 0);

  g_assert_null (lk_key_columns_get_sort (columns, NULL));
  lk_key_columns_sort (columns, field, TRUE);
  g_assert_true (lk_key_columns_get_sort (columns, &descending) == field);
  g_assert_true (descending);
  wait_loaded (self);
  g_assert_cmpint (lk_license_list_get_id_at (lk_keys_page_get_list (self->page), N_LICENSES - 1),
                   ==, first);

  lk_key_columns_sort (columns, lk_license_field_find ("Email"), FALSE);
  g_assert_true (lk_key_columns_get_sort (columns, &descending) == lk_license_field_find ("Email"));
  g_assert_false (descending);
  lk_key_columns_sort (columns, NULL, FALSE);
  g_assert_null (lk_key_columns_get_sort (columns, NULL));
}

static void
test_columns (Fixture *self, gconstpointer n_licenses)
{
  LkKeyColumns *columns = lk_keys_page_get_columns (self->page);
  const LkLicenseField *city = lk_license_field_find ("City");
  GtkWidget *chooser = g_object_ref_sink (lk_key_columns_new_chooser (columns));
  guint n_columns = 0;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      {
        n_columns++;
        g_assert_true (lk_key_columns_is_shown (columns, &lk_license_fields[i])
                       == lk_license_fields[i].shown);
      }
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (
                        GTK_COLUMN_VIEW (lk_keys_page_get_grid (self->page)))),
                    ==, n_columns);

  lk_key_columns_set_shown (columns, city, TRUE);
  g_assert_true (lk_key_columns_is_shown (columns, city));
  lk_key_columns_reset (columns);
  g_assert_false (lk_key_columns_is_shown (columns, city));
  g_object_unref (chooser);
}

static gsize
count_saved (GSettings *settings)
{
  g_autoptr (GVariant) columns = g_settings_get_value (settings, "columns");

  return g_variant_n_children (columns);
}

/* What a person makes of the columns is there again in the next window. */
static void
test_columns_are_kept (Fixture *self, gconstpointer n_licenses)
{
  g_autoptr (GSettings) settings = lk_settings_new ();
  LkKeyColumns *columns = lk_keys_page_get_columns (self->page);
  const LkLicenseField *city = lk_license_field_find ("City");
  GtkColumnView *view = GTK_COLUMN_VIEW (g_object_ref_sink (gtk_column_view_new (NULL)));
  LkKeyColumns *again;

  g_settings_reset (settings, "columns");
  lk_key_columns_set_shown (columns, city, TRUE);
  gtk_column_view_column_set_fixed_width (lk_key_columns_get_column (columns, city), 77);
  lk_key_columns_sort (columns, city, TRUE);
  test_until (count_saved (settings) > 0, 30);

  again = lk_key_columns_new (view, settings);
  g_assert_true (lk_key_columns_is_shown (again, city));
  g_assert_cmpint (gtk_column_view_column_get_fixed_width (lk_key_columns_get_column (again, city)),
                   ==, 77);
  g_assert_true (lk_key_columns_get_sort (again, NULL) == city);
  g_object_unref (again);
  g_object_unref (view);
  lk_key_columns_sort (columns, NULL, FALSE);
  g_settings_reset (settings, "columns");
}

static gpointer
break_search_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_store_find (db, "Upcoming Renewals", error);

  if (search == NULL)
    return NULL;
  g_free (search->sql);
  search->sql = g_strdup ("1 = 1) Or (1 = 1");

  return GINT_TO_POINTER (lk_search_store_update (db, search, error));
}

/* A saved search that is no condition by itself shows what is wrong and leaves the grid alone. */
static void
test_broken_search (Fixture *self, gconstpointer n_licenses)
{
  gint64 id = find_sample_search (self);
  gint64 version = lk_catalog_find_search (self->catalog, id)->version;
  g_autoptr (LkLicenseQuery) query = NULL;

  ui_test_write (&self->test, break_search_job, NULL);
  test_until (lk_catalog_find_search (self->catalog, id)->version > version, 30);
  lk_keys_page_show_search (self->page, id);
  lk_keys_page_find (self->page, "a");
  query = lk_keys_page_dup_query (self->page);
  g_assert_null (query);
}

static gpointer
remove_search_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_new ();
  gint64 *id = data;

  if (*id != 0)
    return GINT_TO_POINTER (lk_search_store_remove (db, *id, error));

  g_free (search->name);
  search->name = g_strdup ("Soon Gone");
  g_free (search->sql);
  search->sql = g_strdup ("LicenseID < 10");
  *id = lk_search_store_insert (db, search, error);

  return id;
}

/* The panel follows the workspace; without its search the grid goes back to all licenses. */
static void
test_removed_search (Fixture *self, gconstpointer n_licenses)
{
  gint64 id = 0;

  ui_test_write (&self->test, remove_search_job, &id);
  test_until (lk_catalog_find_search (self->catalog, id) != NULL, 30);
  lk_keys_page_show_search (self->page, id);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 9);

  ui_test_write (&self->test, remove_search_job, &id);
  test_until (lk_keys_page_get_search_id (self->page) == 0, 30);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, N_LICENSES);
}

/* F5, after a restored database took the place of the one that is open. */
static void
test_replaced_database (Fixture *self, gconstpointer n_licenses)
{
  g_autofree char *path = test_folder_get_path (self->test.folder, "workspace/licenses.db");
  LkLicenseServer *before = lk_keys_page_get_server (self->page);

  lk_keys_page_refresh (self->page);
  test_until (!lk_keys_page_is_loading (self->page), 30);
  g_assert_true (lk_keys_page_get_server (self->page) == before);
  g_assert_cmpuint (count (self), ==, N_LICENSES);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (lk_sqlite_license_server_create (path, NULL));
  lk_keys_page_refresh (self->page);
  test_until (count (self) == 0, 30);
}

static void
test_welcome (Fixture *self, gconstpointer n_licenses)
{
  g_assert_cmpstr (lk_empty_state_get_title (LK_EMPTY_STATE (
                       ui_test_find (GTK_WIDGET (self->page), LK_TYPE_EMPTY_STATE))),
                   ==, "Welcome to Latchkey");
  g_assert_null (lk_keys_page_get_server (self->page));
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *path;
    int n_licenses;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/keys-page/shows-all", N_LICENSES, test_shows_all },
    { "/keys-page/search", N_LICENSES, test_search },
    { "/keys-page/find", N_LICENSES, test_find },
    { "/keys-page/first-rows", N_LICENSES, test_first_rows },
    { "/keys-page/sort", N_LICENSES, test_sort },
    { "/keys-page/columns", N_LICENSES, test_columns },
    { "/keys-page/columns-are-kept", N_LICENSES, test_columns_are_kept },
    { "/keys-page/broken-search", N_LICENSES, test_broken_search },
    { "/keys-page/removed-search", N_LICENSES, test_removed_search },
    { "/keys-page/replaced-database", N_LICENSES, test_replaced_database },
    { "/keys-page/welcome", 0, test_welcome },
  };

  ui_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].n_licenses), set_up,
                tests[i].test, tear_down);

  return g_test_run ();
}
