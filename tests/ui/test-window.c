/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui-test.h"
#include "ui/key-cell.h"
#include "ui/license-window.h"
#include "ui/window.h"

#define N_LICENSES 200

typedef struct
{
  UiTest test;
  LkWindow *window;
  gboolean was_partial;
} Fixture;

static void
wait_loaded (Fixture *self)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);

  test_until (lk_keys_page_get_server (keys) != NULL && !lk_keys_page_is_loading (keys), 30);
}

static void
set_up (Fixture *self, gconstpointer n_licenses)
{
  ui_test_set_up (&self->test, n_licenses);
  self->window = lk_window_new (NULL, self->test.context);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_settle (GTK_WIDGET (lk_window_get_keys_page (self->window)));
  if (n_licenses != NULL)
    wait_loaded (self);
}

static void
tear_down (Fixture *self, gconstpointer n_licenses)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  ui_test_tear_down (&self->test, n_licenses);
}

static gboolean
is_enabled (Fixture *self, const char *name)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), name);
}

static void
activate (Fixture *self, const char *name, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->window), name, parameter);
}

static void
test_enabled (Fixture *self, gconstpointer n_licenses)
{
  GtkSelectionModel *selection =
      GTK_SELECTION_MODEL (lk_keys_page_get_selection (lk_window_get_keys_page (self->window)));

  g_assert_true (is_enabled (self, "import"));
  g_assert_true (is_enabled (self, "export"));
  g_assert_false (is_enabled (self, "delete-keys"));
  g_assert_false (is_enabled (self, "clear-filter"));
  g_assert_false (is_enabled (self, "create-sample"));

  gtk_selection_model_select_item (selection, 0, TRUE);
  g_assert_true (is_enabled (self, "delete-keys"));
  g_assert_true (is_enabled (self, "copy-key"));
  gtk_selection_model_unselect_all (selection);
  g_assert_false (is_enabled (self, "copy-key"));
}

static GtkWindow *
find_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (GTK_IS_DIALOG (window))
        return window;
    }

  return NULL;
}

/* A key too many deletes nothing. */
static void
test_delete_asks (Fixture *self, gconstpointer n_licenses)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);
  GtkWindow *question;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (lk_keys_page_get_selection (keys)), 0,
                                   TRUE);
  activate (self, "delete-keys", NULL);
  test_until ((question = find_question ()) != NULL, 30);
  g_assert_true (gtk_window_get_default_widget (question)
                 == gtk_dialog_get_widget_for_response (GTK_DIALOG (question), 0));

  gtk_dialog_response (GTK_DIALOG (question), 0);
  test_until (find_question () == NULL, 30);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (keys))), ==,
                    N_LICENSES);
}

/* What was asked about is deleted, also where more is selected meanwhile. */
static void
test_delete_what_was_asked (Fixture *self, gconstpointer n_licenses)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (lk_keys_page_get_selection (keys));
  GListModel *list = G_LIST_MODEL (lk_keys_page_get_list (keys));
  GtkWindow *question;

  gtk_selection_model_select_item (selection, 0, TRUE);
  activate (self, "delete-keys", NULL);
  test_until ((question = find_question ()) != NULL, 30);
  gtk_selection_model_select_all (selection);
  gtk_dialog_response (GTK_DIALOG (question), 1);
  test_until (g_list_model_get_n_items (list) < N_LICENSES, 30);
  wait_loaded (self);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, N_LICENSES - 1);
}

static void
test_focus (Fixture *self, gconstpointer n_licenses)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));

  g_assert_nonnull (focus);
  g_assert_nonnull (gtk_widget_get_ancestor (focus, GTK_TYPE_SEARCH_ENTRY));
  g_assert_true (
      gtk_widget_is_ancestor (focus, GTK_WIDGET (lk_window_get_keys_page (self->window))));
}

static void
first_rows_cb (GListModel *list, guint position, guint removed, guint added, Fixture *self)
{
  GtkSelectionModel *selection =
      GTK_SELECTION_MODEL (lk_keys_page_get_selection (lk_window_get_keys_page (self->window)));

  if (!lk_license_list_is_partial (LK_LICENSE_LIST (list)))
    return;

  gtk_selection_model_select_all (selection);
  self->was_partial = TRUE;
  g_assert_true (is_enabled (self, "copy-key"));
  g_assert_false (is_enabled (self, "delete-keys"));
  g_assert_false (is_enabled (self, "export-selection"));
}

/* Everything that is selected is deleted only once it is known how much that is. */
static void
test_select_first_rows (Fixture *self, gconstpointer n_licenses)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);

  lk_keys_page_find (keys, "no license has these words");
  wait_loaded (self);
  g_signal_connect (lk_keys_page_get_list (keys), "items-changed", G_CALLBACK (first_rows_cb),
                    self);
  activate (self, "clear-filter", NULL);
  wait_loaded (self);
  g_assert_true (self->was_partial);
  g_assert_true (is_enabled (self, "delete-keys"));
  g_assert_cmpuint (lk_key_selection_get_n_selected (lk_keys_page_get_selection (keys)), ==,
                    N_LICENSES);
}

/* Every button of the ribbon names a command that exists. */
static void
check_buttons (Fixture *self, GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const char *action = GTK_IS_ACTIONABLE (child)
                               ? gtk_actionable_get_action_name (GTK_ACTIONABLE (child))
                               : NULL;

      if (action != NULL && g_str_has_prefix (action, "win."))
        g_assert_true (
            g_action_group_has_action (G_ACTION_GROUP (self->window), action + strlen ("win.")));
      check_buttons (self, child);
    }
}

static void
test_buttons (Fixture *self, gconstpointer n_licenses)
{
  check_buttons (self, GTK_WIDGET (self->window));
}

static void
test_delivery_log (Fixture *self, gconstpointer n_licenses)
{
  GtkWidget *log = GTK_WIDGET (lk_window_get_delivery_log (self->window));

  g_assert_true (gtk_widget_get_visible (log));
  activate (self, "delivery-log", NULL);
  g_assert_false (gtk_widget_get_visible (log));
  activate (self, "delivery-log", NULL);
  g_assert_true (gtk_widget_get_visible (log));
}

/* Also from a window whose log is hidden. */
static void
test_find_delivery (Fixture *self, gconstpointer n_licenses)
{
  GtkWidget *log = GTK_WIDGET (lk_window_get_delivery_log (self->window));
  g_autofree char *placeholder = NULL;
  GtkWidget *entry;

  activate (self, "delivery-log", NULL);
  activate (self, "find-delivery", NULL);
  g_assert_true (gtk_widget_get_visible (log));
  entry =
      gtk_widget_get_ancestor (gtk_root_get_focus (GTK_ROOT (self->window)), GTK_TYPE_SEARCH_ENTRY);
  g_assert_nonnull (entry);
  g_object_get (entry, "placeholder-text", &placeholder, NULL);
  g_assert_cmpstr (placeholder, ==, "License, customer, error or ID");
}

static void
test_ribbon (Fixture *self, gconstpointer n_licenses)
{
  LkRibbon *ribbon = lk_window_get_ribbon (self->window);
  g_autoptr (GVariant) state = NULL;

  activate (self, "ribbon", NULL);
  g_assert_false (lk_ribbon_get_expanded (ribbon));
  lk_ribbon_set_expanded (ribbon, TRUE);
  state = g_action_group_get_action_state (G_ACTION_GROUP (self->window), "ribbon");
  g_assert_true (g_variant_get_boolean (state));
  activate (self, "tab", g_variant_new_string ("tools"));
  g_assert_cmpstr (lk_ribbon_get_page (ribbon), ==, "tools");
}

static void
test_search (Fixture *self, gconstpointer n_licenses)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);
  g_autoptr (GVariant) state = NULL;

  activate (self, "search", g_variant_new_int64 (1));
  wait_loaded (self);
  g_assert_cmpint (lk_keys_page_get_search_id (keys), ==, 1);
  state = g_action_group_get_action_state (G_ACTION_GROUP (self->window), "search");
  g_assert_cmpint (g_variant_get_int64 (state), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (keys))), <,
                    N_LICENSES);
  g_assert_true (is_enabled (self, "clear-filter"));
  activate (self, "clear-filter", NULL);
  wait_loaded (self);
  g_assert_false (is_enabled (self, "clear-filter"));
}

static void
read_text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static void
test_copy_key (Fixture *self, gconstpointer n_licenses)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);
  LkKeyCell *cell;
  g_autofree char *text = NULL;

  test_until (strlen (lk_text_cell_get_text (
                  LK_TEXT_CELL (ui_test_find (GTK_WIDGET (keys), LK_TYPE_KEY_CELL))))
                  > 10,
              30);
  cell = LK_KEY_CELL (ui_test_find (GTK_WIDGET (keys), LK_TYPE_KEY_CELL));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (lk_keys_page_get_selection (keys)),
                                   lk_text_cell_get_position (LK_TEXT_CELL (cell)), TRUE);
  activate (self, "copy-key", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self->window)), NULL,
                                 read_text_cb, &text);
  test_until (text != NULL, 30);
  g_assert_cmpstr (text, ==, lk_text_cell_get_text (LK_TEXT_CELL (cell)));
}

static gboolean
is_license_window_open (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (LK_IS_LICENSE_WINDOW (window) && gtk_widget_get_visible (window))
        return TRUE;
    }

  return FALSE;
}

/* One license has webhooks to show; of several it could not be said whose they are. */
static void
test_license_webhooks (Fixture *self, gconstpointer n_licenses)
{
  LkKeysPage *keys = lk_window_get_keys_page (self->window);
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (lk_keys_page_get_selection (keys));
  LkDeliveryLog *log = lk_window_get_delivery_log (self->window);

  test_until (g_list_model_get_n_items (G_LIST_MODEL (selection)) > 1, 30);
  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "license-webhooks"));
  gtk_selection_model_select_item (selection, 0, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (log), FALSE);
  activate (self, "license-webhooks", NULL);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (log)));
  g_assert_true (lk_delivery_log_is_narrowed (log));
  g_assert_true (is_license_window_open ()); /* what is next */
  gtk_selection_model_select_item (selection, 1, FALSE);
  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "license-webhooks"));
}

/* A new window knows the servers and searches from the beginning: nothing on it is filled later. */
static void
test_knows_the_lists (Fixture *self, gconstpointer n_licenses)
{
  LkWindow *another = lk_window_new (NULL, self->test.context);

  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (another), "create-sample"));
  gtk_window_destroy (GTK_WINDOW (another));
}

static void
test_sample (Fixture *self, gconstpointer n_licenses)
{
  test_until (is_enabled (self, "create-sample"), 30);
  g_assert_false (is_enabled (self, "import"));
  activate (self, "create-sample", NULL);
  wait_loaded (self);
  g_assert_true (is_enabled (self, "import"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (
                        lk_keys_page_get_list (lk_window_get_keys_page (self->window)))),
                    >, 0);
}

/* The console shows its own icon before it is installed. */
static void
test_icon (void)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  g_assert_true (gtk_icon_theme_has_icon (theme, LK_APPLICATION_ID));
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *path;
    int n_licenses;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/window/enabled", N_LICENSES, test_enabled },
    { "/window/delete-asks", N_LICENSES, test_delete_asks },
    { "/window/delete-what-was-asked", N_LICENSES, test_delete_what_was_asked },
    { "/window/focus", N_LICENSES, test_focus },
    { "/window/select-first-rows", N_LICENSES, test_select_first_rows },
    { "/window/buttons", N_LICENSES, test_buttons },
    { "/window/delivery-log", N_LICENSES, test_delivery_log },
    { "/window/ribbon", N_LICENSES, test_ribbon },
    { "/window/search", N_LICENSES, test_search },
    { "/window/copy-key", N_LICENSES, test_copy_key },
    { "/window/find-delivery", N_LICENSES, test_find_delivery },
    { "/window/license-webhooks", N_LICENSES, test_license_webhooks },
    { "/window/knows-the-lists", 0, test_knows_the_lists },
    { "/window/sample", 0, test_sample },
  };

  ui_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].n_licenses), set_up,
                tests[i].test, tear_down);
  g_test_add_func ("/window/icon", test_icon);

  return g_test_run ();
}
