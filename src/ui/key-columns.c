/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-key-columns"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/key-cell.h"
#include "ui/key-columns.h"

/* How long after the last change of a width or the order it is written, in milliseconds. */
#define SAVE_DELAY_MS 500

struct _LkKeyColumns
{
  GObject parent_instance;

  GtkColumnView *view;
  GSettings *settings;       /* (nullable): where the schema is not installed */
  GtkColumnViewColumn **all; /* by the index of the field; (nullable) entries */
  const LkLicenseField *noted;
  gboolean restoring;
  guint save_source;
};

G_DEFINE_FINAL_TYPE (LkKeyColumns, lk_key_columns, G_TYPE_OBJECT)

enum
{
  SORT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What the sorter of a column knows. */
typedef struct
{
  LkKeyColumns *columns;
  const LkLicenseField *field;
} SortNote;

static GQuark
field_quark (void)
{
  return g_quark_from_static_string ("lk-license-field");
}

static const LkLicenseField *
get_field (GtkColumnViewColumn *column)
{
  return g_object_get_qdata (G_OBJECT (column), field_quark ());
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, lk_key_cell_new (user_data));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  lk_key_cell_show (LK_KEY_CELL (gtk_list_item_get_child (item)), gtk_list_item_get_item (item),
                    gtk_list_item_get_position (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  lk_key_cell_clear (LK_KEY_CELL (gtk_list_item_get_child (item)));
}

/* Before 4.10 a column view does not tell which column sorts. So the sorter of each column, which
 * never sees a license, leaves a note that it was asked. */
static int
note_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  SortNote *note = user_data;

  note->columns->noted = note->field;

  return GTK_ORDERING_SMALLER;
}

static GtkSorter *
new_sorter (LkKeyColumns *self, const LkLicenseField *field)
{
  SortNote *note = g_new (SortNote, 1);

  note->columns = self;
  note->field = field;

  return GTK_SORTER (gtk_custom_sorter_new (note_cb, note, g_free));
}

static GVariant *
describe (LkKeyColumns *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sbi)"));
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      g_variant_builder_add (&builder, "(sbi)", get_field (column)->column,
                             gtk_column_view_column_get_visible (column),
                             gtk_column_view_column_get_fixed_width (column));
    }

  return g_variant_builder_end (&builder);
}

static gboolean
save_cb (gpointer user_data)
{
  LkKeyColumns *self = user_data;

  self->save_source = 0;
  g_settings_set_value (self->settings, "columns", describe (self));

  return G_SOURCE_REMOVE;
}

static void
save_soon (LkKeyColumns *self)
{
  if (self->restoring || self->settings == NULL)
    return;

  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_DELAY_MS, save_cb, self);
}

static void
column_changed_cb (GtkColumnViewColumn *column, GParamSpec *pspec, LkKeyColumns *self)
{
  g_assert (LK_IS_KEY_COLUMNS (self));

  save_soon (self);
}

static void
order_changed_cb (GListModel *columns, guint position, guint removed, guint added,
                  LkKeyColumns *self)
{
  g_assert (LK_IS_KEY_COLUMNS (self));

  save_soon (self);
}

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, LkKeyColumns *self)
{
  const LkLicenseField *field;
  gboolean descending;

  g_assert (LK_IS_KEY_COLUMNS (self));

  if (self->restoring)
    return;

  field = lk_key_columns_get_sort (self, &descending);
  if (self->settings != NULL)
    {
      g_settings_set_string (self->settings, "sort-column", field != NULL ? field->column : "");
      g_settings_set_boolean (self->settings, "sort-descending", descending);
    }
  g_signal_emit (self, signals[SORT_CHANGED], 0);
}

static void
add_column (LkKeyColumns *self, const LkLicenseField *field)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;
  g_autoptr (GtkSorter) sorter = new_sorter (self, field);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) field);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  column = gtk_column_view_column_new (_ (field->title), factory);
  g_object_set_qdata (G_OBJECT (column), field_quark (), (gpointer) field);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, field->width);
  gtk_column_view_column_set_visible (column, field->shown);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_append_column (self->view, column);
  g_signal_connect_object (column, "notify::fixed-width", G_CALLBACK (column_changed_cb), self, 0);
  g_signal_connect_object (column, "notify::visible", G_CALLBACK (column_changed_cb), self, 0);

  self->all[lk_license_field_index (field)] = column;
}

static void
add_columns (LkKeyColumns *self)
{
  self->all = g_new0 (GtkColumnViewColumn *, lk_license_n_fields);
  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      add_column (self, &lk_license_fields[i]);
}

/* Puts a column where it was left; what the settings do not know stays behind those they do. */
static void
restore_column (LkKeyColumns *self, guint position, const char *name, gboolean shown, int width)
{
  const LkLicenseField *field = lk_license_field_find (name);
  GtkColumnViewColumn *column = field != NULL ? lk_key_columns_get_column (self, field) : NULL;

  if (column == NULL)
    return;

  gtk_column_view_insert_column (self->view, position, column);
  gtk_column_view_column_set_visible (column, shown);
  gtk_column_view_column_set_fixed_width (column, CLAMP (width, 20, 4000));
}

static void
restore (LkKeyColumns *self)
{
  g_autoptr (GVariant) columns = g_settings_get_value (self->settings, "columns");
  g_autofree char *sort = g_settings_get_string (self->settings, "sort-column");
  const LkLicenseField *sort_field = lk_license_field_find (sort);
  GVariantIter iter;
  const char *name;
  gboolean shown;
  int width;

  g_variant_iter_init (&iter, columns);
  for (guint i = 0; g_variant_iter_next (&iter, "(&sbi)", &name, &shown, &width); i++)
    restore_column (self, i, name, shown, width);

  if (sort_field != NULL && sort_field->column != NULL)
    lk_key_columns_sort (self, sort_field,
                         g_settings_get_boolean (self->settings, "sort-descending"));
}

static void
shown_toggled_cb (GtkCheckButton *check, LkKeyColumns *self)
{
  lk_key_columns_set_shown (self, g_object_get_qdata (G_OBJECT (check), field_quark ()),
                            gtk_check_button_get_active (check));
}

static void
reset_clicked_cb (GtkButton *button, LkKeyColumns *self)
{
  lk_key_columns_reset (self);
}

static void
column_visible_cb (GtkColumnViewColumn *column, GParamSpec *pspec, GtkCheckButton *check)
{
  gtk_check_button_set_active (check, gtk_column_view_column_get_visible (column));
}

static GtkWidget *
new_check (LkKeyColumns *self, GtkColumnViewColumn *column)
{
  GtkWidget *check = gtk_check_button_new_with_label (gtk_column_view_column_get_title (column));

  g_object_set_qdata (G_OBJECT (check), field_quark (), (gpointer) get_field (column));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               gtk_column_view_column_get_visible (column));
  g_signal_connect_object (check, "toggled", G_CALLBACK (shown_toggled_cb), self, 0);
  g_signal_connect_object (column, "notify::visible", G_CALLBACK (column_visible_cb), check, 0);

  return check;
}

static void
lk_key_columns_dispose (GObject *object)
{
  LkKeyColumns *self = LK_KEY_COLUMNS (object);

  if (self->save_source != 0)
    {
      g_clear_handle_id (&self->save_source, g_source_remove);
      g_settings_set_value (self->settings, "columns", describe (self));
    }
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lk_key_columns_parent_class)->dispose (object);
}

static void
lk_key_columns_finalize (GObject *object)
{
  LkKeyColumns *self = LK_KEY_COLUMNS (object);

  for (gsize i = 0; i < lk_license_n_fields; i++)
    g_clear_object (&self->all[i]);
  g_clear_pointer (&self->all, g_free);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (lk_key_columns_parent_class)->finalize (object);
}

static void
lk_key_columns_class_init (LkKeyColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_key_columns_dispose;
  object_class->finalize = lk_key_columns_finalize;

  signals[SORT_CHANGED] = g_signal_new ("sort-changed", LK_TYPE_KEY_COLUMNS, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_key_columns_init (LkKeyColumns *self)
{
}

/**
 * lk_key_columns_new:
 * @view: the grid, without columns
 * @settings: (nullable): where to keep what a person changes
 *
 * Returns: (transfer full): the columns, which are in @view now
 */
LkKeyColumns *
lk_key_columns_new (GtkColumnView *view, GSettings *settings)
{
  LkKeyColumns *self = g_object_new (LK_TYPE_KEY_COLUMNS, NULL);

  self->view = g_object_ref (view);
  self->restoring = TRUE;
  add_columns (self);
  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      restore (self);
    }
  self->restoring = FALSE;

  g_signal_connect_object (gtk_column_view_get_columns (view), "items-changed",
                           G_CALLBACK (order_changed_cb), self, 0);
  g_signal_connect_object (gtk_column_view_get_sorter (view), "changed",
                           G_CALLBACK (sorter_changed_cb), self, 0);

  return self;
}

/**
 * lk_key_columns_get_sort:
 * @self: the columns
 * @descending: (out) (optional): whether the order is downwards
 *
 * Returns: (nullable): what the grid is sorted by; %NULL for no column
 */
const LkLicenseField *
lk_key_columns_get_sort (LkKeyColumns *self, gboolean *descending)
{
  /* Two dummies, for a sorter answers "equal" for twice the same object without asking anybody. */
  g_autoptr (GObject) a = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) b = g_object_new (G_TYPE_OBJECT, NULL);
  GtkOrdering ordering;

  g_return_val_if_fail (LK_IS_KEY_COLUMNS (self), NULL);

  self->noted = NULL;
  ordering = gtk_sorter_compare (gtk_column_view_get_sorter (self->view), a, b);
  if (descending != NULL)
    *descending = ordering == GTK_ORDERING_LARGER;

  return self->noted;
}

/**
 * lk_key_columns_sort:
 * @self: the columns
 * @field: (nullable): what to sort by; %NULL for the order in which licenses were created
 * @descending: whether downwards
 */
void
lk_key_columns_sort (LkKeyColumns *self, const LkLicenseField *field, gboolean descending)
{
  GtkColumnViewColumn *column = field != NULL ? lk_key_columns_get_column (self, field) : NULL;

  g_return_if_fail (LK_IS_KEY_COLUMNS (self));

  /* Without this the arrow of the column before stays (GTK 4.8). */
  gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
  if (column != NULL)
    gtk_column_view_sort_by_column (self->view, column,
                                    descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/**
 * lk_key_columns_is_shown:
 * @self: the columns
 * @field: a value of a license
 *
 * Returns: whether the grid shows it
 */
gboolean
lk_key_columns_is_shown (LkKeyColumns *self, const LkLicenseField *field)
{
  GtkColumnViewColumn *column = lk_key_columns_get_column (self, field);

  return column != NULL && gtk_column_view_column_get_visible (column);
}

/**
 * lk_key_columns_set_shown:
 * @self: the columns
 * @field: a value of a license
 * @shown: whether the grid shows it
 */
void
lk_key_columns_set_shown (LkKeyColumns *self, const LkLicenseField *field, gboolean shown)
{
  GtkColumnViewColumn *column = lk_key_columns_get_column (self, field);

  if (column != NULL)
    gtk_column_view_column_set_visible (column, shown);
}

/**
 * lk_key_columns_get_column:
 * @self: the columns
 * @field: a value of a license
 *
 * Returns: (transfer none) (nullable): its column; %NULL for a value that has none
 */
GtkColumnViewColumn *
lk_key_columns_get_column (LkKeyColumns *self, const LkLicenseField *field)
{
  g_return_val_if_fail (LK_IS_KEY_COLUMNS (self) && field != NULL, NULL);

  return self->all[lk_license_field_index (field)];
}

/**
 * lk_key_columns_new_chooser:
 * @self: the columns
 *
 * Returns: (transfer floating): a list in which a person ticks the columns to show
 */
GtkWidget *
lk_key_columns_new_chooser (LkKeyColumns *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *reset = gtk_button_new_with_mnemonic (_ ("_Reset Columns"));

  g_return_val_if_fail (LK_IS_KEY_COLUMNS (self), NULL);

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (self->all[i] != NULL)
      gtk_box_append (GTK_BOX (list), new_check (self, self->all[i]));

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 400);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  /* Else GTK begins with the button, before the list has its place. */
  g_signal_connect (gtk_widget_get_first_child (list), "map", G_CALLBACK (gtk_widget_grab_focus),
                    NULL);
  g_signal_connect_object (reset, "clicked", G_CALLBACK (reset_clicked_cb), self, 0);

  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), reset);

  return box;
}

/**
 * lk_key_columns_reset:
 * @self: the columns
 *
 * Goes back to the columns, widths and order that the program comes with.
 */
void
lk_key_columns_reset (LkKeyColumns *self)
{
  g_return_if_fail (LK_IS_KEY_COLUMNS (self));

  for (gsize i = 0, position = 0; i < lk_license_n_fields; i++)
    if (self->all[i] != NULL)
      {
        const LkLicenseField *field = &lk_license_fields[i];

        gtk_column_view_insert_column (self->view, position++, self->all[i]);
        gtk_column_view_column_set_visible (self->all[i], field->shown);
        gtk_column_view_column_set_fixed_width (self->all[i], field->width);
      }
}
