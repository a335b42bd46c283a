/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_RIBBON_ITEM (lk_ribbon_item_get_type ())
G_DECLARE_FINAL_TYPE (LkRibbonItem, lk_ribbon_item, LK, RIBBON_ITEM, GtkWidget)

/**
 * LkRibbonItem:
 *
 * The face of a button of the ribbon: an icon above a label. Where it gets less than its natural
 * width it shows the icon alone; its height never changes.
 *
 * Properties: `icon-name` (string), `label` (string with mnemonic), `arrow` (boolean): whether it
 * opens something.
 */

G_END_DECLS
