/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-list-row"

#include "config.h"

#include <glib/gi18n.h>

#include "core/text-check.h"
#include "ui/list-row.h"

struct _LkListRow
{
  GtkListBoxRow parent;

  LkDraftItem *item;
  GtkCheckButton *check; /* (nullable) */
  GtkLabel *title;
  GtkImage *mark;
  GtkImage *trouble;
};

G_DEFINE_FINAL_TYPE (LkListRow, lk_list_row, GTK_TYPE_LIST_BOX_ROW)

static void
show_title (LkListRow *self)
{
  const char *name = lk_draft_item_get_title (self->item);
  const char *title = lk_text_is_blank (name) ? _ ("(no name)") : name;
  gboolean dirty = lk_draft_item_is_dirty (self->item);
  g_autofree char *spoken = NULL;

  /* translators: what a screen reader says of a line of a list with edits that are not saved */
  spoken = dirty ? g_strdup_printf (_ ("%s, not saved yet"), title) : g_strdup (title);
  gtk_label_set_label (self->title, title);
  if (dirty)
    gtk_widget_add_css_class (GTK_WIDGET (self->title), "lk-unsaved");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title), "lk-unsaved");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), dirty ? spoken : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_icon (GtkImage *image, const char *icon_name, const char *meaning)
{
  gtk_widget_set_visible (GTK_WIDGET (image), icon_name != NULL);
  if (icon_name == NULL)
    return;

  gtk_image_set_from_icon_name (image, icon_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (image), meaning);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, meaning,
                                  -1);
}

static void
show_check (LkListRow *self)
{
  LkDraftItemClass *klass = LK_DRAFT_ITEM_GET_CLASS (self->item);
  gboolean checked;

  if (self->check == NULL)
    return;

  checked = klass->get_checked (self->item);
  if (gtk_check_button_get_active (self->check) != checked)
    gtk_check_button_set_active (self->check, checked);
}

static void
item_changed_cb (LkDraftItem *item, LkListRow *self)
{
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (item);
  const char *meaning;
  const char *mark;

  g_assert (LK_IS_LIST_ROW (self));

  show_title (self);
  show_check (self);
  mark = lk_draft_item_get_mark (item, &meaning);
  show_icon (self->mark, mark, meaning);
  show_icon (self->trouble,
             lk_draft_problems_have (problems, LK_DRAFT_ERROR) ? "lk-warning-symbolic" : NULL,
             _ ("Something has to be mended before this can be saved"));
}

static void
check_toggled_cb (GtkCheckButton *check, LkListRow *self)
{
  g_assert (LK_IS_LIST_ROW (self));

  LK_DRAFT_ITEM_GET_CLASS (self->item)
      ->set_checked (self->item, gtk_check_button_get_active (check));
}

static void
add_check (LkListRow *self, GtkWidget *box)
{
  LkDraftItemClass *klass = LK_DRAFT_ITEM_GET_CLASS (self->item);
  GtkWidget *check;

  if (klass->get_checked == NULL)
    return;

  check = gtk_check_button_new ();
  self->check = GTK_CHECK_BUTTON (check);
  gtk_widget_set_tooltip_text (check, klass->get_check_label (self->item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  klass->get_check_label (self->item), -1);
  gtk_box_append (GTK_BOX (box), check);
  gtk_check_button_set_active (self->check, klass->get_checked (self->item));
  g_signal_connect (check, "toggled", G_CALLBACK (check_toggled_cb), self);
}

static void
build (LkListRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_add_css_class (box, "lk-draft-row");
  add_check (self, box);
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->title), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->trouble));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->mark));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
}

static void
lk_list_row_finalize (GObject *object)
{
  g_clear_object (&LK_LIST_ROW (object)->item);
  G_OBJECT_CLASS (lk_list_row_parent_class)->finalize (object);
}

static void
lk_list_row_class_init (LkListRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_list_row_finalize;
}

static void
lk_list_row_init (LkListRow *self)
{
  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->mark = GTK_IMAGE (gtk_image_new ());
  self->trouble = GTK_IMAGE (gtk_image_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->trouble), "error");
}

/**
 * lk_list_row_new:
 * @item: what to show
 *
 * Returns: (transfer floating): a line that follows its item
 */
GtkWidget *
lk_list_row_new (LkDraftItem *item)
{
  LkListRow *self = g_object_new (LK_TYPE_LIST_ROW, NULL);

  self->item = g_object_ref (item);
  build (self);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, 0);
  item_changed_cb (item, self);
  return GTK_WIDGET (self);
}

LkDraftItem *
lk_list_row_get_item (LkListRow *self)
{
  return self->item;
}
