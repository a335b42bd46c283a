/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-license"

#include "config.h"

#include <unistd.h>

#include <inttypes.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/license-print.h"
#include "agent/lookup.h"
#include "agent/search-text.h"
#include "agent/wait.h"
#include "store/license-csv.h"

static LkCsvReport *
import_file (LkLicenseServer *server, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  lk_license_csv_import_async (server, file, NULL, lk_wait_cb, &result);

  return lk_license_csv_import_finish (server, lk_wait_for (&result), error);
}

static void
print_import_json (LkCall *call, const LkCsvReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_int (builder, "imported", report->n_rows);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->problems->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (report->problems, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print_import (LkCall *call, const LkCsvReport *report)
{
  for (guint i = 0; i < report->problems->len; i++)
    lk_message ("%s", (const char *) g_ptr_array_index (report->problems, i));

  if (lk_call_wants_json (call))
    print_import_json (call, report);
  else if (report->problems->len == 0)
    lk_output_printf (lk_call_get_output (call),
                      g_dngettext (NULL, "imported %" PRId64 " license\n",
                                   "imported %" PRId64 " licenses\n", (gulong) report->n_rows),
                      report->n_rows);
}

static gboolean
run_import (LkCall *call, GError **error)
{
  const char *path = lk_call_get_argument (call, 0);
  g_autoptr (LkLicenseServer) server =
      lk_lookup_open_server (call, lk_call_get (call, "server"), error);
  g_autoptr (LkCsvReport) report = NULL;

  if (server == NULL)
    return FALSE;

  report = import_file (server, path, error);
  lk_license_server_close (server);
  if (report == NULL)
    return FALSE;

  print_import (call, report);
  if (report->problems->len == 0)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               g_dngettext (NULL, "“%s” has %u bad line: mend it; nothing was imported",
                            "“%s” has %u bad lines: mend them; nothing was imported",
                            report->problems->len),
               path, report->problems->len);
  return FALSE;
}

/* A reader of stdout that went away has what it wanted. */
static gboolean
export_csv (LkLicenseServer *server, const LkLicenseQuery *query, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) reason = NULL;

  lk_license_csv_export_async (server, query, stream, NULL, lk_wait_cb, &result);
  if (lk_license_csv_export_finish (server, lk_wait_for (&result), &reason) >= 0
      || g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static LkLicenseQuery *
get_export_query (LkCall *call, GError **error)
{
  g_autoptr (LkSearch) search = NULL;
  g_autoptr (LkClause) everything = NULL;

  if (!lk_call_has (call, "search") && !lk_call_has (call, "sql"))
    {
      everything = lk_clause_new_everything ();
      return lk_license_query_new (everything);
    }

  search = lk_search_text_get_search (call, error);

  return search != NULL ? lk_search_text_get_query (call, search, error) : NULL;
}

static gboolean
run_export (LkCall *call, GError **error)
{
  g_autoptr (LkLicenseQuery) query = get_export_query (call, error);
  g_autoptr (LkLicenseServer) server = NULL;
  gboolean done;

  if (query == NULL)
    return FALSE;

  server = lk_lookup_open_server (call, lk_call_get (call, "server"), error);
  if (server == NULL)
    return FALSE;

  done = lk_call_wants_json (call) ? lk_license_print (call, server, query, 0, error)
                                   : export_csv (server, query, error);
  lk_license_server_close (server);

  return done;
}

#define SERVER_OPTION                                                                              \
  LK_OPTION ("server", N_ ("NAME"), N_ ("the license server instead of the default one"))

static const GOptionEntry import_options[] = {
  SERVER_OPTION,
  LK_OPTIONS_END,
};

static const GOptionEntry export_options[] = {
  LK_OPTION ("search", N_ ("NAME"), N_ ("only the licenses of a saved search")),
  LK_OPTION ("sql", N_ ("SQL"), N_ ("only the licenses of a condition")),
  SERVER_OPTION,
  LK_OPTION ("now", N_ ("MOMENT"), N_ ("expand macros as if it were then (2026-01-31 08:00:00)")),
  LK_OPTIONS_END,
};

const LkCommand lk_license_commands[] = {
  { "import", N_ ("FILE.csv"), N_ ("read licenses from a CSV file; all of them or none"), 1, 1,
    import_options, run_import },
  { "export", NULL, N_ ("write licenses to standard output as CSV"), 0, 0, export_options,
    run_export },
  { NULL },
};
