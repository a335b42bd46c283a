/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-panel"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/search-panel.h"
#include "ui/ui-init.h"

struct _LkSearchPanel
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkListBox *list;
  LkCatalog *catalog;
  gint64 active_id; /* 0: all licenses */
  gint64 n_matches; /* -1: not known */
};

G_DEFINE_FINAL_TYPE (LkSearchPanel, lk_search_panel, GTK_TYPE_WIDGET)

/* What a row of the list stands for. */
typedef struct
{
  gint64 search_id;
  char *group; /* NULL for "all licenses" */
  GtkLabel *count;
} Entry;

static GQuark
entry_quark (void)
{
  return g_quark_from_static_string ("lk-search-panel-entry");
}

static Entry *
get_entry (GtkListBoxRow *row)
{
  return g_object_get_qdata (G_OBJECT (row), entry_quark ());
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->group);
  g_free (entry);
}

static const char *
get_group_title (const LkSearch *search)
{
  if (search->favourite)
    return _ ("Favourites");

  return search->group[0] != '\0' ? search->group : _ ("Other");
}

static GtkWidget *
new_row (gint64 search_id, const char *icon_name, const char *name, const char *tooltip,
         const char *group)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *count = gtk_label_new (NULL);
  Entry *entry = g_new0 (Entry, 1);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, tooltip[0] != '\0' ? tooltip : name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  entry->search_id = search_id;
  entry->group = g_strdup (group);
  entry->count = GTK_LABEL (count);
  g_object_set_qdata_full (G_OBJECT (row), entry_quark (), entry, entry_free);

  return row;
}

static void
mark_row (LkSearchPanel *self, GtkListBoxRow *row)
{
  Entry *entry = get_entry (row);
  gboolean is_active = entry->search_id == self->active_id;
  g_autofree char *count = NULL;

  if (is_active && self->n_matches >= 0)
    count = g_strdup_printf ("%'" G_GINT64_FORMAT, self->n_matches);
  gtk_label_set_text (entry->count, count != NULL ? count : "");
  if (is_active)
    gtk_widget_add_css_class (GTK_WIDGET (row), "active-search");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "active-search");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, is_active, -1);
}

static void
mark_rows (LkSearchPanel *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    mark_row (self, row);
}

static void
fill (LkSearchPanel *self)
{
  GPtrArray *searches = lk_catalog_get_searches (self->catalog);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  if (searches->len == 0)
    return;

  gtk_list_box_append (self->list, new_row (0, "lk-key-symbolic", _ ("All Licenses"), "", NULL));
  for (guint i = 0; i < searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (searches, i);

      gtk_list_box_append (self->list,
                           new_row (search->id,
                                    search->favourite ? "lk-star-symbolic" : "lk-search-symbolic",
                                    search->name, search->tooltip, get_group_title (search)));
    }
  mark_rows (self);
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const char *group = get_entry (row)->group;
  GtkWidget *label;

  if (group == NULL || (before != NULL && g_strcmp0 (group, get_entry (before)->group) == 0))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (group);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "group-title");
  gtk_list_box_row_set_header (row, label);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, LkSearchPanel *self)
{
  g_assert (LK_IS_SEARCH_PANEL (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.search", "x", get_entry (row)->search_id);
}

static void
catalog_changed_cb (LkCatalog *catalog, LkSearchPanel *self)
{
  g_assert (LK_IS_SEARCH_PANEL (self));

  fill (self);
}

static void
lk_search_panel_dispose (GObject *object)
{
  LkSearchPanel *self = LK_SEARCH_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->catalog);

  G_OBJECT_CLASS (lk_search_panel_parent_class)->dispose (object);
}

static void
lk_search_panel_class_init (LkSearchPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_search_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/search-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LkSearchPanel, box);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPanel, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
lk_search_panel_init (LkSearchPanel *self)
{
  self->n_matches = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
}

/**
 * lk_search_panel_set_catalog:
 * @self: a panel
 * @catalog: where the searches come from
 *
 * Shows the searches, now and after each change. Called once.
 */
void
lk_search_panel_set_catalog (LkSearchPanel *self, LkCatalog *catalog)
{
  g_return_if_fail (LK_IS_SEARCH_PANEL (self) && LK_IS_CATALOG (catalog));

  g_set_object (&self->catalog, catalog);
  g_signal_connect_object (catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  fill (self);
}

/**
 * lk_search_panel_set_active:
 * @self: a panel
 * @search_id: the search that fills the grid; 0 for all licenses
 * @n_matches: how many licenses match; -1 while that is not known
 */
void
lk_search_panel_set_active (LkSearchPanel *self, gint64 search_id, gint64 n_matches)
{
  g_return_if_fail (LK_IS_SEARCH_PANEL (self));

  self->active_id = search_id;
  self->n_matches = n_matches;
  mark_rows (self);
}
