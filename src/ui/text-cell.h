/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_TEXT_CELL (lk_text_cell_get_type ())
G_DECLARE_DERIVABLE_TYPE (LkTextCell, lk_text_cell, LK, TEXT_CELL, GtkWidget)

/**
 * LkTextCell:
 *
 * The cell of a table with one line of text, which it draws itself: a label or an inscription in
 * each cell makes a table three times as slow to fill. Its line has the height of the table's font,
 * whatever the text is written in. Ctrl+click adds its row to the selection.
 */
struct _LkTextCellClass
{
  GtkWidgetClass parent_class;
};

void lk_text_cell_set_look (LkTextCell *self, gboolean at_end, gboolean is_tabular, int indent);
void lk_text_cell_set_text (LkTextCell *self, const char *text);
const char *lk_text_cell_get_text (LkTextCell *self);
void lk_text_cell_set_position (LkTextCell *self, guint position);
guint lk_text_cell_get_position (LkTextCell *self);

G_END_DECLS
