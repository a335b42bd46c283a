/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/license-row.h"
#include "ui-test.h"
#include "ui/key-cell.h"

#define N_ROWS 30

/* A grid of one column; most of its cells are out of sight. */
typedef struct
{
  GListStore *rows;
  GtkWidget *grid;
  GtkWindow *window;
} Fixture;

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer field)
{
  gtk_list_item_set_child (item, lk_key_cell_new (field));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer field)
{
  lk_key_cell_show (LK_KEY_CELL (gtk_list_item_get_child (item)), gtk_list_item_get_item (item),
                    gtk_list_item_get_position (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer field)
{
  lk_key_cell_clear (LK_KEY_CELL (gtk_list_item_get_child (item)));
}

static GtkColumnViewColumn *
new_column (const char *name)
{
  const LkLicenseField *field = lk_license_field_find (name);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column = gtk_column_view_column_new (name, factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) field);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_column_view_column_set_fixed_width (column, 150);

  return column;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkColumnViewColumn) column = new_column (data);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->rows = g_list_store_new (LK_TYPE_LICENSE_ROW);
  for (int i = 0; i < N_ROWS; i++)
    {
      g_autoptr (LkLicenseRow) row = lk_license_row_new (i + 1);

      g_list_store_append (self->rows, row);
    }
  self->grid = gtk_column_view_new (
      GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->rows)))));
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->grid), column);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->grid);
  self->window = ui_test_show (scroller, 200, 150);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (self->window);
  g_clear_object (&self->rows);
}

static void
fill (Fixture *self, guint position, const char *name, const char *value)
{
  g_autoptr (LkLicenseRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  const char *const values[] = { name, value, NULL };
  g_autoptr (LkLicense) license = lk_license_new_named (lk_license_row_get_license_id (row),
                                                        value != NULL ? values : &values[2]);

  lk_license_row_fill (row, lk_license_row_get_license_id (row), license);
}

static void
test_text (Fixture *self, gconstpointer data)
{
  LkKeyCell *cell = LK_KEY_CELL (ui_test_find (self->grid, LK_TYPE_KEY_CELL));
  GtkAccessible *accessible = GTK_ACCESSIBLE (cell);

  gtk_test_accessible_assert_role (accessible, GTK_ACCESSIBLE_ROLE_LABEL);
  g_assert_cmpuint (lk_text_cell_get_position (LK_TEXT_CELL (cell)), ==, 0);
  g_assert_cmpstr (lk_text_cell_get_text (LK_TEXT_CELL (cell)), ==, "…");
  fill (self, 0, "FullName", "Ada Ångström");
  g_assert_cmpstr (lk_text_cell_get_text (LK_TEXT_CELL (cell)), ==, "Ada Ångström");
  gtk_test_accessible_assert_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, "Ada Ångström");
  fill (self, 0, "FullName", NULL);
  g_assert_cmpstr (lk_text_cell_get_text (LK_TEXT_CELL (cell)), ==, "");
  gtk_test_accessible_assert_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, "");
}

static void
test_flag (Fixture *self, gconstpointer data)
{
  LkKeyCell *cell = LK_KEY_CELL (ui_test_find (self->grid, LK_TYPE_KEY_CELL));

  fill (self, 0, "Disabled", "0");
  g_assert_cmpstr (lk_text_cell_get_text (LK_TEXT_CELL (cell)), ==, "");
  fill (self, 0, "Disabled", "1");
  g_assert_cmpstr (lk_text_cell_get_text (LK_TEXT_CELL (cell)), ==, "Yes");
}

/* Sets @bounds to what the first cell paints, its text, and returns how wide the cell is. */
static double
paint_cell (Fixture *self, graphene_rect_t *bounds)
{
  GtkWidget *cell = ui_test_find (self->grid, LK_TYPE_KEY_CELL);
  GdkPaintable *paintable = gtk_widget_paintable_new (cell);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  ui_test_settle (cell);
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), gtk_widget_get_width (cell),
                          gtk_widget_get_height (cell));
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  gsk_render_node_get_bounds (node, bounds);
  gsk_render_node_unref (node);
  g_object_unref (paintable);

  return gtk_widget_get_width (cell);
}

/* Each value is painted inside of its cell, and a number stands at the right. */
static void
test_painted (Fixture *self, gconstpointer data)
{
  graphene_rect_t bounds;
  double width;
  gboolean is_number = g_str_equal (data, "NumLicenses");

  fill (self, 0, data, is_number ? "7" : "A");
  width = paint_cell (self, &bounds);
  g_assert_cmpfloat (bounds.size.width, <, width / 2);
  if (is_number)
    g_assert_cmpfloat (bounds.origin.x, >, width / 2);
  else
    g_assert_cmpfloat (bounds.origin.x, <, width / 2);

  fill (self, 0, data, "א"); /* from right to left */
  paint_cell (self, &bounds);
  g_assert_true ((bounds.origin.x > width / 2) == is_number);

  fill (self, 0, data,
        is_number ? "1234567890123456789" : "a text that is much longer than its cell is wide");
  width = paint_cell (self, &bounds);
  g_assert_cmpfloat (bounds.size.width, >, width / 2);
  g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <, width + 2);
}

static void
check_heights (GtkWidget *widget, int height, guint *n_cells)
{
  int natural;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_heights (child, height, n_cells);
  if (!LK_IS_KEY_CELL (widget))
    return;

  (*n_cells)++;
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, ==, height);
}

static int
get_height (Fixture *self)
{
  GtkWidget *cell = ui_test_find (self->grid, LK_TYPE_KEY_CELL);
  guint n_cells = 0;
  int height;

  ui_test_settle (self->grid);
  gtk_widget_measure (cell, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  check_heights (self->grid, height, &n_cells);
  g_assert_cmpuint (n_cells, ==, N_ROWS);

  return height;
}

/* All rows are equally high, placeholders and those out of sight included, also after the font has
 * changed: here to one that has other heights at the same size. */
static void
test_heights (Fixture *self, gconstpointer data)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  int height;

  fill (self, 0, "FullName", "みどり計測株式会社");
  height = get_height (self);
  gtk_css_provider_load_from_data (provider, "columnview { font-family: Droid Sans Fallback; }",
                                   -1);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
  g_assert_cmpint (get_height (self), !=, height);
  gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (provider));
  g_assert_cmpint (get_height (self), ==, height);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

#define ADD(path, column, func) g_test_add (path, Fixture, column, set_up, func, tear_down)
  ADD ("/key-cell/text", "FullName", test_text);
  ADD ("/key-cell/flag", "Disabled", test_flag);
  ADD ("/key-cell/painted", "FullName", test_painted);
  ADD ("/key-cell/painted-number", "NumLicenses", test_painted);
  ADD ("/key-cell/heights", "FullName", test_heights);
#undef ADD

  return g_test_run ();
}
