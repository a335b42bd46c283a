/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GSettings *lk_settings_new (void);
void lk_settings_keep_end_size (GSettings *settings, const char *key, GtkPaned *paned);

G_END_DECLS
