/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server-profile.h"
#include "store/change-feed.h"
#include "store/db-pool.h"
#include "store/license-server.h"

G_BEGIN_DECLS

#define LK_TYPE_WORKSPACE (lk_workspace_get_type ())
G_DECLARE_FINAL_TYPE (LkWorkspace, lk_workspace, LK, WORKSPACE, GObject)

char *lk_workspace_get_default_folder (void);
gboolean lk_workspace_create (const char *folder, GError **error);
LkWorkspace *lk_workspace_open (const char *folder, GError **error);
void lk_workspace_close (LkWorkspace *self);

const char *lk_workspace_get_folder (LkWorkspace *self);
char *lk_workspace_dup_identity (LkWorkspace *self);
LkDbPool *lk_workspace_get_pool (LkWorkspace *self);
LkChangeFeed *lk_workspace_get_change_feed (LkWorkspace *self);
LkLicenseServer *lk_workspace_open_server (LkWorkspace *self, const LkServerProfile *profile,
                                           GError **error);

G_END_DECLS
