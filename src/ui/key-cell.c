/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-key-cell"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/key-cell.h"
#include "ui/ui-init.h"

struct _LkKeyCell
{
  GtkWidget parent_instance;

  GtkInscription *text;
  const LkLicenseField *field;
  LkLicenseRow *row;
  gulong license_handler;
  guint position;
};

G_DEFINE_FINAL_TYPE (LkKeyCell, lk_key_cell, GTK_TYPE_WIDGET)

static const char *
format_value (const LkLicenseField *field, const char *value)
{
  if (value == NULL)
    return "";
  if (field->kind == LK_FIELD_FLAG)
    return g_str_equal (value, "0") ? "" : _ ("Yes");

  return value;
}

static void
update_text (LkKeyCell *self)
{
  LkLicense *license = lk_license_row_get_license (self->row);

  /* A row that is still being read is as high as any other. */
  gtk_inscription_set_text (
      self->text,
      license != NULL ? format_value (self->field, lk_license_get (license, self->field)) : "…");
}

static void
license_changed_cb (LkLicenseRow *row, GParamSpec *pspec, LkKeyCell *self)
{
  g_assert (LK_IS_KEY_CELL (self));

  update_text (self);
}

/* GtkColumnView of GTK 4.8 toggles a row twice on Ctrl+click, once for the row and once for the
 * cell's list item (https://gitlab.gnome.org/GNOME/gtk/-/issues/4819): this toggles it once and
 * keeps the click from both. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, LkKeyCell *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  g_assert (LK_IS_KEY_CELL (self));

  if (!(state & GDK_CONTROL_MASK) || self->row == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), "list.select-item", "(ubb)", self->position, TRUE,
                              (state & GDK_SHIFT_MASK) != 0);
}

static void
lk_key_cell_dispose (GObject *object)
{
  LkKeyCell *self = LK_KEY_CELL (object);

  lk_key_cell_clear (self);
  lk_widget_unparent_children (GTK_WIDGET (self));

  G_OBJECT_CLASS (lk_key_cell_parent_class)->dispose (object);
}

static void
lk_key_cell_class_init (LkKeyCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_key_cell_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "key-cell");
}

static void
lk_key_cell_init (LkKeyCell *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->text = GTK_INSCRIPTION (gtk_inscription_new (NULL));
  gtk_inscription_set_text_overflow (self->text, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_yalign (self->text, 0);
  gtk_widget_set_valign (GTK_WIDGET (self->text), GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (GTK_WIDGET (self->text), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->text), GTK_WIDGET (self));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * lk_key_cell_new:
 * @field: the value it shows
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
lk_key_cell_new (const LkLicenseField *field)
{
  LkKeyCell *self = g_object_new (LK_TYPE_KEY_CELL, NULL);

  self->field = field;
  if (field->kind == LK_FIELD_INTEGER)
    {
      gtk_inscription_set_xalign (self->text, 1);
      gtk_widget_add_css_class (GTK_WIDGET (self->text), "numeric");
    }
  else if (field->kind == LK_FIELD_DATE)
    gtk_widget_add_css_class (GTK_WIDGET (self->text), "numeric");

  return GTK_WIDGET (self);
}

/**
 * lk_key_cell_show:
 * @self: a cell
 * @row: the row to show, now or as soon as it is read
 * @position: its place in the grid
 */
void
lk_key_cell_show (LkKeyCell *self, LkLicenseRow *row, guint position)
{
  g_return_if_fail (LK_IS_KEY_CELL (self) && LK_IS_LICENSE_ROW (row));

  lk_key_cell_clear (self);
  self->row = g_object_ref (row);
  self->position = position;
  self->license_handler =
      g_signal_connect (row, "notify::license", G_CALLBACK (license_changed_cb), self);
  update_text (self);
}

/**
 * lk_key_cell_clear:
 * @self: a cell
 *
 * Lets go of the row it shows.
 */
void
lk_key_cell_clear (LkKeyCell *self)
{
  g_return_if_fail (LK_IS_KEY_CELL (self));

  if (self->row != NULL)
    g_clear_signal_handler (&self->license_handler, self->row);
  g_clear_object (&self->row);
}

/**
 * lk_key_cell_get_row:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the row it shows
 */
LkLicenseRow *
lk_key_cell_get_row (LkKeyCell *self)
{
  g_return_val_if_fail (LK_IS_KEY_CELL (self), NULL);

  return self->row;
}

/**
 * lk_key_cell_get_position:
 * @self: a cell
 *
 * Returns: the place of its row in the grid, while it shows one
 */
guint
lk_key_cell_get_position (LkKeyCell *self)
{
  g_return_val_if_fail (LK_IS_KEY_CELL (self), GTK_INVALID_LIST_POSITION);

  return self->row != NULL ? self->position : GTK_INVALID_LIST_POSITION;
}

/**
 * lk_key_cell_get_field:
 * @self: a cell
 *
 * Returns: the value it shows
 */
const LkLicenseField *
lk_key_cell_get_field (LkKeyCell *self)
{
  g_return_val_if_fail (LK_IS_KEY_CELL (self), NULL);

  return self->field;
}

/**
 * lk_key_cell_get_text:
 * @self: a cell
 *
 * Returns: the text on the screen
 */
const char *
lk_key_cell_get_text (LkKeyCell *self)
{
  g_return_val_if_fail (LK_IS_KEY_CELL (self), NULL);

  return gtk_inscription_get_text (self->text);
}
