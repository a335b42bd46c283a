/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A small GtkColumnView of a few licenses, without sorting or pages. */

void lk_preview_table_set_up (GtkColumnView *view);
void lk_preview_table_show (GtkColumnView *view, GPtrArray *licenses);

G_END_DECLS
