/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-window"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/alerts.h"
#include "ui/ribbon-group.h"
#include "ui/ribbon-item.h"
#include "ui/settings.h"
#include "ui/ui-init.h"
#include "ui/window-private.h"

G_DEFINE_FINAL_TYPE (LkWindow, lk_window, GTK_TYPE_APPLICATION_WINDOW)

static const char *
get_group (const LkSearch *search)
{
  if (search->favourite)
    return _ ("Favourites");

  return search->group[0] != '\0' ? search->group : _ ("Other");
}

static void
append_search (GMenu *section, const char *name, gint64 id)
{
  g_autoptr (GMenuItem) item = NULL;
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);

  item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, "win.search", "x", id);
  g_menu_append_item (section, item);
}

/* The drop-down of the ribbon: the same searches in the same groups as the panel at the right. */
static GMenuModel *
new_search_menu (GPtrArray *searches)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();
  const char *group = NULL;

  append_search (section, _ ("All Licenses"), 0);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  for (guint i = 0; i < searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (searches, i);

      if (g_strcmp0 (group, get_group (search)) != 0)
        {
          group = get_group (search);
          g_set_object (&section, NULL);
          section = g_menu_new ();
          g_menu_append_section (menu, group, G_MENU_MODEL (section));
        }
      append_search (section, search->name, search->id);
    }

  return G_MENU_MODEL (menu);
}

static void
catalog_changed_cb (LkCatalog *catalog, LkWindow *self)
{
  g_autoptr (GMenuModel) menu = new_search_menu (lk_catalog_get_searches (catalog));

  g_assert (LK_IS_WINDOW (self));

  gtk_menu_button_set_menu_model (self->search_button, menu);
  lk_window_update_actions (self);
}

static char *
describe_matches (LkWindow *self)
{
  guint n_matches = g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (self->keys)));
  guint n_selected = lk_key_selection_get_n_selected (lk_keys_page_get_selection (self->keys));

  if (lk_keys_page_get_server_id (self->keys) == 0)
    return g_strdup ("");
  if (lk_keys_page_is_loading (self->keys))
    return g_strdup (_ ("Searching…"));
  if (n_selected > 0)
    return g_strdup_printf (
        ngettext ("%'u license (%'u selected)", "%'u licenses (%'u selected)", n_matches),
        n_matches, n_selected);

  return g_strdup_printf (ngettext ("%'u license", "%'u licenses", n_matches), n_matches);
}

static void
keys_changed_cb (LkKeysPage *keys, LkWindow *self)
{
  gint64 search_id = lk_keys_page_get_search_id (keys);
  const LkSearch *search;
  g_autofree char *matches = NULL;

  g_assert (LK_IS_WINDOW (self));

  if (self->catalog == NULL)
    return;

  search = lk_catalog_find_search (self->catalog, search_id);
  matches = describe_matches (self);
  lk_status_bar_show_grid (self->status, search != NULL ? search->name : _ ("All Licenses"),
                           matches);
  lk_window_set_action_state (self, "search", g_variant_new_int64 (search_id));
  lk_window_update_actions (self);
}

/* What needs a person stands in the title, too, for who has the window behind another one. */
static void
attention_changed_cb (LkAttention *attention, LkWindow *self)
{
  g_autofree char *need = lk_attention_describe (attention);
  g_autofree char *title = NULL;

  g_assert (LK_IS_WINDOW (self));

  /* translators: the title of the window, with what needs a person */
  title = need != NULL ? g_strdup_printf (_ ("Latchkey: %s"), need) : g_strdup ("Latchkey");
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
ribbon_changed_cb (LkRibbon *ribbon, GParamSpec *pspec, LkWindow *self)
{
  g_assert (LK_IS_WINDOW (self));

  lk_window_set_action_state (self, "ribbon",
                              g_variant_new_boolean (lk_ribbon_get_expanded (ribbon)));
}

static void
restore_settings (LkWindow *self)
{
  gboolean log_visible = g_settings_get_boolean (self->settings, "log-visible");

  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  lk_ribbon_set_expanded (self->ribbon, g_settings_get_boolean (self->settings, "ribbon-expanded"));
  gtk_widget_set_visible (GTK_WIDGET (self->log), log_visible);
  lk_window_set_action_state (self, "delivery-log", g_variant_new_boolean (log_visible));
  lk_settings_keep_end_size (self->settings, "log-height", self->paned);
}

static void
save_settings (LkWindow *self)
{
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "window-width", MAX (width, 400));
  g_settings_set_int (self->settings, "window-height", MAX (height, 300));
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_boolean (self->settings, "ribbon-expanded", lk_ribbon_get_expanded (self->ribbon));
  g_settings_set_boolean (self->settings, "log-visible",
                          gtk_widget_get_visible (GTK_WIDGET (self->log)));
}

static gboolean
lk_window_close_request (GtkWindow *window)
{
  LkWindow *self = LK_WINDOW (window);

  if (!lk_window_close_dialogs (self))
    return TRUE;

  g_cancellable_cancel (self->work);
  if (self->settings != NULL)
    save_settings (self);

  return GTK_WINDOW_CLASS (lk_window_parent_class)->close_request (window);
}

static void
set_up (LkWindow *self)
{
  lk_keys_page_set_up (self->keys, self->context, self->catalog, self->settings);
  lk_delivery_log_set_up (self->log, self->context, self->catalog, self->attention);
  lk_status_bar_set_up (self->status, self->context, self->catalog, self->attention);
  gtk_menu_button_set_popover (self->columns_button, gtk_popover_new ());
  gtk_popover_set_child (gtk_menu_button_get_popover (self->columns_button),
                         lk_key_columns_new_chooser (lk_keys_page_get_columns (self->keys)));

  g_signal_connect_object (self->catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  g_signal_connect_object (self->attention, "changed", G_CALLBACK (attention_changed_cb), self, 0);
  g_signal_connect_object (self->ribbon, "notify::expanded", G_CALLBACK (ribbon_changed_cb), self,
                           0);
  if (self->settings != NULL)
    restore_settings (self);
  catalog_changed_cb (self->catalog, self);
  keys_changed_cb (self->keys, self);
  lk_keys_page_focus_find (self->keys);
}

static void
add_shortcuts_window (LkWindow *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (LK_RESOURCE_BASE "/shortcuts.ui");

  gtk_application_window_set_help_overlay (
      GTK_APPLICATION_WINDOW (self),
      GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
}

static void
lk_window_dispose (GObject *object)
{
  LkWindow *self = LK_WINDOW (object);

  lk_window_forget_dialogs (self);
  g_cancellable_cancel (self->work);
  g_clear_object (&self->work);
  g_clear_object (&self->attention);
  g_clear_object (&self->catalog);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lk_window_parent_class)->dispose (object);

  g_clear_object (&self->context);
}

static void
lk_window_class_init (LkWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = lk_window_close_request;

  g_type_ensure (LK_TYPE_DELIVERY_LOG);
  g_type_ensure (LK_TYPE_KEYS_PAGE);
  g_type_ensure (LK_TYPE_RIBBON);
  g_type_ensure (LK_TYPE_RIBBON_GROUP);
  g_type_ensure (LK_TYPE_RIBBON_ITEM);
  g_type_ensure (LK_TYPE_STATUS_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/window.ui");
  gtk_widget_class_bind_template_child (widget_class, LkWindow, columns_button);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, keys);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, log);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, ribbon);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, status);
  gtk_widget_class_bind_template_callback (widget_class, keys_changed_cb);
}

static void
lk_window_init (LkWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_window_add_actions (self);
  add_shortcuts_window (self);
}

/**
 * lk_window_new:
 * @application: (nullable): the application it belongs to
 * @context: the services over the workspace
 *
 * Returns: (transfer none): a window, not yet shown
 */
LkWindow *
lk_window_new (GtkApplication *application, LkContext *context)
{
  LkWindow *self;

  g_return_val_if_fail (LK_IS_CONTEXT (context), NULL);

  self = g_object_new (LK_TYPE_WINDOW, "application", application, NULL);
  self->context = g_object_ref (context);
  self->catalog = lk_catalog_new_read (context);
  self->attention = lk_attention_new (context);
  if (application != NULL)
    lk_alerts_watch_attention (G_APPLICATION (application), self->attention);
  self->settings = lk_settings_new ();
  set_up (self);

  return self;
}

/**
 * lk_window_get_context:
 * @self: a window
 *
 * Returns: (transfer none): the services it works with
 */
LkContext *
lk_window_get_context (LkWindow *self)
{
  g_return_val_if_fail (LK_IS_WINDOW (self), NULL);

  return self->context;
}

/**
 * lk_window_get_keys_page:
 * @self: a window
 *
 * Returns: (transfer none): Manage Keys
 */
LkKeysPage *
lk_window_get_keys_page (LkWindow *self)
{
  g_return_val_if_fail (LK_IS_WINDOW (self), NULL);

  return self->keys;
}

/**
 * lk_window_get_delivery_log:
 * @self: a window
 *
 * Returns: (transfer none): the pane below the tabs
 */
LkDeliveryLog *
lk_window_get_delivery_log (LkWindow *self)
{
  g_return_val_if_fail (LK_IS_WINDOW (self), NULL);

  return self->log;
}

/**
 * lk_window_get_ribbon:
 * @self: a window
 *
 * Returns: (transfer none): the ribbon
 */
LkRibbon *
lk_window_get_ribbon (LkWindow *self)
{
  g_return_val_if_fail (LK_IS_WINDOW (self), NULL);

  return self->ribbon;
}
