/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/draft-item.h"

G_BEGIN_DECLS

#define LK_TYPE_LIST_ROW (lk_list_row_get_type ())
G_DECLARE_FINAL_TYPE (LkListRow, lk_list_row, LK, LIST_ROW, GtkListBoxRow)

GtkWidget *lk_list_row_new (LkDraftItem *item);
LkDraftItem *lk_list_row_get_item (LkListRow *self);

G_END_DECLS
