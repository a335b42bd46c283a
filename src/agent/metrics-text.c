/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text exposition format of Prometheus, version 0.0.4: a HELP and a TYPE line before the
 * samples of a metric, base units (seconds), texts in quotes. The help is English, as in all
 * exporters. */

#define G_LOG_DOMAIN "lk-metrics-text"

#include "config.h"

#include <inttypes.h>

#include "agent/metrics-text.h"
#include "store/task-standing.h"

/* What of a task a metric shows; FALSE when there is nothing to show. */
typedef gboolean (*TaskValueFunc) (const LkTaskStanding *standing, gint64 *value);

static void
begin (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Microseconds as seconds, always with a point. */
static void
append_seconds (GString *text, gint64 us)
{
  g_string_append_printf (text, "%" PRId64 ".%06d\n", us / LK_SECOND, (int) (us % LK_SECOND));
}

/* Backslash, quote and line end are what the format escapes. */
static void
append_label (GString *text, const char *label, const char *value)
{
  g_string_append_printf (text, "%s=\"", label);
  for (const char *c = value; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append (text, "\\n");
    else if (*c == '\\' || *c == '"')
      g_string_append_printf (text, "\\%c", *c);
    else
      g_string_append_c (text, *c);
  g_string_append_c (text, '"');
}

static void
add_number (GString *text, const char *name, const char *help, gint64 value)
{
  begin (text, name, "gauge", help);
  g_string_append_printf (text, "%s %" PRId64 "\n", name, value);
}

static void
add_seconds (GString *text, const char *name, const char *help, gint64 us)
{
  begin (text, name, "gauge", help);
  g_string_append_printf (text, "%s ", name);
  append_seconds (text, us);
}

static void
add_deliveries (GString *text, const LkMetricsValues *values)
{
  LkInstant age = values->next_due_at > 0 ? MAX (values->now - values->next_due_at, 0) : 0;

  begin (text, "latchkey_deliveries", "gauge", "Webhooks in the log by state, tests included.");
  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    g_string_append_printf (text, "latchkey_deliveries{state=\"%s\"} %" PRId64 "\n",
                            lk_delivery_state_to_string ((LkDeliveryState) i),
                            values->deliveries[i]);

  add_seconds (text, "latchkey_delivery_oldest_due_age_seconds",
               "For how long the webhook that is due longest has been due.", age);
}

static void
add_attempts (GString *text, const LkMetricsValues *values)
{
  begin (text, "latchkey_attempts_total", "counter",
         "Requests of this process since its start by outcome.");
  for (int i = 0; i < LK_N_OUTCOMES; i++)
    if (i != LK_OUTCOME_PENDING)
      g_string_append_printf (text, "latchkey_attempts_total{outcome=\"%s\"} %" PRIu64 "\n",
                              lk_outcome_to_string ((LkOutcome) i), values->attempts[i]);
}

static gboolean
get_last_run_at (const LkTaskStanding *standing, gint64 *value)
{
  *value = standing->last_run != NULL ? standing->last_run->started_at : 0;
  return *value > 0;
}

static gboolean
get_next_due_at (const LkTaskStanding *standing, gint64 *value)
{
  *value = standing->task->next_due_at;
  return *value > 0;
}

static gboolean
get_matched (const LkTaskStanding *standing, gint64 *value)
{
  *value = standing->last_run != NULL ? standing->last_run->matched : 0;
  return standing->last_run != NULL;
}

static gboolean
get_fired (const LkTaskStanding *standing, gint64 *value)
{
  *value = standing->last_run != NULL ? standing->last_run->fired : 0;
  return standing->last_run != NULL;
}

static gboolean
get_overdue (const LkTaskStanding *standing, gint64 *value)
{
  *value = standing->is_overdue != FALSE;
  return TRUE;
}

static const struct
{
  const char *name;
  const char *help;
  gboolean is_time;
  TaskValueFunc get;
} task_metrics[] = {
  { "latchkey_task_last_run_timestamp_seconds", "When the newest run of the task began.", TRUE,
    get_last_run_at },
  { "latchkey_task_next_due_timestamp_seconds", "When the task is due next.", TRUE,
    get_next_due_at },
  { "latchkey_task_last_run_matched", "Licenses that the newest run of the task found.", FALSE,
    get_matched },
  { "latchkey_task_last_run_fired", "Webhooks that the newest run of the task created.", FALSE,
    get_fired },
  { "latchkey_task_overdue",
    "1 when the task should have run and has not: due for more than a tenth of its interval (2 to "
    "15 minutes) and no run began.",
    FALSE, get_overdue },
};

static void
add_task_metric (GString *text, gsize metric, GPtrArray *tasks)
{
  begin (text, task_metrics[metric].name, "gauge", task_metrics[metric].help);
  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTaskStanding *standing = g_ptr_array_index (tasks, i);
      gint64 value;

      if (!task_metrics[metric].get (standing, &value))
        continue;

      g_string_append_printf (text, "%s{", task_metrics[metric].name);
      append_label (text, "task", standing->task->name);
      g_string_append (text, "} ");
      if (task_metrics[metric].is_time)
        append_seconds (text, value);
      else
        g_string_append_printf (text, "%" PRId64 "\n", value);
    }
}

/* One sample for each state that there is, of which one is 1: so a change is seen in each. */
static void
add_run_states (GString *text, GPtrArray *tasks)
{
  static const LkRunState states[] = { LK_RUN_RUNNING, LK_RUN_FINISHED, LK_RUN_FAILED };

  begin (text, "latchkey_task_last_run_state", "gauge",
         "1 for the state of the newest run of the task, 0 for the others.");
  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTaskStanding *standing = g_ptr_array_index (tasks, i);

      for (gsize j = 0; standing->last_run != NULL && j < G_N_ELEMENTS (states); j++)
        {
          g_string_append (text, "latchkey_task_last_run_state{");
          append_label (text, "task", standing->task->name);
          g_string_append_printf (text, ",state=\"%s\"} %d\n", lk_run_state_to_string (states[j]),
                                  standing->last_run->state == states[j]);
        }
    }
}

static gint64
count_enabled (GPtrArray *tasks)
{
  gint64 n = 0;

  for (guint i = 0; i < tasks->len; i++)
    n += ((const LkTaskStanding *) g_ptr_array_index (tasks, i))->task->enabled != FALSE;

  return n;
}

/**
 * lk_metrics_text_format:
 * @values: what to say
 *
 * Returns: (transfer full): the text of a metrics file
 */
char *
lk_metrics_text_format (const LkMetricsValues *values)
{
  GString *text = g_string_sized_new (4096);

  begin (text, "latchkey_build_info", "gauge", "The version that runs.");
  g_string_append (text, "latchkey_build_info{version=\"" LK_VERSION "\"} 1\n");
  add_seconds (text, "latchkey_start_timestamp_seconds", "When this process began.",
               values->started_at);
  add_seconds (text, "latchkey_metrics_timestamp_seconds",
               "When this file was written: at each change, and while the process lives at least "
               "twice a minute.",
               values->now);
  add_number (text, "latchkey_lease_held", "1 when this process runs the schedule.",
              values->holds_lease != FALSE);
  add_deliveries (text, values);
  add_attempts (text, values);
  add_number (text, "latchkey_endpoints_paused", "Receivers to which nothing is sent.",
              values->n_paused);
  add_number (text, "latchkey_tasks_enabled", "Tasks that the timer runs.",
              count_enabled (values->tasks));
  for (gsize i = 0; i < G_N_ELEMENTS (task_metrics); i++)
    add_task_metric (text, i, values->tasks);
  add_run_states (text, values->tasks);

  return g_string_free (text, FALSE);
}
