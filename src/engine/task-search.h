/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/search.h"
#include "core/task.h"
#include "engine/servers.h"

G_BEGIN_DECLS

/**
 * LkTaskSearch:
 * @search: the search of a task, as it is stored
 * @server: the license server that it runs on, open
 *
 * What has to be at hand before a task can be asked anything.
 */
typedef struct
{
  LkSearch *search;
  LkLicenseServer *server;
} LkTaskSearch;

void lk_task_search_free (LkTaskSearch *self);

void lk_task_search_open_async (LkServers *servers, LkDbPool *pool, const LkTask *task,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
LkTaskSearch *lk_task_search_open_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTaskSearch, lk_task_search_free)

G_END_DECLS
