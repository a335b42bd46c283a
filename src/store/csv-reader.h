/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LkCsvReader:
 *
 * Reads comma-separated values (RFC 4180) out of a stream, record by record: UTF-8 with or without
 * a byte order mark; `,`, `;` or a tab between the fields, whichever the first line has most of;
 * lines end in LF, CRLF or CR; blank lines are skipped. Thread: one at a time; it blocks.
 */
typedef struct _LkCsvReader LkCsvReader;

LkCsvReader *lk_csv_reader_new (GInputStream *stream, const char *name);
void lk_csv_reader_free (LkCsvReader *self);
gboolean lk_csv_reader_next (LkCsvReader *self, GPtrArray *fields, gboolean *at_end,
                             GCancellable *cancellable, GError **error);
guint64 lk_csv_reader_get_line (LkCsvReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCsvReader, lk_csv_reader_free)

G_END_DECLS
