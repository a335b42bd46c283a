/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-status"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/table.h"
#include "core/overdue.h"
#include "core/task.h"
#include "store/delivery-decision.h"
#include "store/delivery-store.h"
#include "store/endpoint-store.h"
#include "store/lease-store.h"
#include "store/run-store.h"
#include "store/task-standing.h"

#define N_LAST_ERRORS 5

typedef struct
{
  LkLease *lease;
  GPtrArray *tasks; /* of LkTaskStanding */
  GPtrArray *errors;
  GPtrArray *concerns; /* of LkEndpoint */
  GPtrArray *held;     /* of LkHeldRun */
  GPtrArray *failed;   /* of LkRun: the last ones of their tasks */
  LkRedelivery redelivery;
  LkInstant now;
  gint64 counts[LK_N_DELIVERY_STATES];
} Status;

static void
status_free (Status *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->lease, lk_lease_free);
  g_clear_pointer (&self->tasks, g_ptr_array_unref);
  g_clear_pointer (&self->errors, g_ptr_array_unref);
  g_clear_pointer (&self->concerns, g_ptr_array_unref);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_clear_pointer (&self->failed, g_ptr_array_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Status, status_free)

static gpointer
read_job (LkDb *db, gpointer now, GCancellable *cancellable, GError **error)
{
  g_autoptr (Status) status = g_new0 (Status, 1);

  status->now = *(const LkInstant *) now;
  status->lease = lk_lease_store_get (db, error);
  if (status->lease == NULL)
    return NULL;
  status->tasks = lk_task_standing_list (db, status->now, error);
  if (status->tasks == NULL)
    return NULL;
  status->errors = lk_delivery_store_list_last_errors (db, N_LAST_ERRORS, error);
  if (status->errors == NULL)
    return NULL;
  status->concerns = lk_endpoint_store_list_concerns (db, status->now, error);
  if (status->concerns == NULL)
    return NULL;
  status->failed = lk_run_store_list_failing (db, error);
  if (status->failed == NULL)
    return NULL;
  status->held = lk_delivery_decision_list_held_runs (db, error);
  if (status->held == NULL
      || !lk_delivery_decision_get_redelivery (db, status->now, &status->redelivery, error)
      || !lk_delivery_store_count_by_state (db, status->counts, error))
    return NULL;

  return g_steal_pointer (&status);
}

static gboolean
is_held (LkCall *call, const LkLease *lease)
{
  return lease->kind != LK_HOLDER_NONE
         && lk_lease_is_alive (lease, lk_clock_now (lk_call_get_clock (call)));
}

static void
add_lease (JsonBuilder *builder, const LkLease *lease, gboolean is_alive)
{
  json_builder_set_member_name (builder, "lease");
  json_builder_begin_object (builder);
  lk_json_add_flag (builder, "held", is_alive);
  lk_json_add_text (builder, "by",
                    !is_alive                          ? NULL
                    : lease->kind == LK_HOLDER_CONSOLE ? "console"
                                                       : "agent");
  lk_json_add_text (builder, "host", is_alive ? lease->host : NULL);
  if (is_alive)
    lk_json_add_int (builder, "pid", lease->pid);
  json_builder_end_object (builder);
}

static void
add_tasks (JsonBuilder *builder, GPtrArray *tasks)
{
  json_builder_set_member_name (builder, "tasks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTaskStanding *standing = g_ptr_array_index (tasks, i);
      const LkTask *task = standing->task;

      json_builder_begin_object (builder);
      lk_json_add_text (builder, "name", task->name);
      lk_json_add_flag (builder, "enabled", task->enabled);
      lk_json_add_instant (builder, "lastRan", task->last_ran_at);
      lk_json_add_instant (builder, "nextRun", task->next_due_at);
      lk_json_add_flag (builder, "overdue", standing->is_overdue);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_counts (JsonBuilder *builder, const gint64 *counts)
{
  json_builder_set_member_name (builder, "deliveries");
  json_builder_begin_object (builder);
  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    lk_json_add_int (builder, lk_delivery_state_to_string ((LkDeliveryState) i), counts[i]);
  json_builder_end_object (builder);
}

static void
add_paused (JsonBuilder *builder, GPtrArray *concerns)
{
  json_builder_set_member_name (builder, "paused");
  json_builder_begin_array (builder);
  for (guint i = 0; i < concerns->len; i++)
    {
      const LkEndpoint *endpoint = g_ptr_array_index (concerns, i);

      if (!endpoint->is_paused)
        continue;

      json_builder_begin_object (builder);
      lk_json_add_text (builder, "url", endpoint->url);
      lk_json_add_text (builder, "reason", endpoint->reason);
      lk_json_add_instant (builder, "since", endpoint->since);
      lk_json_add_int (builder, "held", endpoint->n_held);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_warnings (JsonBuilder *builder, const Status *status)
{
  json_builder_set_member_name (builder, "failing");
  json_builder_begin_array (builder);
  for (guint i = 0; i < status->concerns->len; i++)
    {
      const LkEndpoint *endpoint = g_ptr_array_index (status->concerns, i);
      g_autofree char *sentence = lk_endpoint_describe (endpoint, status->now);

      if (endpoint->is_paused)
        continue;

      json_builder_begin_object (builder);
      lk_json_add_text (builder, "url", endpoint->url);
      lk_json_add_text (builder, "concern",
                        lk_concern_to_string (lk_endpoint_get_concern (endpoint, status->now)));
      lk_json_add_text (builder, "warning", sentence);
      lk_json_add_instant (builder, "since", endpoint->failing_since);
      lk_json_add_int (builder, "failures", endpoint->n_failures);
      lk_json_add_int (builder, "waiting", endpoint->n_waiting);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_held (JsonBuilder *builder, const Status *status)
{
  json_builder_set_member_name (builder, "held");
  json_builder_begin_array (builder);
  for (guint i = 0; i < status->held->len; i++)
    {
      const LkHeldRun *held = g_ptr_array_index (status->held, i);

      json_builder_begin_object (builder);
      lk_json_add_text (builder, "task", held->task_name);
      lk_json_add_int (builder, "run", held->run_id);
      lk_json_add_text (builder, "kind", lk_hold_kind_to_string (held->kind));
      lk_json_add_text (builder, "reason", held->reason);
      lk_json_add_int (builder, "deliveries", held->n_held);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "redelivery");
  json_builder_begin_object (builder);
  lk_json_add_int (builder, "waiting", status->redelivery.n_waiting);
  lk_json_add_instant (builder, "lastDueAt", status->redelivery.last_due_at);
  json_builder_end_object (builder);
}

static void
add_errors (JsonBuilder *builder, GPtrArray *errors)
{
  json_builder_set_member_name (builder, "lastErrors");
  json_builder_begin_array (builder);
  for (guint i = 0; i < errors->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (errors, i);

      json_builder_begin_object (builder);
      lk_json_add_int (builder, "delivery", delivery->id);
      lk_json_add_text (builder, "task", delivery->task_name);
      lk_json_add_text (builder, "license", delivery->license_key);
      lk_json_add_text (builder, "state", lk_delivery_state_to_string (delivery->state));
      lk_json_add_text (builder, "cause", delivery->last_cause);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_failed_runs (JsonBuilder *builder, GPtrArray *runs)
{
  json_builder_set_member_name (builder, "failedRuns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < runs->len; i++)
    {
      const LkRun *run = g_ptr_array_index (runs, i);

      json_builder_begin_object (builder);
      lk_json_add_text (builder, "task", run->task_name);
      lk_json_add_int (builder, "run", run->id);
      lk_json_add_instant (builder, "at", run->finished_at);
      lk_json_add_text (builder, "error", run->error);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (LkCall *call, const Status *status)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *folder = lk_call_dup_folder (call);

  json_builder_begin_object (builder);
  lk_json_add_text (builder, "workspace", folder);
  add_lease (builder, status->lease, is_held (call, status->lease));
  add_tasks (builder, status->tasks);
  add_failed_runs (builder, status->failed);
  add_counts (builder, status->counts);
  add_paused (builder, status->concerns);
  add_warnings (builder, status);
  add_held (builder, status);
  add_errors (builder, status->errors);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static char *
describe_lease (LkCall *call, const LkLease *lease)
{
  if (!is_held (call, lease))
    return g_strdup (_ ("nobody: start the console or “latchkey-agent run”"));

  return g_strdup_printf (lease->kind == LK_HOLDER_CONSOLE
                              ? _ ("the console on %s, process %" PRId64)
                              : _ ("an agent on %s, process %" PRId64),
                          lease->host, lease->pid);
}

static void
print_head (LkCall *call, const Status *status)
{
  g_autoptr (LkTable) table = lk_table_new_pairs ();
  g_autofree char *folder = lk_call_dup_folder (call);
  g_autofree char *lease = describe_lease (call, status->lease);
  g_autoptr (GString) counts = g_string_new (NULL);

  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    if (status->counts[i] > 0)
      g_string_append_printf (counts, "%s%" G_GINT64_FORMAT " %s", counts->len > 0 ? ", " : "",
                              status->counts[i], lk_delivery_state_to_string ((LkDeliveryState) i));

  lk_table_add_pair (table, _ ("Workspace"), folder);
  lk_table_add_pair (table, _ ("Schedule run by"), lease);
  lk_table_add_pair (table, _ ("Deliveries"), counts->len > 0 ? counts->str : _ ("none yet"));
  lk_table_print (table, lk_call_get_output (call));
}

static void
print_tasks (LkCall *call, GPtrArray *tasks)
{
  g_autoptr (LkTable) table = lk_table_new (_ ("TASK"), _ ("LAST RAN"), _ ("NEXT RUN"), NULL);

  if (tasks->len == 0)
    return;

  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTask *task = ((const LkTaskStanding *) g_ptr_array_index (tasks, i))->task;

      lk_table_add (table, task->name);
      lk_table_add_instant (table, task->last_ran_at);
      if (task->enabled)
        lk_table_add_instant (table, task->next_due_at);
      else
        lk_table_add (table, _ ("disabled"));
    }
  lk_output_text (lk_call_get_output (call), "\n");
  lk_table_print (table, lk_call_get_output (call));
}

static void
print_endpoint (LkOutput *output, const LkEndpoint *endpoint, LkInstant now)
{
  g_autofree char *sentence = lk_endpoint_describe (endpoint, now);
  g_autofree char *visible = lk_output_format_visible (sentence, -1);
  g_autofree char *since = lk_output_format_instant (endpoint->since);

  if (endpoint->is_paused)
    /* translators: the address, since when, how many deliveries, why, the address again */
    lk_output_printf (output,
                      ngettext ("\nPaused: %s since %s (%" PRId64 " delivery held): %s\n"
                                "  to go on: latchkey-agent delivery resume %s\n",
                                "\nPaused: %s since %s (%" PRId64 " deliveries held): %s\n"
                                "  to go on: latchkey-agent delivery resume %s\n",
                                (gulong) endpoint->n_held),
                      endpoint->url, since, endpoint->n_held, visible, endpoint->url);
  else
    lk_output_printf (output,
                      ngettext ("\nFailing: %s (%" PRId64 " delivery waits): %s\n",
                                "\nFailing: %s (%" PRId64 " deliveries wait): %s\n",
                                (gulong) endpoint->n_waiting),
                      endpoint->url, endpoint->n_waiting, visible);
}

static void
print_held (LkOutput *output, const LkHeldRun *held)
{
  lk_output_printf (output,
                    ngettext ("\nHeld: %" PRId64 " delivery of “%s”: %s\n",
                              "\nHeld: %" PRId64 " deliveries of “%s”: %s\n",
                              (gulong) held->n_held),
                    held->n_held, held->task_name, held->reason);
  if (held->kind == LK_HOLD_LOOK && held->run_id > 0)
    lk_output_printf (output,
                      _ ("  to send them: latchkey-agent delivery redeliver --run %" PRId64 "\n"
                         "  to drop them: latchkey-agent delivery drop --run %" PRId64 "\n"),
                      held->run_id, held->run_id);
  else
    lk_output_text (output, _ ("  to see them: latchkey-agent delivery list --state held; then "
                               "delivery redeliver ID… or delivery drop ID…\n"));
}

static void
print_redelivery (LkOutput *output, const LkRedelivery *redelivery)
{
  g_autofree char *last = lk_output_format_instant (redelivery->last_due_at);

  if (redelivery->n_waiting > 0)
    lk_output_printf (output,
                      ngettext ("\nSent again: %" PRId64 " delivery waits for its turn until %s\n"
                                "  to stop that: latchkey-agent delivery redeliver --stop\n",
                                "\nSent again: %" PRId64
                                " deliveries wait for their turn until %s\n"
                                "  to stop that: latchkey-agent delivery redeliver --stop\n",
                                (gulong) redelivery->n_waiting),
                      redelivery->n_waiting, last);
}

static void
print_overdue (LkCall *call, GPtrArray *tasks)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTaskStanding *standing = g_ptr_array_index (tasks, i);
      g_autofree char *due = lk_output_format_instant (standing->task->next_due_at);

      if (standing->is_overdue)
        lk_output_printf (lk_call_get_output (call),
                          _ ("\nOverdue: the task “%s” was due at %s and has not run: see who runs "
                             "the schedule, and what its log says\n"),
                          standing->task->name, due);
    }
}

static void
print_failed_runs (LkCall *call, GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const LkRun *run = g_ptr_array_index (runs, i);
      g_autofree char *at = lk_output_format_instant (run->finished_at);
      g_autofree char *reason = lk_output_format_visible (run->error, -1);

      lk_output_printf (lk_call_get_output (call),
                        _ ("\nFailed: the last run of the task “%s”, at %s: %s\n"), run->task_name,
                        at, reason);
    }
}

static void
print_troubles (LkCall *call, const Status *status)
{
  LkOutput *output = lk_call_get_output (call);

  for (guint i = 0; i < status->concerns->len; i++)
    print_endpoint (output, g_ptr_array_index (status->concerns, i), status->now);
  for (guint i = 0; i < status->held->len; i++)
    print_held (output, g_ptr_array_index (status->held, i));
  print_redelivery (output, &status->redelivery);

  if (status->errors->len > 0)
    lk_output_text (output, _ ("\nLast errors:\n"));
  for (guint i = 0; i < status->errors->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (status->errors, i);
      g_autofree char *cause = lk_output_format_visible (delivery->last_cause, -1);

      lk_output_printf (output, _ ("  delivery %" PRId64 " of “%s”: %s\n"), delivery->id,
                        delivery->task_name, cause);
    }
}

static gboolean
run_status (LkCall *call, GError **error)
{
  LkInstant now = lk_clock_now (lk_call_get_clock (call));
  g_autoptr (Status) status = lk_call_read (call, read_job, &now, error);

  if (status == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    {
      print_json (call, status);
      return TRUE;
    }

  print_head (call, status);
  print_tasks (call, status->tasks);
  print_overdue (call, status->tasks);
  print_failed_runs (call, status->failed);
  print_troubles (call, status);
  return TRUE;
}

const LkCommand lk_status_commands[] = {
  { "status", NULL, N_ ("show who runs the schedule, next runs, the queue and last errors"), 0, 0,
    NULL, run_status },
  { NULL },
};
