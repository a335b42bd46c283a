/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"
#include "store/license-server.h"

G_BEGIN_DECLS

/* How queries and edits of licenses become SQL that SQLite and PostgreSQL share. Thread: a pool
 * thread. Private to the store. */

/* Told the first LK_LICENSE_HEAD ids while the rest is being read. */
typedef void (*LkLicenseSqlHeadFunc) (const GArray *ids, gpointer user_data);

gboolean lk_license_sql_is_everything (const LkLicenseQuery *query);
gboolean lk_license_sql_check_rows (LkDb *db, gsize n_rows, GError **error);
char *lk_license_sql_for_ids (const LkLicenseQuery *query);
char *lk_license_sql_for_count (const LkLicenseQuery *query);
LkStatement *lk_license_sql_prepare (LkDb *db, const char *sql, const LkLicenseQuery *query,
                                     GError **error);
GArray *lk_license_sql_read_ids (LkDb *db, const LkLicenseQuery *query,
                                 LkLicenseSqlHeadFunc head_func, gpointer user_data,
                                 GError **error);
gint64 lk_license_sql_count (LkDb *db, const LkLicenseQuery *query, GError **error);
GPtrArray *lk_license_sql_read_rows (LkDb *db, const gint64 *ids, gsize n_ids, GError **error);

G_END_DECLS
