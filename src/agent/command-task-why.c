/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task-why"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/service.h"
#include "agent/wait.h"

static void
add_texts (JsonBuilder *builder, const char *name, GPtrArray *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (texts, i));
  json_builder_end_array (builder);
}

static void
add_decision (JsonBuilder *builder, const LkLicenseOutlook *outlook)
{
  lk_json_add_text (builder, "answer", lk_outlook_answer_to_string (outlook->answer));
  lk_json_add_flag (builder, "matches", outlook->matches);
  add_texts (builder, "unmet", outlook->unmet);
  lk_json_add_text (builder, "stoodForBy", outlook->other_key);
  lk_json_add_flag (builder, "fires", outlook->fires);
  lk_json_add_text (builder, "rule", outlook->rule);
}

static void
add_past (JsonBuilder *builder, const LkLicenseOutlook *outlook)
{
  const LkDelivery *delivery = outlook->delivery;

  lk_json_add_instant (builder, "countsAsSent", outlook->ledger.fired_at);
  if (delivery == NULL)
    return;

  json_builder_set_member_name (builder, "delivery");
  json_builder_begin_object (builder);
  lk_json_add_int (builder, "id", delivery->id);
  lk_json_add_text (builder, "state", lk_delivery_state_to_string (delivery->state));
  lk_json_add_instant (builder, "createdAt", delivery->created_at);
  lk_json_add_instant (builder, "dueAt", delivery->due_at);
  lk_json_add_text (builder, "holdReason", delivery->hold_reason);
  lk_json_add_text (builder, "lastCause", delivery->last_cause);
  json_builder_end_object (builder);
}

static void
add_next (JsonBuilder *builder, const LkLicenseOutlook *outlook)
{
  lk_json_add_instant (builder, "nextSent", outlook->next_at);
  lk_json_add_text (builder, "nextRule", outlook->next_rule);
  lk_json_add_int (builder, "days", outlook->days);
  lk_json_add_flag (builder, "cut", outlook->is_cut);
}

static void
print_json (LkCall *call, const LkLicenseOutlook *outlook)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) obstacles = lk_license_outlook_list_obstacles (outlook);
  g_autoptr (GPtrArray) sentences = lk_license_outlook_explain (outlook);

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "task", outlook->task->name);
  lk_json_add_int (builder, "licenseId", outlook->license_id);
  lk_json_add_text (builder, "license", outlook->license_key);
  lk_json_add_text (builder, "customer", outlook->customer);
  lk_json_add_text (builder, "send", outlook->task->send);
  lk_json_add_flag (builder, "enabled", outlook->task->enabled);
  lk_json_add_flag (builder, "webhook", outlook->task->webhook_enabled);
  lk_json_add_flag (builder, "overdue", outlook->is_overdue);
  lk_json_add_text (builder, "receiverOnHold", outlook->hold_reason);
  add_decision (builder, outlook);
  add_past (builder, outlook);
  add_next (builder, outlook);
  add_texts (builder, "obstacles", obstacles);
  add_texts (builder, "explanation", sentences);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print_text (LkCall *call, const LkLicenseOutlook *outlook)
{
  g_autoptr (GPtrArray) sentences = lk_license_outlook_explain (outlook);
  g_autofree char *key = lk_output_format_visible (outlook->license_key, -1);
  g_autofree char *customer = lk_output_format_visible (outlook->customer, -1);

  lk_output_printf (lk_call_get_output (call), "%s%s%s\n", key, *customer != '\0' ? "  " : "",
                    customer);
  for (guint i = 0; i < sentences->len; i++)
    {
      g_autofree char *sentence = lk_output_format_visible (g_ptr_array_index (sentences, i), -1);

      lk_output_printf (lk_call_get_output (call), "%s\n", sentence);
    }
}

static LkLicenseOutlook *
look (LkCall *call, const LkTask *task, const LkPreviewOptions *options, GError **error)
{
  g_autoptr (LkService) service = lk_service_new (call, error);
  g_autoptr (GAsyncResult) result = NULL;
  LkContext *context;

  if (service == NULL)
    return NULL;

  context = lk_service_get_context (service);
  lk_context_look_up_license_async (context, task, options, lk_service_get_cancellable (service),
                                    lk_wait_cb, &result);

  return lk_context_look_up_license_finish (context, lk_wait_for (&result), error);
}

static gboolean
run_why (LkCall *call, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  g_autoptr (LkLicense) license = NULL;
  g_autoptr (LkLicenseOutlook) outlook = NULL;
  LkPreviewOptions options = { .now = lk_clock_now (lk_call_get_clock (call)) };
  gint64 days = LK_PREVIEW_DEFAULT_DAYS;

  if (task == NULL || !lk_call_get_number (call, "days", 1, LK_PREVIEW_MAX_DAYS, &days, error)
      || !lk_call_get_instant (call, "now", &options.now, error))
    return FALSE;

  license = lk_lookup_license (call, task, lk_call_get_argument (call, 1), error);
  if (license == NULL)
    return FALSE;

  options.days = (int) days;
  options.license_id = lk_license_get_id (license);
  outlook = look (call, task, &options, error);
  if (outlook == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    print_json (call, outlook);
  else
    print_text (call, outlook);

  return TRUE;
}

static const GOptionEntry why_options[] = {
  LK_OPTION ("days", N_ ("N"), N_ ("how many days to look ahead (30)")),
  LK_OPTION ("now", N_ ("MOMENT"), N_ ("as if it were then (2026-01-31 08:00:00)")),
  LK_OPTIONS_END,
};

const LkCommand lk_task_why_commands[] = {
  { "task why", N_ ("NAME LICENSE"),
    N_ ("say why a task does not send a license, and when it will"), 2, 2, why_options, run_why },
  { NULL },
};
