/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_RIBBON_PAGE (lk_ribbon_page_get_type ())
G_DECLARE_FINAL_TYPE (LkRibbonPage, lk_ribbon_page, LK, RIBBON_PAGE, GtkWidget)

/**
 * LkRibbonPage:
 *
 * The commands of one tab of the ribbon: its children are the groups. Where they do not fit side by
 * side, groups shrink to their smallest width one after the other, beginning with the last.
 *
 * Properties: `title` (string with mnemonic): the tab's.
 */
const char *lk_ribbon_page_get_title (LkRibbonPage *self);

G_END_DECLS
