/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/draft-dialog.h"

G_BEGIN_DECLS

#define LK_TYPE_SEARCH_DIALOG (lk_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkSearchDialog, lk_search_dialog, LK, SEARCH_DIALOG, LkDraftDialog)

GtkWidget *lk_search_dialog_new (GtkWindow *parent, LkContext *context, gint64 select_id);

G_END_DECLS
