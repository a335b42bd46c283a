/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/sql-function.h"
#include "license-fixture.h"
#include "store/db.h"

static LkDb *
open_confined (LicenseFixture *fixture)
{
  g_autofree char *uri = g_strconcat ("sqlite:", fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  LkDb *db = lk_db_open (uri, LK_DB_READ_ONLY | LK_DB_CONFINED, &error);

  g_assert_no_error (error);
  return db;
}

/* Straight at the connection, as if the check of the text had let everything through. */
static const char *const hostile[] = {
  "SELECT * FROM customers",
  "SELECT count (*) FROM customers",
  "SELECT count (*) FROM licenses",
  "SELECT 1 FROM qryLicenseInfo, customers",
  "SELECT 1 FROM qryLicenseInfo JOIN products ON 1",
  "SELECT 1 FROM qryLicenseInfo WHERE EXISTS (SELECT 1 FROM organizations)",
  "SELECT Email FROM (SELECT Email FROM customers)",
  "WITH c AS (SELECT FullName FROM customers) SELECT * FROM c",
  "SELECT * FROM main.licenses",
  "SELECT * FROM latchkey_schema",
  "SELECT * FROM sqlite_schema",
  "SELECT sql FROM sqlite_master",
  "SELECT * FROM sqlite_temp_schema",
  "SELECT * FROM sqlite_sequence",
  "SELECT * FROM sqlite_stat1",
  "SELECT * FROM pragma_table_info ('licenses')",
  "SELECT * FROM pragma_database_list",
  "SELECT * FROM json_each ('[1]')",
  "SELECT * FROM dbstat",
  "PRAGMA table_info (licenses)",
  "PRAGMA user_version = 7",
  "PRAGMA writable_schema = ON",
  "PRAGMA query_only = 0",
  "ATTACH DATABASE '/tmp/elsewhere.db' AS e",
  "DETACH DATABASE main",
  "VACUUM",
  "VACUUM INTO '/tmp/elsewhere.db'",
  "BEGIN",
  "COMMIT",
  "SAVEPOINT s",
  "REINDEX",
  "ANALYZE",
  "DELETE FROM licenses",
  "DELETE FROM qryLicenseInfo",
  "UPDATE licenses SET Comment = 'x'",
  "INSERT INTO products VALUES (99, 'x')",
  "DROP TABLE licenses",
  "DROP VIEW qryLicenseInfo",
  "ALTER TABLE licenses ADD COLUMN x",
  "CREATE TABLE x (y)",
  "CREATE TEMP TABLE x AS SELECT * FROM qryLicenseInfo",
  "CREATE TEMP VIEW qryLicenseInfo AS SELECT * FROM customers",
  "CREATE TEMP TRIGGER t AFTER INSERT ON licenses BEGIN SELECT 1; END",
  "SELECT load_extension ('evil')",
  "SELECT writefile ('/tmp/x', 'y')",
  "SELECT readfile ('/etc/passwd')",
  "SELECT zeroblob (1000000000)",
  "SELECT randomblob (1000000000)",
  "SELECT printf ('%.*c', 100000000, 'x')",
  "SELECT sqlite_version ()",
  "SELECT sqlite_compileoption_get (1)",
  "SELECT last_insert_rowid ()",
  "SELECT replace (ActivationKey, '', 'xxxxxxxx') FROM qryLicenseInfo",
  "SELECT group_concat (ActivationKey) FROM qryLicenseInfo",
  "SELECT fts3_tokenizer ('x')",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count (*) FROM n",
  "SELECT LicenseID FROM qryLicenseInfo; SELECT 2",
  "SELECT LicenseID FROM qryLicenseInfo; DROP TABLE licenses",
  "EXPLAIN DELETE FROM licenses",
};

static void
test_hostile (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkDb) db = open_confined (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LkStatement) statement = lk_db_prepare (db, hostile[i], &error);

      /* VACUUM and the like ask only when they run. */
      if (statement != NULL && lk_statement_step (statement, &error) != LK_STEP_ERROR)
        g_error ("accepted: %s", hostile[i]);
      g_assert_nonnull (error);
    }
}

static void
test_allowed (LicenseFixture *fixture, gconstpointer data)
{
  static const char *const rows[] = {
    "SELECT LicenseID FROM qryLicenseInfo",
    "SELECT * FROM qryLicenseInfo",
    "SELECT count (*) FROM qryLicenseInfo",
    "SELECT count (*) FROM qryLicenseInfo WHERE FullName LIKE '%a%'",
    "SELECT LicenseID FROM qryLicenseInfo WHERE LicenseID IN (SELECT max (LicenseID) FROM"
    " qryLicenseInfo GROUP BY Email)",
    "SELECT LicenseID FROM qryLicenseInfo ORDER BY +ProductName COLLATE LK_TEXT",
  };
  g_autoptr (LkDb) db = open_confined (fixture);

  g_assert_true (lk_db_begin (db, NULL)); /* ours */
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LkStatement) statement = lk_db_prepare (db, rows[i], &error);

      g_assert_no_error (error);
      g_assert_cmpint (lk_statement_step (statement, &error), ==, LK_STEP_ROW);
      g_assert_no_error (error);
    }
  lk_db_rollback (db);
}

static char *
repeat (const char *before, const char *part, const char *after, int times)
{
  GString *text = g_string_new (before);

  for (int i = 0; i < times; i++)
    g_string_append (text, part);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static void
test_size (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkDb) db = open_confined (fixture);
  static const struct
  {
    const char *before;
    const char *part;
    const char *after;
    int times;
  } rows[] = {
    { "SELECT LicenseID FROM qryLicenseInfo WHERE ", "(", "1", 5000 },
    { "SELECT LicenseID FROM qryLicenseInfo WHERE 1", " + 1", "", 5000 },
    { "SELECT 1", " UNION ALL SELECT 1", "", 100 },
    { "SELECT LicenseID FROM qryLicenseInfo -- ", "xxxxxxxxxxxxxxxx", "", 200000 },
    { "SELECT max (1", ", 1", ")", 100 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sql = repeat (rows[i].before, rows[i].part, rows[i].after, rows[i].times);
      g_autoptr (GError) error = NULL;

      g_assert_null (lk_db_prepare (db, sql, &error));
      g_assert_nonnull (error);
    }
}

static void
test_every_function_runs (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkDb) db = open_confined (fixture);

  for (gsize i = 0; i < lk_n_sql_functions; i++)
    {
      g_autoptr (GString) sql = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (LkStatement) statement = NULL;

      g_string_append_printf (sql, "SELECT %s (", lk_sql_functions[i].name);
      for (int j = 0; j < lk_sql_functions[i].n_arguments; j++)
        g_string_append (sql, j > 0 ? ", NULL" : "NULL");
      g_string_append (sql, ") FROM qryLicenseInfo");
      statement = lk_db_prepare (db, sql->str, &error);
      g_assert_no_error (error);
      g_assert_cmpint (lk_statement_step (statement, &error), ==, LK_STEP_ROW);
      g_assert_no_error (error);
      g_assert_true (lk_statement_is_null (statement, 0)); /* any NULL makes it NULL */
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, LicenseFixture, GSIZE_TO_POINTER (20), license_fixture_set_up, func,           \
              license_fixture_tear_down)
  ADD ("/confinement/hostile", test_hostile);
  ADD ("/confinement/allowed", test_allowed);
  ADD ("/confinement/size", test_size);
  ADD ("/confinement/every-function-runs", test_every_function_runs);
#undef ADD

  return g_test_run ();
}
