/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/catalog.h"

G_BEGIN_DECLS

#define LK_TYPE_SEARCH_PANEL (lk_search_panel_get_type ())
G_DECLARE_FINAL_TYPE (LkSearchPanel, lk_search_panel, LK, SEARCH_PANEL, GtkWidget)

/**
 * LkSearchPanel:
 *
 * The saved searches at the right of the grid, favourites first, then by group. Choosing one
 * activates `win.search` with its id; the active one is marked and shows how many licenses match.
 */
void lk_search_panel_set_catalog (LkSearchPanel *self, LkCatalog *catalog);
void lk_search_panel_set_active (LkSearchPanel *self, gint64 search_id, gint64 n_matches);

G_END_DECLS
