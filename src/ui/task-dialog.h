/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/draft-dialog.h"

G_BEGIN_DECLS

#define LK_TYPE_TASK_DIALOG (lk_task_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskDialog, lk_task_dialog, LK, TASK_DIALOG, LkDraftDialog)

GtkWidget *lk_task_dialog_new (GtkWindow *parent, LkContext *context);

G_END_DECLS
