/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-keys-page"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/keys-page-private.h"
#include "ui/message.h"
#include "ui/time-text.h"

static LkMacroContext *
new_macro_context (LkKeysPage *self)
{
  return lk_time_new_macro_context (lk_context_get_clock (self->context));
}

/* A saved search must be a condition by itself before it is joined with others, or its parentheses
 * could reach into them. */
static gboolean
check_search (const LkSearch *search, const LkMacroContext *context, GError **error)
{
  g_autoptr (LkClause) clause = lk_clause_new (search->sql, -1, context);

  if (lk_clause_check (clause, error))
    return TRUE;

  g_prefix_error (error, _ ("search “%s”: "), search->name);

  return FALSE;
}

static LkClause *
build_clause (LkKeysPage *self, const LkSearch *search, GError **error)
{
  g_autoptr (LkMacroContext) context = new_macro_context (self);
  g_autofree char *conditions = lk_condition_bar_get_text (self->conditions, error);
  g_autofree char *find =
      lk_condition_format_find (gtk_editable_get_text (GTK_EDITABLE (self->find)));
  const char *parts[] = { search != NULL ? search->sql : "", conditions, find, NULL };
  g_autofree char *text = NULL;
  g_autoptr (LkClause) clause = NULL;

  if (conditions == NULL || (search != NULL && !check_search (search, context, error)))
    return NULL;

  text = lk_condition_join (parts);
  if (text[0] == '\0')
    return lk_clause_new_everything ();

  clause = lk_clause_new (text, -1, context);
  if (!lk_clause_check (clause, error))
    return NULL;

  return g_steal_pointer (&clause);
}

/* What the page shows, as a query; %NULL when a condition is not valid. */
LkLicenseQuery *
lk_keys_page_build_query (LkKeysPage *self, GError **error)
{
  const LkSearch *search = lk_catalog_find_search (self->catalog, self->search_id);
  g_autoptr (LkClause) clause = build_clause (self, search, error);
  LkLicenseQuery *query;

  if (clause == NULL)
    return NULL;

  query = lk_license_query_new (clause);
  query->order_by = lk_key_columns_get_sort (self->columns, &query->descending);
  if (search != NULL && search->distinct_field[0] != '\0')
    query->distinct_field = lk_license_field_find (search->distinct_field);
  if (search != NULL && search->unique_id_field[0] != '\0')
    query->unique_id_field = lk_license_field_find (search->unique_id_field);

  return query;
}

/* Whether conditions or words restrict the search further. */
gboolean
lk_keys_page_is_narrowed (LkKeysPage *self)
{
  g_autofree char *conditions = lk_condition_bar_get_text (self->conditions, NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->find))[0] != '\0'
         || (conditions != NULL && conditions[0] != '\0');
}

static void
show_error_state (LkKeysPage *self, const char *title, const GError *error)
{
  g_autofree char *sentence = lk_message_format_error (error);

  lk_empty_state_show (self->state, "lk-warning-symbolic", title, sentence);
  lk_empty_state_set_commands (self->state, _ ("_Try Again"), "win.refresh", NULL, NULL);
}

static void
show_welcome (LkKeysPage *self)
{
  lk_empty_state_show (self->state, "lk-server-symbolic", _ ("Welcome to Latchkey"),
                       _ ("Licenses live in a License Server: a database file. Add yours, or try "
                          "everything out on a sample of made-up licenses."));
  lk_empty_state_set_commands (self->state, _ ("_Add a License Server"), "win.license-servers",
                               _ ("Create a _Sample"), "win.create-sample");
}

static void
show_nothing_found (LkKeysPage *self)
{
  lk_empty_state_show (self->state, "lk-search-symbolic", _ ("No License Matches"),
                       _ ("Other words, fewer conditions or another search find more."));
  lk_empty_state_set_commands (self->state, _ ("_Show All Licenses"), "win.clear-filter", NULL,
                               NULL);
}

static void
show_no_licenses (LkKeysPage *self)
{
  lk_empty_state_show (self->state, "lk-key-symbolic", _ ("No Licenses Yet"),
                       _ ("This License Server is empty. Import licenses from a CSV file."));
  lk_empty_state_set_commands (self->state, _ ("_Import…"), "win.import", NULL, NULL);
}

static void
show_reading (LkKeysPage *self)
{
  lk_empty_state_show (self->state, "lk-key-symbolic", _ ("Reading Licenses…"), NULL);
  lk_empty_state_set_commands (self->state, NULL, NULL, NULL, NULL);
}

/* Shows the grid or, where it would be empty, the reason in words. */
void
lk_keys_page_update_state (LkKeysPage *self)
{
  const GError *catalog_error = lk_catalog_get_error (self->catalog);
  gboolean has_rows = g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0;
  gboolean is_loaded = lk_catalog_is_loaded (self->catalog);

  if (!is_loaded && catalog_error != NULL)
    show_error_state (self, _ ("The Workspace Could Not Be Read"), catalog_error);
  else if (is_loaded && lk_catalog_get_servers (self->catalog)->len == 0)
    show_welcome (self);
  else if (self->failure != NULL)
    show_error_state (self, _ ("The Licenses Could Not Be Read"), self->failure);
  else if (self->loading || !is_loaded)
    show_reading (self);
  else if (lk_keys_page_is_filtered (self))
    show_nothing_found (self);
  else
    show_no_licenses (self);

  gtk_stack_set_visible_child_name (
      self->stack, has_rows && self->failure == NULL && self->server != NULL ? "grid" : "state");
}

/**
 * lk_keys_page_dup_query:
 * @self: a page
 *
 * Returns: (transfer full) (nullable): what the grid shows as a query; %NULL while no valid
 *   condition stands there
 */
LkLicenseQuery *
lk_keys_page_dup_query (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return lk_keys_page_build_query (self, NULL);
}

/**
 * lk_keys_page_is_filtered:
 * @self: a page
 *
 * Returns: whether a search, conditions or words restrict what the grid shows
 */
gboolean
lk_keys_page_is_filtered (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), FALSE);

  return self->search_id != 0 || lk_keys_page_is_narrowed (self);
}

/**
 * lk_keys_page_get_server:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the License Server that is shown; %NULL until it is open
 */
LkLicenseServer *
lk_keys_page_get_server (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return self->server;
}

/**
 * lk_keys_page_get_server_id:
 * @self: a page
 *
 * Returns: the profile of the License Server that is shown; 0 for none
 */
gint64
lk_keys_page_get_server_id (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), 0);

  return self->server_id;
}

/**
 * lk_keys_page_get_search_id:
 * @self: a page
 *
 * Returns: the search that is shown; 0 for all licenses
 */
gint64
lk_keys_page_get_search_id (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), 0);

  return self->search_id;
}

/**
 * lk_keys_page_get_list:
 * @self: a page
 *
 * Returns: (transfer none): the licenses of the grid
 */
LkLicenseList *
lk_keys_page_get_list (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return self->list;
}

/**
 * lk_keys_page_get_grid:
 * @self: a page
 *
 * Returns: (transfer none): the widget of the grid
 */
GtkWidget *
lk_keys_page_get_grid (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return GTK_WIDGET (self->view);
}

/**
 * lk_keys_page_get_selection:
 * @self: a page
 *
 * Returns: (transfer none): which of the licenses are selected
 */
LkKeySelection *
lk_keys_page_get_selection (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return self->selection;
}

/**
 * lk_keys_page_get_columns:
 * @self: a page
 *
 * Returns: (transfer none): the columns of the grid
 */
LkKeyColumns *
lk_keys_page_get_columns (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), NULL);

  return self->columns;
}

/**
 * lk_keys_page_is_loading:
 * @self: a page
 *
 * Returns: whether the answer to the current question is still due
 */
gboolean
lk_keys_page_is_loading (LkKeysPage *self)
{
  g_return_val_if_fail (LK_IS_KEYS_PAGE (self), FALSE);

  return self->loading;
}
