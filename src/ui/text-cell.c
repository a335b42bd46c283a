/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-text-cell"

#include "config.h"

#include "ui/text-cell.h"
#include "ui/text-line.h"

typedef struct
{
  char *text;
  int line_height; /* in pixels, as last measured; 0: never */
  gboolean at_end;
  gboolean is_tabular;
  int indent; /* pixels */
  guint position;
} LkTextCellPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (LkTextCell, lk_text_cell, GTK_TYPE_WIDGET)

static LkTextCellPrivate *
get_private (LkTextCell *self)
{
  return lk_text_cell_get_instance_private (self);
}

/* GtkColumnView of GTK 4.8 toggles a row twice on Ctrl+click, once for the row and once for the
 * cell's list item (https://gitlab.gnome.org/GNOME/gtk/-/issues/4819): this toggles it once and
 * keeps the click from both. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, LkTextCell *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint position = get_private (self)->position;

  g_assert (LK_IS_TEXT_CELL (self));

  if (!(state & GDK_CONTROL_MASK) || position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), "list.select-item", "(ubb)", position, TRUE,
                              (state & GDK_SHIFT_MASK) != 0);
}

/* All cells of a table have its font. */
static LkTextLine
get_line (LkTextCell *self)
{
  GtkWidget *table = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_COLUMN_VIEW);

  return lk_text_line_get (table != NULL ? table : GTK_WIDGET (self));
}

static int
get_width (LkTextCell *self)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (self)) - get_private (self)->indent, 0);
}

static PangoLayout *
new_layout (LkTextCell *self)
{
  LkTextCellPrivate *private = get_private (self);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), private->text);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, get_width (self) * PANGO_SCALE);
  if (private->is_tabular) /* digits below digits */
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
    }

  return layout;
}

static void
lk_text_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  LkTextCell *self = LK_TEXT_CELL (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = get_private (self)->line_height = get_line (self).height;
  else
    *minimum = *natural = 0; /* the column has its width */
}

/* When the font changes GTK measures anew what has used it, and that have only the cells that were
 * painted. */
static void
lk_text_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  LkTextCell *self = LK_TEXT_CELL (widget);
  int height = get_private (self)->line_height;

  GTK_WIDGET_CLASS (lk_text_cell_parent_class)->css_changed (widget, change);

  if (height != 0 && height != get_line (self).height)
    gtk_widget_queue_resize (widget);
}

/* From where Pango puts a text, which depends on the text's direction, to where it belongs: to the
 * beginning of the cell, behind the indent, or to its end. */
static int
get_offset (LkTextCell *self, PangoLayout *layout)
{
  LkTextCellPrivate *private = get_private (self);
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean at_right = private->at_end != is_rtl;
  PangoRectangle text;

  pango_layout_get_pixel_extents (layout, NULL, &text);

  return (is_rtl ? 0 : private->indent) + (at_right ? get_width (self) - text.width : 0) - text.x;
}

/* The baseline is where that of the table's font is, also where a text is of another font. */
static void
lk_text_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LkTextCell *self = LK_TEXT_CELL (widget);
  LkTextLine line = get_line (self);
  g_autoptr (PangoLayout) layout = NULL;
  int y;

  if (get_private (self)->text[0] == '\0')
    return;

  layout = new_layout (self);
  y = (gtk_widget_get_height (widget) - line.height) / 2 + line.ascent
      - PANGO_PIXELS (pango_layout_get_baseline (layout));
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget),
                              get_offset (self, layout), y, layout);
}

static void
lk_text_cell_finalize (GObject *object)
{
  g_free (get_private (LK_TEXT_CELL (object))->text);

  G_OBJECT_CLASS (lk_text_cell_parent_class)->finalize (object);
}

static void
lk_text_cell_class_init (LkTextCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_text_cell_finalize;
  widget_class->measure = lk_text_cell_measure;
  widget_class->css_changed = lk_text_cell_css_changed;
  widget_class->snapshot = lk_text_cell_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
lk_text_cell_init (LkTextCell *self)
{
  LkTextCellPrivate *private = get_private (self);
  GtkGesture *click = gtk_gesture_click_new ();

  private->text = g_strdup ("");
  private->position = GTK_INVALID_LIST_POSITION;
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * lk_text_cell_set_look:
 * @self: a cell
 * @at_end: whether its text stands at the end of the cell, as numbers do
 * @is_tabular: whether its digits are as wide as each other
 * @indent: pixels that are left free before the text
 */
void
lk_text_cell_set_look (LkTextCell *self, gboolean at_end, gboolean is_tabular, int indent)
{
  LkTextCellPrivate *private = get_private (self);

  g_return_if_fail (LK_IS_TEXT_CELL (self));

  private->at_end = at_end;
  private->is_tabular = is_tabular;
  private->indent = indent;
}

/**
 * lk_text_cell_set_text:
 * @self: a cell
 * @text: what to show
 */
void
lk_text_cell_set_text (LkTextCell *self, const char *text)
{
  LkTextCellPrivate *private = get_private (self);

  g_return_if_fail (LK_IS_TEXT_CELL (self));

  if (g_str_equal (private->text, text))
    return;

  g_free (private->text);
  private->text = g_strdup (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * lk_text_cell_get_text:
 * @self: a cell
 *
 * Returns: the text on the screen
 */
const char *
lk_text_cell_get_text (LkTextCell *self)
{
  g_return_val_if_fail (LK_IS_TEXT_CELL (self), NULL);

  return get_private (self)->text;
}

/**
 * lk_text_cell_set_position:
 * @self: a cell
 * @position: the place of its row in the table; %GTK_INVALID_LIST_POSITION while it shows none
 */
void
lk_text_cell_set_position (LkTextCell *self, guint position)
{
  g_return_if_fail (LK_IS_TEXT_CELL (self));

  get_private (self)->position = position;
}

/**
 * lk_text_cell_get_position:
 * @self: a cell
 *
 * Returns: the place of its row in the table, while it shows one
 */
guint
lk_text_cell_get_position (LkTextCell *self)
{
  g_return_val_if_fail (LK_IS_TEXT_CELL (self), GTK_INVALID_LIST_POSITION);

  return get_private (self)->position;
}
