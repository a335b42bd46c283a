/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "store/db.h"
#include "support/test-folder.h"

static LkDb *
open_new (TestFolder *folder, const char *name)
{
  g_autofree char *uri = test_folder_get_uri (folder, name);
  g_autoptr (GError) error = NULL;
  LkDb *db = lk_db_open (uri, LK_DB_CREATE, &error);

  g_assert_no_error (error);
  return db;
}

static void
execute (LkDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  lk_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

static LkStatement *
prepare (LkDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  LkStatement *statement = lk_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  return statement;
}

static gint64
query_int (LkDb *db, const char *sql)
{
  g_autoptr (LkStatement) statement = prepare (db, sql);

  g_assert_cmpint (lk_statement_step (statement, NULL), ==, LK_STEP_ROW);
  return lk_statement_get_int (statement, 0);
}

static void
test_file_is_private (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "sub/a.db");
  static const struct
  {
    const char *name;
    guint mode;
  } rows[] = { { "sub", 0700 }, { "sub/a.db", 0600 }, { "sub/a.db-wal", 0600 } };

  execute (db, "CREATE TABLE t (x)");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = test_folder_get_path (folder, rows[i].name);
      GStatBuf info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmphex (info.st_mode & 0777, ==, rows[i].mode);
    }
}

static void
test_values (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  g_autoptr (GBytes) bytes = g_bytes_new ("a\0b", 3);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (LkStatement) statement = prepare (db, "SELECT ?1, ?2, ?3, ?4, ?5, ?6");
  g_autofree char *real = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GBytes) read_empty = NULL;

  lk_statement_bind_null (statement, 1);
  lk_statement_bind_int (statement, 2, G_MAXINT64);
  lk_statement_bind_real (statement, 3, 0.25);
  lk_statement_bind_text (statement, 4, "Größe 漢字");
  lk_statement_bind_bytes (statement, 5, bytes);
  lk_statement_bind_bytes (statement, 6, empty);
  g_assert_cmpint (lk_statement_step (statement, NULL), ==, LK_STEP_ROW);

  g_assert_true (lk_statement_is_null (statement, 0));
  g_assert_null (lk_statement_get_text (statement, 0));
  g_assert_null (lk_statement_dup_bytes (statement, 0));
  g_assert_cmpint (lk_statement_get_int (statement, 1), ==, G_MAXINT64);
  real = lk_statement_dup_text (statement, 2);
  g_assert_cmpstr (real, ==, "0.25");
  text = lk_statement_dup_text (statement, 3);
  g_assert_cmpstr (text, ==, "Größe 漢字");
  read = lk_statement_dup_bytes (statement, 4);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_false (lk_statement_is_null (statement, 5));
  read_empty = lk_statement_dup_bytes (statement, 5);
  g_assert_cmpuint (g_bytes_get_size (read_empty), ==, 0);
  g_assert_cmpint (lk_statement_step (statement, NULL), ==, LK_STEP_DONE);
}

static void
test_bad_parameter (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  g_autoptr (LkStatement) statement = prepare (db, "SELECT ?1");
  g_autoptr (GError) error = NULL;

  lk_statement_bind_int (statement, 2, 1);
  g_assert_cmpint (lk_statement_step (statement, &error), ==, LK_STEP_ERROR);
  g_assert_error (error, LK_ERROR, LK_ERROR_FAILED);
}

static void
test_cache_forgets_values (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  LkStatement *first = prepare (db, "SELECT ?1");
  LkStatement *second;

  lk_statement_bind_int (first, 1, 7);
  g_assert_cmpint (lk_statement_step (first, NULL), ==, LK_STEP_ROW);
  second = prepare (db, "SELECT ?1"); /* while the first is in use */
  g_assert_true (first != second);
  lk_statement_release (first);
  lk_statement_release (second);

  second = prepare (db, "SELECT ?1");
  g_assert_true (first == second);
  g_assert_cmpint (lk_statement_step (second, NULL), ==, LK_STEP_ROW);
  g_assert_true (lk_statement_is_null (second, 0));
  lk_statement_release (second);
}

static void
test_cache_is_bounded (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %d", i);

      g_assert_cmpint (query_int (db, sql), ==, i);
    }
}

static void
test_one_statement (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  static const struct
  {
    const char *sql;
    gboolean allowed;
  } rows[] = {
    { "SELECT 1", TRUE },         { "SELECT 1; ", TRUE }, { "SELECT 1; SELECT 2", FALSE },
    { "SELECT 1; DROP", FALSE },  { "", FALSE },          { " -- nothing", FALSE },
    { "SELECT 1 -- note", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LkStatement) statement = lk_db_prepare (db, rows[i].sql, &error);

      g_assert_cmpint (statement != NULL, ==, rows[i].allowed);
      if (!rows[i].allowed)
        g_assert_error (error, LK_ERROR, LK_ERROR_CLAUSE);
    }
}

static void
test_constraints (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  static const struct
  {
    const char *sql;
    int code;
  } rows[] = {
    { "INSERT INTO a VALUES (1, 'x')", LK_ERROR_EXISTS },
    { "INSERT INTO a VALUES (2, 'one')", LK_ERROR_EXISTS },
    { "INSERT INTO a VALUES (2, '')", LK_ERROR_INVALID },
    { "INSERT INTO a VALUES (2, NULL)", LK_ERROR_INVALID },
    { "DELETE FROM a WHERE id = 1", LK_ERROR_IN_USE },
    { "INSERT INTO b VALUES (5)", LK_ERROR_IN_USE },
    { "SELEKT", LK_ERROR_FAILED },
  };

  execute (db, "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL UNIQUE CHECK (n <> ''));"
               "CREATE TABLE b (a_id INTEGER REFERENCES a (id));"
               "INSERT INTO a VALUES (1, 'one'); INSERT INTO b VALUES (1);");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (lk_db_execute (db, rows[i].sql, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, lk_db_get_name (db)));
    }
}

static void
test_unopenable (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  static const struct
  {
    const char *name;
    const char *text; /* what the file holds */
    LkDbFlags flags;
    int code;
  } rows[] = {
    { "absent.db", NULL, LK_DB_DEFAULT, LK_ERROR_NOT_FOUND },
    { ".", NULL, LK_DB_DEFAULT, LK_ERROR_INVALID },
    { ".", NULL, LK_DB_CREATE, LK_ERROR_INVALID },
    { "text.db", "this is a letter, not a database, and it is long enough to be looked at.......",
      LK_DB_DEFAULT, LK_ERROR_CORRUPT },
    { "text.db/below.db", NULL, LK_DB_CREATE, LK_ERROR_READ_ONLY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *uri = test_folder_get_uri (folder, rows[i].name);
      g_autoptr (GError) error = NULL;

      if (rows[i].text != NULL)
        g_free (test_folder_write (folder, rows[i].name, rows[i].text, -1));
      g_assert_null (lk_db_open (uri, rows[i].flags, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
    }
}

static void
test_unknown_scheme (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lk_db_open ("oracle:x", LK_DB_DEFAULT, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
}

static void
test_read_only (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) writer = open_new (folder, "a.db");
  g_autofree char *uri = test_folder_get_uri (folder, "a.db");
  g_autoptr (LkDb) reader = lk_db_open (uri, LK_DB_READ_ONLY, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_db_execute (reader, "CREATE TABLE t (x)", &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_READ_ONLY);
}

static void
test_full (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  g_autoptr (GError) error = NULL;

  execute (db, "CREATE TABLE t (x); PRAGMA max_page_count=10;");
  g_assert_false (lk_db_execute (db, "INSERT INTO t VALUES (zeroblob(100000))", &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_FULL);
}

static void
test_busy_can_be_cancelled (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) holder = open_new (folder, "a.db");
  g_autoptr (LkDb) waiter = open_new (folder, "a.db");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (lk_db_begin (holder, NULL));
  g_cancellable_cancel (cancellable);
  lk_db_set_cancellable (waiter, cancellable);
  g_assert_false (lk_db_begin (waiter, &error));
  lk_db_rollback (holder);
}

static void
test_time_limit (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  g_autoptr (LkStatement) statement =
      prepare (db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                   " SELECT count (*) FROM n");
  g_autoptr (GError) error = NULL;

  lk_db_set_time_limit (db, 1000);
  g_assert_cmpint (lk_statement_step (statement, &error), ==, LK_STEP_ERROR);
  g_assert_error (error, LK_ERROR, LK_ERROR_LIMIT);
}

static void
test_savepoint (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");

  execute (db, "CREATE TABLE t (x)");
  g_assert_true (lk_db_begin (db, NULL));
  g_assert_true (lk_db_savepoint (db, NULL));
  execute (db, "INSERT INTO t VALUES (1)");
  g_assert_true (lk_db_release_savepoint (db, NULL));
  g_assert_true (lk_db_savepoint (db, NULL));
  execute (db, "INSERT INTO t VALUES (2)");
  g_assert_true (lk_db_rollback_savepoint (db, NULL));
  g_assert_true (lk_db_commit (db, NULL));
  g_assert_cmpint (query_int (db, "SELECT sum (x) FROM t"), ==, 1);
}

static void
test_changed_tables (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) nothing = NULL;

  execute (db, "CREATE TABLE t (x); CREATE TABLE u (x)");
  execute (db, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); UPDATE u SET x = 1");
  changed = lk_db_take_changed_tables (db);
  g_assert_cmpuint (changed->len, ==, 1);
  g_assert_cmpstr (changed->pdata[0], ==, "t");
  nothing = lk_db_take_changed_tables (db);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
test_data_version (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) a = open_new (folder, "a.db");
  g_autoptr (LkDb) b = open_new (folder, "a.db");
  gint64 before = lk_db_get_data_version (a);

  execute (a, "CREATE TABLE t (x)");
  g_assert_cmpint (lk_db_get_data_version (a), ==, before);
  execute (b, "INSERT INTO t VALUES (1)");
  g_assert_cmpint (lk_db_get_data_version (a), !=, before);
}

static void
test_back_up (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (LkDb) db = open_new (folder, "a.db");
  g_autofree char *path = test_folder_get_path (folder, "it's a copy.db");
  g_autofree char *uri = test_folder_get_uri (folder, "it's a copy.db");
  g_autoptr (LkDb) copy = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  execute (db, "CREATE TABLE t (x); INSERT INTO t VALUES (41)");
  g_assert_true (lk_db_back_up (db, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  copy = lk_db_open (uri, LK_DB_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query_int (copy, "SELECT x FROM t"), ==, 41);
}

static void
test_integrity (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_folder_get_path (folder, "a.db");
  g_autofree char *uri = test_folder_get_uri (folder, "a.db");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  LkDb *db = open_new (folder, "a.db");
  gsize length;

  execute (db, "CREATE TABLE t (x); CREATE INDEX i ON t (x);"
               "INSERT INTO t VALUES (hex (zeroblob (9000))), (2), (3)");
  g_assert_true (lk_db_check_integrity (db, &error));
  lk_db_close (db);

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  memset (bytes + length - 4096, 0x5a, 4096);
  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
  db = lk_db_open (uri, LK_DB_DEFAULT, NULL);
  g_assert_false (lk_db_check_integrity (db, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CORRUPT);
  lk_db_close (db);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/db/file-is-private", test_file_is_private);
  g_test_add_func ("/db/values", test_values);
  g_test_add_func ("/db/bad-parameter", test_bad_parameter);
  g_test_add_func ("/db/cache-forgets-values", test_cache_forgets_values);
  g_test_add_func ("/db/cache-is-bounded", test_cache_is_bounded);
  g_test_add_func ("/db/one-statement", test_one_statement);
  g_test_add_func ("/db/constraints", test_constraints);
  g_test_add_func ("/db/unopenable", test_unopenable);
  g_test_add_func ("/db/unknown-scheme", test_unknown_scheme);
  g_test_add_func ("/db/read-only", test_read_only);
  g_test_add_func ("/db/full", test_full);
  g_test_add_func ("/db/busy-can-be-cancelled", test_busy_can_be_cancelled);
  g_test_add_func ("/db/time-limit", test_time_limit);
  g_test_add_func ("/db/savepoint", test_savepoint);
  g_test_add_func ("/db/changed-tables", test_changed_tables);
  g_test_add_func ("/db/data-version", test_data_version);
  g_test_add_func ("/db/back-up", test_back_up);
  g_test_add_func ("/db/integrity", test_integrity);

  return g_test_run ();
}
