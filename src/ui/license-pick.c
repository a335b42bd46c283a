/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-pick"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/license-pick.h"

typedef struct
{
  LkLicenseQuery *query;
  LkLicense *license; /* (nullable): set on a thread of the server until the scan has finished */
} Pick;

static void
pick_free (Pick *pick)
{
  lk_license_query_free (pick->query);
  g_clear_pointer (&pick->license, lk_license_unref);
  g_free (pick);
}

/* On a thread of the server. */
static gboolean
take_first (GPtrArray *licenses, gpointer user_data, GError **error)
{
  Pick *pick = user_data;

  if (licenses->len == 0)
    return TRUE;

  pick->license = lk_license_ref (g_ptr_array_index (licenses, 0));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "one is enough");
  return FALSE;
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Pick *pick = g_task_get_task_data (task);
  GError *error = NULL;

  lk_license_server_scan_finish (LK_LICENSE_SERVER (source), result, &error);
  if (pick->license != NULL)
    {
      g_clear_error (&error);
      g_task_return_pointer (task, g_steal_pointer (&pick->license),
                             (GDestroyNotify) lk_license_unref);
    }
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, LK_ERROR, LK_ERROR_NOT_FOUND, "%s",
                             _ ("no license matches; choose another one or the sample license"));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Pick *pick = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (LkLicenseServer) server =
      lk_context_open_server_finish (LK_CONTEXT (source), result, &error);

  if (server == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  lk_license_server_scan_async (server, pick->query, 1, take_first, pick,
                                g_task_get_cancellable (task), scanned_cb, g_object_ref (task));
}

/**
 * lk_license_pick_async:
 * @context: the services
 * @server_id: where to look
 * @clause: a valid condition
 * @cancellable: (nullable): to give up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Finds the first license that matches.
 */
void
lk_license_pick_async (LkContext *context, gint64 server_id, LkClause *clause,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (context, cancellable, callback, user_data);
  Pick *pick = g_new0 (Pick, 1);

  pick->query = lk_license_query_new (clause);
  g_task_set_source_tag (task, lk_license_pick_async);
  g_task_set_task_data (task, pick, (GDestroyNotify) pick_free);
  lk_context_open_server_async (context, server_id, cancellable, opened_cb, task);
}

/**
 * lk_license_pick_finish:
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND when no license matches; errors of the server
 *
 * Returns: (transfer full): the license; %NULL on error
 */
LkLicense *
lk_license_pick_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_license_pick_new_key_clause:
 * @activation_key: a key as typed
 *
 * Returns: (transfer full): the condition that picks the license with that key
 */
LkClause *
lk_license_pick_new_key_clause (const char *activation_key)
{
  g_autofree char *stripped = g_strstrip (g_strdup (activation_key));
  g_auto (GStrv) parts = g_strsplit (stripped, "'", -1);
  g_autofree char *quoted = g_strjoinv ("''", parts);
  g_autofree char *text = g_strdup_printf ("ActivationKey = '%s'", quoted);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (LkMacroContext) macros = lk_macro_context_new (now, NULL);

  return lk_clause_new (text, -1, macros);
}
