/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/draft-list.h"

G_BEGIN_DECLS

#define LK_TYPE_LIST_PANE (lk_list_pane_get_type ())
G_DECLARE_FINAL_TYPE (LkListPane, lk_list_pane, LK, LIST_PANE, GtkBox)

/**
 * LkListPane:
 *
 * The left half of a dialog: the items under their headings, with Add, Duplicate, Remove, Undo and
 * the order.
 *
 * Signals: `add` and `duplicate` ask the dialog for a new item; `selected` tells that another item
 * (or none) was chosen.
 */
void lk_list_pane_set_list (LkListPane *self, LkDraftList *list);
void lk_list_pane_set_words (LkListPane *self, const char *accessible_name, const char *placeholder,
                             const char *remove_label);
void lk_list_pane_set_ordered (LkListPane *self, gboolean ordered);
void lk_list_pane_set_can_duplicate (LkListPane *self, gboolean can_duplicate);
LkDraftItem *lk_list_pane_get_selected (LkListPane *self);
void lk_list_pane_focus (LkListPane *self);
void lk_list_pane_select (LkListPane *self, LkDraftItem *item);

G_END_DECLS
