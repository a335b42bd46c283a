/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task-preview"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/service.h"
#include "agent/table.h"
#include "agent/wait.h"

static const char *const when_words[] = {
  [LK_PREVIEW_NOW] = "now",
  [LK_PREVIEW_NEXT] = "next",
  [LK_PREVIEW_LATER] = "later",
};

static LkPreview *
make_preview (LkService *service, const LkTask *task, const LkPreviewOptions *options,
              GError **error)
{
  LkContext *context = lk_service_get_context (service);
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_preview_async (context, task, options, lk_service_get_cancellable (service),
                            lk_wait_cb, &result);

  return lk_context_preview_finish (context, lk_wait_for (&result), error);
}

/* The run for which the request is shown: the first that sends the license, else the one now. */
static LkInstant
find_moment (const LkPreview *preview)
{
  for (guint i = 0; i < preview->rows->len; i++)
    {
      const LkPreviewRow *row = g_ptr_array_index (preview->rows, i);

      if (row->fires)
        return lk_preview_get_run (preview, row)->due_at;
    }

  return g_array_index (preview->runs, LkPreviewRun, 0).due_at;
}

static LkPreviewRequest *
make_request (LkService *service, const LkTask *task, gint64 license_id, LkInstant due_at,
              GError **error)
{
  LkContext *context = lk_service_get_context (service);
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_preview_request_async (context, task, NULL, license_id, due_at,
                                    lk_service_get_cancellable (service), lk_wait_cb, &result);

  return lk_context_preview_request_finish (context, lk_wait_for (&result), error);
}

static void
add_row (JsonBuilder *builder, const LkPreviewRow *row)
{
  json_builder_begin_object (builder);
  lk_json_add_int (builder, "licenseId", row->license_id);
  lk_json_add_text (builder, "license", row->license_key);
  lk_json_add_text (builder, "customer", row->customer);
  lk_json_add_flag (builder, "fires", row->fires);
  lk_json_add_text (builder, "rule", row->rule);
  json_builder_end_object (builder);
}

/* @next: (inout): the first row that was not written yet */
static void
add_run (JsonBuilder *builder, const LkPreview *preview, guint run, guint *next)
{
  const LkPreviewRun *values = &g_array_index (preview->runs, LkPreviewRun, run);

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "when", when_words[values->when]);
  lk_json_add_instant (builder, "dueAt", values->due_at);
  lk_json_add_int (builder, "matched", values->matched);
  lk_json_add_int (builder, "fired", values->fired);
  lk_json_add_int (builder, "suppressed", values->matched - values->fired);
  lk_json_add_int (builder, "sentBefore", values->known);
  json_builder_set_member_name (builder, "licenses");
  json_builder_begin_array (builder);
  for (; *next < preview->rows->len; *next += 1)
    {
      const LkPreviewRow *row = g_ptr_array_index (preview->rows, *next);

      if (row->run != run)
        break;
      add_row (builder, row);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_request (JsonBuilder *builder, const LkPreviewRequest *request)
{
  json_builder_set_member_name (builder, "request");
  json_builder_begin_object (builder);
  lk_json_add_text (builder, "url", request->url);
  lk_json_add_text (builder, "headers", request->headers);
  lk_json_add_bytes (builder, "body", request->body);
  json_builder_end_object (builder);
}

static void
print_json (LkCall *call, const LkTask *task, const LkPreview *preview,
            const LkPreviewRequest *request)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint next = 0;

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "task", task->name);
  lk_json_add_text (builder, "send", task->send);
  lk_json_add_flag (builder, "enabled", task->enabled);
  lk_json_add_flag (builder, "webhook", task->webhook_enabled);
  lk_json_add_flag (builder, "cut", preview->is_cut);
  lk_json_add_int (builder, "leftOut", preview->n_left_out);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < preview->runs->len; i++)
    add_run (builder, preview, i, &next);
  json_builder_end_array (builder);
  if (request != NULL)
    add_request (builder, request);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static char *
format_when (const LkPreviewRun *run)
{
  g_autofree char *due_at = lk_output_format_instant (run->due_at);

  switch (run->when)
    {
    case LK_PREVIEW_NOW:
      return g_strdup (_ ("now"));
    case LK_PREVIEW_NEXT:
      /* translators: date and time of a task's next run */
      return g_strdup_printf (_ ("%s (next)"), due_at);
    case LK_PREVIEW_LATER:
    default:
      return g_steal_pointer (&due_at);
    }
}

static void
print_runs (LkCall *call, const LkPreview *preview)
{
  g_autoptr (LkTable) table =
      lk_table_new (_ ("RUN"), _ ("MATCHED"), _ ("SENT"), _ ("NOT AGAIN"), NULL);

  for (guint i = 0; i < preview->runs->len; i++)
    {
      const LkPreviewRun *run = &g_array_index (preview->runs, LkPreviewRun, i);
      g_autofree char *when = format_when (run);

      lk_table_add (table, when);
      lk_table_add_int (table, run->matched);
      lk_table_add_int (table, run->fired);
      lk_table_add_int (table, run->matched - run->fired);
    }
  lk_table_print (table, lk_call_get_output (call));
}

static void
print_rows (LkCall *call, const LkPreview *preview)
{
  g_autoptr (LkTable) table =
      lk_table_new (_ ("RUN"), _ ("LICENSE"), _ ("CUSTOMER"), _ ("SENT"), _ ("RULE"), NULL);

  for (guint i = 0; i < preview->rows->len; i++)
    {
      const LkPreviewRow *row = g_ptr_array_index (preview->rows, i);
      g_autofree char *when = format_when (lk_preview_get_run (preview, row));

      lk_table_add (table, when);
      lk_table_add (table, row->license_key);
      lk_table_add (table, row->customer);
      lk_table_add (table, row->fires ? _ ("yes") : _ ("no"));
      lk_table_add (table, row->rule);
    }
  lk_output_printf (lk_call_get_output (call), "\n");
  lk_table_print (table, lk_call_get_output (call));
}

static void
print_request (LkCall *call, const LkPreviewRequest *request)
{
  LkOutput *output = lk_call_get_output (call);
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  g_autofree char *url = lk_output_format_visible (request->url, -1);
  g_auto (GStrv) lines = g_strsplit (request->headers, "\n", -1);
  g_autofree char *body = lk_output_format_visible (data, (gssize) size);

  lk_output_printf (output, "\nPOST %s\n", url);
  for (gsize i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_autofree char *line = lk_output_format_visible (lines[i], -1);

      lk_output_printf (output, "%s\n", line);
    }
  lk_output_printf (output, "\n%s\n", body);
}

/* What keeps the preview from being the whole truth. */
static void
warn (const LkTask *task, const LkPreviewOptions *options, const LkPreview *preview)
{
  if (!task->webhook_enabled)
    lk_message (_ ("the webhook of the task “%s” is off: nothing is sent before it is on"),
                task->name);
  if (!task->enabled)
    lk_message (_ ("the task “%s” is disabled: the timer does not run it"), task->name);
  if (options->license_id != 0 && preview->rows->len == 0)
    lk_message (_ ("the license matches at none of these runs, or another one of the same value of "
                   "the Distinct Field stands for it"));
  if (preview->n_left_out > 0)
    lk_message (_ ("%" PRId64 " further licenses are counted and not listed"), preview->n_left_out);
  if (preview->is_cut)
    lk_message (_ ("later runs were not looked at: it would take too long; give a smaller --days"));
}

static gboolean
report (LkCall *call, LkService *service, const LkTask *task, const LkPreviewOptions *options,
        GError **error)
{
  g_autoptr (LkPreview) preview = make_preview (service, task, options, error);
  g_autoptr (LkPreviewRequest) request = NULL;

  if (preview == NULL)
    return FALSE;

  if (options->license_id != 0)
    request = make_request (service, task, options->license_id, find_moment (preview), error);
  if (options->license_id != 0 && request == NULL)
    return FALSE;

  warn (task, options, preview);
  if (lk_call_wants_json (call))
    {
      print_json (call, task, preview, request);
      return TRUE;
    }

  print_runs (call, preview);
  if (preview->rows->len > 0)
    print_rows (call, preview);
  if (request != NULL)
    print_request (call, request);

  return TRUE;
}

static gboolean
get_options (LkCall *call, const LkTask *task, LkPreviewOptions *options, GError **error)
{
  const char *key = lk_call_get (call, "license");
  g_autoptr (LkLicense) license = NULL;
  gint64 days = LK_PREVIEW_DEFAULT_DAYS;

  options->now = lk_clock_now (lk_call_get_clock (call));
  if (!lk_call_get_number (call, "days", 1, LK_PREVIEW_MAX_DAYS, &days, error)
      || !lk_call_get_instant (call, "now", &options->now, error))
    return FALSE;

  options->days = (int) days;
  license = key != NULL ? lk_lookup_license (call, task, key, error) : NULL;
  if (license != NULL)
    options->license_id = lk_license_get_id (license);

  return key == NULL || license != NULL;
}

static gboolean
run_preview (LkCall *call, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  LkPreviewOptions options = { 0 };
  g_autoptr (LkService) service = NULL;

  if (task == NULL || !get_options (call, task, &options, error))
    return FALSE;

  service = lk_service_new (call, error);

  return service != NULL && report (call, service, task, &options, error);
}

static const GOptionEntry preview_options[] = {
  LK_OPTION ("days", N_ ("N"), N_ ("how many days to look ahead (30)")),
  LK_OPTION ("license", N_ ("KEY"),
             N_ ("only this license: when it is sent or why not, and the exact request")),
  LK_OPTION ("now", N_ ("MOMENT"), N_ ("as if it were then (2026-01-31 08:00:00)")),
  LK_OPTIONS_END,
};

const LkCommand lk_task_preview_commands[] = {
  { "task preview", N_ ("NAME"), N_ ("show what a task would send now and at its next runs"), 1, 1,
    preview_options, run_preview },
  { NULL },
};
