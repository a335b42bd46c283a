/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_RESOURCE_BASE "/io/github/latchkey/Latchkey"

void lk_ui_init (void);
void lk_ui_set_parent (GtkWindow *window, GtkWindow *parent);
void lk_widget_unparent_children (GtkWidget *widget);

G_END_DECLS
