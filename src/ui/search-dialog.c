/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "store/change-feed.h"
#include "ui/search-dialog.h"
#include "ui/search-form.h"

struct _LkSearchDialog
{
  LkDraftDialog parent;

  LkSearchForm *form;
};

G_DEFINE_FINAL_TYPE (LkSearchDialog, lk_search_dialog, LK_TYPE_DRAFT_DIALOG)

static LkDraftItem *
lk_search_dialog_create_item (LkDraftDialog *dialog)
{
  LkDraftItem *selected = lk_draft_dialog_get_selected (dialog);
  g_autoptr (LkSearch) search = lk_search_new ();
  g_autofree char *name =
      lk_draft_list_make_name (lk_draft_dialog_get_list (dialog), _ ("New Search"));
  LkSearchItem *item;

  g_free (search->group);
  search->group = g_strdup (selected != NULL ? lk_draft_item_get_group (selected) : "");
  item = lk_search_item_new (search);
  lk_search_item_set_text (item, LK_SEARCH_FIELD_NAME, name);
  return LK_DRAFT_ITEM (item);
}

static LkDraftItem *
lk_search_dialog_duplicate_item (LkDraftDialog *dialog, LkDraftItem *item)
{
  /* translators: the name of a search or task that was duplicated */
  g_autofree char *wish = g_strdup_printf (_ ("Copy of %s"), lk_draft_item_get_title (item));
  g_autofree char *name = lk_draft_list_make_name (lk_draft_dialog_get_list (dialog), wish);

  return LK_DRAFT_ITEM (lk_search_item_duplicate (LK_SEARCH_ITEM (item), name));
}

static void
lk_search_dialog_show_item (LkDraftDialog *dialog, LkDraftItem *item)
{
  lk_search_form_show (LK_SEARCH_DIALOG (dialog)->form,
                       item != NULL ? LK_SEARCH_ITEM (item) : NULL);
}

static void
lk_search_dialog_focus_form (LkDraftDialog *dialog)
{
  lk_search_form_focus_name (LK_SEARCH_DIALOG (dialog)->form);
}

static void
lk_search_dialog_class_init (LkSearchDialogClass *klass)
{
  LkDraftDialogClass *dialog_class = LK_DRAFT_DIALOG_CLASS (klass);

  dialog_class->create_item = lk_search_dialog_create_item;
  dialog_class->duplicate_item = lk_search_dialog_duplicate_item;
  dialog_class->show_item = lk_search_dialog_show_item;
  dialog_class->focus_form = lk_search_dialog_focus_form;
}

static void
lk_search_dialog_init (LkSearchDialog *self)
{
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (self);

  gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Searches"));
  self->form = g_object_new (LK_TYPE_SEARCH_FORM, NULL);
  lk_draft_dialog_set_form (dialog, GTK_WIDGET (self->form));
  lk_draft_dialog_set_ordered (dialog, TRUE);
  lk_draft_dialog_set_words (dialog, _ ("Searches"),
                             _ ("There is no search yet. Add one to find licenses with it."),
                             _ ("Delete"));
}

/**
 * lk_search_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @context: the services
 * @select_id: the search to show first; 0 for the first one
 *
 * Returns: (transfer none): Edit Searches, not yet presented
 */
GtkWidget *
lk_search_dialog_new (GtkWindow *parent, LkContext *context, gint64 select_id)
{
  LkSearchDialog *self = g_object_new (LK_TYPE_SEARCH_DIALOG, NULL);

  lk_draft_dialog_set_up (LK_DRAFT_DIALOG (self), parent, context, &lk_search_kind,
                          LK_CHANGE_SEARCHES, select_id);
  lk_search_form_set_up (self->form, context, lk_draft_dialog_get_list (LK_DRAFT_DIALOG (self)));
  return GTK_WIDGET (self);
}
