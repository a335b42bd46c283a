/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sqlite3.h>

#include "store/delivery-decision.h"
#include "store/delivery-store.h"
#include "store/delivery-text.h"
#include "store/endpoint-store.h"
#include "store/task-secret.h"
#include "store/migrator.h"
#include "support/test-folder.h"

static LkDb *
open_uri (const char *uri)
{
  g_autoptr (GError) error = NULL;
  LkDb *db = lk_db_open (uri, LK_DB_DEFAULT, &error);

  g_assert_no_error (error);
  return db;
}

static void
test_create (void)
{
  static const LkSchema *const schemas[] = { &lk_workspace_schema, &lk_license_schema };

  for (gsize i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *uri = test_folder_get_uri (folder, "a.db");
      g_autoptr (GError) error = NULL;
      g_autoptr (LkDb) db = NULL;

      g_assert_true (lk_migrator_create (uri, schemas[i], &error));
      g_assert_no_error (error);
      db = lk_migrator_open (uri, schemas[i], LK_DB_DEFAULT, &error);
      g_assert_no_error (error);
      g_assert_true (lk_migrator_check (db, schemas[i], &error));
      g_assert_cmpint (lk_migrator_get_version (db, schemas[i], NULL), ==,
                       lk_schema_get_latest (schemas[i]));
      g_assert_true (lk_db_check_integrity (db, &error));
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *sql; /* what the database holds */
    int code;
  } rows[] = {
    { "", LK_ERROR_CORRUPT },
    { "CREATE TABLE somebody_elses (x)", LK_ERROR_CORRUPT },
    { "CREATE TABLE latchkey_schema (name, version)", LK_ERROR_CORRUPT },
    { "CREATE TABLE latchkey_schema (name, version);"
      "INSERT INTO latchkey_schema VALUES ('license', 1)",
      LK_ERROR_CORRUPT },
    { "CREATE TABLE latchkey_schema (name, version);"
      "INSERT INTO latchkey_schema VALUES ('workspace', 99)",
      LK_ERROR_NEWER_SCHEMA },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *uri = test_folder_get_uri (folder, "a.db");
      g_autoptr (GError) error = NULL;
      LkDb *db = lk_db_open (uri, LK_DB_CREATE, NULL);

      g_assert_true (lk_db_execute (db, rows[i].sql, NULL));
      lk_db_close (db);
      g_assert_null (lk_migrator_open (uri, &lk_workspace_schema, LK_DB_DEFAULT, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, "a.db"));
    }
}

/* A database of version 1 under a schema that knows a second step: here, a copy of the first that
 * fails, so that the upgrade has to be undone. */
static void
test_failed_upgrade_changes_nothing (void)
{
  static const char *const steps[] = {
    "/io/github/latchkey/Latchkey/schema/license/0001-licenses.sql",
    "/io/github/latchkey/Latchkey/schema/license/0001-licenses.sql",
    NULL,
  };
  static const LkSchema schema = { "license", "license database", steps };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *uri = test_folder_get_uri (folder, "a.db");
  g_autofree char *backup = test_folder_get_path (folder, "a.db.v1-backup");
  g_autofree char *backup_uri = test_folder_get_uri (folder, "a.db.v1-backup");
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDb) db = NULL;
  g_autoptr (LkDb) copy = NULL;

  g_assert_true (lk_migrator_create (uri, &lk_license_schema, &error));
  g_assert_null (lk_migrator_open (uri, &schema, LK_DB_DEFAULT, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (g_file_test (backup, G_FILE_TEST_IS_REGULAR));

  db = open_uri (uri);
  g_assert_cmpint (lk_migrator_get_version (db, &schema, NULL), ==, 1);
  copy = open_uri (backup_uri);
  g_assert_true (lk_migrator_check (copy, &lk_license_schema, &error));
  g_assert_no_error (error);
}

static void
test_upgrade (void)
{
  static const char *const old_steps[] = {
    "/io/github/latchkey/Latchkey/schema/workspace/0001-workspace.sql",
    NULL,
  };
  static const char *const new_steps[] = {
    "/io/github/latchkey/Latchkey/schema/workspace/0001-workspace.sql",
    "/io/github/latchkey/Latchkey/schema/license/0001-licenses.sql",
    NULL,
  };
  static const LkSchema old_schema = { "both", "test database", old_steps };
  static const LkSchema new_schema = { "both", "test database", new_steps };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *uri = test_folder_get_uri (folder, "a.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDb) db = NULL;

  g_assert_true (lk_migrator_create (uri, &old_schema, &error));
  db = open_uri (uri);
  g_assert_true (lk_db_execute (db,
                                "INSERT INTO search (name, name_key, tooltip, group_name, "
                                "favourite, position, sql_text, distinct_field, unique_id_field)"
                                " VALUES ('a', 'a', '', '', 0, 0, '1=1', '', '')",
                                &error));
  g_assert_no_error (error);
  g_assert_false (lk_migrator_check (db, &new_schema, NULL));
  g_assert_true (lk_migrator_create (uri, &new_schema, &error));
  g_assert_no_error (error);
  g_assert_true (lk_migrator_check (db, &new_schema, &error));
  g_assert_true (lk_db_has_table (db, "qryLicenseInfo"));
  g_assert_true (lk_db_execute (db, "UPDATE search SET position = 1", &error));
  g_assert_cmpint (lk_db_get_changes (db), ==, 1);
}

/* What is refused is not changed: a file of another program, or one that is empty. */
static void
test_others_files (void)
{
  static const char *const scripts[] = { "CREATE TABLE theirs (x)", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *uri = test_folder_get_uri (folder, "theirs.db");
      const char *path = uri + strlen ("sqlite:");
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      gsize length, length_after;
      sqlite3 *theirs;

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
      g_assert_cmpint (sqlite3_open (path, &theirs), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_exec (theirs, scripts[i], NULL, NULL, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_close (theirs), ==, SQLITE_OK);

      g_assert_true (g_file_get_contents (path, &before, &length, NULL));
      g_assert_null (lk_migrator_open (uri, &lk_license_schema, LK_DB_DEFAULT, NULL));
      g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
      g_assert_cmpmem (before, length, after, length_after);
    }
}

/* How many deliveries last failed like that. */
static guint
count_class (LkDb *db, const char *error_class)
{
  LkDeliveryFilter filter = { .state = -1, .error_class = (char *) error_class };
  g_autoptr (GPtrArray) found = lk_delivery_store_list (db, &filter, NULL);

  return found->len;
}

static void
assert_secrets (LkDb *db, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  char **secrets = lk_task_secret_list (db, 1, 10, NULL, &error);
  g_autofree char *found = secrets != NULL ? g_strjoinv (" ", secrets) : NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, wanted);
  lk_task_secret_list_free (secrets);
}

/* A workspace of version 1 with a paused receiver and deliveries in several states: nothing is
 * lost, and what came later works on it. */
static void
test_workspace_1 (void)
{
  static const char *const old_steps[] = {
    "/io/github/latchkey/Latchkey/schema/workspace/0001-workspace.sql",
    NULL,
  };
  static const LkSchema old_schema = { "workspace", "workspace", old_steps };
  static const char filling[] =
      "INSERT INTO server (id, name, name_key, uri, is_default) VALUES (1, 'S', 's', 'sqlite:l', "
      "1);"
      "INSERT INTO search (id, name, name_key, tooltip, group_name, favourite, position, sql_text,"
      " distinct_field, unique_id_field) VALUES (1, 'A', 'a', '', '', 0, 0, '1=1', '', '');"
      "INSERT INTO task (id, name, name_key, enabled, server_id, search_id, repeat_every,"
      " repeat_unit, start_at, zone, created_at, webhook_enabled, url, user_data,"
      " standard_webhooks, send, headers, ca_file, client_certificate, concurrency, at_most_once,"
      " hold_unusual, alert, notes) VALUES (1, 'T', 't', 0, 1, 1, 1, 'day', '2026-01-01 08:00',"
      " 'UTC', 1, 1, 'http://127.0.0.1:1/', '', 1, 'once', '', '', '', 4, 0, 0, 0, '');"
      "INSERT INTO task_secret VALUES (1, 1, 90, 'old'), (1, 2, 0, 'new');"
      "INSERT INTO endpoint VALUES ('http://127.0.0.1:1/', 'paused', 'it is gone', 5);"
      "INSERT INTO delivery (id, webhook_id, task_id, task_name, group_key, is_test, license_id,"
      " license_key, customer, url, state, attempts, hold_kind, hold_reason, created_at,"
      " finished_at) VALUES (1, 'msg_1', 1, 'T', '1', 0, 1, 'K', '', 'http://127.0.0.1:1/', 'held',"
      " 1, 'paused', 'it is gone', 4, 0), (2, 'msg_2', 1, 'T', '2', 0, 2, 'K', '',"
      " 'http://127.0.0.1:1/', 'exhausted', 1, '', '', 4, 9);"
      "INSERT INTO delivery_body VALUES (1, x'7b7d'), (2, x'7b7d');"
      "INSERT INTO attempt (delivery_id, number, outcome, url, error_class, started_at)"
      " VALUES (1, 1, 'failure', 'http://127.0.0.1:1/', 'gone', 4),"
      " (2, 1, 'failure', 'http://127.0.0.1:1/', 'connect', 4),"
      " (2, 2, 'failure', 'http://127.0.0.1:1/', 'server-error', 5);"
      "UPDATE delivery SET attempts = 2 WHERE id = 2;";
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *uri = test_folder_get_uri (folder, "a.db");
  g_autoptr (GPtrArray) violations = NULL;
  g_autoptr (GPtrArray) concerns = NULL;
  LkFailedFilter filter = { .since = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDb) db = NULL;

  g_assert_true (lk_migrator_create (uri, &old_schema, &error));
  db = open_uri (uri);
  g_assert_true (lk_db_execute (db, filling, &error));
  g_assert_no_error (error);
  g_assert_true (lk_migrator_create (uri, &lk_workspace_schema, &error));
  g_assert_no_error (error);

  g_assert_true (lk_db_check_integrity (db, &error));
  violations = lk_delivery_store_check (db, &error);
  g_assert_cmpuint (violations->len, ==, 0);
  concerns = lk_endpoint_store_list_concerns (db, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (concerns->len, ==, 1);
  g_assert_cmpint (((LkEndpoint *) concerns->pdata[0])->n_held, ==, 1);
  assert_secrets (db, "new old");
  g_assert_cmpint (count_class (db, "gone"), ==, 1);
  g_assert_cmpint (count_class (db, "server-error"), ==, 1);
  g_assert_cmpint (lk_delivery_text_count_missing (db, &error), ==, 2);
  g_assert_cmpint (lk_delivery_decision_count_failed (db, &filter, &error), ==, 1);
  g_assert_cmpint (lk_delivery_decision_send_failed (db, &filter, 0, 10, &error), ==, 1);
  g_assert_cmpint (lk_endpoint_store_resume (db, "http://127.0.0.1:1/", 11, &error), ==, 2);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/migrator/create", test_create);
  g_test_add_func ("/migrator/refused", test_refused);
  g_test_add_func ("/migrator/failed-upgrade-changes-nothing", test_failed_upgrade_changes_nothing);
  g_test_add_func ("/migrator/upgrade", test_upgrade);
  g_test_add_func ("/migrator/others-files", test_others_files);
  g_test_add_func ("/migrator/workspace-1", test_workspace_1);

  return g_test_run ();
}
