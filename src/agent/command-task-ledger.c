/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task-ledger"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/service.h"
#include "agent/wait.h"
#include "store/run-store.h"

/* What a person decides about the ledger of a task. */
typedef struct
{
  const LkTask *task;
  GPtrArray *marks; /* of LkLedgerMark */
  LkInstant now;
  gint64 n_changed;
} Change;

static gpointer
mark_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Change *change = data;

  change->n_changed = lk_ledger_mark_sent (db, change->task->id, change->task->version,
                                           change->marks, change->now, error);

  return change->n_changed >= 0 ? change : NULL;
}

static gpointer
forget_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Change *change = data;
  const LkLedgerMark *mark = g_ptr_array_index (change->marks, 0);

  change->n_changed =
      lk_ledger_forget (db, change->task->id, change->task->version, mark->group_key, error);

  return change->n_changed >= 0 ? change : NULL;
}

/* @license_id: 0 for all that match now */
static GPtrArray *
find_marks (LkCall *call, const LkTask *task, gint64 license_id, GError **error)
{
  g_autoptr (LkService) service = lk_service_new (call, error);
  g_autoptr (GAsyncResult) result = NULL;
  LkContext *context;

  if (service == NULL)
    return NULL;

  context = lk_service_get_context (service);
  lk_context_find_marks_async (context, task, license_id, lk_service_get_cancellable (service),
                               lk_wait_cb, &result);

  return lk_context_find_marks_finish (context, lk_wait_for (&result), error);
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
report (LkCall *call, const Change *change, const char *member, const char *sentence)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!lk_call_wants_json (call))
    {
      lk_output_printf (lk_call_get_output (call), "%s\n", sentence);
      return;
    }

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "task", change->task->name);
  lk_json_add_int (builder, member, change->n_changed);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static gboolean
change_ledger (LkCall *call, const LkTask *task, LkDbJobFunc job, Change *change, GError **error)
{
  gint64 license_id = 0;

  change->task = task;
  change->now = lk_clock_now (lk_call_get_clock (call));
  if (!find_license_id (call, task, &license_id, error))
    return FALSE;

  change->marks = find_marks (call, task, license_id, error);

  return change->marks != NULL && lk_call_write (call, job, change, error) != NULL;
}

static gboolean
run_mark_sent (LkCall *call, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  Change change = { 0 };
  g_autofree char *sentence = NULL;
  gboolean done = task != NULL && change_ledger (call, task, mark_job, &change, error);

  g_clear_pointer (&change.marks, g_ptr_array_unref);
  if (!done)
    return FALSE;

  sentence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%d license counts as already sent by the task “%s”",
                   "%d licenses count as already sent by the task “%s”", (gulong) change.n_changed),
      (int) change.n_changed, task->name);
  report (call, &change, "marked", sentence);
  return TRUE;
}

static gboolean
run_forget (LkCall *call, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  Change change = { 0 };
  g_autofree char *sentence = NULL;
  gboolean done = task != NULL && change_ledger (call, task, forget_job, &change, error);

  g_clear_pointer (&change.marks, g_ptr_array_unref);
  if (!done)
    return FALSE;

  sentence = g_strdup_printf (change.n_changed > 0
                                  ? _ ("the task “%s” has forgotten that the license was sent")
                                  : _ ("the task “%s” knew of nothing sent for the license"),
                              task->name);
  report (call, &change, "forgotten", sentence);
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
