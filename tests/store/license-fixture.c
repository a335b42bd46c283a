/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "license-fixture.h"
#include "store/sample-licenses.h"
#include "store/sqlite-license-server.h"

void
license_fixture_set_up (LicenseFixture *self, gconstpointer n_sample_licenses)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  gsize n = GPOINTER_TO_SIZE (n_sample_licenses);

  self->folder = test_folder_new ();
  self->path = test_folder_get_path (self->folder, "licenses.db");
  uri = test_folder_get_uri (self->folder, "licenses.db");
  if (n > 0)
    lk_sample_licenses_create (self->path, n, G_GINT64_CONSTANT (1767268800) * LK_SECOND, &error);
  else
    lk_sqlite_license_server_create (self->path, &error);
  g_assert_no_error (error);
  self->server = lk_license_server_open (uri, NULL, &error);
  g_assert_no_error (error);
}

void
license_fixture_tear_down (LicenseFixture *self, gconstpointer data)
{
  lk_license_server_close (self->server);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->server);
  g_free (self->path);
  test_folder_free (self->folder);
}

LkLicenseQuery *
license_query (const char *sql)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 1, 1, 12, 0, 0);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause =
      sql != NULL ? lk_clause_new (sql, -1, context) : lk_clause_new_everything ();
  g_autoptr (GError) error = NULL;

  lk_clause_check (clause, &error);
  g_assert_no_error (error);
  return lk_license_query_new (clause);
}

gint64
license_count (LicenseFixture *self, const LkLicenseQuery *query, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_license_server_count_async (self->server, query, NULL, test_result_cb, &result);
  test_wait (&result);
  return lk_license_server_count_finish (self->server, result, error);
}

char *
license_ids (LicenseFixture *self, const LkLicenseQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = NULL;
  GString *text = g_string_new (NULL);

  lk_license_server_list_ids_async (self->server, query, NULL, NULL, test_result_cb, &result);
  test_wait (&result);
  ids = lk_license_server_list_ids_finish (self->server, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (ids, gint64, i));
  return g_string_free (text, FALSE);
}

GPtrArray *
license_rows (LicenseFixture *self, const gint64 *ids, gsize n_ids)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  lk_license_server_get_rows_async (self->server, ids, n_ids, NULL, test_result_cb, &result);
  test_wait (&result);
  rows = lk_license_server_get_rows_finish (self->server, result, &error);
  g_assert_no_error (error);
  return rows;
}

gboolean
license_write (LicenseFixture *self, LkLicenseChange *change, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_ptr_array_add (changes, change);
  lk_license_server_write_async (self->server, changes, NULL, test_result_cb, &result);
  test_wait (&result);
  return lk_license_server_write_finish (self->server, result, error);
}

gint64
license_add (LicenseFixture *self, const char *const *names_and_values)
{
  g_autoptr (LkLicenseChange) change = lk_license_change_new (0);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; names_and_values[i] != NULL; i += 2)
    license_set (change, names_and_values[i], names_and_values[i + 1]);
  license_write (self, change, &error);
  g_assert_no_error (error);
  g_assert_cmpint (change->license_id, >, 0);
  return change->license_id;
}

void
license_set (LkLicenseChange *change, const char *column, const char *value)
{
  const LkLicenseField *field = lk_license_field_find (column);

  g_assert_nonnull (field);
  lk_license_change_set (change, field, value);
}

char *
license_value (LicenseFixture *self, gint64 id, const char *column)
{
  g_autoptr (GPtrArray) rows = license_rows (self, &id, 1);

  g_assert_cmpuint (rows->len, ==, 1);
  return g_strdup (lk_license_get_named (rows->pdata[0], column));
}
