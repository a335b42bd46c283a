/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-keys-page"

#include "config.h"

#include "ui/key-cell.h"
#include "ui/keys-page-private.h"

static void
open_menu (LkKeysPage *self, LkKeyCell *cell, double x, double y)
{
  guint position = lk_text_cell_get_position (LK_TEXT_CELL (cell));
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);

  if (position == GTK_INVALID_LIST_POSITION)
    return;

  self->menu_field = lk_key_cell_get_field (cell);
  g_set_object (&self->menu_row, lk_key_cell_get_row (cell));
  if (!gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_select_item (selection, position, TRUE);

  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu_popover),
                               &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu_popover));
}

static LkKeyCell *
find_cell_at (LkKeysPage *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return widget != NULL ? (LkKeyCell *) gtk_widget_get_ancestor (widget, LK_TYPE_KEY_CELL) : NULL;
}

static void
secondary_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, LkKeysPage *self)
{
  LkKeyCell *cell = find_cell_at (self, x, y);

  g_assert (LK_IS_KEYS_PAGE (self));

  if (cell == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  open_menu (self, cell, x, y);
}

/* The first cell of the row that has the keyboard's focus. */
static LkKeyCell *
find_cell_below (GtkWidget *widget)
{
  if (widget == NULL || LK_IS_KEY_CELL (widget))
    return (LkKeyCell *) widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      LkKeyCell *cell = find_cell_below (child);

      if (cell != NULL)
        return cell;
    }

  return NULL;
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  LkKeysPage *self = LK_KEYS_PAGE (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  LkKeyCell *cell;
  double x;
  double y;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)))
    return FALSE;
  cell = find_cell_below (focus);
  if (cell == NULL
      || !gtk_widget_translate_coordinates (GTK_WIDGET (cell), widget, 0,
                                            gtk_widget_get_height (GTK_WIDGET (cell)), &x, &y))
    return FALSE;

  open_menu (self, cell, x, y);

  return TRUE;
}

/* The keyboard's way to the menu. */
void
lk_keys_page_add_menu_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
}

/* The pointer's way to the menu. */
void
lk_keys_page_add_menu (LkKeysPage *self)
{
  GtkGesture *secondary = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
}

/**
 * lk_keys_page_get_menu_field:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the value on which the context menu was opened last
 */
const LkLicenseField *
lk_keys_page_get_menu_field (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return self->menu_field;
}

/**
 * lk_keys_page_get_menu_license:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the license on which the context menu was opened last
 */
LkLicense *
lk_keys_page_get_menu_license (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return self->menu_row != NULL ? lk_license_row_get_license (self->menu_row) : NULL;
}
