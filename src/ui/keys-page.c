/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-keys-page"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/condition-bar.h"
#include "ui/keys-page-private.h"
#include "ui/message.h"
#include "ui/search-panel.h"
#include "ui/settings.h"
#include "ui/ui-init.h"

/* After a change of the licenses by anybody the grid waits for more of them, in milliseconds. */
#define REFRESH_DELAY_MS 250

G_DEFINE_FINAL_TYPE (LkKeysPage, lk_keys_page, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
show_problem (LkKeysPage *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? lk_message_format_error (error) : NULL;

  gtk_label_set_text (self->problem, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->problem_bar, error != NULL);
}

void
lk_keys_page_tell_changed (LkKeysPage *self)
{
  gint64 n_matches = -1;

  if (!self->loading && self->failure == NULL && self->server != NULL)
    n_matches = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  lk_search_panel_set_active (self->panel, self->search_id,
                              lk_keys_page_is_narrowed (self) ? -1 : n_matches);
  lk_keys_page_update_state (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
scroll_to_top (LkKeysPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (adjustment != NULL)
    gtk_adjustment_set_value (adjustment, 0);
}

static void
query_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkKeysPage) self = user_data;
  g_autoptr (GError) error = NULL;

  g_assert (LK_IS_KEYS_PAGE (self));

  /* A newer query has taken over, or the page is gone. */
  if (!lk_license_list_set_query_finish (self->list, result, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  g_clear_error (&self->failure);
  self->failure = g_steal_pointer (&error);
  lk_keys_page_tell_changed (self);
}

static void
start_query (LkKeysPage *self, const LkLicenseQuery *query)
{
  g_cancellable_cancel (self->query_cancellable);
  g_clear_object (&self->query_cancellable);
  self->query_cancellable = g_cancellable_new ();

  self->loading = TRUE;
  lk_license_list_set_query_async (self->list, self->server, query, self->query_cancellable,
                                   query_cb, g_object_ref (self));
  lk_keys_page_tell_changed (self);
}

static void
run_query (LkKeysPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLicenseQuery) query = NULL;

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->server == NULL)
    return;

  /* What is wrong with a condition stands above the grid, which keeps what it shows. */
  query = lk_keys_page_build_query (self, &error);
  show_problem (self, error);
  if (query != NULL)
    start_query (self, query);
}

/* A new question: the answer starts at the top with nothing selected. */
static void
run_new_query (LkKeysPage *self)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  scroll_to_top (self);
  run_query (self);
}

static gboolean
refresh_cb (gpointer user_data)
{
  LkKeysPage *self = user_data;

  self->refresh_source = 0;
  run_query (self);

  return G_SOURCE_REMOVE;
}

static void
licenses_changed_cb (LkLicenseServer *server, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  if (self->refresh_source == 0 && server == self->server)
    self->refresh_source = g_timeout_add (REFRESH_DELAY_MS, refresh_cb, self);
}

/* A server that is the same as before keeps what is selected and where the grid stands. */
static void
server_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkKeysPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLicenseServer) server =
      lk_context_open_server_finish (LK_CONTEXT (source), result, &error);
  gboolean is_same = server != NULL && server == self->server;

  g_assert (LK_IS_KEYS_PAGE (self));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  g_clear_error (&self->failure);
  self->failure = g_steal_pointer (&error);
  if (server != NULL && g_set_object (&self->server, server))
    {
      g_signal_connect_object (server, "changed", G_CALLBACK (licenses_changed_cb), self, 0);
      lk_license_server_watch (server);
    }

  if (server == NULL)
    {
      g_clear_object (&self->server);
      lk_keys_page_tell_changed (self);
    }
  else if (is_same)
    run_query (self);
  else
    run_new_query (self);
}

static void
open_server (LkKeysPage *self, gint64 server_id)
{
  g_cancellable_cancel (self->query_cancellable);
  g_cancellable_cancel (self->server_cancellable);
  g_clear_object (&self->server_cancellable);
  self->server_cancellable = g_cancellable_new ();

  self->server_id = server_id;
  g_clear_object (&self->server);
  g_clear_error (&self->failure);
  self->loading = TRUE;
  lk_context_open_server_async (self->context, server_id, self->server_cancellable,
                                server_opened_cb, g_object_ref (self));
  lk_keys_page_tell_changed (self);
}

static void
fill_servers (LkKeysPage *self)
{
  GPtrArray *servers = lk_catalog_get_servers (self->catalog);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < servers->len; i++)
    {
      const LkServerProfile *profile = g_ptr_array_index (servers, i);

      gtk_string_list_append (names, profile->name);
      if (profile->id == self->server_id)
        selected = i;
    }

  self->filling = TRUE;
  gtk_drop_down_set_model (self->servers, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->servers, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->servers), servers->len > 0);
  self->filling = FALSE;
}

static void
show_server (LkKeysPage *self, const LkServerProfile *profile)
{
  if (profile->id == self->server_id)
    return;

  self->server_version = profile->version;
  open_server (self, profile->id);
  fill_servers (self);
}

static void
server_selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, LkKeysPage *self)
{
  GPtrArray *servers = lk_catalog_get_servers (self->catalog);
  guint selected = gtk_drop_down_get_selected (drop_down);

  g_assert (LK_IS_KEYS_PAGE (self));

  if (!self->filling && selected < servers->len)
    show_server (self, g_ptr_array_index (servers, selected));
}

static void
follow_server (LkKeysPage *self)
{
  const LkServerProfile *profile = lk_catalog_find_server (self->catalog, self->server_id);

  if (profile == NULL)
    profile = lk_catalog_get_default_server (self->catalog);

  if (profile == NULL)
    {
      g_cancellable_cancel (self->query_cancellable);
      g_clear_object (&self->server);
      self->server_id = 0;
      lk_keys_page_tell_changed (self);
    }
  else if (profile->id != self->server_id || profile->version != self->server_version)
    {
      self->server_version = profile->version;
      open_server (self, profile->id);
    }
}

static void
follow_search (LkKeysPage *self)
{
  const LkSearch *search = lk_catalog_find_search (self->catalog, self->search_id);

  if (self->search_id == 0)
    return;

  if (search == NULL)
    lk_keys_page_show_search (self, 0);
  else if (search->version != self->search_version)
    {
      self->search_version = search->version;
      run_new_query (self);
    }
}

static void
catalog_changed_cb (LkCatalog *catalog, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  follow_server (self);
  fill_servers (self);
  follow_search (self);
  lk_keys_page_tell_changed (self);
}

static void
find_changed_cb (GtkSearchEntry *entry, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  run_new_query (self);
}

static void
find_stopped_cb (GtkSearchEntry *entry, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
conditions_changed_cb (LkConditionBar *bar, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  run_new_query (self);
}

static void
sort_changed_cb (LkKeyColumns *columns, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  scroll_to_top (self);
  run_query (self);
}

/* The first rows are shown before the answer to the question is whole. */
static void
rows_changed_cb (LkLicenseList *list, guint position, guint removed, guint added, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  lk_keys_page_update_state (self);
}

static void
selection_changed_cb (LkKeySelection *selection, GParamSpec *pspec, LkKeysPage *self)
{
  g_assert (LK_IS_KEYS_PAGE (self));

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
lk_keys_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LkKeysPage *self = LK_KEYS_PAGE (widget);

  gtk_widget_size_allocate (GTK_WIDGET (self->paned), &(GtkAllocation){ 0, 0, width, height },
                            baseline);
  gtk_popover_present (GTK_POPOVER (self->menu_popover));
}

static void
lk_keys_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (LK_KEYS_PAGE (widget)->paned), orientation, for_size, minimum,
                      natural, NULL, NULL);
}

static void
lk_keys_page_dispose (GObject *object)
{
  LkKeysPage *self = LK_KEYS_PAGE (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_cancellable_cancel (self->query_cancellable);
  g_cancellable_cancel (self->server_cancellable);
  g_clear_object (&self->query_cancellable);
  g_clear_object (&self->server_cancellable);
  g_clear_object (&self->columns);
  lk_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->menu_row);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->server);
  g_clear_object (&self->catalog);
  g_clear_object (&self->context);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (lk_keys_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/keys-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, conditions);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, find);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, menu_popover);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, paned);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, panel);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, problem);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, servers);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, state);
  gtk_widget_class_bind_template_child (widget_class, LkKeysPage, view);
  gtk_widget_class_bind_template_callback (widget_class, conditions_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_stopped_cb);
}

static void
lk_keys_page_class_init (LkKeysPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_keys_page_dispose;
  widget_class->measure = lk_keys_page_measure;
  widget_class->size_allocate = lk_keys_page_size_allocate;

  g_type_ensure (LK_TYPE_CONDITION_BAR);
  g_type_ensure (LK_TYPE_EMPTY_STATE);
  g_type_ensure (LK_TYPE_SEARCH_PANEL);
  bind_template (widget_class);
  lk_keys_page_add_menu_keys (widget_class);

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_KEYS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
lk_keys_page_init (LkKeysPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->list = lk_license_list_new ();
  self->selection = lk_key_selection_new (self->list);
  g_signal_connect_object (self->selection, "notify::n-selected", G_CALLBACK (selection_changed_cb),
                           self, 0);

  lk_keys_page_add_menu (self);
  g_signal_connect (self->servers, "notify::selected", G_CALLBACK (server_selected_cb), self);
}

/**
 * lk_keys_page_set_up:
 * @self: a page as its template left it
 * @context: the services over the workspace
 * @catalog: its servers and searches
 * @settings: (nullable): where the columns are kept
 *
 * Brings the page to life. Called once.
 */
void
lk_keys_page_set_up (LkKeysPage *self, LkContext *context, LkCatalog *catalog, GSettings *settings)
{
  g_return_if_fail (LK_IS_KEYS_PAGE (self) && self->context == NULL);

  self->context = g_object_ref (context);
  self->catalog = g_object_ref (catalog);
  self->columns = lk_key_columns_new (self->view, settings);
  g_signal_connect_object (self->columns, "sort-changed", G_CALLBACK (sort_changed_cb), self, 0);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (rows_changed_cb), self, 0);
  if (settings != NULL)
    lk_settings_keep_end_size (settings, "search-panel-width", self->paned);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  lk_search_panel_set_catalog (self->panel, catalog);
  g_signal_connect_object (catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  catalog_changed_cb (catalog, self);
}

/**
 * lk_keys_page_show_search:
 * @self: a page
 * @search_id: a saved search; 0 for all licenses
 */
void
lk_keys_page_show_search (LkKeysPage *self, gint64 search_id)
{
  const LkSearch *search;

  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  search = lk_catalog_find_search (self->catalog, search_id);
  self->search_id = search != NULL ? search_id : 0;
  self->search_version = search != NULL ? search->version : 0;
  run_new_query (self);
  lk_keys_page_tell_changed (self);
}

/**
 * lk_keys_page_find:
 * @self: a page
 * @words: what to find
 */
void
lk_keys_page_find (LkKeysPage *self, const char *words)
{
  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->find), words);
  run_new_query (self);
}

/**
 * lk_keys_page_show_only:
 * @self: a page
 * @words: what to find
 *
 * Drops search and conditions, and finds the words among all licenses.
 */
void
lk_keys_page_show_only (LkKeysPage *self, const char *words)
{
  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  lk_condition_bar_clear (self->conditions);
  gtk_editable_set_text (GTK_EDITABLE (self->find), words);
  lk_keys_page_show_search (self, 0);
}

/**
 * lk_keys_page_add_condition:
 * @self: a page
 *
 * Adds a line to the ad-hoc bar and puts the cursor into its value.
 */
void
lk_keys_page_add_condition (LkKeysPage *self)
{
  g_autoptr (LkCondition) condition = NULL;

  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  condition =
      lk_condition_new (lk_license_field_find ("FullName"), LK_OPERATOR_CONTAINS, NULL, FALSE);
  lk_condition_bar_add (self->conditions, condition);
}

/**
 * lk_keys_page_clear:
 * @self: a page
 *
 * Shows all licenses: no search, no conditions, no words.
 */
void
lk_keys_page_clear (LkKeysPage *self)
{
  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  lk_keys_page_show_only (self, "");
}

/**
 * lk_keys_page_refresh:
 * @self: a page
 *
 * Asks the License Server again; opens it again where that has failed, or where another database
 * took its place.
 */
void
lk_keys_page_refresh (LkKeysPage *self)
{
  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  if (self->server != NULL)
    lk_context_open_server_async (self->context, self->server_id, self->server_cancellable,
                                  server_opened_cb, g_object_ref (self));
  else if (self->server_id != 0)
    open_server (self, self->server_id);
}

/**
 * lk_keys_page_focus_find:
 * @self: a page
 *
 * Puts the cursor into the find entry.
 */
void
lk_keys_page_focus_find (LkKeysPage *self)
{
  g_return_if_fail (LK_IS_KEYS_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->find));
}
