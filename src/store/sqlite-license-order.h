/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"
#include "store/license-server.h"

G_BEGIN_DECLS

/* All licenses of an SQLite database in the order of a column that has no index of its own. Thread:
 * a pool thread. Private to the store. */

gboolean lk_sqlite_license_order_serves (LkDb *db, const LkLicenseQuery *query);
GArray *lk_sqlite_license_order_read (LkDb *db, const LkLicenseQuery *query, GError **error);

G_END_DECLS
