/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task-run"

#include "config.h"

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/service.h"
#include "agent/table.h"
#include "agent/wait.h"
#include "core/run.h"
#include "store/delivery-store.h"

static gpointer
get_lease_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_lease_store_get (db, error);
}

static gpointer
count_job (LkDb *db, gpointer run, GCancellable *cancellable, GError **error)
{
  g_autofree gint64 *counts = g_new0 (gint64, LK_N_DELIVERY_STATES);

  if (!lk_delivery_store_count_run_by_state (db, ((const LkRun *) run)->id, counts, error))
    return NULL;

  return g_steal_pointer (&counts);
}

/* Where nobody runs the schedule, this process does while it waits. It does not ask a console to
 * yield: that one can do the work as well. */
static gboolean
start_where_free (LkCall *call, LkContext *context, GError **error)
{
  g_autoptr (LkLease) lease = lk_call_read (call, get_lease_job, NULL, error);

  if (lease == NULL)
    return FALSE;

  if (!lk_lease_is_alive (lease, lk_clock_now (lk_call_get_clock (call))))
    lk_context_start (context);

  return TRUE;
}

static LkRun *
run_task (LkService *service, const LkTask *task, GError **error)
{
  LkContext *context = lk_service_get_context (service);
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_run_task_async (context, task->id, lk_service_get_cancellable (service), lk_wait_cb,
                             &result);

  return lk_context_run_task_finish (context, lk_wait_for (&result), error);
}

static void
print_run_json (LkCall *call, const LkRun *run, const gint64 *counts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "task", run->task_name);
  lk_json_add_int (builder, "run", run->id);
  lk_json_add_text (builder, "state", lk_run_state_to_string (run->state));
  lk_json_add_int (builder, "matched", run->matched);
  lk_json_add_int (builder, "fired", run->fired);
  lk_json_add_int (builder, "suppressed", run->suppressed);
  json_builder_set_member_name (builder, "deliveries");
  json_builder_begin_object (builder);
  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    lk_json_add_int (builder, lk_delivery_state_to_string ((LkDeliveryState) i), counts[i]);
  json_builder_end_object (builder);
  lk_json_add_text (builder, "error", run->error);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print_run (LkCall *call, const LkRun *run, const gint64 *counts)
{
  const struct
  {
    const char *title;
    gint64 number;
  } lines[] = {
    { _ ("matched"), run->matched },
    { _ ("fired"), run->fired },
    { _ ("not again"), run->suppressed },
    { _ ("delivered"), counts[LK_DELIVERY_DELIVERED] },
    { _ ("to retry"), counts[LK_DELIVERY_RETRY_WAIT] },
    { _ ("still to send"), counts[LK_DELIVERY_QUEUED] + counts[LK_DELIVERY_SENDING] },
    { _ ("held"), counts[LK_DELIVERY_HELD] },
    { _ ("given up"), counts[LK_DELIVERY_EXHAUSTED] + counts[LK_DELIVERY_DROPPED] },
  };
  g_autoptr (LkTable) table = lk_table_new_pairs ();

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      lk_table_add (table, lines[i].title);
      lk_table_add_int (table, lines[i].number);
    }
  lk_table_print (table, lk_call_get_output (call));
}

static gboolean
report_run (LkCall *call, LkRun *run, GError **error)
{
  g_autofree gint64 *counts = lk_call_read (call, count_job, run, error);

  if (counts == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    print_run_json (call, run, counts);
  else
    print_run (call, run, counts);

  if (run->state == LK_RUN_FINISHED)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("the run of task “%s” failed: %s"),
               run->task_name, run->error);
  return FALSE;
}

static gboolean
run_run (LkCall *call, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  g_autoptr (LkService) service = NULL;
  g_autoptr (LkRun) run = NULL;

  if (task == NULL)
    return FALSE;

  service = lk_service_new (call, error);
  if (service == NULL || !start_where_free (call, lk_service_get_context (service), error))
    return FALSE;

  run = run_task (service, task, error);
  if (run == NULL)
    return FALSE;

  return lk_service_stop (service, error) && report_run (call, run, error);
}

static LkReply *
send_test (LkService *service, const LkTask *task, LkLicense *license, LkDelivery **delivery,
           GError **error)
{
  LkContext *context = lk_service_get_context (service);
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_send_test_async (context, task, NULL, license, lk_service_get_cancellable (service),
                              lk_wait_cb, &result);

  return lk_context_send_test_finish (context, lk_wait_for (&result), delivery, error);
}

static void
print_test_json (LkCall *call, const LkReply *reply, const LkDelivery *delivery)
{
  const LkAttempt *attempt = reply->attempt;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_int (builder, "delivery", delivery->id);
  lk_json_add_text (builder, "webhookId", delivery->webhook_id);
  lk_json_add_text (builder, "url", attempt->url);
  lk_json_add_text (builder, "requestHeaders", attempt->request_headers);
  lk_json_add_text (builder, "qlmSignature", reply->qlm_signature);
  lk_json_add_text (builder, "standardSignature", reply->standard_signature);
  lk_json_add_int (builder, "timestamp", reply->timestamp_s);
  lk_json_add_bytes (builder, "body", delivery->body);
  lk_json_add_text (builder, "outcome", lk_outcome_to_string (attempt->outcome));
  lk_json_add_int (builder, "status", attempt->status);
  lk_json_add_text (builder, "reason", attempt->reason);
  lk_json_add_text (builder, "cause", attempt->cause);
  lk_json_add_text (builder, "responseHeaders", attempt->response_headers);
  lk_json_add_bytes (builder, "responseBody", attempt->response_body);
  lk_json_add_int (builder, "latencyMs", attempt->latency_ms);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print_bytes (LkOutput *output, GBytes *bytes)
{
  g_autofree char *visible = NULL;
  const char *data;
  gsize size;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;

  data = g_bytes_get_data (bytes, &size);
  visible = lk_output_format_visible (data, (gssize) size);
  lk_output_printf (output, "\n%s\n", visible);
}

/* As the request and its answer went over the wire. */
static void
print_test (LkCall *call, const LkReply *reply, const LkDelivery *delivery)
{
  const LkAttempt *attempt = reply->attempt;
  LkOutput *output = lk_call_get_output (call);
  g_autofree char *headers = lk_reply_format_request_headers (reply);
  g_autofree char *request = lk_output_format_visible (headers, -1);
  g_autofree char *response = lk_output_format_visible (attempt->response_headers, -1);
  g_autofree char *reason = lk_output_format_visible (attempt->reason, -1);
  g_autofree char *cause = lk_output_format_visible (attempt->cause, -1);

  lk_output_printf (output, "POST %s\n%s", attempt->url, request);
  print_bytes (output, delivery->body);

  if (attempt->status != 0)
    lk_output_printf (output, "\nHTTP %d %s\n%s\n", attempt->status, reason, g_strchomp (response));
  print_bytes (output, attempt->response_body);
  lk_output_printf (output, _ ("\n%s (%d ms)\n"), cause, attempt->latency_ms);
}

static gboolean
report_test (LkCall *call, const LkReply *reply, const LkDelivery *delivery, GError **error)
{
  if (lk_call_wants_json (call))
    print_test_json (call, reply, delivery);
  else
    print_test (call, reply, delivery);

  if (reply->attempt->outcome == LK_OUTCOME_SUCCESS)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("the test of task “%s” did not arrive: %s"),
               delivery->task_name, reply->attempt->cause);
  return FALSE;
}

static gboolean
run_test (LkCall *call, GError **error)
{
  const char *key = lk_call_get (call, "license");
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  g_autoptr (LkLicense) license = NULL;
  g_autoptr (LkService) service = NULL;
  g_autoptr (LkDelivery) delivery = NULL;
  LkReply *reply;
  gboolean done;

  if (task == NULL)
    return FALSE;

  license = key != NULL ? lk_lookup_license (call, task, key, error) : NULL;
  if (key != NULL && license == NULL)
    return FALSE;

  service = lk_service_new (call, error);
  reply = service != NULL ? send_test (service, task, license, &delivery, error) : NULL;
  if (reply == NULL)
    return FALSE;

  done = report_test (call, reply, delivery, error);
  lk_reply_free (reply);
  return done;
}

static const GOptionEntry test_options[] = {
  LK_OPTION ("license", N_ ("KEY"), N_ ("the activation key of the license to send")),
  LK_OPTIONS_END,
};

const LkCommand lk_task_run_commands[] = {
  { "task run", N_ ("NAME"), N_ ("run a task now and wait until each match was tried once"), 1, 1,
    NULL, run_run },
  { "task test", N_ ("NAME"), N_ ("send one real request and show it with the answer"), 1, 1,
    test_options, run_test },
  { NULL },
};
