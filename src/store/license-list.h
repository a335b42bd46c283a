/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-server.h"

G_BEGIN_DECLS

#define LK_TYPE_LICENSE_ROW (lk_license_row_get_type ())
G_DECLARE_FINAL_TYPE (LkLicenseRow, lk_license_row, LK, LICENSE_ROW, GObject)

/**
 * LkLicenseRow:
 *
 * One line of the grid. Its license is %NULL until the page that holds it was read; then
 * `notify::license` fires.
 */
gint64 lk_license_row_get_license_id (LkLicenseRow *self);
LkLicense *lk_license_row_get_license (LkLicenseRow *self);

#define LK_TYPE_LICENSE_LIST (lk_license_list_get_type ())
G_DECLARE_FINAL_TYPE (LkLicenseList, lk_license_list, LK, LICENSE_LIST, GObject)

/**
 * LkLicenseList:
 *
 * A #GListModel over the result of a query: a snapshot of the ids in order (8 bytes a license), and
 * rows that are read by pages of 128 when somebody asks for them. A position gives the same object
 * as long as anyone holds it. A new query makes the answers of an older one void (a generation
 * counts them). A change that leaves the length as it was refills rows in place. Where there is
 * nothing else to show, the beginning of a result is, while the rest is being read: then the list
 * is partial.
 *
 * The list does not follow changes of the server by itself: who shows it asks again.
 *
 * Thread: the main loop. Property: `loading` (boolean).
 */
#define LK_LICENSE_LIST_PAGE 128

LkLicenseList *lk_license_list_new (void);
void lk_license_list_set_query_async (LkLicenseList *self, LkLicenseServer *server,
                                      const LkLicenseQuery *query, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_license_list_set_query_finish (LkLicenseList *self, GAsyncResult *result,
                                           GError **error);
gboolean lk_license_list_is_loading (LkLicenseList *self);
gboolean lk_license_list_is_partial (LkLicenseList *self);
gint64 lk_license_list_get_id_at (LkLicenseList *self, guint position);
const gint64 *lk_license_list_get_ids (LkLicenseList *self, gsize *n_ids);

G_END_DECLS
