/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/search.h"
#include "store/db.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something. */

GPtrArray *lk_search_store_list (LkDb *db, GError **error); /* favourites, group, position, name */
LkSearch *lk_search_store_get (LkDb *db, gint64 id, GError **error);
LkSearch *lk_search_store_find (LkDb *db, const char *name, GError **error);
gint64 lk_search_store_insert (LkDb *db, const LkSearch *search, GError **error);
gboolean lk_search_store_update (LkDb *db, const LkSearch *search, GError **error);
gboolean lk_search_store_remove (LkDb *db, gint64 id, GError **error); /* IN_USE names the tasks */

G_END_DECLS
