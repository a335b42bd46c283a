/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/search.h"
#include "core/server-profile.h"
#include "core/task.h"
#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_CATALOG (lk_catalog_get_type ())
G_DECLARE_FINAL_TYPE (LkCatalog, lk_catalog, LK, CATALOG, GObject)

/**
 * LkCatalog:
 *
 * The workspace's License Servers, Searches and Scheduled Tasks as last read, for the widgets that
 * list them. It reads them when it is made and again after every change of one of them, whoever
 * made it.
 *
 * Signals: LkCatalog::changed, after each reading, successful or not.
 *
 * Thread: the main loop; the reading happens on a pool thread.
 */
LkCatalog *lk_catalog_new (LkContext *context);
LkCatalog *lk_catalog_new_read (LkContext *context);

gboolean lk_catalog_is_loaded (LkCatalog *self);
const GError *lk_catalog_get_error (LkCatalog *self);
GPtrArray *lk_catalog_get_servers (LkCatalog *self);
GPtrArray *lk_catalog_get_searches (LkCatalog *self);
GPtrArray *lk_catalog_get_tasks (LkCatalog *self);
const LkServerProfile *lk_catalog_find_server (LkCatalog *self, gint64 id);
const LkServerProfile *lk_catalog_get_default_server (LkCatalog *self);
const LkSearch *lk_catalog_find_search (LkCatalog *self, gint64 id);
const LkTask *lk_catalog_get_next_task (LkCatalog *self);

G_END_DECLS
