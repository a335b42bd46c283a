/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/attention.h"
#include "ui/catalog.h"

G_BEGIN_DECLS

#define LK_TYPE_STATUS_BAR (lk_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (LkStatusBar, lk_status_bar, LK, STATUS_BAR, GtkWidget)

/**
 * LkStatusBar:
 *
 * The line at the bottom of the window: what the grid shows, the task that runs next, who runs the
 * schedule, and what is wrong.
 */
void lk_status_bar_set_up (LkStatusBar *self, LkContext *context, LkCatalog *catalog,
                           LkAttention *attention);
void lk_status_bar_show_grid (LkStatusBar *self, const char *search, const char *matches);
void lk_status_bar_show_notice (LkStatusBar *self, const char *notice);
void lk_status_bar_show_work (LkStatusBar *self, const char *work);

G_END_DECLS
