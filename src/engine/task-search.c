/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-search"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "engine/task-search.h"
#include "store/search-store.h"

/* The data of the task. */
typedef struct
{
  LkTask *task;
  LkTaskSearch *result;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->result, lk_task_search_free);
  g_free (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->result->server = lk_servers_open_finish (LK_SERVERS (source), result, &error);
  if (self->result->server == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result),
                           (GDestroyNotify) lk_task_search_free);
}

static gpointer
load_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const LkTask *task = data;
  LkSearch *search = lk_search_store_get (db, task->search_id, error);

  if (search == NULL)
    g_prefix_error (error, _ ("the search of the task “%s”: "), task->name);

  return search;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->result->search = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (self->result->search == NULL)
    g_task_return_error (task, error);
  else
    lk_servers_open_async (g_task_get_source_object (task), self->task->server_id,
                           g_task_get_cancellable (task), opened_cb, g_object_ref (task));
}

/**
 * lk_task_search_free:
 * @self: (transfer full): what was opened; the server stays open for others
 */
void
lk_task_search_free (LkTaskSearch *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->search, lk_search_free);
  g_clear_object (&self->server);
  g_free (self);
}

/**
 * lk_task_search_open_async:
 * @servers: opens the license server
 * @pool: the workspace
 * @task: a scheduled task, saved or not
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Loads the search that the task runs and opens the license server that it runs on.
 */
void
lk_task_search_open_async (LkServers *servers, LkDbPool *pool, const LkTask *task,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *opening;
  Opening *self;

  g_return_if_fail (LK_IS_SERVERS (servers) && task != NULL);

  opening = g_task_new (servers, cancellable, callback, user_data);
  g_task_set_source_tag (opening, lk_task_search_open_async);
  self = g_new0 (Opening, 1);
  self->task = lk_task_copy (task);
  self->result = g_new0 (LkTaskSearch, 1);
  g_task_set_task_data (opening, self, opening_free);
  lk_db_pool_read_async (pool, load_job, self->task, NULL, (GDestroyNotify) lk_search_free,
                         cancellable, loaded_cb, opening);
}

/**
 * lk_task_search_open_finish:
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND when the search or the server is gone; else why it does not open
 *
 * Returns: (transfer full) (nullable): search and server
 */
LkTaskSearch *
lk_task_search_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
