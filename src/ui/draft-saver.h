/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db-pool.h"
#include "ui/draft-list.h"

G_BEGIN_DECLS

void lk_draft_load_async (LkDbPool *pool, const LkDraftKind *kind, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_draft_load_finish (LkDbPool *pool, GAsyncResult *result, GError **error);

void lk_draft_get_async (LkDbPool *pool, const LkDraftKind *kind, gint64 id,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
gpointer lk_draft_get_finish (LkDbPool *pool, GAsyncResult *result, GError **error);

void lk_draft_save_async (LkDbPool *pool, LkDraftList *list, LkInstant now,
                          GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_draft_save_finish (LkDbPool *pool, GAsyncResult *result, LkDraftItem **failed,
                               GError **error);
gint64 lk_draft_save_get_id (GAsyncResult *result, LkDraftItem *item);

G_END_DECLS
