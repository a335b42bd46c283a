/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-server.h"

G_BEGIN_DECLS

#define LK_TYPE_SQLITE_LICENSE_SERVER (lk_sqlite_license_server_get_type ())
G_DECLARE_FINAL_TYPE (LkSqliteLicenseServer, lk_sqlite_license_server, LK, SQLITE_LICENSE_SERVER,
                      LkLicenseServer)

/**
 * LkSqliteLicenseServer:
 *
 * A license database in an SQLite file. Searches run on three confined, read-only connections (see
 * confinement.h), changes on a fourth.
 */
gboolean lk_sqlite_license_server_create (const char *path, GError **error);
LkLicenseServer *lk_sqlite_license_server_open (const char *path, GError **error);

G_END_DECLS
