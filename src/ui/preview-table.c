/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-preview-table"

#include "config.h"

#include <glib/gi18n.h>

#include "core/license.h"
#include "ui/preview-table.h"

#define MAX_COLUMNS 8

#define LK_TYPE_PREVIEW_LINE (lk_preview_line_get_type ())
G_DECLARE_FINAL_TYPE (LkPreviewLine, lk_preview_line, LK, PREVIEW_LINE, GObject)

struct _LkPreviewLine
{
  GObject parent;

  LkLicense *license;
};

G_DEFINE_FINAL_TYPE (LkPreviewLine, lk_preview_line, G_TYPE_OBJECT)

static void
lk_preview_line_finalize (GObject *object)
{
  g_clear_pointer (&LK_PREVIEW_LINE (object)->license, lk_license_unref);
  G_OBJECT_CLASS (lk_preview_line_parent_class)->finalize (object);
}

static void
lk_preview_line_class_init (LkPreviewLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_preview_line_finalize;
}

static void
lk_preview_line_init (LkPreviewLine *self)
{
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const LkLicenseField *field = user_data;
  LkPreviewLine *line = gtk_list_item_get_item (item);
  const char *value = lk_license_get (line->license, field);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), value != NULL ? value : "");
}

static void
add_column (GtkColumnView *view, const LkLicenseField *field)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) field);
  column = gtk_column_view_column_new (_ (field->title), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, field->width);
  gtk_column_view_append_column (view, column);
}

/**
 * lk_preview_table_set_up:
 * @view: an empty view
 *
 * Gives it the first columns that the grid shows by default.
 */
void
lk_preview_table_set_up (GtkColumnView *view)
{
  GListStore *lines = g_list_store_new (LK_TYPE_PREVIEW_LINE);
  g_autoptr (GtkSelectionModel) selection =
      GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (lines)));
  gsize n_columns = 0;

  for (gsize i = 0; i < lk_license_n_fields && n_columns < MAX_COLUMNS; i++)
    if (lk_license_fields[i].shown)
      {
        add_column (view, &lk_license_fields[i]);
        n_columns++;
      }

  gtk_column_view_set_model (view, selection);
}

/**
 * lk_preview_table_show:
 * @view: a view that was set up
 * @licenses: (nullable) (element-type LkLicense): what to show
 */
void
lk_preview_table_show (GtkColumnView *view, GPtrArray *licenses)
{
  GtkNoSelection *selection = GTK_NO_SELECTION (gtk_column_view_get_model (view));
  GListStore *lines = G_LIST_STORE (gtk_no_selection_get_model (selection));

  g_list_store_remove_all (lines);
  for (guint i = 0; licenses != NULL && i < licenses->len; i++)
    {
      g_autoptr (LkPreviewLine) line = g_object_new (LK_TYPE_PREVIEW_LINE, NULL);

      line->license = lk_license_ref (g_ptr_array_index (licenses, i));
      g_list_store_append (lines, line);
    }
}
