/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server-profile.h"
#include "engine/context.h"

G_BEGIN_DECLS

/* Tries a License Server that may not be saved yet, and makes new databases. */

void lk_server_test_async (LkContext *context, const LkServerProfile *profile,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
gint64 lk_server_test_finish (GAsyncResult *result, GError **error);

void lk_server_create_async (LkContext *context, const char *path, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_server_create_finish (LkContext *context, GAsyncResult *result, GError **error);

G_END_DECLS
