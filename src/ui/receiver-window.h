/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_RECEIVER_WINDOW (lk_receiver_window_get_type ())
G_DECLARE_FINAL_TYPE (LkReceiverWindow, lk_receiver_window, LK, RECEIVER_WINDOW, GtkWindow)

#define LK_RECEIVER_WINDOW_PORT 8787 /* where the sample workspace's task sends to */
#define LK_RECEIVER_WINDOW_MAX  1000 /* requests that are kept; the oldest go first */

/**
 * LkReceiverWindow:
 *
 * The Test Receiver: a local endpoint that verifies both signatures, shows what arrives, and can
 * answer as badly as a real one. It listens as long as its window is open.
 */
GtkWidget *lk_receiver_window_new (LkContext *context);
void lk_receiver_window_set_port (LkReceiverWindow *self, guint16 port);
guint16 lk_receiver_window_get_port (LkReceiverWindow *self);

G_END_DECLS
