/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-key-cell"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/key-cell.h"
#include "ui/text-line.h"

struct _LkKeyCell
{
  GtkWidget parent_instance;

  char *text;
  int line_height; /* in pixels, as last measured; 0: never */
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
  const char *text =
      license != NULL ? format_value (self->field, lk_license_get (license, self->field)) : "…";

  if (g_str_equal (self->text, text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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

/* All cells of a grid have its font. */
static LkTextLine
get_line (LkKeyCell *self)
{
  GtkWidget *grid = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_COLUMN_VIEW);

  return lk_text_line_get (grid != NULL ? grid : GTK_WIDGET (self));
}

static PangoLayout *
new_layout (LkKeyCell *self)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, gtk_widget_get_width (GTK_WIDGET (self)) * PANGO_SCALE);
  if (self->field->kind != LK_FIELD_TEXT) /* digits below digits */
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
    }

  return layout;
}

static void
lk_key_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  LkKeyCell *self = LK_KEY_CELL (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = self->line_height = get_line (self).height;
  else
    *minimum = *natural = 0; /* the column has its width */
}

/* When the font changes GTK measures anew what has used it, and that have only the cells that were
 * painted. */
static void
lk_key_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  LkKeyCell *self = LK_KEY_CELL (widget);

  GTK_WIDGET_CLASS (lk_key_cell_parent_class)->css_changed (widget, change);

  if (self->line_height != 0 && self->line_height != get_line (self).height)
    gtk_widget_queue_resize (widget);
}

/* From where Pango puts a text, which depends on the text's direction, to where it belongs: numbers
 * to the end of the cell, all else to its beginning. */
static int
get_offset (LkKeyCell *self, PangoLayout *layout)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean at_right = (self->field->kind == LK_FIELD_INTEGER)
                      != (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
  PangoRectangle text;

  pango_layout_get_pixel_extents (layout, NULL, &text);

  return (at_right ? gtk_widget_get_width (widget) - text.width : 0) - text.x;
}

/* The baseline is where that of the grid's font is, also where a text is of another font. */
static void
lk_key_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LkKeyCell *self = LK_KEY_CELL (widget);
  LkTextLine line = get_line (self);
  g_autoptr (PangoLayout) layout = NULL;
  int y;

  if (self->text[0] == '\0')
    return;

  layout = new_layout (self);
  y = (gtk_widget_get_height (widget) - line.height) / 2 + line.ascent
      - PANGO_PIXELS (pango_layout_get_baseline (layout));
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget),
                              get_offset (self, layout), y, layout);
}

static void
lk_key_cell_dispose (GObject *object)
{
  lk_key_cell_clear (LK_KEY_CELL (object));

  G_OBJECT_CLASS (lk_key_cell_parent_class)->dispose (object);
}

static void
lk_key_cell_finalize (GObject *object)
{
  g_free (LK_KEY_CELL (object)->text);

  G_OBJECT_CLASS (lk_key_cell_parent_class)->finalize (object);
}

static void
lk_key_cell_class_init (LkKeyCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_key_cell_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_key_cell_finalize;
  widget_class->measure = lk_key_cell_measure;
  widget_class->css_changed = lk_key_cell_css_changed;
  widget_class->snapshot = lk_key_cell_snapshot;
  gtk_widget_class_set_css_name (widget_class, "key-cell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
lk_key_cell_init (LkKeyCell *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->text = g_strdup ("");
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

  return self->text;
}
