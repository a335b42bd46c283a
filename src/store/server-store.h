/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server-profile.h"
#include "store/db.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something. */

GPtrArray *lk_server_store_list (LkDb *db, GError **error);
LkServerProfile *lk_server_store_get (LkDb *db, gint64 id, GError **error);
LkServerProfile *lk_server_store_find (LkDb *db, const char *name, GError **error);
LkServerProfile *lk_server_store_get_default (LkDb *db, GError **error);
gint64 lk_server_store_insert (LkDb *db, const LkServerProfile *profile, GError **error);
gboolean lk_server_store_update (LkDb *db, const LkServerProfile *profile, GError **error);
gboolean lk_server_store_set_default (LkDb *db, gint64 id, GError **error);
gboolean lk_server_store_remove (LkDb *db, gint64 id, GError **error);

G_END_DECLS
