/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/ribbon-page.h"

G_BEGIN_DECLS

#define LK_TYPE_RIBBON (lk_ribbon_get_type ())
G_DECLARE_FINAL_TYPE (LkRibbon, lk_ribbon, LK, RIBBON, GtkWidget)

/**
 * LkRibbon:
 *
 * Tabs and, below them, the commands of the chosen one. A double click on a tab folds the commands
 * away and back; while they are folded, a click on a tab shows them.
 *
 * Its children are #LkRibbonPage objects. It is never higher than its commands.
 *
 * Properties: `expanded` (boolean), `page` (string): the name of the chosen tab, which is the name
 * of its #LkRibbonPage widget.
 */
gboolean lk_ribbon_get_expanded (LkRibbon *self);
void lk_ribbon_set_expanded (LkRibbon *self, gboolean expanded);
const char *lk_ribbon_get_page (LkRibbon *self);
void lk_ribbon_set_page (LkRibbon *self, const char *name);

G_END_DECLS
