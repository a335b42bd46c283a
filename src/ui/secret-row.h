/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/task-item.h"

G_BEGIN_DECLS

#define LK_TYPE_SECRET_ROW (lk_secret_row_get_type ())
G_DECLARE_FINAL_TYPE (LkSecretRow, lk_secret_row, LK, SECRET_ROW, GtkBox)

/**
 * LkSecretRow:
 *
 * The secret of a task: Show, Generate, Copy. The stored secret is read only when somebody asks to
 * see or copy it; an entry that is left empty keeps it.
 */
void lk_secret_row_set_context (LkSecretRow *self, LkContext *context);
void lk_secret_row_show (LkSecretRow *self, LkTaskItem *item);
GtkWidget *lk_secret_row_get_entry (LkSecretRow *self);

G_END_DECLS
