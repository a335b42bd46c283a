/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/clause.h"
#include "core/search.h"
#include "core/signature.h"
#include "core/task.h"
#include "store/sample-workspace.h"
#include "store/search-store.h"
#include "store/server-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"
#include "store/workspace-check.h"
#include "support/test-folder.h"

#define N_LICENSES 50
#define PORT       18787

static const LkInstant now = 1614265330 * LK_SECOND; /* 2021-02-25 15:02:10 UTC */

typedef struct
{
  TestFolder *folder;
  LkWorkspace *workspace;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = test_folder_new ();
  path = test_folder_get_path (fixture->folder, "workspace");
  g_assert_true (lk_workspace_create (path, &error));
  fixture->workspace = lk_workspace_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (lk_sample_workspace_fill (fixture->workspace, N_LICENSES, PORT, now, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  lk_workspace_close (fixture->workspace);
  g_object_unref (fixture->workspace);
  test_folder_free (fixture->folder);
}

static gpointer
assert_searches_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) searches = lk_search_store_list (db, error);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / LK_SECOND);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (utc, NULL);

  g_assert_cmpuint (searches->len, >=, 2);
  for (guint i = 0; i < searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (searches, i);
      g_autoptr (LkClause) clause = lk_clause_new (search->sql, -1, context);

      lk_clause_check (clause, error);
      g_assert_no_error (*error);
      g_assert_cmpuint (lk_clause_get_problems (clause)->len, ==, 0); /* nor a warning */
    }

  return NULL;
}

static void
test_searches (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lk_db_pool_read_sync (lk_workspace_get_pool (fixture->workspace), assert_searches_job, NULL, NULL,
                        &error);
  g_assert_no_error (error);
}

static gpointer
assert_task_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkTask) task = lk_task_store_find (db, LK_SAMPLE_TASK, error);
  g_autoptr (LkSearch) search = NULL;
  g_autoptr (LkServerProfile) server = NULL;
  char **secrets;

  g_assert_no_error (*error);
  search = lk_search_store_get (db, task->search_id, error);
  server = lk_server_store_get_default (db, error);
  secrets = lk_task_secret_list (db, task->id, now, NULL, error);
  g_assert_no_error (*error);

  g_assert_cmpstr (search->name, ==, LK_SAMPLE_SEARCH);
  g_assert_cmpstr (server->name, ==, LK_SAMPLE_SERVER);
  g_assert_cmpint (task->server_id, ==, server->id);
  g_assert_cmpstr (task->url, ==, "http://127.0.0.1:18787/webhook");
  g_assert_true (task->enabled && task->webhook_enabled && task->has_secret);
  g_assert_cmpint (task->next_due_at, >, now);
  g_assert_cmpint (task->next_due_at, <=, now + LK_DAY);
  g_assert_true (lk_secret_check (secrets[0], NULL));
  lk_task_secret_list_free (secrets);

  return NULL;
}

static void
test_task (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lk_db_pool_read_sync (lk_workspace_get_pool (fixture->workspace), assert_task_job, NULL, NULL,
                        &error);
  g_assert_no_error (error);
}

static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_sample_workspace_fill (fixture->workspace, N_LICENSES, PORT, now, &error));
  g_assert_nonnull (error);
}

static gpointer
check_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_workspace_check (db, error);
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = lk_db_pool_read_sync (lk_workspace_get_pool (fixture->workspace),
                                                         check_job, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/sample-workspace/searches", Fixture, NULL, set_up, test_searches, tear_down);
  g_test_add ("/sample-workspace/task", Fixture, NULL, set_up, test_task, tear_down);
  g_test_add ("/sample-workspace/twice", Fixture, NULL, set_up, test_twice, tear_down);
  g_test_add ("/sample-workspace/check", Fixture, NULL, set_up, test_check, tear_down);

  return g_test_run ();
}
