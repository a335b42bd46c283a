/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-lookup"

#include "config.h"

#include "agent/license-print.h"
#include "agent/lookup.h"
#include "store/search-store.h"
#include "store/server-store.h"
#include "store/task-store.h"

static gpointer
find_task_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  return lk_task_store_find (db, name, error);
}

static gpointer
find_search_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  return lk_search_store_find (db, name, error);
}

static gpointer
find_server_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  return name != NULL ? lk_server_store_find (db, name, error)
                      : lk_server_store_get_default (db, error);
}

static gpointer
get_server_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_server_store_get (db, ((const LkTask *) data)->server_id, error);
}

/**
 * lk_lookup_task:
 * @call: the call
 * @name: a task's name
 * @error: %LK_ERROR_NOT_FOUND when there is none of that name
 *
 * Returns: (transfer full): the task
 */
LkTask *
lk_lookup_task (LkCall *call, const char *name, GError **error)
{
  return lk_call_read (call, find_task_job, (gpointer) name, error);
}

/**
 * lk_lookup_search:
 * @call: the call
 * @name: a search's name
 * @error: %LK_ERROR_NOT_FOUND when there is none of that name
 *
 * Returns: (transfer full): the search
 */
LkSearch *
lk_lookup_search (LkCall *call, const char *name, GError **error)
{
  return lk_call_read (call, find_search_job, (gpointer) name, error);
}

/**
 * lk_lookup_server:
 * @call: the call
 * @name: (nullable): a license server's name; %NULL for the default one
 * @error: %LK_ERROR_NOT_FOUND when there is none
 *
 * Returns: (transfer full): the server's profile
 */
LkServerProfile *
lk_lookup_server (LkCall *call, const char *name, GError **error)
{
  return lk_call_read (call, find_server_job, (gpointer) name, error);
}

/**
 * lk_lookup_open_server:
 * @call: the call
 * @name: (nullable): a license server's name; %NULL for the default one
 * @error: %LK_ERROR_NOT_FOUND when there is none, or %LK_ERROR_FAILED with the reason why it does
 *   not open
 *
 * Returns: (transfer full): the open server, to be closed by lk_license_server_close()
 */
LkLicenseServer *
lk_lookup_open_server (LkCall *call, const char *name, GError **error)
{
  g_autoptr (LkServerProfile) profile = lk_lookup_server (call, name, error);
  g_autoptr (GError) reason = NULL;
  LkLicenseServer *server;

  if (profile == NULL)
    return NULL;

  server = lk_workspace_open_server (lk_call_open (call, NULL), profile, &reason);
  if (server == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED, "%s", reason->message);

  return server;
}

/**
 * lk_lookup_license:
 * @call: the call
 * @task: a task
 * @key: an activation key
 * @error: %LK_ERROR_NOT_FOUND when the task's license server has no license with that key
 *
 * Returns: (transfer full): the license
 */
LkLicense *
lk_lookup_license (LkCall *call, const LkTask *task, const char *key, GError **error)
{
  g_autoptr (LkServerProfile) profile = lk_call_read (call, get_server_job, (gpointer) task, error);
  g_autoptr (LkLicenseServer) server = NULL;
  LkLicense *license;

  if (profile == NULL)
    return NULL;

  server = lk_workspace_open_server (lk_call_open (call, NULL), profile, error);
  if (server == NULL)
    return NULL;

  license = lk_license_find_by_key (server, key, error);
  lk_license_server_close (server);

  return license;
}
