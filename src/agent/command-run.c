/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-run"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/metrics.h"
#include "agent/service.h"
#include "agent/settle-log.h"
#include "agent/wait.h"
#include "core/run.h"

/* A lease whose holder is gone runs out within this time, and a console yields sooner. */
#define LEASE_WAIT_S (LK_LEASE_SECONDS + 5)

/* For so long at most it looks for what is too old to keep before it ends: the next one goes on. */
#define PRUNE_S 2

/* What happened while this process ran, for --json. */
typedef struct
{
  gboolean had_lease;
  gboolean told; /* who runs the schedule */
  gint64 n_runs;
  gint64 n_failed_runs;
  gint64 settled[LK_N_DELIVERY_STATES]; /* how often a delivery came into each state */
} Tally;

static const char *
get_holder_word (const LkLease *lease)
{
  return lease->kind == LK_HOLDER_CONSOLE ? _ ("the console") : _ ("another agent");
}

static void
run_finished_cb (LkContext *context, const LkRun *run, gpointer data)
{
  Tally *tally = data;

  g_assert (LK_IS_CONTEXT (context));

  tally->n_runs++;
  tally->n_failed_runs += run->state == LK_RUN_FAILED ? 1 : 0;
  if (run->state == LK_RUN_FAILED)
    g_warning (_ ("task “%s”: the run failed: %s"), run->task_name, run->error);
  else
    g_message (_ ("task “%s”: %" PRId64 " matched, %" PRId64 " to send, %" PRId64
                  " not again, %" PRId64 " held"),
               run->task_name, run->matched, run->fired, run->suppressed, run->held);
}

static void
deliveries_settled_cb (LkContext *context, GPtrArray *settlements, gpointer data)
{
  Tally *tally = data;

  g_assert (LK_IS_CONTEXT (context));

  for (guint i = 0; i < settlements->len; i++)
    tally->settled[((const LkSettlement *) g_ptr_array_index (settlements, i))->state]++;
  lk_settle_log_write (settlements);
}

static gboolean
is_anothers (LkContext *context)
{
  const LkLease *lease = lk_context_get_lease (context);

  return lease->kind != LK_HOLDER_NONE
         && lk_lease_is_alive (lease, lk_clock_now (lk_context_get_clock (context)));
}

static void
lease_cb (LkContext *context, GParamSpec *property, gpointer data)
{
  Tally *tally = data;
  gboolean has_lease = lk_context_holds_lease (context);
  const LkLease *lease = lk_context_get_lease (context);

  g_assert (LK_IS_CONTEXT (context));

  if (has_lease && !tally->had_lease)
    {
      g_message (_ ("this process runs the schedule now"));
      lk_service_notify ("STATUS=running tasks");
    }
  else if (!has_lease && (tally->had_lease || (!tally->told && is_anothers (context))))
    {
      g_message (_ ("%s on %s (process %" PRId64 ") runs the schedule now"),
                 get_holder_word (lease), lease->host, lease->pid);
      lk_service_notify ("STATUS=waiting: another process runs the schedule");
    }
  tally->had_lease = has_lease;
  tally->told |= has_lease || is_anothers (context);
}

static gboolean
lease_wait_cb (gpointer data)
{
  gboolean *is_over = data;

  *is_over = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
check_trouble (LkContext *context, GError **error)
{
  const char *trouble = lk_context_get_trouble (context);

  if (trouble == NULL)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("sending has stopped: %s"), trouble);
  return FALSE;
}

/* Runs until a signal or trouble comes. */
static gboolean
run_forever (LkService *service, GError **error)
{
  LkContext *context = lk_service_get_context (service);

  while (!lk_service_is_interrupted (service) && lk_context_get_trouble (context) == NULL)
    g_main_context_iteration (NULL, TRUE);

  return check_trouble (context, error);
}

static gboolean
check_lease (LkContext *context, GError **error)
{
  const LkLease *lease = lk_context_get_lease (context);

  if (lk_context_holds_lease (context))
    return TRUE;

  if (lease->kind == LK_HOLDER_NONE)
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
                 _ ("this process could not take over the schedule within %d seconds: nothing was "
                    "done; what was logged before says why"),
                 LEASE_WAIT_S);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
                 _ ("%s on %s (process %" PRId64
                    ") runs the schedule of this workspace: nothing was done here"),
                 get_holder_word (lease), lease->host, lease->pid);
  return FALSE;
}

static void
prune (LkContext *context)
{
  LkCaretaker *caretaker = lk_context_get_caretaker (context);
  gint64 end = g_get_monotonic_time () + PRUNE_S * G_USEC_PER_SEC;
  gboolean has_more = TRUE;

  while (has_more && lk_context_holds_lease (context) && g_get_monotonic_time () < end)
    {
      g_autoptr (GAsyncResult) result = NULL;

      lk_caretaker_prune_async (caretaker, lk_wait_cb, &result);
      has_more = lk_caretaker_prune_finish (caretaker, lk_wait_for (&result), NULL);
    }
}

/* Runs until the work is done. Without the lease it would wait for work that another process does,
 * so it gives up when it does not get it. */
static gboolean
run_until_idle (LkService *service, gboolean with_retries, GError **error)
{
  LkContext *context = lk_service_get_context (service);
  gboolean is_wait_over = FALSE;
  guint timeout_id = g_timeout_add_seconds (LEASE_WAIT_S, lease_wait_cb, &is_wait_over);

  while (!lk_service_is_interrupted (service) && lk_context_get_trouble (context) == NULL
         && !(lk_context_holds_lease (context) ? lk_context_is_idle (context, with_retries)
                                               : is_wait_over))
    g_main_context_iteration (NULL, TRUE);

  if (!is_wait_over)
    g_source_remove (timeout_id);

  if (!check_trouble (context, error))
    return FALSE;
  if (lk_service_is_interrupted (service))
    return TRUE;

  prune (context);
  return check_lease (context, error);
}

/* Whoever started it by the clock reads the exit code, if anything. */
static gboolean
check_runs (const Tally *tally, GError **error)
{
  if (tally->n_failed_runs == 0)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
               ngettext ("%" PRId64 " run failed: what was logged before says why",
                         "%" PRId64 " runs failed: what was logged before says why",
                         (gulong) tally->n_failed_runs),
               tally->n_failed_runs);
  return FALSE;
}

static void
print_tally (LkCall *call, const Tally *tally)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_int (builder, "runs", tally->n_runs);
  lk_json_add_int (builder, "failedRuns", tally->n_failed_runs);
  json_builder_set_member_name (builder, "settled");
  json_builder_begin_object (builder);
  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    lk_json_add_int (builder, lk_delivery_state_to_string ((LkDeliveryState) i), tally->settled[i]);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

/* Without --metrics-file there are none, which is no error. */
static gboolean
start_metrics (LkCall *call, LkContext *context, LkMetrics **metrics, GError **error)
{
  const char *path = lk_call_get (call, "metrics-file");

  *metrics = path != NULL ? lk_metrics_new (context, path, error) : NULL;

  return path == NULL || *metrics != NULL;
}

static gboolean
run_run (LkCall *call, GError **error)
{
  g_autoptr (LkService) service = lk_service_new (call, error);
  g_autoptr (LkMetrics) metrics = NULL;
  gboolean with_retries = lk_call_has (call, "until-idle");
  Tally tally = { 0 };
  gboolean is_brief = with_retries || lk_call_has (call, "once");
  LkContext *context;
  gboolean done;

  if (service == NULL)
    return FALSE;

  context = lk_service_get_context (service);
  if (!start_metrics (call, context, &metrics, error))
    return FALSE;

  g_signal_connect (context, "run-finished", G_CALLBACK (run_finished_cb), &tally);
  g_signal_connect (context, "deliveries-settled", G_CALLBACK (deliveries_settled_cb), &tally);
  g_signal_connect (context, "notify::lease", G_CALLBACK (lease_cb), &tally);
  lk_context_start (context);
  lk_service_notify ("READY=1");

  done = is_brief ? run_until_idle (service, with_retries, error) && check_runs (&tally, error)
                  : run_forever (service, error);
  lk_service_notify ("STOPPING=1");
  g_signal_handlers_disconnect_by_func (context, lease_cb, &tally);
  done = lk_service_stop (service, done ? error : NULL) && done;
  if (metrics != NULL)
    lk_metrics_stop (metrics);
  if (lk_call_wants_json (call))
    print_tally (call, &tally);
  if (lk_service_is_interrupted (service))
    g_message (_ ("stopped"));

  return done;
}

static const GOptionEntry run_options[] = {
  LK_FLAG ("once", N_ ("do what is due, send what may be sent now, then end")),
  LK_FLAG ("until-idle", N_ ("like --once, and wait for the retries, too")),
  LK_OPTION ("metrics-file", N_ ("PATH"), N_ ("keep a text file for Prometheus up to date")),
  LK_OPTIONS_END,
};

const LkCommand lk_run_commands[] = {
  { "run", NULL, N_ ("run the schedule in the foreground, until SIGINT or SIGTERM"), 0, 0,
    run_options, run_run },
  { NULL },
};
