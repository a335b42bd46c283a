/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-zone-chooser"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/zone-chooser.h"

#define ZONE_TABLE  "/usr/share/zoneinfo/zone1970.tab"
#define ZONE_COLUMN 2 /* of the table: the name, from 0 */

struct _LkZoneChooser
{
  GtkBox parent;

  GtkWidget *entry;
  GtkWidget *popover;
  GtkWidget *search;
  GtkWidget *list;
  GtkStringList *zones;
  GtkFilter *filter;
  GtkSelectionModel *selection;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (LkZoneChooser, lk_zone_chooser, GTK_TYPE_BOX)

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
add_zones (LkZoneChooser *self, const char *table)
{
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (names, g_strdup ("UTC"));
  g_ptr_array_add (names, g_strdup ("Etc/UTC"));
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) columns = g_strsplit (lines[i], "\t", -1);

      if (lines[i][0] != '#' && g_strv_length (columns) > ZONE_COLUMN)
        g_ptr_array_add (names, g_strdup (columns[ZONE_COLUMN]));
    }

  g_ptr_array_sort (names, compare);
  for (guint i = 0; i < names->len; i++)
    gtk_string_list_append (self->zones, g_ptr_array_index (names, i));
}

/* Without the table (an unusual system) a zone can still be typed, and the draft checks it. */
static void
table_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkZoneChooser) self = user_data;
  g_autofree char *table = NULL;
  g_autoptr (GError) error = NULL;

  if (g_file_load_contents_finish (G_FILE (source), result, &table, NULL, NULL, &error))
    add_zones (self, table);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    add_zones (self, "");
}

static void
read_table (LkZoneChooser *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (ZONE_TABLE);

  g_file_load_contents_async (file, self->cancellable, table_read_cb, g_object_ref (self));
}

static void
search_changed_cb (GtkSearchEntry *search, LkZoneChooser *self)
{
  g_autofree char *text =
      g_strdelimit (g_strdup (gtk_editable_get_text (GTK_EDITABLE (search))), " ", '_');

  g_assert (LK_IS_ZONE_CHOOSER (self));

  gtk_string_filter_set_search (GTK_STRING_FILTER (self->filter), text);
}

static void
choose (LkZoneChooser *self, guint position)
{
  g_autoptr (GtkStringObject) zone =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (zone == NULL)
    return;

  gtk_editable_set_text (GTK_EDITABLE (self->entry), gtk_string_object_get_string (zone));
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  gtk_widget_grab_focus (self->entry);
}

/* Without a word to find, the zone stays: it may have a name that the list has not. */
static void
search_activated_cb (GtkSearchEntry *search, LkZoneChooser *self)
{
  g_assert (LK_IS_ZONE_CHOOSER (self));

  if (gtk_editable_get_text (GTK_EDITABLE (search))[0] == '\0')
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  else
    choose (self, gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (self->selection)));
}

static void
list_activated_cb (GtkListView *list, guint position, LkZoneChooser *self)
{
  g_assert (LK_IS_ZONE_CHOOSER (self));

  choose (self, position);
}

static void
search_stopped_cb (GtkSearchEntry *search, LkZoneChooser *self)
{
  g_assert (LK_IS_ZONE_CHOOSER (self));

  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

/* A list that has no height yet shows nothing but the place that it is to scroll to. */
static gboolean
scroll_cb (GtkWidget *list, GdkFrameClock *clock, gpointer selection)
{
  if (gtk_widget_get_height (list) == 0)
    return G_SOURCE_CONTINUE;

  gtk_widget_activate_action (list, "list.scroll-to-item", "u",
                              gtk_single_selection_get_selected (selection));
  return G_SOURCE_REMOVE;
}

/* Starts from the zone that is chosen. */
static void
select_present (LkZoneChooser *self)
{
  const char *present = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  guint n_zones = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n_zones; i++)
    if (g_str_equal (gtk_string_list_get_string (self->zones, i), present))
      {
        gtk_selection_model_select_item (self->selection, i, TRUE);
        gtk_widget_add_tick_callback (self->list, scroll_cb, g_object_ref (self->selection),
                                      g_object_unref);
        return;
      }
}

static void
popover_shown_cb (GtkWidget *popover, LkZoneChooser *self)
{
  g_assert (LK_IS_ZONE_CHOOSER (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_string_filter_set_search (GTK_STRING_FILTER (self->filter), "");
  select_present (self);
  gtk_widget_grab_focus (self->search);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (label, 6);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkStringObject *zone = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (zone));
}

static void
make_model (LkZoneChooser *self)
{
  GtkExpression *name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkFilterListModel *found;

  self->zones = gtk_string_list_new (NULL);
  self->filter = GTK_FILTER (gtk_string_filter_new (name));
  found = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->zones)),
                                     g_object_ref (self->filter));
  self->selection = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (found)));
}

static GtkWidget *
new_list (LkZoneChooser *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = gtk_list_view_new (g_object_ref (self->selection), factory);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (self->list, "activate", G_CALLBACK (list_activated_cb), self);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Time zones"), -1);
  gtk_widget_set_size_request (scrolled, 260, 280);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  return scrolled;
}

static void
make_popover (LkZoneChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->search = gtk_search_entry_new ();
  g_signal_connect (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect (self->search, "activate", G_CALLBACK (search_activated_cb), self);
  g_signal_connect (self->search, "stop-search", G_CALLBACK (search_stopped_cb), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Find a time zone"), -1);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), new_list (self));

  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  g_signal_connect (self->popover, "show", G_CALLBACK (popover_shown_cb), self);
}

static gboolean
lk_zone_chooser_mnemonic_activate (GtkWidget *widget, gboolean group_cycling)
{
  return gtk_widget_grab_focus (LK_ZONE_CHOOSER (widget)->entry);
}

static void
lk_zone_chooser_dispose (GObject *object)
{
  LkZoneChooser *self = LK_ZONE_CHOOSER (object);

  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (lk_zone_chooser_parent_class)->dispose (object);
}

static void
lk_zone_chooser_finalize (GObject *object)
{
  LkZoneChooser *self = LK_ZONE_CHOOSER (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->zones);
  G_OBJECT_CLASS (lk_zone_chooser_parent_class)->finalize (object);
}

static void
lk_zone_chooser_class_init (LkZoneChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_zone_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_zone_chooser_finalize;
  GTK_WIDGET_CLASS (klass)->mnemonic_activate = lk_zone_chooser_mnemonic_activate;
}

static void
lk_zone_chooser_init (LkZoneChooser *self)
{
  GtkWidget *button = gtk_menu_button_new ();

  self->cancellable = g_cancellable_new ();
  make_model (self);
  make_popover (self);
  self->entry = gtk_entry_new ();
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 22);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Time zone"), -1);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "pan-down-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), self->popover);
  gtk_widget_set_tooltip_text (button, _ ("Find a time zone"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Find a time zone"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "linked");
  gtk_box_append (GTK_BOX (self), self->entry);
  gtk_box_append (GTK_BOX (self), button);
  read_table (self);
}

/* Returns: (transfer none): the entry with the zone's name */
GtkWidget *
lk_zone_chooser_get_entry (LkZoneChooser *self)
{
  return self->entry;
}
