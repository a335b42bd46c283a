/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-window"

#include "config.h"

#include "ui/window-private.h"

/* The keyboard's way to each command. */
static const struct
{
  const char *action;
  const char *accelerators[3];
} accelerators[] = {
  { "win.find", { "<Control>f" } },
  { "win.choose-search", { "<Control>d" } },
  { "win.edit-searches", { "<Control><Shift>d" } },
  { "win.scheduled-tasks", { "<Control>t" } },
  { "win.license-servers", { "<Control><Shift>s" } },
  { "win.test-receiver", { "<Control><Shift>t" } },
  { "win.add-condition", { "<Control><Shift>f" } },
  { "win.clear-filter", { "<Control><Shift>a" } },
  { "win.refresh", { "F5", "<Control>r" } },
  { "win.import", { "<Control>i" } },
  { "win.export", { "<Control>e" } },
  { "win.choose-columns", { "<Control><Shift>l" } },
  { "win.copy-key", { "<Control><Shift>c" } },
  { "win.license-webhooks", { "<Control><Shift>w" } },
  { "win.find-delivery", { "<Control>l" } },
  { "win.delivery-log", { "F9" } },
  { "win.show-attention", { "<Control>F9" } },
  { "win.ribbon", { "<Control>F1" } },
  { "win.tab::keys", { "<Alt>1" } },
  { "win.tab::tools", { "<Alt>2" } },
  { "win.show-help-overlay", { "<Control>question", "<Control>slash" } },
};

static LkLicense *
get_license_at (LkKeysPage *keys, guint position)
{
  g_autoptr (LkLicenseRow) row =
      g_list_model_get_item (G_LIST_MODEL (lk_keys_page_get_list (keys)), position);

  /* The list keeps the row of a position that is on the screen. */
  return row != NULL ? lk_license_row_get_license (row) : NULL;
}

/* The license a command is about: the one under the context menu while it is selected, else the
 * first selected one. */
static LkLicense *
get_license (LkWindow *self)
{
  LkLicense *license = lk_keys_page_get_menu_license (self->keys);
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (lk_keys_page_get_selection (self->keys));
  g_autoptr (GArray) ids = lk_key_selection_get_ids (LK_KEY_SELECTION (selection));
  guint n_licenses = g_list_model_get_n_items (G_LIST_MODEL (selection));

  for (guint i = 0; license != NULL && i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == lk_license_get_id (license))
      return license;

  for (guint i = 0; i < n_licenses; i++)
    if (gtk_selection_model_is_selected (selection, i))
      return get_license_at (self->keys, i);

  return NULL;
}

static void
copy_text (LkWindow *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text != NULL ? text : "");
}

static void
copy_key_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkLicense *license = get_license (LK_WINDOW (user_data));

  if (license != NULL)
    copy_text (LK_WINDOW (user_data), lk_license_get_named (license, "ActivationKey"));
}

static void
copy_cell_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);
  const LkLicenseField *field = lk_keys_page_get_menu_field (self->keys);
  LkLicense *license = lk_keys_page_get_menu_license (self->keys);

  if (license != NULL && field != NULL)
    copy_text (self, lk_license_get (license, field));
}

static void
find_customer_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);
  LkLicense *license = get_license (self);
  const char *customer;

  if (license == NULL)
    return;

  customer = lk_license_get_named (license, "Email");
  if (customer == NULL || customer[0] == '\0')
    customer = lk_license_get_named (license, "FullName");
  if (customer == NULL || customer[0] == '\0')
    return;

  lk_keys_page_show_only (self->keys, customer);
}

static void
find_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_keys_page_focus_find (LK_WINDOW (user_data)->keys);
}

static void
add_condition_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_keys_page_add_condition (LK_WINDOW (user_data)->keys);
}

static void
clear_filter_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_keys_page_clear (LK_WINDOW (user_data)->keys);
}

static void
refresh_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);

  lk_keys_page_refresh (self->keys);
  lk_delivery_list_refresh (lk_delivery_log_get_list (self->log));
}

static void
choose_search_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);

  lk_ribbon_set_expanded (self->ribbon, TRUE);
  lk_ribbon_set_page (self->ribbon, "keys");
  gtk_menu_button_popup (self->search_button);
}

static void
choose_columns_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);

  lk_ribbon_set_expanded (self->ribbon, TRUE);
  lk_ribbon_set_page (self->ribbon, "keys");
  gtk_menu_button_popup (self->columns_button);
}

static void
import_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_import (LK_WINDOW (user_data));
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_export (LK_WINDOW (user_data), FALSE);
}

static void
export_selection_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_export (LK_WINDOW (user_data), TRUE);
}

static void
delete_keys_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_delete_keys (LK_WINDOW (user_data));
}

static void
edit_searches_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_edit_searches (LK_WINDOW (user_data));
}

static void
license_servers_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_edit_servers (LK_WINDOW (user_data));
}

static void
scheduled_tasks_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_edit_tasks (LK_WINDOW (user_data));
}

static void
test_receiver_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_show_receiver (LK_WINDOW (user_data));
}

static void
create_sample_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_window_create_sample (LK_WINDOW (user_data));
}

static void
cancel_work_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_cancellable_cancel (LK_WINDOW (user_data)->work);
}

static void
tab_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);

  lk_ribbon_set_expanded (self->ribbon, TRUE);
  lk_ribbon_set_page (self->ribbon, g_variant_get_string (parameter, NULL));
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_keys_page_show_search (LK_WINDOW (user_data)->keys, g_variant_get_int64 (parameter));
}

static void
ribbon_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  lk_ribbon_set_expanded (LK_WINDOW (user_data)->ribbon, g_variant_get_boolean (value));
  g_simple_action_set_state (action, value);
}

static void
delivery_log_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  gtk_widget_set_visible (GTK_WIDGET (LK_WINDOW (user_data)->log), g_variant_get_boolean (value));
  g_simple_action_set_state (action, value);
}

static void
show_log (LkWindow *self)
{
  g_action_group_change_action_state (G_ACTION_GROUP (self), "delivery-log",
                                      g_variant_new_boolean (TRUE));
  lk_delivery_log_focus (self->log);
}

static void
show_attention_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_log (LK_WINDOW (user_data));
}

static void
find_delivery_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);

  show_log (self);
  lk_delivery_log_focus_find (self->log);
}

static void
show_run_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);

  lk_delivery_log_show_run (self->log, g_variant_get_int64 (parameter));
  show_log (self);
}

static void
license_webhooks_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkWindow *self = LK_WINDOW (user_data);
  LkLicense *license = get_license (self);

  if (license == NULL)
    return;

  lk_delivery_log_clear (self->log);
  lk_delivery_log_find (self->log, lk_license_get_named (license, "ActivationKey"));
  show_log (self);
  lk_window_show_license (self, license);
}

static const GActionEntry actions[] = {
  { "add-condition", add_condition_cb },
  { "cancel-work", cancel_work_cb },
  { "choose-columns", choose_columns_cb },
  { "choose-search", choose_search_cb },
  { "clear-filter", clear_filter_cb },
  { "copy-cell", copy_cell_cb },
  { "copy-key", copy_key_cb },
  { "create-sample", create_sample_cb },
  { "delete-keys", delete_keys_cb },
  { "delivery-log", NULL, NULL, "true", delivery_log_cb },
  { "edit-searches", edit_searches_cb },
  { "export", export_cb },
  { "export-selection", export_selection_cb },
  { "find", find_cb },
  { "find-customer", find_customer_cb },
  { "find-delivery", find_delivery_cb },
  { "import", import_cb },
  { "license-servers", license_servers_cb },
  { "license-webhooks", license_webhooks_cb },
  { "refresh", refresh_cb },
  { "ribbon", NULL, NULL, "true", ribbon_cb },
  { "scheduled-tasks", scheduled_tasks_cb },
  { "search", search_cb, "x", "int64 0" },
  { "show-attention", show_attention_cb },
  { "show-run", show_run_cb, "x" },
  { "tab", tab_cb, "s" },
  { "test-receiver", test_receiver_cb },
};

/* Delete works in the grid only: in an entry the key deletes a letter. */
static gboolean
delete_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  return gtk_widget_activate_action (widget, "win.delete-keys", NULL);
}

static void
add_grid_shortcut (LkWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutAction *action = gtk_callback_action_new (delete_key_cb, NULL, NULL);
  GtkShortcutTrigger *trigger = gtk_keyval_trigger_new (GDK_KEY_Delete, 0);

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (trigger, action));
  gtk_widget_add_controller (lk_keys_page_get_grid (self->keys), controller);
}

static void
add_accelerators (GtkApplication *application)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (application, accelerators[i].action,
                                           accelerators[i].accelerators);
}

static void
application_changed_cb (LkWindow *self, GParamSpec *pspec, gpointer user_data)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (application != NULL)
    add_accelerators (application);
}

/* Adds every command of the window, with its keys. */
void
lk_window_add_actions (LkWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  add_grid_shortcut (self);
  g_signal_connect (self, "notify::application", G_CALLBACK (application_changed_cb), NULL);
  application_changed_cb (self, NULL, NULL);
}

void
lk_window_set_action_enabled (LkWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
lk_window_set_action_state (LkWindow *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

/* The one place that decides what can be done now. */
void
lk_window_update_actions (LkWindow *self)
{
  gboolean has_server = lk_keys_page_get_server (self->keys) != NULL;
  gboolean is_busy = self->work != NULL;
  guint n_licenses = g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (self->keys)));
  guint n_selected = lk_key_selection_get_n_selected (lk_keys_page_get_selection (self->keys));
  gboolean has_selection = n_selected > 0;
  /* Of "all" it must be known how many that are before they are deleted. */
  gboolean is_whole = !lk_license_list_is_partial (lk_keys_page_get_list (self->keys));

  lk_window_set_action_enabled (self, "add-condition", has_server);
  lk_window_set_action_enabled (self, "find", has_server);
  lk_window_set_action_enabled (self, "search", has_server);
  lk_window_set_action_enabled (self, "choose-search", has_server);
  lk_window_set_action_enabled (self, "clear-filter", lk_keys_page_is_filtered (self->keys));
  lk_window_set_action_enabled (self, "import", has_server && !is_busy);
  lk_window_set_action_enabled (self, "export", has_server && !is_busy && n_licenses > 0);
  lk_window_set_action_enabled (self, "export-selection", has_selection && is_whole && !is_busy);
  lk_window_set_action_enabled (self, "delete-keys", has_selection && is_whole && !is_busy);
  lk_window_set_action_enabled (self, "copy-key", has_selection);
  lk_window_set_action_enabled (self, "copy-cell", has_selection);
  lk_window_set_action_enabled (self, "find-customer", has_selection);
  lk_window_set_action_enabled (self, "license-webhooks", n_selected == 1);
  lk_window_set_action_enabled (self, "create-sample",
                                lk_catalog_is_loaded (self->catalog)
                                    && lk_catalog_get_servers (self->catalog)->len == 0);
  lk_window_set_action_enabled (self, "cancel-work", is_busy);
}
