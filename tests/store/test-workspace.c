/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "store/sqlite-license-server.h"
#include "store/workspace.h"
#include "support/test-folder.h"

static guint
get_mode (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
close_workspace (LkWorkspace *workspace)
{
  lk_workspace_close (workspace);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (workspace);
}

static void
test_create_and_open (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_folder_get_path (folder, "a/b");
  g_autoptr (GError) error = NULL;
  LkWorkspace *workspace;

  g_assert_null (lk_workspace_open (path, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (lk_workspace_create (path, &error));
  g_assert_true (lk_workspace_create (path, &error)); /* again does no harm */
  g_assert_cmphex (get_mode (path, "."), ==, 0700);
  g_assert_cmphex (get_mode (path, "workspace.db"), ==, 0600);

  g_chmod (path, 0755);
  workspace = lk_workspace_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmphex (get_mode (path, "."), ==, 0700);
  g_assert_cmpstr (lk_workspace_get_folder (workspace), ==, path);
  close_workspace (workspace);
}

static void
test_two_at_once (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_folder_get_path (folder, "w");
  LkWorkspace *one, *two;

  g_assert_true (lk_workspace_create (path, NULL));
  one = lk_workspace_open (path, NULL);
  two = lk_workspace_open (path, NULL);
  g_assert_nonnull (one);
  g_assert_nonnull (two);
  close_workspace (one);
  close_workspace (two);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *sql;
    int code;
  } rows[] = {
    { "UPDATE latchkey_schema SET version = 99", LK_ERROR_NEWER_SCHEMA },
    { "UPDATE latchkey_schema SET name = 'license'", LK_ERROR_CORRUPT },
    { "DROP TABLE latchkey_schema", LK_ERROR_CORRUPT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *path = test_folder_get_path (folder, ".");
      g_autofree char *uri = test_folder_get_uri (folder, "workspace.db");
      g_autoptr (GError) error = NULL;
      LkDb *db;

      g_assert_true (lk_workspace_create (path, NULL));
      db = lk_db_open (uri, LK_DB_DEFAULT, NULL);
      g_assert_true (lk_db_execute (db, rows[i].sql, NULL));
      lk_db_close (db);
      g_assert_null (lk_workspace_open (path, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, "workspace.db"));
    }
}

static void
test_open_server (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_folder_get_path (folder, ".");
  g_autofree char *database = test_folder_get_path (folder, "l.db");
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();
  g_autoptr (LkLicenseServer) server = NULL;
  g_autoptr (GError) error = NULL;
  LkWorkspace *workspace;

  g_assert_true (lk_workspace_create (path, NULL));
  workspace = lk_workspace_open (path, NULL);
  g_free (profile->name);
  profile->name = g_strdup ("Shop");
  g_free (profile->uri);
  profile->uri = g_strdup ("sqlite:l.db");
  g_assert_null (lk_workspace_open_server (workspace, profile, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "Shop"));
  g_clear_error (&error);

  g_assert_true (lk_sqlite_license_server_create (database, &error));
  server = lk_workspace_open_server (workspace, profile, &error);
  g_assert_no_error (error);
  lk_license_server_close (server);
  close_workspace (workspace);
}

static void
test_default_folder (void)
{
  g_autofree char *folder = lk_workspace_get_default_folder ();

  g_assert_true (g_str_has_prefix (folder, g_get_user_data_dir ()));
  g_assert_true (g_str_has_suffix (folder, "/latchkey"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/workspace/create-and-open", test_create_and_open);
  g_test_add_func ("/workspace/two-at-once", test_two_at_once);
  g_test_add_func ("/workspace/refused", test_refused);
  g_test_add_func ("/workspace/open-server", test_open_server);
  g_test_add_func ("/workspace/default-folder", test_default_folder);

  return g_test_run ();
}
