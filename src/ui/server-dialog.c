/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-server-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "store/change-feed.h"
#include "ui/server-dialog.h"
#include "ui/server-form.h"

struct _LkServerDialog
{
  LkDraftDialog parent;

  LkServerForm *form;
};

G_DEFINE_FINAL_TYPE (LkServerDialog, lk_server_dialog, LK_TYPE_DRAFT_DIALOG)

static LkDraftItem *
lk_server_dialog_create_item (LkDraftDialog *dialog)
{
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();
  g_autofree char *name =
      lk_draft_list_make_name (lk_draft_dialog_get_list (dialog), _ ("New License Server"));
  LkServerItem *item = lk_server_item_new (profile);

  lk_server_item_set_name (item, name);
  return LK_DRAFT_ITEM (item);
}

static void
lk_server_dialog_show_item (LkDraftDialog *dialog, LkDraftItem *item)
{
  lk_server_form_show (LK_SERVER_DIALOG (dialog)->form,
                       item != NULL ? LK_SERVER_ITEM (item) : NULL);
}

static void
lk_server_dialog_focus_form (LkDraftDialog *dialog)
{
  lk_server_form_focus_name (LK_SERVER_DIALOG (dialog)->form);
}

static void
lk_server_dialog_class_init (LkServerDialogClass *klass)
{
  LkDraftDialogClass *dialog_class = LK_DRAFT_DIALOG_CLASS (klass);

  dialog_class->create_item = lk_server_dialog_create_item;
  dialog_class->show_item = lk_server_dialog_show_item;
  dialog_class->focus_form = lk_server_dialog_focus_form;
}

static void
lk_server_dialog_init (LkServerDialog *self)
{
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (self);

  gtk_window_set_title (GTK_WINDOW (self), _ ("License Servers"));
  gtk_window_set_default_size (GTK_WINDOW (self), 900, 420);
  self->form = g_object_new (LK_TYPE_SERVER_FORM, NULL);
  lk_draft_dialog_set_form (dialog, GTK_WIDGET (self->form));
  lk_draft_dialog_set_ordered (dialog, FALSE);
  lk_draft_dialog_set_words (dialog, _ ("License Servers"),
                             _ ("There is no License Server yet. Add one: a file with licenses."),
                             _ ("Remove"));
}

/**
 * lk_server_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @context: the services
 *
 * Returns: (transfer none): License Servers, not yet presented
 */
GtkWidget *
lk_server_dialog_new (GtkWindow *parent, LkContext *context)
{
  LkServerDialog *self = g_object_new (LK_TYPE_SERVER_DIALOG, NULL);

  lk_draft_dialog_set_up (LK_DRAFT_DIALOG (self), parent, context, &lk_server_kind,
                          LK_CHANGE_SERVERS, 0);
  lk_server_form_set_up (self->form, context, lk_draft_dialog_get_list (LK_DRAFT_DIALOG (self)));
  return GTK_WIDGET (self);
}
