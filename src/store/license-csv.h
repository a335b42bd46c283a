/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-server.h"

G_BEGIN_DECLS

/**
 * LkCsvReport:
 * @n_rows: licenses that were imported
 * @problems: (element-type utf8): a sentence for each line that was refused, with its number
 *
 * What an import did. It is one transaction: with any problem nothing was imported.
 */
typedef struct
{
  gint64 n_rows;
  GPtrArray *problems;
} LkCsvReport;

void lk_csv_report_free (LkCsvReport *self);

void lk_license_csv_import_async (LkLicenseServer *server, GFile *file, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
LkCsvReport *lk_license_csv_import_finish (LkLicenseServer *server, GAsyncResult *result,
                                           GError **error);
void lk_license_csv_export_async (LkLicenseServer *server, const LkLicenseQuery *query,
                                  GOutputStream *stream, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gint64 lk_license_csv_export_finish (LkLicenseServer *server, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCsvReport, lk_csv_report_free)

G_END_DECLS
