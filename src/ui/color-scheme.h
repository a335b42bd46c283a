/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_COLOR_SCHEME (lk_color_scheme_get_type ())
G_DECLARE_FINAL_TYPE (LkColorScheme, lk_color_scheme, LK, COLOR_SCHEME, GObject)

/**
 * LkColorScheme:
 *
 * Makes a GtkSettings follow whether the desktop prefers dark. It asks the settings portal and, on
 * a desktop without one, GNOME's own settings; where neither is there, nothing changes. GTK 4 does
 * not follow either by itself.
 *
 * Thread: the main loop.
 */
LkColorScheme *lk_color_scheme_new (GtkSettings *settings);

G_END_DECLS
