/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/db-pool.h"
#include "support/test-folder.h"

typedef struct
{
  TestFolder *folder;
  LkDbPool *pool;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;
  LkDb *writer;

  fixture->folder = test_folder_new ();
  uri = test_folder_get_uri (fixture->folder, "a.db");
  writer = lk_db_open (uri, LK_DB_CREATE, &error);
  g_assert_no_error (error);
  fixture->pool = lk_db_pool_new (writer, uri, LK_DB_DEFAULT, 2, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  lk_db_pool_close (fixture->pool);
  g_assert_finalize_object (fixture->pool);
  test_folder_free (fixture->folder);
}

static gpointer
execute_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_db_execute (db, data, error));
}

static gpointer
query_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (db, data, error);

  if (statement == NULL || lk_statement_step (statement, error) != LK_STEP_ROW)
    return NULL;
  return lk_statement_dup_text (statement, 0);
}

static void
execute (LkDbPool *pool, const char *sql)
{
  g_autoptr (GError) error = NULL;

  lk_db_pool_write_sync (pool, execute_job, (gpointer) sql, NULL, &error);
  g_assert_no_error (error);
}

static char *
query (LkDbPool *pool, const char *sql)
{
  g_autoptr (GError) error = NULL;
  char *text = lk_db_pool_read_sync (pool, query_job, (gpointer) sql, NULL, &error);

  g_assert_no_error (error);
  return text;
}

static void
count_commit_cb (LkDb *db, GPtrArray *tables, gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

/* Blocks the writer until the test lets go of the lock. */
static gpointer
blocking_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_mutex_lock (data);
  g_mutex_unlock (data);
  return GINT_TO_POINTER (lk_db_execute (db, "INSERT INTO t VALUES (1)", error));
}

static void
test_order_and_shared_commit (Fixture *fixture, gconstpointer data)
{
  GAsyncResult *results[5] = { NULL };
  g_autofree char *found = NULL;
  GMutex lock;
  int n_commits = 0;

  execute (fixture->pool, "CREATE TABLE t (x UNIQUE)");
  lk_db_pool_set_commit_func (fixture->pool, count_commit_cb, &n_commits);
  g_mutex_init (&lock);
  g_mutex_lock (&lock);
  lk_db_pool_write_async (fixture->pool, blocking_job, &lock, NULL, NULL, NULL, test_result_cb,
                          &results[0]);
  for (int i = 1; i < 5; i++)
    {
      /* The third inserts a value that is there already and is undone alone. */
      char *sql = g_strdup_printf ("INSERT INTO t VALUES (%d)", i == 3 ? 1 : i + 1);

      lk_db_pool_write_async (fixture->pool, execute_job, sql, g_free, NULL, NULL, test_result_cb,
                              &results[i]);
    }
  g_mutex_unlock (&lock);

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      test_wait (&results[i]);
      lk_db_pool_finish (fixture->pool, results[i], &error);
      if (i == 3)
        g_assert_error (error, LK_ERROR, LK_ERROR_EXISTS);
      else
        g_assert_no_error (error);
      g_object_unref (results[i]);
    }
  found = query (fixture->pool, "SELECT group_concat (x) FROM (SELECT x FROM t ORDER BY rowid)");
  g_assert_cmpstr (found, ==, "1,2,3,5");
  g_assert_cmpint (n_commits, ==, 1);
  lk_db_pool_set_commit_func (fixture->pool, NULL, NULL);
  g_mutex_clear (&lock);
}

/* The first of a group, too, is undone alone, and as a whole. */
static void
test_first_of_a_group_fails (Fixture *fixture, gconstpointer data)
{
  static const char *const changes[] = {
    "INSERT INTO t VALUES (2); INSERT INTO t VALUES (1)",
    "INSERT INTO t VALUES (3)",
    "INSERT INTO t VALUES (4)",
  };
  GAsyncResult *results[G_N_ELEMENTS (changes)] = { NULL };
  g_autofree char *found = NULL;

  execute (fixture->pool, "CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES (1)");
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    lk_db_pool_write_async (fixture->pool, execute_job, (gpointer) changes[i], NULL, NULL, NULL,
                            test_result_cb, &results[i]);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;

      test_wait (&results[i]);
      lk_db_pool_finish (fixture->pool, results[i], &error);
      if (i == 0)
        g_assert_error (error, LK_ERROR, LK_ERROR_EXISTS);
      else
        g_assert_no_error (error);
      g_object_unref (results[i]);
    }
  found = query (fixture->pool, "SELECT group_concat (x) FROM (SELECT x FROM t ORDER BY rowid)");
  g_assert_cmpstr (found, ==, "1,3,4");
}

static void
test_cancelled_change_harms_no_other (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) before = NULL;
  g_autoptr (GAsyncResult) endless = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  const char *sql = "INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                    " SELECT i FROM n WHERE i < 0";

  execute (fixture->pool, "CREATE TABLE t (x)");
  lk_db_pool_write_async (fixture->pool, execute_job, (gpointer) "INSERT INTO t VALUES (1)", NULL,
                          NULL, NULL, test_result_cb, &before);
  lk_db_pool_write_async (fixture->pool, execute_job, (gpointer) sql, NULL, NULL, cancellable,
                          test_result_cb, &endless);
  test_wait (&before);
  lk_db_pool_finish (fixture->pool, before, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  test_wait (&endless);
  lk_db_pool_finish (fixture->pool, endless, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  found = query (fixture->pool, "SELECT count (*) FROM t");
  g_assert_cmpstr (found, ==, "1");
}

static void
test_full_disk_fails_every_job (Fixture *fixture, gconstpointer data)
{
  GAsyncResult *results[3] = { NULL };
  static const char *const sql[] = { NULL, "INSERT INTO t VALUES (zeroblob (4000000))",
                                     "INSERT INTO t VALUES (3)" };
  g_autofree char *found = NULL;
  GMutex lock;

  execute (fixture->pool, "CREATE TABLE t (x)");
  execute (fixture->pool, "PRAGMA max_page_count=20");
  g_mutex_init (&lock);
  g_mutex_lock (&lock);
  for (int i = 0; i < 3; i++)
    lk_db_pool_write_async (fixture->pool, i == 0 ? blocking_job : execute_job,
                            i == 0 ? (gpointer) &lock : (gpointer) sql[i], NULL, NULL, NULL,
                            test_result_cb, &results[i]);
  g_mutex_unlock (&lock);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      test_wait (&results[i]);
      lk_db_pool_finish (fixture->pool, results[i], &error);
      if (i < 2)
        g_assert_error (error, LK_ERROR, LK_ERROR_FULL);
      else
        g_assert_no_error (error);
      g_object_unref (results[i]);
    }
  /* What was told to have failed is not there, what was told to be durable is. */
  found = query (fixture->pool, "SELECT group_concat (x) FROM t");
  g_assert_cmpstr (found, ==, "3");
  g_mutex_clear (&lock);
}

static void
test_cancel_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const char *sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                    " SELECT count (*) FROM n";

  lk_db_pool_read_async (fixture->pool, query_job, (gpointer) sql, NULL, g_free, cancellable,
                         test_result_cb, &result);
  test_iterate ();
  g_cancellable_cancel (cancellable);
  test_wait (&result);
  g_assert_null (lk_db_pool_finish (fixture->pool, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_close_writes_what_waits (void)
{
  Fixture fixture;
  GAsyncResult *results[20] = { NULL };
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GAsyncResult) late = NULL;
  g_autoptr (GError) error = NULL;
  const char *endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                        " SELECT count (*) FROM n";

  set_up (&fixture, NULL);
  execute (fixture.pool, "CREATE TABLE t (x)");
  lk_db_pool_read_async (fixture.pool, query_job, (gpointer) endless, NULL, g_free, NULL,
                         test_result_cb, &read);
  for (int i = 0; i < 20; i++)
    lk_db_pool_write_async (fixture.pool, execute_job, (gpointer) "INSERT INTO t VALUES (1)", NULL,
                            NULL, NULL, test_result_cb, &results[i]);
  lk_db_pool_close (fixture.pool);
  lk_db_pool_write_async (fixture.pool, execute_job, (gpointer) "INSERT INTO t VALUES (1)", NULL,
                          NULL, NULL, test_result_cb, &late);

  for (int i = 0; i < 20; i++)
    {
      test_wait (&results[i]);
      g_assert_true (lk_db_pool_finish (fixture.pool, results[i], NULL) != NULL);
      g_object_unref (results[i]);
    }
  test_wait (&read);
  g_assert_null (lk_db_pool_finish (fixture.pool, read, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  test_wait (&late);
  lk_db_pool_finish (fixture.pool, late, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&read);
  g_clear_object (&late);
  tear_down (&fixture, NULL);
}

/* Nobody holds the pool but its jobs: it must not be finalized by its own thread. */
static void
test_unref_while_busy (void)
{
  Fixture fixture;
  g_autoptr (GAsyncResult) result = NULL;

  set_up (&fixture, NULL);
  lk_db_pool_write_async (fixture.pool, execute_job, (gpointer) "CREATE TABLE t (x)", NULL, NULL,
                          NULL, test_result_cb, &result);
  g_object_unref (fixture.pool);
  test_wait (&result);
  g_clear_object (&result);
  test_folder_free (fixture.folder);
}

static gpointer
same_context_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *text = NULL;

  g_main_context_push_thread_default (context);
  lk_db_pool_read_async (data, query_job, (gpointer) "SELECT 'x'", NULL, g_free, NULL,
                         test_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  text = lk_db_pool_finish (data, result, NULL);
  g_assert_cmpstr (text, ==, "x");
  g_clear_object (&result);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_completes_where_asked (Fixture *fixture, gconstpointer data)
{
  g_thread_join (g_thread_new ("other", same_context_thread, fixture->pool));
}

static void
test_read_is_one_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* A reader that could write would not be one. */
  lk_db_pool_read_sync (fixture->pool, execute_job, (gpointer) "CREATE TABLE t (x)", NULL, &error);
  g_assert_error (error, LK_ERROR, LK_ERROR_READ_ONLY);
}

static gpointer
in_transaction_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_db_in_transaction (db) ? 1 : 2);
}

static void
test_inspect_is_outside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_db_pool_inspect_async (fixture->pool, in_transaction_job, NULL, NULL, NULL, NULL,
                            test_result_cb, &result);
  test_wait (&result);
  g_assert_cmpint (GPOINTER_TO_INT (lk_db_pool_finish (fixture->pool, result, NULL)), ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/db-pool/order-and-shared-commit", test_order_and_shared_commit);
  ADD ("/db-pool/first-of-a-group-fails", test_first_of_a_group_fails);
  ADD ("/db-pool/cancelled-change-harms-no-other", test_cancelled_change_harms_no_other);
  ADD ("/db-pool/full-disk-fails-every-job", test_full_disk_fails_every_job);
  ADD ("/db-pool/cancel-read", test_cancel_read);
  ADD ("/db-pool/completes-where-asked", test_completes_where_asked);
  ADD ("/db-pool/read-is-one-snapshot", test_read_is_one_snapshot);
  ADD ("/db-pool/inspect-is-outside", test_inspect_is_outside);
#undef ADD
  g_test_add_func ("/db-pool/close-writes-what-waits", test_close_writes_what_waits);
  g_test_add_func ("/db-pool/unref-while-busy", test_unref_while_busy);

  return g_test_run ();
}
