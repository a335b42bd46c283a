/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_APPLICATION (lk_application_get_type ())
G_DECLARE_FINAL_TYPE (LkApplication, lk_application, LK, APPLICATION, GtkApplication)

/**
 * LkApplication:
 *
 * The console: opens the workspace (`--workspace DIR`, else the default folder), starts the engine
 * over it, shows the window, and on the way out waits for what is in flight.
 */
LkApplication *lk_application_new (void);
int lk_application_run (LkApplication *self, int argc, char **argv);

G_END_DECLS
