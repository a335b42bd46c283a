/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/delivery-log.h"
#include "ui/keys-page.h"
#include "ui/ribbon.h"

G_BEGIN_DECLS

#define LK_TYPE_WINDOW (lk_window_get_type ())
G_DECLARE_FINAL_TYPE (LkWindow, lk_window, LK, WINDOW, GtkApplicationWindow)

/**
 * LkWindow:
 *
 * The console's main window over one workspace: ribbon, the page of the chosen tab, the delivery
 * log below it and the status bar. Every command is one of its `win.*` actions.
 */
LkWindow *lk_window_new (GtkApplication *application, LkContext *context);
LkContext *lk_window_get_context (LkWindow *self);
LkKeysPage *lk_window_get_keys_page (LkWindow *self);
LkDeliveryLog *lk_window_get_delivery_log (LkWindow *self);
LkRibbon *lk_window_get_ribbon (LkWindow *self);

G_END_DECLS
