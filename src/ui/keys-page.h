/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/catalog.h"
#include "ui/key-columns.h"
#include "ui/key-selection.h"

G_BEGIN_DECLS

#define LK_TYPE_KEYS_PAGE (lk_keys_page_get_type ())
G_DECLARE_FINAL_TYPE (LkKeysPage, lk_keys_page, LK, KEYS_PAGE, GtkWidget)

/**
 * LkKeysPage:
 *
 * Manage Keys: the License Server, find-as-you-type, the ad-hoc conditions, the grid of licenses
 * and the saved searches. The grid shows what matches the chosen search *and* the conditions *and*
 * the words to find.
 *
 * Properties: `loading` (boolean).
 * Signals: LkKeysPage::changed, when the search, the matches, the selection or the server changed.
 *
 * Thread: the main loop.
 */
void lk_keys_page_set_up (LkKeysPage *self, LkContext *context, LkCatalog *catalog,
                          GSettings *settings);

LkLicenseServer *lk_keys_page_get_server (LkKeysPage *self);
gint64 lk_keys_page_get_server_id (LkKeysPage *self);
gint64 lk_keys_page_get_search_id (LkKeysPage *self);
LkLicenseList *lk_keys_page_get_list (LkKeysPage *self);
LkKeySelection *lk_keys_page_get_selection (LkKeysPage *self);
LkKeyColumns *lk_keys_page_get_columns (LkKeysPage *self);
GtkWidget *lk_keys_page_get_grid (LkKeysPage *self);
LkLicenseQuery *lk_keys_page_dup_query (LkKeysPage *self);
gboolean lk_keys_page_is_loading (LkKeysPage *self);
gboolean lk_keys_page_is_filtered (LkKeysPage *self);

void lk_keys_page_show_search (LkKeysPage *self, gint64 search_id);
void lk_keys_page_show_only (LkKeysPage *self, const char *words);
void lk_keys_page_find (LkKeysPage *self, const char *words);
void lk_keys_page_add_condition (LkKeysPage *self);
void lk_keys_page_clear (LkKeysPage *self);
void lk_keys_page_refresh (LkKeysPage *self);
void lk_keys_page_focus_find (LkKeysPage *self);

/* The cell that the context menu was opened on; NULL before the first time. */
const LkLicenseField *lk_keys_page_get_menu_field (LkKeysPage *self);
LkLicense *lk_keys_page_get_menu_license (LkKeysPage *self);

G_END_DECLS
