/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-init"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "store/sample-workspace.h"

#define MAX_SAMPLE_LICENSES 10000000
#define DEFAULT_PORT        8787

static void
print_done (LkCall *call, const char *folder, gint64 n_licenses)
{
  LkOutput *output = lk_call_get_output (call);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (lk_call_wants_json (call))
    {
      json_builder_begin_object (builder);
      lk_json_add_text (builder, "workspace", folder);
      lk_json_add_int (builder, "sampleLicenses", n_licenses);
      json_builder_end_object (builder);
      lk_output_json (output, builder);
      return;
    }

  lk_output_printf (output, _ ("made the workspace in “%s”\n"), folder);
  if (n_licenses > 0)
    lk_output_printf (output,
                      _ ("with %" PRId64 " sample licenses, sample searches and the task "
                         "“%s”: “latchkey-agent listen --task "
                         "\'%s\'” receives what it sends\n"),
                      n_licenses, LK_SAMPLE_TASK, LK_SAMPLE_TASK);
}

static gboolean
create (const char *folder, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (LkWorkspace) existing = lk_workspace_open (folder, &reason);

  if (existing != NULL)
    {
      lk_workspace_close (existing);
      g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
                   _ ("there is a workspace in “%s” already: use it, or name another folder with "
                      "--workspace"),
                   folder);
      return FALSE;
    }

  if (g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    return lk_workspace_create (folder, error);

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
run_init (LkCall *call, GError **error)
{
  g_autofree char *folder = lk_call_dup_folder (call);
  gint64 n_licenses = 0, port = DEFAULT_PORT;
  LkInstant now = lk_clock_now (lk_call_get_clock (call));

  if (!lk_call_get_number (call, "sample", 1, MAX_SAMPLE_LICENSES, &n_licenses, error)
      || !lk_call_get_number (call, "port", 1, G_MAXUINT16, &port, error))
    return FALSE;

  if (!create (folder, error))
    return FALSE;

  if (n_licenses > 0
      && (lk_call_open (call, error) == NULL
          || !lk_sample_workspace_fill (lk_call_open (call, NULL), n_licenses, (guint16) port, now,
                                        error)))
    return FALSE;

  print_done (call, folder, n_licenses);
  return TRUE;
}

static const GOptionEntry init_options[] = {
  LK_OPTION ("sample", N_ ("N"), N_ ("with N sample licenses, searches and a task")),
  LK_OPTION ("port", N_ ("PORT"), N_ ("the port of the test receiver that the task uses (8787)")),
  LK_OPTIONS_END,
};

const LkCommand lk_init_commands[] = {
  { "init", NULL, N_ ("make a workspace"), 0, 0, init_options, run_init },
  { NULL },
};
