/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sqlite3.h>

#include "store/query.h"
#include "store/workspace.h"
#include "support/test-folder.h"

typedef struct
{
  TestFolder *folder;
  LkWorkspace *workspace;
  LkWorkspace *other; /* as another process would have it */
  int changes;
  int n_signals;
  int n_servers; /* at the last one that count_cb() saw */
} Fixture;

static void
changed_cb (LkChangeFeed *feed, int changes, Fixture *fixture)
{
  fixture->changes |= changes;
  fixture->n_signals++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;

  fixture->folder = test_folder_new ();
  path = test_folder_get_path (fixture->folder, ".");
  g_assert_true (lk_workspace_create (path, NULL));
  fixture->workspace = lk_workspace_open (path, NULL);
  fixture->other = lk_workspace_open (path, NULL);
  g_signal_connect (lk_workspace_get_change_feed (fixture->workspace), "changed",
                    G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  lk_workspace_close (fixture->workspace);
  lk_workspace_close (fixture->other);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->workspace);
  g_assert_finalize_object (fixture->other);
  test_folder_free (fixture->folder);
}

static gpointer
execute_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_db_execute (db, data, error));
}

static void
execute (LkWorkspace *workspace, const char *sql)
{
  g_autoptr (GError) error = NULL;

  lk_db_pool_write_sync (lk_workspace_get_pool (workspace), execute_job, (gpointer) sql, NULL,
                         &error);
  g_assert_no_error (error);
}

static gboolean
over_cb (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_ms (guint ms)
{
  gboolean is_over = FALSE;

  g_timeout_add (ms, over_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

#define INSERT_SERVER                                                                              \
  "INSERT INTO server (name, name_key, uri, is_default) VALUES ('%s', '%s', 'sqlite:x', 0)"

static void
insert_server (LkWorkspace *workspace, const char *name)
{
  g_autofree char *sql = g_strdup_printf (INSERT_SERVER, name, name);

  execute (workspace, sql);
}

static void
test_own (Fixture *fixture, gconstpointer data)
{
  insert_server (fixture->workspace, "a");
  test_until (fixture->n_signals > 0, 10);
  g_assert_cmphex (fixture->changes, ==, LK_CHANGE_SERVERS);
  wait_ms (1500); /* its own write is not taken for another's */
  g_assert_cmphex (fixture->changes, ==, LK_CHANGE_SERVERS);
  g_assert_cmpint (fixture->n_signals, ==, 1);
}

static void
test_gathers (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%d", i);

      insert_server (fixture->workspace, name);
    }
  test_until (fixture->n_signals > 0, 10);
  wait_ms (200);
  g_assert_cmpint (fixture->n_signals, <=, 3);
}

/* What was committed is told before anything more can gather. */
static void
test_flush (Fixture *fixture, gconstpointer data)
{
  LkChangeFeed *feed = lk_workspace_get_change_feed (fixture->workspace);

  insert_server (fixture->workspace, "a");
  test_until (fixture->n_signals > 0, 10);
  insert_server (fixture->workspace, "b");
  lk_change_feed_flush (feed);
  g_assert_cmpint (fixture->n_signals, ==, 2);
  lk_change_feed_flush (feed);
  wait_ms (200);
  g_assert_cmpint (fixture->n_signals, ==, 2);
}

static void
test_others (Fixture *fixture, gconstpointer data)
{
  wait_ms (100);
  insert_server (fixture->other, "b");
  test_until (fixture->n_signals > 0, 10);
  g_assert_cmphex (fixture->changes, ==, LK_CHANGE_ANY);

  fixture->n_signals = 0;
  wait_ms (100);
  insert_server (fixture->other, "c");
  test_until (fixture->n_signals > 0, 10);
}

/* An own write right after another's must not hide it: the file looks as the own one left it. */
static void
test_others_before_own (Fixture *fixture, gconstpointer data)
{
  wait_ms (100);
  insert_server (fixture->workspace, "a");
  test_until (fixture->n_signals > 0, 10);
  wait_ms (200);

  insert_server (fixture->other, "b");
  insert_server (fixture->workspace, "c");
  test_until (fixture->changes == LK_CHANGE_ANY, 10);
}

/* After an own write the file wakes nobody for a moment: another's is found when that is over. */
static void
test_others_after_own (Fixture *fixture, gconstpointer data)
{
  for (guint gap_ms = 0; gap_ms <= 80; gap_ms += 10)
    {
      g_autofree char *own = g_strdup_printf ("own %u", gap_ms);
      g_autofree char *others = g_strdup_printf ("other %u", gap_ms);

      wait_ms (100);
      insert_server (fixture->workspace, own);
      wait_ms (gap_ms);
      fixture->changes = 0;
      insert_server (fixture->other, others);
      test_until (fixture->changes == LK_CHANGE_ANY, 10);
    }
}

/* Another process whose disk takes its time: a commit lies in the file before it is visible. */
static int sync_ms;
static sqlite3_io_methods slow_methods;
static const sqlite3_io_methods *usual_methods;

static int
sync_slowly (sqlite3_file *file, int flags)
{
  g_usleep (sync_ms * 1000);
  return usual_methods->xSync (file, flags);
}

static void
slow_down (sqlite3 *db)
{
  sqlite3_file *wal;

  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal), ==,
                   SQLITE_OK);
  usual_methods = wal->pMethods;
  slow_methods = *usual_methods;
  slow_methods.xSync = sync_slowly;
  wal->pMethods = &slow_methods;
}

static void
insert_slowly (sqlite3 *db, const char *name, int ms)
{
  g_autofree char *sql = g_strdup_printf (INSERT_SERVER, name, name);

  sync_ms = ms;
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static gpointer
burst_thread (gpointer db)
{
  insert_slowly (db, "first", 0);
  g_usleep (40 * 1000);
  insert_slowly (db, "last", 60);
  return NULL;
}

static gpointer
count_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 n = 0;

  return lk_query_int (db, "SELECT count(*) FROM server", NULL, &n, error)
             ? GINT_TO_POINTER ((int) n)
             : NULL;
}

static void
count_cb (LkChangeFeed *feed, int changes, Fixture *fixture)
{
  fixture->n_servers = GPOINTER_TO_INT (lk_db_pool_read_sync (
      lk_workspace_get_pool (fixture->workspace), count_job, NULL, NULL, NULL));
}

/* The look that finds the first commit sees the file as the last one leaves it. */
static void
test_last_of_burst (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = test_folder_get_path (fixture->folder, "workspace.db");
  GThread *thread;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  insert_slowly (db, "before", 0);
  slow_down (db);
  g_signal_connect (lk_workspace_get_change_feed (fixture->workspace), "changed",
                    G_CALLBACK (count_cb), fixture);
  wait_ms (1600);

  thread = g_thread_new ("burst", burst_thread, db);
  test_until (fixture->n_servers == 3, 10);
  g_thread_join (thread);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
exec (sqlite3 *db, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* What was written and undone is looked for in vain, with growing patience; a commit that comes
 * then does not wait for the end of it. */
static void
test_after_rollback (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = test_folder_get_path (fixture->folder, "workspace.db");
  gint64 committed;
  sqlite3 *db;

  wait_ms (100);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  exec (db, "PRAGMA cache_size = 1; BEGIN");
  exec (db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
            " INSERT INTO server (name, name_key, uri, is_default)"
            " SELECT i, i, hex (zeroblob (2000)), 0 FROM n");
  exec (db, "ROLLBACK");
  wait_ms (400);
  g_assert_cmpint (fixture->n_signals, ==, 0);

  insert_slowly (db, "later", 0);
  committed = g_get_monotonic_time ();
  test_until (fixture->n_signals > 0, 10);
  g_assert_cmpint (g_get_monotonic_time () - committed, <, 600 * 1000);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_nothing_changed (Fixture *fixture, gconstpointer data)
{
  execute (fixture->workspace, "UPDATE server SET name = 'x' WHERE id = 99");
  wait_ms (200);
  g_assert_cmpint (fixture->n_signals, ==, 0);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  lk_change_feed_close (lk_workspace_get_change_feed (fixture->workspace));
  insert_server (fixture->workspace, "a");
  insert_server (fixture->other, "b");
  wait_ms (200);
  g_assert_cmpint (fixture->n_signals, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/change-feed/own", test_own);
  ADD ("/change-feed/gathers", test_gathers);
  ADD ("/change-feed/flush", test_flush);
  ADD ("/change-feed/others", test_others);
  ADD ("/change-feed/others-before-own", test_others_before_own);
  ADD ("/change-feed/others-after-own", test_others_after_own);
  ADD ("/change-feed/last-of-burst", test_last_of_burst);
  ADD ("/change-feed/after-rollback", test_after_rollback);
  ADD ("/change-feed/nothing-changed", test_nothing_changed);
  ADD ("/change-feed/closed", test_closed);
#undef ADD

  return g_test_run ();
}
