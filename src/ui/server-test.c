/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-server-test"

#include "config.h"

#include "store/sqlite-license-server.h"
#include "ui/server-test.h"

typedef struct
{
  LkWorkspace *workspace;
  LkServerProfile *profile;
} Opening;

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->workspace);
  lk_server_profile_free (opening->profile);
  g_free (opening);
}

/* On a pool thread: opening reads the file. */
static gpointer
open_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Opening *opening = data;

  return lk_workspace_open_server (opening->workspace, opening->profile, error);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gint64 count = lk_license_server_count_finish (LK_LICENSE_SERVER (source), result, &error);

  lk_license_server_close (LK_LICENSE_SERVER (source));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize) count);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (LkLicenseServer) server = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  g_autoptr (LkClause) everything = NULL;
  g_autoptr (LkLicenseQuery) query = NULL;

  if (server == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  everything = lk_clause_new_everything ();
  query = lk_license_query_new (everything);
  lk_license_server_count_async (server, query, g_task_get_cancellable (task), counted_cb,
                                 g_object_ref (task));
}

/**
 * lk_server_test_async:
 * @context: the services
 * @profile: what to try, saved or not
 * @cancellable: (nullable): to give up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Opens the database and counts its licenses.
 */
void
lk_server_test_async (LkContext *context, const LkServerProfile *profile, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (context, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);

  opening->workspace = g_object_ref (lk_context_get_workspace (context));
  opening->profile = lk_server_profile_copy (profile);
  g_task_set_source_tag (task, lk_server_test_async);
  lk_db_pool_read_async (lk_context_get_pool (context), open_job, opening,
                         (GDestroyNotify) opening_free, g_object_unref, cancellable, opened_cb,
                         task);
}

/**
 * lk_server_test_finish:
 * @result: what the callback got
 * @error: why it cannot be used
 *
 * Returns: how many licenses there are; -1 on error
 */
gint64
lk_server_test_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

/* On a pool thread. */
static gpointer
create_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_sqlite_license_server_create (data, error) ? g_strdup (data) : NULL;
}

/**
 * lk_server_create_async:
 * @context: the services
 * @path: where to make an empty license database
 * @cancellable: (nullable): to give up
 * @callback: called in the main loop
 * @user_data: for @callback
 */
void
lk_server_create_async (LkContext *context, const char *path, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  lk_db_pool_read_async (lk_context_get_pool (context), create_job, g_strdup (path), g_free, g_free,
                         cancellable, callback, user_data);
}

/* Returns: whether there is a license database now */
gboolean
lk_server_create_finish (LkContext *context, GAsyncResult *result, GError **error)
{
  g_autofree char *path = lk_db_pool_finish (lk_context_get_pool (context), result, error);

  return path != NULL;
}
