/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/draft-dialog.h"
#include "ui/list-pane.h"

G_BEGIN_DECLS

/* draft-dialog.c shows and edits, draft-dialog-save.c saves, finds conflicts and closes. */
typedef struct
{
  LkContext *context;
  const LkDraftKind *kind;
  LkDraftList *list;
  guint changes; /* the LkChange bits that make the list be read again */
  gint64 select_id;
  gboolean loaded;
  GCancellable *cancellable; /* of reading; cancelled when the window goes */

  gboolean saving;
  gboolean close_when_saved;
  gboolean closing;      /* the question was answered: close without another one */
  gboolean mistake;      /* the message is about what a person can mend in the form */
  LkDraftItem *conflict; /* (nullable): whose saving found that somebody else changed it */

  GtkWidget *focus; /* (nullable): where the focus returns to after saving */

  LkListPane *pane;
  GtkPaned *paned;
  GtkWidget *form;
  GtkBox *extra;
  GtkSpinner *spinner;
  GtkWidget *message_bar;
  GtkWidget *message_icon;
  GtkLabel *message;
  GtkWidget *theirs_button;
  GtkWidget *mine_button;
} LkDraftDialogPrivate;

LkDraftDialogPrivate *lk_draft_dialog_get_private (LkDraftDialog *self);
void lk_draft_dialog_update (LkDraftDialog *self);
void lk_draft_dialog_select_id (LkDraftDialog *self, gint64 id);
void lk_draft_dialog_start_saving (LkDraftDialog *self, gboolean close_when_saved);
void lk_draft_dialog_forget_mistake (LkDraftDialog *self);
void lk_draft_dialog_use_theirs (LkDraftDialog *self);
void lk_draft_dialog_keep_mine (LkDraftDialog *self);
gboolean lk_draft_dialog_ask_before_closing (LkDraftDialog *self);

G_END_DECLS
