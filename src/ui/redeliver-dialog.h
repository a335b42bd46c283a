/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_REDELIVER_DIALOG (lk_redeliver_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkRedeliverDialog, lk_redeliver_dialog, LK, REDELIVER_DIALOG, GtkWindow)

/**
 * LkRedeliverDialog:
 *
 * "Redeliver failed since": sends everything again that never succeeded since a time, after it said
 * how many those are, and not faster than a person wants.
 */
GtkWindow *lk_redeliver_dialog_present (GtkWidget *parent, LkContext *context);
gint64 lk_redeliver_dialog_get_count (LkRedeliverDialog *self);

G_END_DECLS
