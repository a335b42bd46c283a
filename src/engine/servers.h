/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/workspace.h"

G_BEGIN_DECLS

#define LK_TYPE_SERVERS (lk_servers_get_type ())
G_DECLARE_FINAL_TYPE (LkServers, lk_servers, LK, SERVERS, GObject)

/**
 * LkServers:
 *
 * The license databases that are open: each is opened once and shared, and opened anew when its
 * profile has another address by now.
 *
 * Thread: the main loop.
 */
LkServers *lk_servers_new (LkWorkspace *workspace);
void lk_servers_close (LkServers *self);
void lk_servers_open_async (LkServers *self, gint64 server_id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
LkLicenseServer *lk_servers_open_finish (LkServers *self, GAsyncResult *result, GError **error);

G_END_DECLS
