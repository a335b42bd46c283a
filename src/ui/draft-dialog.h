/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/draft-list.h"

G_BEGIN_DECLS

#define LK_TYPE_DRAFT_DIALOG (lk_draft_dialog_get_type ())
G_DECLARE_DERIVABLE_TYPE (LkDraftDialog, lk_draft_dialog, LK, DRAFT_DIALOG, GtkWindow)

/**
 * LkDraftDialog:
 *
 * What Edit Searches, Scheduled Tasks and License Servers have in common: a list at the left, a
 * form of the chosen item at the right, OK, Apply and Cancel. Everything is edited as drafts; OK
 * and Apply write all of them in one transaction, Cancel asks when something would be lost. What
 * others change meanwhile shows up, except where there are edits: then saving tells of the
 * conflict.
 *
 * It is not modal. Thread: the main loop.
 */
struct _LkDraftDialogClass
{
  GtkWindowClass parent_class;

  /* (transfer full): a new item for Add. */
  LkDraftItem *(*create_item) (LkDraftDialog *self);
  /* (transfer full): a copy with a free name; (nullable vfunc): there is no Duplicate then. */
  LkDraftItem *(*duplicate_item) (LkDraftDialog *self, LkDraftItem *item);
  /* Shows @item, or nothing for %NULL, in the form. */
  void (*show_item) (LkDraftDialog *self, LkDraftItem *item);
  /* (nullable vfunc): puts the focus to where Add starts. */
  void (*focus_form) (LkDraftDialog *self);
  /* (nullable vfunc): finds out what has to be written with @items (element-type LkDraftItem),
   * which are about to be saved, and calls lk_draft_dialog_finish_preparing(), at once or later. */
  void (*prepare) (LkDraftDialog *self, GPtrArray *items);
  /* (nullable vfunc): called after any edit, for buttons of the dialog's own. */
  void (*update_enabled) (LkDraftDialog *self);
};

void lk_draft_dialog_set_up (LkDraftDialog *self, GtkWindow *parent, LkContext *context,
                             const LkDraftKind *kind, guint changes, gint64 select_id);
void lk_draft_dialog_set_words (LkDraftDialog *self, const char *accessible_name,
                                const char *placeholder, const char *remove_label);
void lk_draft_dialog_set_ordered (LkDraftDialog *self, gboolean ordered);
void lk_draft_dialog_set_form (LkDraftDialog *self, GtkWidget *form);
void lk_draft_dialog_add_button (LkDraftDialog *self, GtkWidget *button);

LkContext *lk_draft_dialog_get_context (LkDraftDialog *self);
LkDraftList *lk_draft_dialog_get_list (LkDraftDialog *self);
LkDraftItem *lk_draft_dialog_get_selected (LkDraftDialog *self);
gboolean lk_draft_dialog_is_busy (LkDraftDialog *self);
void lk_draft_dialog_finish_preparing (LkDraftDialog *self, LkDraftItem *failed,
                                       const GError *error);
void lk_draft_dialog_show_message (LkDraftDialog *self, const char *message);
void lk_draft_dialog_show_note (LkDraftDialog *self, const char *note);

G_END_DECLS
