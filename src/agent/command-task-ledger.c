/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task-ledger"

#include "config.h"

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/service.h"
#include "agent/wait.h"

/* @license_id: 0 for all that match now. Returns how many licenses changed; -1 on error. */
static gint64
change_ledger (LkCall *call, const LkTask *task, gint64 license_id, LkLedgerChange change,
               GError **error)
{
  g_autoptr (LkService) service = lk_service_new (call, error);
  g_autoptr (GAsyncResult) result = NULL;
  LkContext *context;

  if (service == NULL)
    return -1;

  context = lk_service_get_context (service);
  lk_context_change_ledger_async (context, task, license_id, change,
                                  lk_service_get_cancellable (service), lk_wait_cb, &result);

  return lk_context_change_ledger_finish (context, lk_wait_for (&result), error);
}

static gboolean
find_license_id (LkCall *call, const LkTask *task, gint64 *license_id, GError **error)
{
  const char *key = lk_call_get (call, "license");
  g_autoptr (LkLicense) license = NULL;

  if ((key != NULL) == lk_call_has (call, "all"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s",
                   lk_call_has (call, "all") ? _ ("give either --license or --all")
                                             : _ ("--license is missing"));
      return FALSE;
    }

  license = key != NULL ? lk_lookup_license (call, task, key, error) : NULL;
  if (license != NULL)
    *license_id = lk_license_get_id (license);

  return key == NULL || license != NULL;
}

/* @member: how the document names the count */
static void
report (LkCall *call, const LkTask *task, const char *member, gint64 n_changed,
        const char *sentence)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!lk_call_wants_json (call))
    {
      lk_output_printf (lk_call_get_output (call), "%s\n", sentence);
      return;
    }

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "task", task->name);
  lk_json_add_int (builder, member, n_changed);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

/* Returns: (transfer full) (nullable): the task, whose ledger was changed; %NULL on error */
static LkTask *
change_named (LkCall *call, LkLedgerChange change, gint64 *n_changed, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  gint64 license_id = 0;

  if (task == NULL || !find_license_id (call, task, &license_id, error))
    return NULL;

  *n_changed = change_ledger (call, task, license_id, change, error);

  return *n_changed >= 0 ? g_steal_pointer (&task) : NULL;
}

static gboolean
run_mark_sent (LkCall *call, GError **error)
{
  gint64 n = 0;
  g_autoptr (LkTask) task = change_named (call, LK_LEDGER_MARK_SENT, &n, error);
  g_autofree char *sentence = NULL;

  if (task == NULL)
    return FALSE;

  sentence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%d license counts as already sent by the task “%s”",
                   "%d licenses count as already sent by the task “%s”", (gulong) n),
      (int) n, task->name);
  report (call, task, "marked", n, sentence);
  return TRUE;
}

static gboolean
run_forget (LkCall *call, GError **error)
{
  gint64 n = 0;
  g_autoptr (LkTask) task = change_named (call, LK_LEDGER_FORGET, &n, error);
  g_autofree char *sentence = NULL;

  if (task == NULL)
    return FALSE;

  sentence = g_strdup_printf (n > 0 ? _ ("the task “%s” has forgotten that the license was sent")
                                    : _ ("the task “%s” knew of nothing sent for the license"),
                              task->name);
  report (call, task, "forgotten", n, sentence);
  return TRUE;
}

static const GOptionEntry forget_options[] = {
  LK_OPTION ("license", N_ ("KEY"), N_ ("the activation key of the license")),
  LK_OPTIONS_END,
};

static const GOptionEntry mark_options[] = {
  LK_OPTION ("license", N_ ("KEY"), N_ ("the activation key of the license")),
  LK_FLAG ("all", N_ ("all licenses that match now")),
  LK_OPTIONS_END,
};

const LkCommand lk_task_ledger_commands[] = {
  { "task forget", N_ ("NAME --license KEY"), N_ ("let a license count as never sent"), 1, 1,
    forget_options, run_forget },
  { "task mark-sent", N_ ("NAME --license KEY | --all"), N_ ("let licenses count as already sent"),
    1, 1, mark_options, run_mark_sent },
  { NULL },
};
