/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-check"

#include "config.h"

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/wait.h"
#include "store/server-store.h"
#include "store/workspace-check.h"

static gpointer
check_workspace_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_workspace_check (db, error);
}

static gpointer
list_servers_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_server_store_list (db, error);
}

static gboolean
check_server (LkWorkspace *workspace, const LkServerProfile *profile, GError **error)
{
  g_autoptr (LkLicenseServer) server = lk_workspace_open_server (workspace, profile, error);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean is_sound;

  if (server == NULL)
    return FALSE;

  lk_license_server_check_async (server, NULL, lk_wait_cb, &result);
  is_sound = lk_license_server_check_finish (server, lk_wait_for (&result), error);
  if (!is_sound)
    g_prefix_error (error, _ ("license server “%s”: "), profile->name);
  lk_license_server_close (server);

  return is_sound;
}

static gboolean
check_servers (LkCall *call, GPtrArray *problems, GError **error)
{
  g_autoptr (GPtrArray) servers = lk_call_read (call, list_servers_job, NULL, error);

  if (servers == NULL)
    return FALSE;

  for (guint i = 0; i < servers->len; i++)
    {
      const LkServerProfile *profile = g_ptr_array_index (servers, i);
      g_autoptr (GError) reason = NULL;

      if (!check_server (lk_call_open (call, NULL), profile, &reason))
        g_ptr_array_add (problems, g_strdup (reason->message));
    }

  return TRUE;
}

static void
print_json (LkCall *call, GPtrArray *problems)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_flag (builder, "ok", problems->len == 0);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < problems->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (problems, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print (LkCall *call, GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    lk_output_printf (lk_call_get_output (call), "%s\n",
                      (const char *) g_ptr_array_index (problems, i));

  if (problems->len == 0)
    lk_output_text (lk_call_get_output (call), "ok\n");
}

static gboolean
run_check (LkCall *call, GError **error)
{
  g_autoptr (GPtrArray) problems = lk_call_read (call, check_workspace_job, NULL, error);

  if (problems == NULL || !check_servers (call, problems, error))
    return FALSE;

  if (lk_call_wants_json (call))
    print_json (call, problems);
  else
    print (call, problems);

  if (problems->len == 0)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
               g_dngettext (NULL, "the check found %u problem", "the check found %u problems",
                            problems->len),
               problems->len);
  return FALSE;
}

const LkCommand lk_check_commands[] = {
  { "check", NULL, N_ ("verify the databases and that no delivery was lost"), 0, 0, NULL,
    run_check },
  { NULL },
};
