/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-servers"

#include "config.h"

#include "engine/servers.h"
#include "store/server-store.h"

struct _LkServers
{
  GObject parent_instance;

  LkWorkspace *workspace;
  GHashTable *open; /* server id to OpenServer */
};

typedef struct
{
  char *uri;
  LkLicenseServer *server;
} OpenServer;

/* Somebody who wants a server. */
typedef struct
{
  gint64 server_id;
  char *open_uri;               /* (nullable): the address under which it is open already */
  LkLicenseServer *open_server; /* (nullable): that one */
  LkServerProfile *profile;     /* (nullable): until it was read */
} Request;

G_DEFINE_FINAL_TYPE (LkServers, lk_servers, G_TYPE_OBJECT)

/* Whoever still works with it keeps it alive; it is closed with the last of them. */
static void
open_server_free (OpenServer *self)
{
  g_free (self->uri);
  g_clear_object (&self->server);
  g_free (self);
}

static Request *
request_new (LkServers *self, gint64 server_id)
{
  Request *request = g_new0 (Request, 1);
  OpenServer *open = g_hash_table_lookup (self->open, &server_id);

  request->server_id = server_id;
  if (open != NULL)
    {
      request->open_uri = g_strdup (open->uri);
      request->open_server = g_object_ref (open->server);
    }
  return request;
}

static void
request_free (Request *self)
{
  g_free (self->open_uri);
  g_clear_object (&self->open_server);
  g_clear_pointer (&self->profile, lk_server_profile_free);
  g_free (self);
}

/* On a pool thread: opening reads the file, and its disk may be slow. */
static gpointer
open_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  LkServers *self = g_task_get_source_object (data);
  Request *request = g_task_get_task_data (data);

  request->profile = lk_server_store_get (db, request->server_id, error);
  if (request->profile == NULL)
    return NULL;

  if (g_strcmp0 (request->open_uri, request->profile->uri) == 0
      && !lk_license_server_is_replaced (request->open_server))
    return g_object_ref (request->open_server);
  return lk_workspace_open_server (self->workspace, request->profile, error);
}

/* Returns: (transfer none) (nullable): the server of @profile, when it is open under its present
 * address */
static LkLicenseServer *
find_open (LkServers *self, const LkServerProfile *profile)
{
  OpenServer *open = g_hash_table_lookup (self->open, &profile->id);

  return open != NULL && g_str_equal (open->uri, profile->uri) ? open->server : NULL;
}

static void
remember (LkServers *self, const LkServerProfile *profile, LkLicenseServer *server)
{
  OpenServer *open = g_new0 (OpenServer, 1);

  open->uri = g_strdup (profile->uri);
  open->server = g_object_ref (server);
  g_hash_table_replace (self->open, g_memdup2 (&profile->id, sizeof profile->id), open);
}

/* Who asked at the same time may have opened it, too: the first one stays, unless it is the one
 * whose database was replaced. */
static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LkServers *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLicenseServer) server = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  LkLicenseServer *first;

  if (server == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  first = find_open (self, request->profile);
  if (first == NULL || (first == request->open_server && first != server))
    remember (self, request->profile, server);
  else if (first != server)
    {
      lk_license_server_close (server);
      g_set_object (&server, first);
    }
  g_task_return_pointer (task, g_steal_pointer (&server), g_object_unref);
}

static void
lk_servers_dispose (GObject *object)
{
  LkServers *self = LK_SERVERS (object);

  g_clear_pointer (&self->open, g_hash_table_unref);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (lk_servers_parent_class)->dispose (object);
}

static void
lk_servers_class_init (LkServersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_servers_dispose;
}

static void
lk_servers_init (LkServers *self)
{
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                      (GDestroyNotify) open_server_free);
}

/**
 * lk_servers_new:
 * @workspace: whose profiles are opened
 *
 * Returns: (transfer full): no open servers
 */
LkServers *
lk_servers_new (LkWorkspace *workspace)
{
  LkServers *self = g_object_new (LK_TYPE_SERVERS, NULL);

  self->workspace = g_object_ref (workspace);

  return self;
}

/**
 * lk_servers_close:
 * @self: the servers
 *
 * Closes all of them, which ends what they are doing.
 */
void
lk_servers_close (LkServers *self)
{
  GHashTableIter iter;
  gpointer open;

  g_return_if_fail (LK_IS_SERVERS (self));

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &open))
    lk_license_server_close (((OpenServer *) open)->server);
  g_hash_table_remove_all (self->open);
}

/**
 * lk_servers_open_async:
 * @self: the servers
 * @server_id: the profile
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Hands out the license server of a profile.
 */
void
lk_servers_open_async (LkServers *self, gint64 server_id, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_SERVERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_servers_open_async);
  g_task_set_task_data (task, request_new (self, server_id), (GDestroyNotify) request_free);
  lk_db_pool_read_async (lk_workspace_get_pool (self->workspace), open_job, task, NULL,
                         g_object_unref, cancellable, opened_cb, task);
}

/**
 * lk_servers_open_finish:
 * @self: the servers
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND for an unknown profile, or why it cannot be opened
 *
 * Returns: (transfer full) (nullable): the server
 */
LkLicenseServer *
lk_servers_open_finish (LkServers *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
