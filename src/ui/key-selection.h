/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "store/license-list.h"

G_BEGIN_DECLS

#define LK_TYPE_KEY_SELECTION (lk_key_selection_get_type ())
G_DECLARE_FINAL_TYPE (LkKeySelection, lk_key_selection, LK, KEY_SELECTION, GObject)

/**
 * LkKeySelection:
 *
 * A #GtkSelectionModel over the licenses of a #LkLicenseList that remembers ids, not positions: a
 * new order keeps what is selected, and selecting a million licenses creates no row.
 * (GtkMultiSelection creates every one: 3 seconds and 280 MiB.)
 *
 * The selection is a set of ids or, after "select all", everything but a set of ids. Ids that a new
 * content of the list no longer has are forgotten.
 *
 * Properties: `n-selected` (uint).
 *
 * Thread: the main loop.
 */
LkKeySelection *lk_key_selection_new (LkLicenseList *list);
guint lk_key_selection_get_n_selected (LkKeySelection *self);
GArray *lk_key_selection_get_ids (LkKeySelection *self);

G_END_DECLS
