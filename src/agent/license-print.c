/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-print"

#include "config.h"

#include <glib/gi18n.h>

#include "agent/license-print.h"
#include "agent/table.h"
#include "agent/wait.h"
#include "core/license-field.h"

#define PAGE_ROWS 500

static GArray *
list_ids (LkLicenseServer *server, const LkLicenseQuery *query, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_license_server_list_ids_async (server, query, NULL, NULL, lk_wait_cb, &result);

  return lk_license_server_list_ids_finish (server, lk_wait_for (&result), error);
}

static GPtrArray *
get_rows (LkLicenseServer *server, const gint64 *ids, gsize n_ids, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_license_server_get_rows_async (server, ids, n_ids, NULL, lk_wait_cb, &result);

  return lk_license_server_get_rows_finish (server, lk_wait_for (&result), error);
}

static void
add_value (JsonBuilder *builder, const LkLicenseField *field, const char *value)
{
  if (value != NULL && field->kind == LK_FIELD_INTEGER)
    lk_json_add_int (builder, field->column, g_ascii_strtoll (value, NULL, 10));
  else if (value != NULL && field->kind == LK_FIELD_FLAG)
    lk_json_add_flag (builder, field->column, g_ascii_strtoll (value, NULL, 10) != 0);
  else
    lk_json_add_text (builder, field->column, value);
}

static void
add_license (JsonBuilder *builder, const LkLicense *license)
{
  json_builder_begin_object (builder);
  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      add_value (builder, &lk_license_fields[i], lk_license_get (license, &lk_license_fields[i]));
  json_builder_end_object (builder);
}

/* The columns of the table are those that the grid shows by default. */
static void
add_row (LkTable *table, const LkLicense *license)
{
  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].shown)
      lk_table_add (table, lk_license_get (license, &lk_license_fields[i]));
}

static LkTable *
new_table (void)
{
  LkTable *table = lk_table_new (NULL, NULL);

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].shown)
      lk_table_add_title (table, _ (lk_license_fields[i].title));

  return table;
}

/* Reads the licenses page by page and hands each to the table or the document. */
static gboolean
add_licenses (LkLicenseServer *server, const gint64 *ids, gsize n_ids, LkTable *table,
              JsonBuilder *builder, GError **error)
{
  for (gsize done = 0; done < n_ids; done += PAGE_ROWS)
    {
      g_autoptr (GPtrArray) rows =
          get_rows (server, ids + done, MIN (PAGE_ROWS, n_ids - done), error);

      if (rows == NULL)
        return FALSE;

      for (guint i = 0; i < rows->len; i++)
        if (table != NULL)
          add_row (table, g_ptr_array_index (rows, i));
        else
          add_license (builder, g_ptr_array_index (rows, i));
    }

  return TRUE;
}

static gboolean
print_table (LkCall *call, LkLicenseServer *server, GArray *ids, gsize n_ids, GError **error)
{
  g_autoptr (LkTable) table = new_table ();

  if (!add_licenses (server, (const gint64 *) (gpointer) ids->data, n_ids, table, NULL, error))
    return FALSE;

  lk_table_print (table, lk_call_get_output (call));
  if (n_ids < ids->len)
    lk_message (_ ("%zu of %u matches shown; --limit 0 shows all"), n_ids, ids->len);

  return TRUE;
}

static gboolean
print_json (LkCall *call, LkLicenseServer *server, GArray *ids, gsize n_ids, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_int (builder, "matches", ids->len);
  json_builder_set_member_name (builder, "licenses");
  json_builder_begin_array (builder);
  if (!add_licenses (server, (const gint64 *) (gpointer) ids->data, n_ids, NULL, builder, error))
    return FALSE;
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);

  return TRUE;
}

/**
 * lk_license_print:
 * @call: the call
 * @server: an open license server
 * @query: which licenses
 * @limit: how many at most; 0 for all
 * @error: why the query did not run
 *
 * Writes licenses as a table, or as a document with all their values.
 *
 * Returns: whether the query ran
 */
gboolean
lk_license_print (LkCall *call, LkLicenseServer *server, const LkLicenseQuery *query, gint64 limit,
                  GError **error)
{
  g_autoptr (GArray) ids = list_ids (server, query, error);
  gsize n_ids;

  if (ids == NULL)
    return FALSE;

  n_ids = limit > 0 ? MIN (ids->len, (gsize) limit) : ids->len;

  return lk_call_wants_json (call) ? print_json (call, server, ids, n_ids, error)
                                   : print_table (call, server, ids, n_ids, error);
}

static LkLicenseQuery *
new_key_query (const char *key, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (key, "'", -1);
  g_autofree char *quoted = g_strjoinv ("''", parts);
  g_autofree char *sql = g_strdup_printf ("ActivationKey = '%s'", quoted);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause = lk_clause_new (sql, -1, context);

  return lk_clause_check (clause, error) ? lk_license_query_new (clause) : NULL;
}

/**
 * lk_license_find_by_key:
 * @server: an open license server
 * @key: an activation key
 * @error: %LK_ERROR_NOT_FOUND when no license has it
 *
 * Returns: (transfer full): the license
 */
LkLicense *
lk_license_find_by_key (LkLicenseServer *server, const char *key, GError **error)
{
  g_autoptr (LkLicenseQuery) query = new_key_query (key, error);
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (query == NULL)
    return NULL;

  ids = list_ids (server, query, error);
  if (ids == NULL)
    return NULL;

  if (ids->len > 0)
    rows = get_rows (server, (const gint64 *) (gpointer) ids->data, 1, error);
  if (ids->len > 0 && rows == NULL)
    return NULL;

  if (ids->len == 0 || rows->len == 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                   _ ("no license has the activation key “%s”: “search run” shows the keys"), key);
      return NULL;
    }

  return lk_license_ref (g_ptr_array_index (rows, 0));
}
