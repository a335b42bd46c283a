/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/draft-dialog.h"

G_BEGIN_DECLS

#define LK_TYPE_SERVER_DIALOG (lk_server_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkServerDialog, lk_server_dialog, LK, SERVER_DIALOG, LkDraftDialog)

GtkWidget *lk_server_dialog_new (GtkWindow *parent, LkContext *context);

G_END_DECLS
