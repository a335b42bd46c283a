/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-draft-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "store/change-feed.h"
#include "ui/draft-dialog-private.h"
#include "ui/draft-saver.h"
#include "ui/message.h"
#include "ui/ui-init.h"

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LkDraftDialog, lk_draft_dialog, GTK_TYPE_WINDOW)

LkDraftDialogPrivate *
lk_draft_dialog_get_private (LkDraftDialog *self)
{
  return lk_draft_dialog_get_instance_private (self);
}

/* Focus does not leave an entry that becomes insensitive by itself in GTK 4.8 (the entry goes on
 * blinking and warns), and a person who typed there wants to go on when saving is over. */
static void
set_form_sensitive (LkDraftDialog *self, gboolean sensitive)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!sensitive && focus != NULL && gtk_widget_is_ancestor (focus, priv->form))
    {
      g_set_weak_pointer (&priv->focus, focus);
      gtk_window_set_focus (GTK_WINDOW (self), NULL);
    }

  gtk_widget_set_sensitive (priv->form, sensitive);
  if (sensitive && priv->focus != NULL)
    {
      gtk_widget_grab_focus (priv->focus);
      g_clear_weak_pointer (&priv->focus);
    }
}

/* The one place that says what is possible in the dialog. */
void
lk_draft_dialog_update (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);
  LkDraftDialogClass *klass = LK_DRAFT_DIALOG_GET_CLASS (self);
  gboolean ready = priv->loaded && !priv->saving;

  gtk_widget_set_sensitive (GTK_WIDGET (priv->pane), ready);
  set_form_sensitive (self, ready && lk_list_pane_get_selected (priv->pane) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.ok", ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.apply",
                                 ready && lk_draft_list_is_dirty (priv->list));
  gtk_widget_set_visible (priv->theirs_button, priv->conflict != NULL);
  gtk_widget_set_visible (priv->mine_button, priv->conflict != NULL);
  gtk_spinner_set_spinning (priv->spinner, priv->saving);
  if (klass->update_enabled != NULL)
    klass->update_enabled (self);
}

static void
show_selected (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  LK_DRAFT_DIALOG_GET_CLASS (self)->show_item (self, lk_list_pane_get_selected (priv->pane));
  lk_draft_dialog_update (self);
}

void
lk_draft_dialog_select_id (LkDraftDialog *self, gint64 id)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  lk_list_pane_select (priv->pane, id != 0 ? lk_draft_list_find (priv->list, id) : NULL);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDraftDialog) self = user_data;
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) values = lk_draft_load_finish (LK_DB_POOL (source), result, &error);
  g_autofree char *sentence = NULL;
  gboolean first;

  if (g_cancellable_is_cancelled (priv->cancellable))
    return;
  if (values == NULL)
    {
      sentence = lk_message_format_error (error);
      lk_draft_dialog_show_message (self, sentence);
      return;
    }

  if (priv->loaded)
    lk_draft_list_merge_values (priv->list, values);
  else
    lk_draft_list_set_values (priv->list, values);
  first = !priv->loaded;
  if (first || lk_list_pane_get_selected (priv->pane) == NULL)
    lk_draft_dialog_select_id (self, priv->select_id);
  priv->loaded = TRUE;
  lk_draft_dialog_update (self);
  if (first) /* until now nothing but Cancel could have the focus */
    lk_list_pane_focus (priv->pane);
}

static void
reload (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  lk_draft_load_async (lk_context_get_pool (priv->context), priv->kind, priv->cancellable,
                       loaded_cb, g_object_ref (self));
}

/* While saving, the list is read again at its end anyway. */
static void
feed_changed_cb (LkChangeFeed *feed, guint changes, LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  g_assert (LK_IS_DRAFT_DIALOG (self));

  if ((changes & priv->changes) != 0 && !priv->saving && priv->loaded)
    reload (self);
}

static void
list_changed_cb (LkDraftList *list, LkDraftDialog *self)
{
  g_assert (LK_IS_DRAFT_DIALOG (self));

  lk_draft_dialog_forget_mistake (self);
  lk_draft_dialog_update (self);
}

static void
add_item (LkDraftDialog *self, LkDraftItem *item)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);
  LkDraftDialogClass *klass = LK_DRAFT_DIALOG_GET_CLASS (self);

  lk_draft_list_add (priv->list, item);
  lk_list_pane_select (priv->pane, item);
  if (klass->focus_form != NULL)
    klass->focus_form (self);
}

static void
add_cb (LkDraftDialog *self)
{
  g_autoptr (LkDraftItem) item = LK_DRAFT_DIALOG_GET_CLASS (self)->create_item (self);

  add_item (self, item);
}

static void
duplicate_cb (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);
  LkDraftItem *item = lk_list_pane_get_selected (priv->pane);
  g_autoptr (LkDraftItem) copy = LK_DRAFT_DIALOG_GET_CLASS (self)->duplicate_item (self, item);

  add_item (self, copy);
}

static void
selected_cb (LkDraftDialog *self)
{
  show_selected (self);
}

static void
ok_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_draft_dialog_start_saving (LK_DRAFT_DIALOG (widget), TRUE);
}

static void
apply_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_draft_dialog_start_saving (LK_DRAFT_DIALOG (widget), FALSE);
}

static void
use_theirs_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_draft_dialog_use_theirs (LK_DRAFT_DIALOG (widget));
}

static void
keep_mine_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_draft_dialog_keep_mine (LK_DRAFT_DIALOG (widget));
}

static gboolean
lk_draft_dialog_close_request (GtkWindow *window)
{
  if (lk_draft_dialog_ask_before_closing (LK_DRAFT_DIALOG (window)))
    return TRUE;

  return GTK_WINDOW_CLASS (lk_draft_dialog_parent_class)->close_request (window);
}

static void
lk_draft_dialog_dispose (GObject *object)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (LK_DRAFT_DIALOG (object));

  g_cancellable_cancel (priv->cancellable);
  G_OBJECT_CLASS (lk_draft_dialog_parent_class)->dispose (object);
}

static void
lk_draft_dialog_finalize (GObject *object)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (LK_DRAFT_DIALOG (object));

  g_clear_weak_pointer (&priv->focus);
  g_clear_object (&priv->cancellable);
  g_clear_object (&priv->conflict);
  g_clear_object (&priv->list);
  g_clear_object (&priv->context);
  G_OBJECT_CLASS (lk_draft_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/draft-dialog.ui");
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, pane);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, paned);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, extra);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, spinner);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, message_bar);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, message);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, message_icon);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, theirs_button);
  gtk_widget_class_bind_template_child_private (widget_class, LkDraftDialog, mine_button);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, duplicate_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lk_draft_dialog_class_init (LkDraftDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_draft_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_draft_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lk_draft_dialog_close_request;

  g_type_ensure (LK_TYPE_LIST_PANE);
  gtk_widget_class_install_action (widget_class, "draft.ok", NULL, ok_action);
  gtk_widget_class_install_action (widget_class, "draft.apply", NULL, apply_action);
  gtk_widget_class_install_action (widget_class, "draft.use-theirs", NULL, use_theirs_action);
  gtk_widget_class_install_action (widget_class, "draft.keep-mine", NULL, keep_mine_action);
  bind_template (widget_class);
}

static void
lk_draft_dialog_init (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  priv->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lk_draft_dialog_set_up:
 * @self: a dialog whose form was set
 * @parent: (nullable): the window it belongs to
 * @context: the services
 * @kind: what it edits; static
 * @changes: the #LkChange bits that tell that somebody changed such a thing
 * @select_id: what to choose first; 0 for the first in the list
 *
 * The last step of making a dialog: starts to read what is stored.
 */
void
lk_draft_dialog_set_up (LkDraftDialog *self, GtkWindow *parent, LkContext *context,
                        const LkDraftKind *kind, guint changes, gint64 select_id)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  g_return_if_fail (priv->context == NULL && priv->form != NULL);

  lk_ui_set_parent (GTK_WINDOW (self), parent);
  priv->context = g_object_ref (context);
  priv->kind = kind;
  priv->changes = changes;
  priv->select_id = select_id;
  priv->list = lk_draft_list_new (kind);
  lk_list_pane_set_can_duplicate (priv->pane,
                                  LK_DRAFT_DIALOG_GET_CLASS (self)->duplicate_item != NULL);
  lk_list_pane_set_list (priv->pane, priv->list);
  g_signal_connect_object (priv->list, "changed", G_CALLBACK (list_changed_cb), self, 0);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);
  show_selected (self);
  reload (self);
}

/**
 * lk_draft_dialog_set_words:
 * @self: a dialog
 * @accessible_name: what the list holds, for a screen reader
 * @placeholder: what to say while it is empty
 * @remove_label: what the button that removes is called
 */
void
lk_draft_dialog_set_words (LkDraftDialog *self, const char *accessible_name,
                           const char *placeholder, const char *remove_label)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  lk_list_pane_set_words (priv->pane, accessible_name, placeholder, remove_label);
}

void
lk_draft_dialog_set_ordered (LkDraftDialog *self, gboolean ordered)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  lk_list_pane_set_ordered (priv->pane, ordered);
}

/**
 * lk_draft_dialog_set_form:
 * @self: a dialog
 * @form: what stands at the right
 */
void
lk_draft_dialog_set_form (LkDraftDialog *self, GtkWidget *form)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  priv->form = form;
  gtk_paned_set_end_child (priv->paned, form);
}

/* Adds a button of the dialog's own at the lower left. */
void
lk_draft_dialog_add_button (LkDraftDialog *self, GtkWidget *button)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  gtk_box_append (priv->extra, button);
}

LkContext *
lk_draft_dialog_get_context (LkDraftDialog *self)
{
  return lk_draft_dialog_get_private (self)->context;
}

LkDraftList *
lk_draft_dialog_get_list (LkDraftDialog *self)
{
  return lk_draft_dialog_get_private (self)->list;
}

/* Returns: (transfer none) (nullable): the chosen item */
LkDraftItem *
lk_draft_dialog_get_selected (LkDraftDialog *self)
{
  return lk_list_pane_get_selected (lk_draft_dialog_get_private (self)->pane);
}

/* Whether it is still reading for the first time, or saving. */
gboolean
lk_draft_dialog_is_busy (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  return !priv->loaded || priv->saving;
}

static void
show_bar (LkDraftDialog *self, const char *text, gboolean error)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_instance_private (self);

  priv->mistake = FALSE;
  gtk_widget_set_visible (priv->message_bar, text != NULL);
  gtk_widget_set_visible (priv->message_icon, error);
  gtk_label_set_label (priv->message, text != NULL ? text : "");
  if (error)
    gtk_widget_add_css_class (priv->message_bar, "error");
  else
    gtk_widget_remove_css_class (priv->message_bar, "error");
}

/**
 * lk_draft_dialog_show_message:
 * @self: a dialog
 * @message: (nullable): what went wrong, above the buttons; %NULL takes it away
 */
void
lk_draft_dialog_show_message (LkDraftDialog *self, const char *message)
{
  show_bar (self, message, TRUE);
}

/**
 * lk_draft_dialog_show_note:
 * @self: a dialog
 * @note: (nullable): what goes on, above the buttons; %NULL takes it away
 */
void
lk_draft_dialog_show_note (LkDraftDialog *self, const char *note)
{
  show_bar (self, note, FALSE);
}
