/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-delivery"

#include "config.h"

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/table.h"
#include "core/cause.h"
#include "core/curl-command.h"
#include "core/error.h"
#include "core/phase.h"
#include "store/delivery-store.h"
#include "store/retention.h"

#define DEFAULT_LIMIT 50

static gpointer
list_job (LkDb *db, gpointer filter, GCancellable *cancellable, GError **error)
{
  return lk_delivery_store_list (db, filter, error);
}

static gpointer
get_job (LkDb *db, gpointer id, GCancellable *cancellable, GError **error)
{
  return lk_delivery_store_get (db, *(gint64 *) id, error);
}

static gpointer
list_attempts_job (LkDb *db, gpointer id, GCancellable *cancellable, GError **error)
{
  return lk_delivery_store_list_attempts (db, *(gint64 *) id, error);
}

static void
add_delivery (JsonBuilder *builder, const LkDelivery *delivery)
{
  lk_json_add_int (builder, "id", delivery->id);
  lk_json_add_text (builder, "webhookId", delivery->webhook_id);
  lk_json_add_text (builder, "state", lk_delivery_state_to_string (delivery->state));
  lk_json_add_text (builder, "task", delivery->task_name);
  lk_json_add_flag (builder, "test", delivery->is_test);
  lk_json_add_int (builder, "run", delivery->run_id);
  lk_json_add_int (builder, "licenseId", delivery->license_id);
  lk_json_add_text (builder, "license", delivery->license_key);
  lk_json_add_text (builder, "customer", delivery->customer);
  lk_json_add_text (builder, "url", delivery->url);
  lk_json_add_int (builder, "attempts", delivery->attempts);
  lk_json_add_int (builder, "lastStatus", delivery->last_status);
  lk_json_add_text (builder, "lastCause", delivery->last_cause);
  lk_json_add_int (builder, "latencyMs", delivery->last_latency_ms);
  lk_json_add_text (builder, "holdKind", lk_hold_kind_to_string (delivery->hold_kind));
  lk_json_add_text (builder, "holdReason", delivery->hold_reason);
  lk_json_add_instant (builder, "dueAt", delivery->due_at);
  lk_json_add_instant (builder, "createdAt", delivery->created_at);
  lk_json_add_instant (builder, "finishedAt", delivery->finished_at);
}

static void
add_attempt (JsonBuilder *builder, const LkAttempt *attempt)
{
  json_builder_begin_object (builder);
  lk_json_add_int (builder, "number", attempt->number);
  lk_json_add_text (builder, "outcome", lk_outcome_to_string (attempt->outcome));
  lk_json_add_instant (builder, "startedAt", attempt->started_at);
  lk_json_add_int (builder, "latencyMs", attempt->latency_ms);
  lk_json_add_int (builder, "dnsUs", attempt->dns_us);
  lk_json_add_int (builder, "connectUs", attempt->connect_us);
  lk_json_add_int (builder, "tlsUs", attempt->tls_us);
  lk_json_add_int (builder, "firstByteUs", attempt->first_byte_us);
  lk_json_add_text (builder, "url", attempt->url);
  lk_json_add_int (builder, "status", attempt->status);
  lk_json_add_text (builder, "reason", attempt->reason);
  lk_json_add_text (builder, "errorClass", attempt->error_class);
  lk_json_add_text (builder, "cause", attempt->cause);
  lk_json_add_text (builder, "location", attempt->location);
  lk_json_add_int (builder, "retryAfter", attempt->retry_after_s);
  lk_json_add_text (builder, "requestHeaders", attempt->request_headers);
  lk_json_add_text (builder, "responseHeaders", attempt->response_headers);
  lk_json_add_bytes (builder, "responseBody", attempt->response_body);
  lk_json_add_flag (builder, "responseTruncated", attempt->response_truncated);
  json_builder_end_object (builder);
}

static void
print_list_json (LkCall *call, GPtrArray *deliveries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < deliveries->len; i++)
    {
      json_builder_begin_object (builder);
      add_delivery (builder, g_ptr_array_index (deliveries, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print_list (LkCall *call, GPtrArray *deliveries)
{
  g_autoptr (LkTable) table =
      lk_table_new (_ ("ID"), _ ("STATE"), _ ("CREATED"), _ ("TASK"), _ ("LICENSE"), _ ("HTTP"),
                    _ ("ATTEMPTS"), _ ("NEXT TRY"), _ ("CAUSE"), NULL);

  for (guint i = 0; i < deliveries->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);

      lk_table_add_int (table, delivery->id);
      lk_table_add (table, lk_delivery_state_to_string (delivery->state));
      lk_table_add_instant (table, delivery->created_at);
      lk_table_add (table, delivery->task_name);
      lk_table_add (table, delivery->license_key);
      lk_table_add_int (table, delivery->last_status);
      lk_table_add_int (table, delivery->attempts);
      lk_table_add_instant (table, delivery->due_at);
      lk_table_add (table, delivery->state == LK_DELIVERY_HELD ? delivery->hold_reason
                                                               : delivery->last_cause);
    }
  lk_table_print (table, lk_call_get_output (call));
}

/* @words: (array zero-terminated=1): what there is to choose from */
static void
set_unknown_word (const char *option, const char *text, const char *const *words, GError **error)
{
  g_autofree char *all = g_strjoinv (", ", (char **) words);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("--%s “%s” is none of %s"),
               option, text, all);
}

static gboolean
get_state (LkCall *call, int *state, GError **error)
{
  const char *text = lk_call_get (call, "state");
  const char *words[LK_N_DELIVERY_STATES + 1] = { NULL };
  LkDeliveryState found;

  if (text == NULL)
    return TRUE;

  if (lk_delivery_state_from_string (text, &found))
    {
      *state = (int) found;
      return TRUE;
    }

  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    words[i] = lk_delivery_state_to_string ((LkDeliveryState) i);
  set_unknown_word ("state", text, words, error);
  return FALSE;
}

static gboolean
get_error_class (LkCall *call, char **error_class, GError **error)
{
  const char *text = lk_call_get (call, "error");

  *error_class = (char *) text;
  if (text == NULL || g_strv_contains (lk_cause_list_classes (), text))
    return TRUE;

  set_unknown_word ("error", text, lk_cause_list_classes (), error);
  return FALSE;
}

static gboolean
get_task (LkCall *call, gint64 *task_id, GError **error)
{
  const char *name = lk_call_get (call, "task");
  g_autoptr (LkTask) task = NULL;

  if (name == NULL)
    return TRUE;

  task = lk_lookup_task (call, name, error);
  if (task == NULL)
    return FALSE;

  *task_id = task->id;
  return TRUE;
}

static gboolean
run_list (LkCall *call, GError **error)
{
  LkDeliveryFilter filter = { .state = -1, .limit = DEFAULT_LIMIT };
  g_autoptr (GPtrArray) deliveries = NULL;
  gint64 status = 0;

  if (!get_state (call, &filter.state, error) || !get_error_class (call, &filter.error_class, error)
      || !lk_call_get_number (call, "status", 100, 999, &status, error)
      || !lk_call_get_instant (call, "since", &filter.since, error)
      || !lk_call_get_number (call, "limit", 0, G_MAXINT, &filter.limit, error)
      || !get_task (call, &filter.task_id, error))
    return FALSE;

  filter.status = (int) status;
  filter.text = (char *) lk_call_get (call, "find");
  deliveries = lk_call_read (call, list_job, &filter, error);
  if (deliveries == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    print_list_json (call, deliveries);
  else
    print_list (call, deliveries);

  return TRUE;
}

static void
print_show_json (LkCall *call, const LkDelivery *delivery, GPtrArray *attempts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_delivery (builder, delivery);
  lk_json_add_bytes (builder, "body", delivery->body);
  json_builder_set_member_name (builder, "attemptList");
  json_builder_begin_array (builder);
  for (guint i = 0; i < attempts->len; i++)
    add_attempt (builder, g_ptr_array_index (attempts, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static void
print_delivery (LkCall *call, const LkDelivery *delivery)
{
  g_autoptr (LkTable) table = lk_table_new_pairs ();
  g_autofree char *created = lk_output_format_instant (delivery->created_at);
  g_autofree char *finished = lk_output_format_instant (delivery->finished_at);
  g_autofree char *due = lk_output_format_instant (delivery->due_at);
  g_autofree char *attempts = g_strdup_printf ("%d", delivery->attempts);

  lk_table_add_pair (table, _ ("Delivery"), delivery->webhook_id);
  lk_table_add_pair (table, C_ ("delivery column", "State"),
                     lk_delivery_state_to_string (delivery->state));
  lk_table_add_pair (table, _ ("Task"), delivery->task_name);
  lk_table_add_pair (table, _ ("Test"), delivery->is_test ? _ ("yes") : _ ("no"));
  lk_table_add_pair (table, _ ("License"), delivery->license_key);
  lk_table_add_pair (table, _ ("Customer"), delivery->customer);
  lk_table_add_pair (table, _ ("URL"), delivery->url);
  lk_table_add_pair (table, _ ("Attempts"), attempts);
  lk_table_add_pair (table, _ ("Last outcome"), delivery->last_cause);
  lk_table_add_pair (table, _ ("Held because"), delivery->hold_reason);
  lk_table_add_pair (table, _ ("Created"), created);
  lk_table_add_pair (table, _ ("Next try"), due);
  lk_table_add_pair (table, _ ("Finished"), finished);
  lk_table_print (table, lk_call_get_output (call));
}

static void
print_bytes (LkCall *call, const char *title, GBytes *bytes)
{
  g_autofree char *visible = NULL;
  const char *data;
  gsize size;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;

  data = g_bytes_get_data (bytes, &size);
  visible = lk_output_format_visible (data, (gssize) size);
  lk_output_printf (lk_call_get_output (call), "\n%s:\n%s\n", title, visible);
}

/* @reason: (transfer full) (nullable) */
static void
print_gone (LkCall *call, char *reason)
{
  if (reason != NULL)
    lk_output_printf (lk_call_get_output (call), "\n%s\n", reason);
  g_free (reason);
}

static void
print_attempt (LkCall *call, const LkAttempt *attempt)
{
  g_autofree char *started = lk_output_format_instant (attempt->started_at);
  g_autofree char *cause = lk_output_format_visible (attempt->cause, -1);
  g_autofree char *request = lk_output_format_visible (attempt->request_headers, -1);
  g_autofree char *response = lk_output_format_visible (attempt->response_headers, -1);
  g_autofree char *phases = lk_attempt_format_phases (attempt);
  LkOutput *output = lk_call_get_output (call);

  /* translators: number, outcome, time, milliseconds, cause of an attempt */
  lk_output_printf (output, _ ("\nAttempt %d: %s, %s, %d ms\n%s\n"), attempt->number,
                    lk_outcome_to_string (attempt->outcome), started, attempt->latency_ms, cause);
  if (attempt->first_byte_us >= 0 || attempt->dns_us >= 0)
    lk_output_printf (output, "%s\n", phases);
  if (*request != '\0')
    lk_output_printf (output, _ ("\nRequest headers:\n%s\n"), g_strchomp (request));
  if (*response != '\0')
    lk_output_printf (output, _ ("\nResponse headers:\n%s\n"), g_strchomp (response));
  print_bytes (call, attempt->response_truncated ? _ ("Response (the beginning)") : _ ("Response"),
               attempt->response_body);
}

static gboolean
parse_id (const char *text, gint64 *id, GError **error)
{
  if (g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is not the number of a delivery: “delivery list” shows them"), text);
  return FALSE;
}

static void
print_curl_json (LkCall *call, const char *command)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "curl", command);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static gboolean
print_curl (LkCall *call, const LkDelivery *delivery, GPtrArray *attempts, GError **error)
{
  const LkAttempt *last =
      attempts->len > 0 ? g_ptr_array_index (attempts, attempts->len - 1) : NULL;
  g_autofree char *command = lk_curl_command_new (delivery, last);
  g_autofree char *gone = lk_retention_describe_body (delivery);

  if (command == NULL)
    {
      g_set_error_literal (error, LK_ERROR, LK_ERROR_NOT_FOUND, gone);
      return FALSE;
    }

  if (lk_call_wants_json (call))
    print_curl_json (call, command);
  else
    lk_output_text (lk_call_get_output (call), command);
  return TRUE;
}

static gboolean
run_show (LkCall *call, GError **error)
{
  gint64 id;
  g_autoptr (LkDelivery) delivery = NULL;
  g_autoptr (GPtrArray) attempts = NULL;

  if (!parse_id (lk_call_get_argument (call, 0), &id, error))
    return FALSE;

  delivery = lk_call_read (call, get_job, &id, error);
  attempts = delivery != NULL ? lk_call_read (call, list_attempts_job, &id, error) : NULL;
  if (attempts == NULL)
    return FALSE;

  if (lk_call_has (call, "curl"))
    return print_curl (call, delivery, attempts, error);
  if (lk_call_wants_json (call))
    {
      print_show_json (call, delivery, attempts);
      return TRUE;
    }

  print_delivery (call, delivery);
  print_bytes (call, _ ("Body"), delivery->body);
  print_gone (call, lk_retention_describe_body (delivery));
  print_gone (call, lk_retention_describe_attempts (delivery, attempts->len));
  for (guint i = 0; i < attempts->len; i++)
    print_attempt (call, g_ptr_array_index (attempts, i));

  return TRUE;
}

static const GOptionEntry list_options[] = {
  LK_OPTION ("state", N_ ("STATE"), N_ ("only those in this state")),
  LK_OPTION ("task", N_ ("NAME"), N_ ("only those of this task")),
  LK_OPTION ("status", N_ ("CODE"), N_ ("only those last answered with this HTTP status")),
  LK_OPTION ("error", N_ ("CLASS"), N_ ("only those that last failed like this (server-error)")),
  LK_OPTION ("find", N_ ("TEXT"),
             N_ ("only those with this in license key, customer, cause or webhook ID")),
  LK_OPTION ("since", N_ ("MOMENT"), N_ ("only those created since (2026-01-31 08:00:00)")),
  LK_OPTION ("limit", N_ ("N"), N_ ("at most the newest N (50; 0 for all)")),
  LK_OPTIONS_END,
};

static const GOptionEntry show_options[] = {
  LK_FLAG ("curl", N_ ("print a command that sends it with curl, signed with $SECRET")),
  LK_OPTIONS_END,
};

const LkCommand lk_delivery_commands[] = {
  { "delivery list", NULL, N_ ("list the newest deliveries"), 0, 0, list_options, run_list },
  { "delivery show", N_ ("ID"), N_ ("show a delivery, its body and every attempt"), 1, 1,
    show_options, run_show },
  { NULL },
};
