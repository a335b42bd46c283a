/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_TASK_PREVIEW_WINDOW (lk_task_preview_window_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskPreviewWindow, lk_task_preview_window, LK, TASK_PREVIEW_WINDOW,
                      GtkWindow)

/**
 * LkTaskPreviewWindow:
 *
 * Preview: which licenses a task sends now, at its next run and over some days, under which rule,
 * and the exact request for the chosen one. Nothing is sent, and only Forget and Mark as Sent, for
 * a task that is saved, write. It shows the task as it was edited when it was asked; it is not
 * modal.
 */
GtkWidget *lk_task_preview_window_new (GtkWindow *parent, LkContext *context);
void lk_task_preview_window_show (LkTaskPreviewWindow *self, const LkTask *task, const char *secret,
                                  gboolean is_saved);

G_END_DECLS
