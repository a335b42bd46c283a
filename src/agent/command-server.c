/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-server"

#include "config.h"

#include <string.h>

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/table.h"
#include "agent/wait.h"
#include "store/server-store.h"
#include "store/sqlite-license-server.h"

#define SQLITE_PREFIX     "sqlite:"
#define POSTGRESQL_PREFIX "postgresql:"

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_server_store_list (db, error);
}

static gpointer
insert_job (LkDb *db, gpointer profile, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_server_store_insert (db, profile, error) > 0);
}

static gpointer
set_default_job (LkDb *db, gpointer profile, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (
      lk_server_store_set_default (db, ((LkServerProfile *) profile)->id, error));
}

static gpointer
remove_job (LkDb *db, gpointer profile, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_server_store_remove (db, ((LkServerProfile *) profile)->id, error));
}

static void
print_json (LkCall *call, GPtrArray *servers)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < servers->len; i++)
    {
      const LkServerProfile *server = g_ptr_array_index (servers, i);

      json_builder_begin_object (builder);
      lk_json_add_text (builder, "name", server->name);
      lk_json_add_text (builder, "uri", server->uri);
      lk_json_add_flag (builder, "default", server->is_default);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static gboolean
run_list (LkCall *call, GError **error)
{
  g_autoptr (GPtrArray) servers = lk_call_read (call, list_job, NULL, error);
  g_autoptr (LkTable) table = lk_table_new (_ ("NAME"), _ ("DEFAULT"), _ ("ADDRESS"), NULL);

  if (servers == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    {
      print_json (call, servers);
      return TRUE;
    }

  for (guint i = 0; i < servers->len; i++)
    {
      const LkServerProfile *server = g_ptr_array_index (servers, i);

      lk_table_add (table, server->name);
      lk_table_add (table, server->is_default ? _ ("yes") : "");
      lk_table_add (table, server->uri);
    }
  lk_table_print (table, lk_call_get_output (call));
  return TRUE;
}

/* PostgreSQL addresses are a form that the profile knows but no driver opens yet. */
static gboolean
check_profile (const LkServerProfile *profile, GError **error)
{
  if (g_ascii_strncasecmp (profile->uri, POSTGRESQL_PREFIX, strlen (POSTGRESQL_PREFIX)) == 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("license server “%s”: this version does not open PostgreSQL databases yet: "
                      "give sqlite:PATH"),
                   profile->name);
      return FALSE;
    }

  return lk_server_profile_check (profile, error);
}

/* A new, empty database where --create was given, and in any case one that opens. */
static gboolean
prepare_database (LkCall *call, const LkServerProfile *profile, GError **error)
{
  LkWorkspace *workspace = lk_call_open (call, error);
  g_autoptr (LkLicenseServer) server = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *path = NULL;

  if (workspace == NULL)
    return FALSE;

  path = g_canonicalize_filename (profile->uri + strlen (SQLITE_PREFIX),
                                  lk_workspace_get_folder (workspace));
  if (lk_call_has (call, "create") && !lk_sqlite_license_server_create (path, error))
    return FALSE;

  server = lk_workspace_open_server (workspace, profile, &reason);
  if (server != NULL)
    {
      lk_license_server_close (server);
      return TRUE;
    }

  if (g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("%s; --create makes an empty one"),
                 reason->message);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
run_add (LkCall *call, GError **error)
{
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();

  g_free (profile->name);
  g_free (profile->uri);
  profile->name = g_strdup (lk_call_get_argument (call, 0));
  profile->uri = g_strdup (lk_call_get_argument (call, 1));
  if (!check_profile (profile, error) || !prepare_database (call, profile, error)
      || lk_call_write (call, insert_job, profile, error) == NULL)
    return FALSE;

  lk_call_report (call, "server", profile->name, _ ("added the license server “%s”"));
  return TRUE;
}

static gint64
count_everything (LkLicenseServer *server, GError **error)
{
  g_autoptr (LkClause) clause = lk_clause_new_everything ();
  g_autoptr (LkLicenseQuery) query = lk_license_query_new (clause);
  g_autoptr (GAsyncResult) result = NULL;

  lk_license_server_count_async (server, query, NULL, lk_wait_cb, &result);

  return lk_license_server_count_finish (server, lk_wait_for (&result), error);
}

static gboolean
run_test (LkCall *call, GError **error)
{
  const char *name = lk_call_get_argument (call, 0);
  g_autoptr (LkLicenseServer) server = lk_lookup_open_server (call, name, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gint64 n_licenses;

  if (server == NULL)
    return FALSE;

  n_licenses = count_everything (server, error);
  lk_license_server_close (server);
  if (n_licenses < 0)
    return FALSE;

  if (!lk_call_wants_json (call))
    {
      lk_output_printf (lk_call_get_output (call),
                        g_dngettext (NULL, "%s: opens, %" PRId64 " license\n",
                                     "%s: opens, %" PRId64 " licenses\n", (gulong) n_licenses),
                        name, n_licenses);
      return TRUE;
    }

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "name", name);
  lk_json_add_int (builder, "licenses", n_licenses);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
  return TRUE;
}

static gboolean
change_named (LkCall *call, LkDbJobFunc job, const char *report, GError **error)
{
  g_autoptr (LkServerProfile) profile =
      lk_lookup_server (call, lk_call_get_argument (call, 0), error);

  if (profile == NULL || lk_call_write (call, job, profile, error) == NULL)
    return FALSE;

  lk_call_report (call, "server", profile->name, report);
  return TRUE;
}

static gboolean
run_default (LkCall *call, GError **error)
{
  return change_named (call, set_default_job, _ ("“%s” is now the default license server"), error);
}

static gboolean
run_remove (LkCall *call, GError **error)
{
  return change_named (call, remove_job, _ ("removed the license server “%s”; its database stays"),
                       error);
}

static const GOptionEntry add_options[] = {
  LK_FLAG ("create", N_ ("make an empty license database where there is none")),
  LK_OPTIONS_END,
};

const LkCommand lk_server_commands[] = {
  { "server list", NULL, N_ ("list the license servers"), 0, 0, NULL, run_list },
  { "server add", N_ ("NAME URI"), N_ ("add a license server: sqlite:PATH"), 2, 2, add_options,
    run_add },
  { "server test", N_ ("NAME"), N_ ("open it and count its licenses"), 1, 1, NULL, run_test },
  { "server default", N_ ("NAME"), N_ ("make it the one that is used unless another is named"), 1,
    1, NULL, run_default },
  { "server remove", N_ ("NAME"), N_ ("forget it; its database stays"), 1, 1, NULL, run_remove },
  { NULL },
};
