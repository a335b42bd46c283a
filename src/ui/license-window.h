/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_LICENSE_WINDOW (lk_license_window_get_type ())
G_DECLARE_FINAL_TYPE (LkLicenseWindow, lk_license_window, LK, LICENSE_WINDOW, GtkWindow)

/**
 * LkLicenseWindow:
 *
 * What is next for a license: each scheduled task of its License Server, with what the task makes
 * of the license.
 *
 * Thread: the main loop.
 */
GtkWidget *lk_license_window_new (GtkWindow *parent, LkContext *context);
void lk_license_window_show (LkLicenseWindow *self, gint64 server_id, const LkLicense *license);

G_END_DECLS
