/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-list-pane"

#include "config.h"

#include <glib/gi18n.h>

#include "core/text-check.h"
#include "ui/list-pane.h"
#include "ui/list-row.h"
#include "ui/ui-init.h"

struct _LkListPane
{
  GtkBox parent;

  LkDraftList *list;
  gboolean can_duplicate;

  GtkListBox *list_box;
  GtkLabel *placeholder;
  GtkWidget *undo_bar;
  GtkLabel *undo_label;
  GtkWidget *add_button;
  GtkWidget *remove_button;
  GtkWidget *duplicate_button;
  GtkWidget *order_buttons;
};

G_DEFINE_FINAL_TYPE (LkListPane, lk_list_pane, GTK_TYPE_BOX)

enum
{
  ADD,
  DUPLICATE,
  SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
shown_title (LkDraftItem *item)
{
  const char *title = lk_draft_item_get_title (item);

  return lk_text_is_blank (title) ? _ ("(no name)") : title;
}

static void
update_undo_bar (LkListPane *self)
{
  LkDraftItem *removed = lk_draft_list_get_last_removed (self->list);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->undo_bar, removed != NULL);
  if (removed == NULL)
    return;

  if (lk_draft_item_get_id (removed) != 0)
    text = g_strdup_printf (_ ("“%s” goes when you save."), shown_title (removed));
  else
    text = g_strdup_printf (_ ("“%s” was removed."), shown_title (removed));
  gtk_label_set_label (self->undo_label, text);
}

/* The one place that says which commands of the list are possible. */
static void
update_enabled (LkListPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  LkDraftItem *item = lk_list_pane_get_selected (self);
  gboolean any = item != NULL;

  gtk_widget_action_set_enabled (widget, "list.duplicate", any && self->can_duplicate);
  gtk_widget_action_set_enabled (widget, "list.remove", any);
  gtk_widget_action_set_enabled (widget, "list.up",
                                 any && lk_draft_list_can_move (self->list, item, -1));
  gtk_widget_action_set_enabled (widget, "list.down",
                                 any && lk_draft_list_can_move (self->list, item, 1));
  gtk_widget_action_set_enabled (widget, "list.undo",
                                 lk_draft_list_get_last_removed (self->list) != NULL);
}

static void
list_changed_cb (LkDraftList *list, LkListPane *self)
{
  g_assert (LK_IS_LIST_PANE (self));

  gtk_list_box_invalidate_headers (self->list_box);
  update_undo_bar (self);
  update_enabled (self);
}

static void
row_selected_cb (GtkListBox *box, GtkListBoxRow *row, LkListPane *self)
{
  g_assert (LK_IS_LIST_PANE (self));

  if (self->list == NULL)
    return;

  update_enabled (self);
  g_signal_emit (self, signals[SELECTED], 0);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return lk_list_row_new (LK_DRAFT_ITEM (item));
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const char *group = lk_draft_item_get_group (lk_list_row_get_item (LK_LIST_ROW (row)));
  const char *above =
      before != NULL ? lk_draft_item_get_group (lk_list_row_get_item (LK_LIST_ROW (before))) : "";
  GtkWidget *label = NULL;

  if (!lk_text_same_name (group, above))
    {
      label = gtk_label_new (group);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (label, "lk-heading");
    }

  gtk_list_box_row_set_header (row, label);
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[ADD], 0);
}

static void
duplicate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[DUPLICATE], 0);
}

static void
select_index (LkListPane *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list_box, MAX (index, 0));

  gtk_list_box_select_row (self->list_box, row);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkListPane *self = LK_LIST_PANE (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list_box);
  int index = gtk_list_box_row_get_index (row);
  gboolean has_focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list_box)) == GTK_WIDGET (row);

  lk_draft_list_remove (self->list, lk_list_row_get_item (LK_LIST_ROW (row)));
  if (gtk_list_box_get_row_at_index (self->list_box, index) == NULL)
    index--;
  select_index (self, index);
  if (lk_list_pane_get_selected (self) == NULL)
    g_signal_emit (self, signals[SELECTED], 0);
  if (has_focus || lk_list_pane_get_selected (self) == NULL)
    lk_list_pane_focus (self);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkListPane *self = LK_LIST_PANE (widget);

  LkDraftItem *item = lk_draft_list_get_last_removed (self->list);

  lk_draft_list_restore (self->list, item);
  lk_list_pane_select (self, item);
  lk_list_pane_focus (self); /* the button goes */
}

static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkListPane *self = LK_LIST_PANE (widget);
  g_autoptr (LkDraftItem) item = g_object_ref (lk_list_pane_get_selected (self));

  lk_draft_list_move (self->list, item, g_str_equal (name, "list.up") ? -1 : 1);
  lk_list_pane_select (self, item);
}

static void
lk_list_pane_dispose (GObject *object)
{
  LkListPane *self = LK_LIST_PANE (object);

  g_clear_object (&self->list);
  G_OBJECT_CLASS (lk_list_pane_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "list.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "list.duplicate", NULL, duplicate_action);
  gtk_widget_class_install_action (widget_class, "list.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "list.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "list.up", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "list.down", NULL, move_action);
}

static guint
new_signal (LkListPaneClass *klass, const char *name)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
lk_list_pane_class_init (LkListPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_list_pane_dispose;
  signals[ADD] = new_signal (klass, "add");
  signals[DUPLICATE] = new_signal (klass, "duplicate");
  signals[SELECTED] = new_signal (klass, "selected");
  install_actions (widget_class);

  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/list-pane.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "list", FALSE,
                                             G_STRUCT_OFFSET (LkListPane, list_box));
  gtk_widget_class_bind_template_child (widget_class, LkListPane, placeholder);
  gtk_widget_class_bind_template_child (widget_class, LkListPane, undo_bar);
  gtk_widget_class_bind_template_child (widget_class, LkListPane, undo_label);
  gtk_widget_class_bind_template_child (widget_class, LkListPane, add_button);
  gtk_widget_class_bind_template_child (widget_class, LkListPane, remove_button);
  gtk_widget_class_bind_template_child (widget_class, LkListPane, duplicate_button);
  gtk_widget_class_bind_template_child (widget_class, LkListPane, order_buttons);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
lk_list_pane_init (LkListPane *self)
{
  self->can_duplicate = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list_box, header_cb, NULL, NULL);
}

/**
 * lk_list_pane_set_list:
 * @self: a pane
 * @list: what to show; once in the life of @self
 */
void
lk_list_pane_set_list (LkListPane *self, LkDraftList *list)
{
  g_return_if_fail (self->list == NULL);

  self->list = g_object_ref (list);
  gtk_list_box_bind_model (self->list_box, lk_draft_list_get_model (list), create_row_cb, self,
                           NULL);
  g_signal_connect_object (list, "changed", G_CALLBACK (list_changed_cb), self, 0);
  list_changed_cb (list, self);
}

/**
 * lk_list_pane_set_words:
 * @self: a pane
 * @accessible_name: what the list holds, for a screen reader
 * @placeholder: what to say while it is empty
 * @remove_label: what the button that removes is called
 */
void
lk_list_pane_set_words (LkListPane *self, const char *accessible_name, const char *placeholder,
                        const char *remove_label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  accessible_name, -1);
  gtk_label_set_label (self->placeholder, placeholder);
  gtk_widget_set_tooltip_text (self->remove_button, remove_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, remove_label, -1);
}

/* Whether the items have an order that a person chooses. */
void
lk_list_pane_set_ordered (LkListPane *self, gboolean ordered)
{
  gtk_widget_set_visible (self->order_buttons, ordered);
}

void
lk_list_pane_set_can_duplicate (LkListPane *self, gboolean can_duplicate)
{
  self->can_duplicate = can_duplicate;
  gtk_widget_set_visible (self->duplicate_button, can_duplicate);
}

/**
 * lk_list_pane_get_selected:
 * @self: a pane
 *
 * Returns: (transfer none) (nullable): the chosen item
 */
LkDraftItem *
lk_list_pane_get_selected (LkListPane *self)
{
  GtkListBoxRow *row;

  if (self->list_box == NULL)
    return NULL;

  row = gtk_list_box_get_selected_row (self->list_box);
  return row != NULL ? lk_list_row_get_item (LK_LIST_ROW (row)) : NULL;
}

/* The focus goes to the chosen item, or where one can be added. */
void
lk_list_pane_focus (LkListPane *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list_box);

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else
    gtk_widget_grab_focus (self->add_button);
}

/**
 * lk_list_pane_select:
 * @self: a pane
 * @item: (nullable): an item; %NULL or one that is not in the list takes the first
 */
void
lk_list_pane_select (LkListPane *self, LkDraftItem *item)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    if (lk_list_row_get_item (LK_LIST_ROW (row)) == item)
      {
        select_index (self, i);
        return;
      }

  select_index (self, 0);
}
