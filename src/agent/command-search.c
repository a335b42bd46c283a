/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-search"

#include "config.h"

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/license-print.h"
#include "agent/lookup.h"
#include "agent/search-text.h"
#include "agent/table.h"
#include "agent/wait.h"
#include "core/search-draft.h"
#include "store/search-store.h"

#define DEFAULT_LIMIT 100

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_search_store_list (db, error);
}

static gpointer
insert_job (LkDb *db, gpointer search, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_search_store_insert (db, search, error) > 0);
}

static gpointer
remove_job (LkDb *db, gpointer search, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_search_store_remove (db, ((LkSearch *) search)->id, error));
}

static void
add_json (JsonBuilder *builder, const LkSearch *search)
{
  json_builder_begin_object (builder);
  lk_json_add_text (builder, "name", search->name);
  lk_json_add_text (builder, "tooltip", search->tooltip);
  lk_json_add_text (builder, "group", search->group);
  lk_json_add_flag (builder, "favourite", search->favourite);
  lk_json_add_text (builder, "sql", search->sql);
  lk_json_add_text (builder, "distinctField", search->distinct_field);
  lk_json_add_text (builder, "uniqueIdField", search->unique_id_field);
  json_builder_end_object (builder);
}

static void
print_list_json (LkCall *call, GPtrArray *searches)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < searches->len; i++)
    add_json (builder, g_ptr_array_index (searches, i));
  json_builder_end_array (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static gboolean
run_list (LkCall *call, GError **error)
{
  g_autoptr (GPtrArray) searches = lk_call_read (call, list_job, NULL, error);
  g_autoptr (LkTable) table = lk_table_new (_ ("GROUP"), _ ("NAME"), _ ("CONDITION"), NULL);

  if (searches == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    {
      print_list_json (call, searches);
      return TRUE;
    }

  for (guint i = 0; i < searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (searches, i);

      lk_table_add (table, search->group);
      lk_table_add (table, search->name);
      lk_table_add (table, search->sql);
    }
  lk_table_print (table, lk_call_get_output (call));
  return TRUE;
}

static void
print_search (LkCall *call, const LkSearch *search)
{
  g_autoptr (LkTable) table = lk_table_new_pairs ();

  lk_table_add_pair (table, _ ("Name"), search->name);
  lk_table_add_pair (table, _ ("Tooltip"), search->tooltip);
  lk_table_add_pair (table, _ ("Group"), search->group);
  lk_table_add_pair (table, _ ("Favourite"), search->favourite ? _ ("yes") : _ ("no"));
  lk_table_add_pair (table, _ ("Distinct Field"), search->distinct_field);
  lk_table_add_pair (table, _ ("Unique ID Field"), search->unique_id_field);
  lk_table_add_pair (table, _ ("SQL"), search->sql);
  lk_table_print (table, lk_call_get_output (call));
}

static gboolean
run_show (LkCall *call, GError **error)
{
  g_autoptr (LkSearch) search = lk_lookup_search (call, lk_call_get_argument (call, 0), error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (search == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    {
      add_json (builder, search);
      lk_output_json (lk_call_get_output (call), builder);
    }
  else
    print_search (call, search);

  return TRUE;
}

static char **
list_names (LkCall *call, GError **error)
{
  g_autoptr (GPtrArray) searches = lk_call_read (call, list_job, NULL, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (searches == NULL)
    return NULL;

  for (guint i = 0; i < searches->len; i++)
    g_strv_builder_add (names, ((const LkSearch *) g_ptr_array_index (searches, i))->name);

  return g_strv_builder_end (names);
}

static LkSearchDraft *
make_draft (LkCall *call, const char *const *taken_names)
{
  static const struct
  {
    const char *option;
    LkSearchField field;
  } fields[] = {
    { "sql", LK_SEARCH_FIELD_SQL },
    { "tooltip", LK_SEARCH_FIELD_TOOLTIP },
    { "group", LK_SEARCH_FIELD_GROUP },
    { "distinct-field", LK_SEARCH_FIELD_DISTINCT_FIELD },
    { "unique-id-field", LK_SEARCH_FIELD_UNIQUE_ID_FIELD },
  };
  g_autoptr (LkSearch) blank = lk_search_new ();
  LkSearchDraft *draft = lk_search_draft_new (blank, taken_names);

  lk_search_draft_set_text (draft, LK_SEARCH_FIELD_NAME, lk_call_get_argument (call, 0));
  lk_search_draft_set_favourite (draft, lk_call_has (call, "favourite"));
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (lk_call_has (call, fields[i].option))
      lk_search_draft_set_text (draft, fields[i].field, lk_call_get (call, fields[i].option));

  return draft;
}

static gboolean
run_add (LkCall *call, GError **error)
{
  const char *sql = lk_call_get (call, "sql");
  g_auto (GStrv) names = NULL;
  g_autoptr (LkSearchDraft) draft = NULL;
  g_autoptr (LkMacroContext) context = NULL;
  g_autoptr (LkClause) clause = NULL;
  g_autoptr (LkSearch) search = NULL;

  if (sql == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("--sql is missing"));
      return FALSE;
    }

  names = list_names (call, error);
  context = names != NULL ? lk_search_text_get_context (call, error) : NULL;
  if (context == NULL)
    return FALSE;

  clause = lk_clause_new (sql, -1, context);
  if (!lk_search_text_check (clause, sql, error))
    return FALSE;

  draft = make_draft (call, (const char *const *) names);
  search = lk_search_draft_to_search (draft, context, error);
  if (search == NULL || lk_call_write (call, insert_job, search, error) == NULL)
    return FALSE;

  lk_call_report (call, "search", search->name, _ ("added the search “%s”"));
  return TRUE;
}

static gboolean
run_remove (LkCall *call, GError **error)
{
  g_autoptr (LkSearch) search = lk_lookup_search (call, lk_call_get_argument (call, 0), error);

  if (search == NULL || lk_call_write (call, remove_job, search, error) == NULL)
    return FALSE;

  lk_call_report (call, "search", search->name, _ ("removed the search “%s”"));
  return TRUE;
}

/* What is found is the result here, so it goes to stdout. */
static void
print_check (LkCall *call, LkClause *clause, const char *sql)
{
  LkOutput *output = lk_call_get_output (call);
  GPtrArray *problems = lk_clause_get_problems (clause);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (lk_call_wants_json (call))
    {
      lk_search_text_add_json (builder, clause);
      lk_output_json (output, builder);
      return;
    }

  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *text = lk_search_text_describe (sql, g_ptr_array_index (problems, i));

      lk_output_printf (output, "%s\n", text);
    }
  if (lk_clause_is_valid (clause))
    lk_output_printf (output, _ ("valid; it runs as: %s\n"), lk_clause_get_display_sql (clause));
}

static gboolean
run_check (LkCall *call, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_text_get_search (call, error);
  g_autoptr (LkClause) clause = NULL;

  if (search == NULL)
    return FALSE;

  clause = lk_search_text_parse (call, search->sql, error);
  if (clause == NULL)
    return FALSE;

  print_check (call, clause, search->sql);
  if (lk_clause_is_valid (clause))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_CLAUSE, _ ("the search is not a valid condition"));
  return FALSE;
}

static gboolean
print_count (LkCall *call, LkLicenseServer *server, const LkLicenseQuery *query, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gint64 n_matches;

  lk_license_server_count_async (server, query, NULL, lk_wait_cb, &result);
  n_matches = lk_license_server_count_finish (server, lk_wait_for (&result), error);
  if (n_matches < 0)
    return FALSE;

  if (!lk_call_wants_json (call))
    {
      lk_output_printf (lk_call_get_output (call), "%" G_GINT64_FORMAT "\n", n_matches);
      return TRUE;
    }

  json_builder_begin_object (builder);
  lk_json_add_int (builder, "matches", n_matches);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
  return TRUE;
}

static gboolean
run_run (LkCall *call, GError **error)
{
  gint64 limit = DEFAULT_LIMIT;
  g_autoptr (LkSearch) search = NULL;
  g_autoptr (LkLicenseQuery) query = NULL;
  g_autoptr (LkLicenseServer) server = NULL;
  gboolean done;

  if (!lk_call_get_number (call, "limit", 0, G_MAXINT, &limit, error))
    return FALSE;

  search = lk_search_text_get_search (call, error);
  query = search != NULL ? lk_search_text_get_query (call, search, error) : NULL;
  server = query != NULL ? lk_lookup_open_server (call, lk_call_get (call, "server"), error) : NULL;
  if (server == NULL)
    return FALSE;

  done = lk_call_has (call, "count") ? print_count (call, server, query, error)
                                     : lk_license_print (call, server, query, limit, error);
  lk_license_server_close (server);

  return done;
}

#define SQL_OPTION LK_OPTION ("sql", N_ ("SQL"), N_ ("the condition, with macros"))
#define NOW_OPTION                                                                                 \
  LK_OPTION ("now", N_ ("MOMENT"), N_ ("expand macros as if it were then (2026-01-31 08:00:00)"))

static const GOptionEntry add_options[] = {
  SQL_OPTION,
  LK_OPTION ("tooltip", N_ ("TEXT"), N_ ("what it is for")),
  LK_OPTION ("group", N_ ("NAME"), N_ ("the heading it stands under")),
  LK_FLAG ("favourite", N_ ("let it stand first")),
  LK_OPTION ("distinct-field", N_ ("COLUMN"), N_ ("one license for each value of this column")),
  LK_OPTION ("unique-id-field", N_ ("COLUMN"), N_ ("the column whose smallest value picks it")),
  LK_OPTIONS_END,
};

static const GOptionEntry check_options[] = {
  SQL_OPTION,
  NOW_OPTION,
  LK_OPTIONS_END,
};

static const GOptionEntry run_options[] = {
  SQL_OPTION,
  LK_OPTION ("server", N_ ("NAME"), N_ ("the license server instead of the default one")),
  LK_FLAG ("count", N_ ("write only how many licenses match")),
  LK_OPTION ("limit", N_ ("N"), N_ ("write at most N licenses (100; 0 for all)")),
  NOW_OPTION,
  LK_OPTIONS_END,
};

const LkCommand lk_search_commands[] = {
  { "search list", NULL, N_ ("list the saved searches"), 0, 0, NULL, run_list },
  { "search show", N_ ("NAME"), N_ ("show a search"), 1, 1, NULL, run_show },
  { "search add", N_ ("NAME --sql SQL"), N_ ("save a search"), 1, 1, add_options, run_add },
  { "search remove", N_ ("NAME"), N_ ("delete a search that no task uses"), 1, 1, NULL,
    run_remove },
  { "search check", N_ ("NAME | --sql SQL"), N_ ("tell what is wrong with a condition, and where"),
    0, 1, check_options, run_check },
  { "search run", N_ ("NAME | --sql SQL"), N_ ("show the licenses that match"), 0, 1, run_options,
    run_run },
  { NULL },
};
