/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/context.h"

G_BEGIN_DECLS

/* Picks the one license that a test is about. */

void lk_license_pick_async (LkContext *context, gint64 server_id, LkClause *clause,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
LkLicense *lk_license_pick_finish (GAsyncResult *result, GError **error);
LkClause *lk_license_pick_new_key_clause (const char *activation_key);

G_END_DECLS
