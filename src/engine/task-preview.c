/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-preview"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/run-plan.h"
#include "engine/task-preview.h"
#include "engine/task-search.h"
#include "store/run-store.h"

#define BATCH_SIZE  256
#define MAX_SECONDS 30

/* What the ledger would say of a group after the runs so far. */
typedef struct
{
  LkLedgerEntry entry;
  guint seen_run; /* the last run that found it */
} Group;

/* The data of the task: one run after the other is simulated, each by a scan that writes nothing.
 * Only the main loop or the scan's thread touches it, never both at a time. */
typedef struct
{
  LkWorkspace *workspace;
  LkTask *settings;
  LkPreviewOptions options;
  LkTaskSearch *opened;
  LkPreview *preview;
  GHashTable *groups; /* of Group by key: a copy of the part of the ledger that matters */
  gint64 deadline_us;
  gint64 n_matches;

  LkRunPlan *plan; /* of the run that is being simulated */
  LkLicenseQuery *query;
  LkPreviewRun run;
  guint first_row;
  guint first_due_row; /* the first one that is not of the run now */
} Simulation;

static void simulate_next (GTask *task);

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->entry.memory);
  g_free (group->entry.license_key);
  g_free (group);
}

static void
preview_row_free (gpointer data)
{
  LkPreviewRow *row = data;

  g_free (row->license_key);
  g_free (row->customer);
  g_free (row->rule);
  g_free (row);
}

static LkPreview *
preview_new (void)
{
  LkPreview *self = g_new0 (LkPreview, 1);

  self->runs = g_array_new (FALSE, FALSE, sizeof (LkPreviewRun));
  self->rows = g_ptr_array_new_with_free_func (preview_row_free);

  return self;
}

static void
simulation_free (gpointer data)
{
  Simulation *self = data;

  g_clear_pointer (&self->plan, lk_run_plan_free);
  g_clear_pointer (&self->query, lk_license_query_free);
  g_clear_pointer (&self->groups, g_hash_table_unref);
  g_clear_pointer (&self->preview, lk_preview_free);
  g_clear_pointer (&self->opened, lk_task_search_free);
  g_clear_pointer (&self->settings, lk_task_free);
  g_clear_object (&self->workspace);
  g_free (self);
}

/* Returns: (nullable): what the ledger would say when the current run comes to the group. One that
 * the run before did not find has been re-armed by it. */
static const LkLedgerEntry *
get_entry (Simulation *self, const char *key, GHashTable *ledger)
{
  guint run = self->preview->runs->len;
  Group *group = g_hash_table_lookup (self->groups, key);
  const LkLedgerEntry *stored = group == NULL ? g_hash_table_lookup (ledger, key) : NULL;

  if (self->run.when == LK_PREVIEW_NOW)
    return stored;

  if (group == NULL)
    {
      group = g_new0 (Group, 1);
      if (stored != NULL)
        group->entry = *stored;
      group->entry.memory = g_strdup (stored != NULL ? stored->memory : "");
      group->entry.license_key = g_strdup (stored != NULL ? stored->license_key : "");
      group->entry.matching &= self->run.when == LK_PREVIEW_NEXT;
      g_hash_table_insert (self->groups, g_strdup (key), group);
    }
  else if (group->seen_run + 1 < run)
    group->entry.matching = FALSE;

  group->seen_run = run;
  return &group->entry;
}

static void
note_fired (Simulation *self, const LkLicense *license, const char *key, LkFiringDecision *decision)
{
  Group *group = g_hash_table_lookup (self->groups, key);

  if (group == NULL) /* what fires now changes nothing for the runs that are due */
    return;

  group->entry.fired_at = self->run.due_at;
  group->entry.matching = TRUE;
  g_free (group->entry.memory);
  group->entry.memory = g_steal_pointer (&decision->memory);
  g_free (group->entry.license_key);
  group->entry.license_key = g_strdup (lk_license_get_named (license, "ActivationKey"));
}

static void
add_row (Simulation *self, const LkLicense *license, LkFiringDecision *decision)
{
  LkPreviewRow *row;

  if (!self->options.alone
      && (self->options.license_id != 0 ? self->options.license_id != lk_license_get_id (license)
                                        : !decision->fire))
    return;

  if (self->preview->rows->len - self->first_due_row == LK_PREVIEW_MAX_ROWS)
    {
      self->preview->n_left_out++;
      return;
    }

  row = g_new0 (LkPreviewRow, 1);
  row->run = self->preview->runs->len;
  row->fires = decision->fire;
  row->license_id = lk_license_get_id (license);
  row->license_key = g_strdup (lk_license_get_named (license, "ActivationKey"));
  row->customer = g_strdup (lk_run_plan_find_customer (license));
  row->rule = g_steal_pointer (&decision->rule);
  g_ptr_array_add (self->preview->rows, row);
}

static void
decide (Simulation *self, const LkLicense *license, const char *key, GHashTable *ledger)
{
  const LkLedgerEntry *entry = ledger != NULL ? get_entry (self, key, ledger) : NULL;
  g_auto (LkFiringDecision) decision = { 0 };

  entry = lk_run_plan_check_entry (self->plan, entry, license);
  self->run.known += entry != NULL && entry->fired_at != 0;
  lk_run_plan_decide (self->plan, entry, license, &decision);
  self->run.fired += decision.fire;
  if (decision.fire && ledger != NULL)
    note_fired (self, license, key, &decision);
  add_row (self, license, &decision);
}

/* Asks for those groups that no run so far has found. */
static GHashTable *
read_ledger (Simulation *self, GPtrArray *keys, GError **error)
{
  g_autoptr (GPtrArray) unknown = g_ptr_array_new ();

  for (guint i = 0; i < keys->len; i++)
    if (!g_hash_table_contains (self->groups, g_ptr_array_index (keys, i)))
      g_ptr_array_add (unknown, g_ptr_array_index (keys, i));

  return lk_ledger_read_sync (lk_workspace_get_pool (self->workspace), self->settings->id, unknown,
                              error);
}

static gboolean
is_too_much (const Simulation *self)
{
  return self->n_matches > LK_PREVIEW_MAX_MATCHES
         || g_hash_table_size (self->groups) > LK_PREVIEW_MAX_GROUPS
         || g_get_monotonic_time () > self->deadline_us;
}

/* Thread: a reader of the license server. */
static gboolean
take_batch (GPtrArray *licenses, gpointer data, GError **error)
{
  Simulation *self = data;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_full (licenses->len, g_free);
  g_autoptr (GHashTable) ledger = NULL;

  if (licenses->len == 0)
    return TRUE;

  for (guint i = 0; i < licenses->len; i++)
    g_ptr_array_add (keys,
                     lk_run_plan_make_group_key (self->plan, g_ptr_array_index (licenses, i)));

  if (lk_run_plan_needs_ledger (self->plan) || self->run.when == LK_PREVIEW_NOW)
    {
      ledger = read_ledger (self, keys, error);
      if (ledger == NULL)
        return FALSE;
    }

  for (guint i = 0; i < licenses->len; i++)
    decide (self, g_ptr_array_index (licenses, i), g_ptr_array_index (keys, i), ledger);

  self->run.matched += licenses->len;
  self->n_matches += licenses->len;
  if (self->preview->runs->len < 2 || !is_too_much (self))
    return TRUE;

  self->preview->is_cut = TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the preview goes no further");
  return FALSE;
}

static void
finish (GTask *task)
{
  Simulation *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->preview), (GDestroyNotify) lk_preview_free);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Simulation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (lk_license_server_scan_finish (LK_LICENSE_SERVER (source), result, &error) >= 0)
    {
      g_array_append_val (self->preview->runs, self->run);
      if (self->run.when != LK_PREVIEW_NOW)
        self->settings->last_ran_at = MAX (self->settings->last_ran_at, self->run.due_at);
      simulate_next (task);
    }
  else if (self->preview->is_cut) /* a run that was not looked at to its end is none */
    {
      g_ptr_array_set_size (self->preview->rows, (int) self->first_row);
      finish (task);
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
simulate (GTask *task, LkPreviewWhen when, LkInstant due_at)
{
  Simulation *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_pointer (&self->plan, lk_run_plan_free);
  g_clear_pointer (&self->query, lk_license_query_free);
  self->run = (LkPreviewRun){ .when = when, .due_at = due_at };
  self->first_row = self->preview->rows->len;
  if (when == LK_PREVIEW_NEXT)
    self->first_due_row = self->first_row;
  self->plan = lk_run_plan_new (self->settings, self->opened->search, due_at, &error);
  if (self->plan != NULL)
    self->query = lk_run_plan_make_query (self->plan, &error);
  if (self->query == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->options.alone)
    self->query->only_license_id = self->options.license_id;
  lk_license_server_scan_async (self->opened->server, self->query, BATCH_SIZE, take_batch, self,
                                g_task_get_cancellable (task), scanned_cb, g_object_ref (task));
}

/* A task that is overdue runs soon, for the last of the instants that went by. */
static LkInstant
find_next_due (const Simulation *self)
{
  const LkTask *settings = self->settings;

  if (settings->enabled && settings->next_due_at != 0 && settings->next_due_at <= self->options.now)
    return MAX (lk_recurrence_latest_until (&settings->recurrence, self->options.now),
                settings->next_due_at);

  return lk_recurrence_next_after (&settings->recurrence, self->options.now);
}

static void
simulate_later (GTask *task)
{
  Simulation *self = g_task_get_task_data (task);
  LkInstant until = self->options.now + self->options.days * LK_DAY;
  const LkPreviewRun *last =
      &g_array_index (self->preview->runs, LkPreviewRun, self->preview->runs->len - 1);
  LkInstant due_at =
      lk_recurrence_next_after (&self->settings->recurrence, MAX (last->due_at, self->options.now));

  if (due_at > until)
    {
      finish (task);
      return;
    }

  self->preview->is_cut = self->preview->runs->len == LK_PREVIEW_MAX_RUNS || is_too_much (self);
  if (self->preview->is_cut)
    finish (task);
  else
    simulate (task, LK_PREVIEW_LATER, due_at);
}

static void
simulate_next (GTask *task)
{
  Simulation *self = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->preview->runs->len == 0)
    simulate (task, LK_PREVIEW_NOW, self->options.now);
  else if (self->options.days == 0)
    finish (task);
  else if (self->preview->runs->len == 1)
    simulate (task, LK_PREVIEW_NEXT, find_next_due (self));
  else
    simulate_later (task);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Simulation *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->opened = lk_task_search_open_finish (result, &error);
  if (self->opened == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->preview->distinct_field = g_strdup (self->opened->search->distinct_field);
  self->deadline_us = g_get_monotonic_time () + MAX_SECONDS * G_USEC_PER_SEC;
  simulate_next (task);
}

/**
 * lk_preview_free:
 * @self: (transfer full): a preview
 */
void
lk_preview_free (LkPreview *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->runs);
  g_ptr_array_unref (self->rows);
  g_free (self->distinct_field);
  g_free (self);
}

/**
 * lk_preview_get_run:
 * @self: a preview
 * @row: one of its rows
 *
 * Returns: (transfer none): the run that the row belongs to
 */
const LkPreviewRun *
lk_preview_get_run (const LkPreview *self, const LkPreviewRow *row)
{
  g_return_val_if_fail (self != NULL && row != NULL && row->run < self->runs->len, NULL);

  return &g_array_index (self->runs, LkPreviewRun, row->run);
}

/**
 * lk_task_preview_start:
 * @task: (transfer full): returns an #LkPreview
 * @workspace: where the ledger is
 * @servers: opens the license server
 * @settings: a scheduled task, saved or not
 * @options: what to look at
 *
 * Simulates the run now, and then the runs that are due: each with its own macros, on what the
 * ledger would say after the one before. Whether the task and its webhook are enabled does not
 * matter. Nothing is written. Time and memory are limited: a preview that goes too far is cut, but
 * never before the next run; only a single search that takes too long, or is invalid, is an error.
 */
void
lk_task_preview_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                       const LkTask *settings, const LkPreviewOptions *options)
{
  Simulation *self = g_new0 (Simulation, 1);

  self->workspace = g_object_ref (workspace);
  self->settings = lk_task_copy (settings);
  self->options = *options;
  self->options.days = CLAMP (options->days, 0, LK_PREVIEW_MAX_DAYS);
  self->preview = preview_new ();
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, group_free);
  g_task_set_task_data (task, self, simulation_free);
  lk_task_search_open_async (servers, lk_workspace_get_pool (workspace), settings,
                             g_task_get_cancellable (task), opened_cb, task);
}
