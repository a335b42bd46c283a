/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-run-scan"

#include "config.h"

#include "core/payload.h"
#include "core/signature.h"
#include "engine/run-scan.h"
#include "store/run-store.h"

/* One batch on its way into the workspace. */
typedef struct
{
  LkRunScan *scan;
  GPtrArray *group_keys;
  GPtrArray *matches; /* of LkRunMatch */
  gint64 n_added;
} Batch;

struct _LkRunScan
{
  LkDbPool *pool;
  LkClock *clock;
  LkRun *run;
  gint64 epoch;
  LkTask *task;
  LkRunPlan *plan;
  char *hold_reason; /* NULL: deliveries are queued */
  LkRunScanFunc func;
  gpointer func_data;

  gint64 matched;
  gint64 suppressed;
  gboolean store_error; /* the workspace failed, not the license server */
  Batch *writing;       /* (nullable): the batch that @job writes */
  LkDbJob *job;
};

static void
batch_free (Batch *batch)
{
  g_clear_pointer (&batch->group_keys, g_ptr_array_unref);
  g_clear_pointer (&batch->matches, g_ptr_array_unref);
  g_free (batch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

static Batch *
batch_new (LkRunScan *scan, guint n_licenses)
{
  Batch *batch = g_new0 (Batch, 1);

  batch->scan = scan;
  batch->group_keys = g_ptr_array_new_full (n_licenses, g_free);
  batch->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_run_match_free);

  return batch;
}

static void
replace (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text != NULL ? text : "");
}

static LkDelivery *
make_delivery (LkRunScan *self, LkLicense *license)
{
  LkDelivery *delivery = lk_delivery_new ();

  delivery->run_id = self->run->id;
  delivery->task_id = self->task->id;
  delivery->license_id = lk_license_get_id (license);
  delivery->created_at = lk_clock_now (self->clock);
  delivery->body = lk_payload_new (self->task->name, self->task->user_data, license);
  replace (&delivery->task_name, self->task->name);
  replace (&delivery->license_key, lk_license_get_named (license, "ActivationKey"));
  replace (&delivery->customer, lk_run_plan_find_customer (license));
  replace (&delivery->url, self->task->url);
  g_free (delivery->webhook_id);
  delivery->webhook_id = lk_webhook_id_new (delivery->created_at);

  if (self->hold_reason != NULL)
    {
      delivery->state = LK_DELIVERY_HELD;
      replace (&delivery->hold_reason, self->hold_reason);
    }
  else
    delivery->due_at = delivery->created_at;

  return delivery;
}

static void
decide (LkRunScan *self, LkLicense *license, const char *group_key, GHashTable *ledger,
        GPtrArray *matches)
{
  const LkLedgerEntry *entry = ledger != NULL ? g_hash_table_lookup (ledger, group_key) : NULL;
  g_auto (LkFiringDecision) decision = { 0 };
  LkRunMatch *match;

  lk_run_plan_decide (self->plan, entry, license, &decision);
  if (!decision.fire)
    {
      self->suppressed++;
      return;
    }

  match = g_new0 (LkRunMatch, 1);
  match->group_key = g_strdup (group_key);
  match->memory = g_strdup (decision.memory);
  match->delivery = make_delivery (self, license);
  g_ptr_array_add (matches, match);
}

static gpointer
add_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Batch *batch = data;
  LkRunScan *scan = batch->scan;

  batch->n_added = lk_run_store_add_batch (db, scan->run, scan->epoch, batch->group_keys,
                                           batch->matches, lk_clock_now (scan->clock), error);

  return NULL;
}

static gboolean
read_ledger (LkRunScan *self, Batch *batch, GHashTable **ledger, GError **error)
{
  /* "Every run" does not ask what was fired before, and without a webhook nothing fires. */
  if (!lk_run_plan_needs_ledger (self->plan) || !self->task->webhook_enabled)
    return TRUE;

  *ledger = lk_ledger_read_sync (self->pool, self->task->id, batch->group_keys, error);
  self->store_error |= *ledger == NULL;

  return *ledger != NULL;
}

/* Waits until the batch before is durable. */
static gboolean
join_batch (LkRunScan *self, GError **error)
{
  g_autoptr (Batch) batch = g_steal_pointer (&self->writing);
  g_autoptr (GError) reason = NULL;

  if (batch == NULL)
    return TRUE;

  lk_db_job_wait (g_steal_pointer (&self->job), &reason);
  if (reason != NULL)
    {
      self->store_error = TRUE;
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  if (batch->n_added > 0 && self->func != NULL)
    self->func (self->func_data);

  return TRUE;
}

/* @batch: (transfer full) */
static void
start_batch (LkRunScan *self, Batch *batch)
{
  self->writing = batch;
  self->job = lk_db_pool_write_start (self->pool, add_job, batch, NULL);
}

/**
 * lk_run_scan_new:
 * @pool: the workspace
 * @clock: the time
 * @run: the run, begun
 * @epoch: of our lease
 * @task: its task
 * @search: the task's search
 * @error: %LK_ERROR_INVALID for a firing policy or a field that does not exist
 *
 * Returns: (transfer full) (nullable): the scan
 */
LkRunScan *
lk_run_scan_new (LkDbPool *pool, LkClock *clock, const LkRun *run, gint64 epoch, const LkTask *task,
                 const LkSearch *search, GError **error)
{
  g_autoptr (LkRunScan) self = g_new0 (LkRunScan, 1);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->run = lk_run_copy (run);
  self->epoch = epoch;
  self->task = lk_task_copy (task);
  self->plan = lk_run_plan_new (task, search, run->due_at, error);

  return self->plan != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * lk_run_scan_free:
 * @self: (transfer full): a scan that is over; of one that is not, the batch that is being written
 *   is waited for
 */
void
lk_run_scan_free (LkRunScan *self)
{
  g_return_if_fail (self != NULL);

  self->func = NULL;
  join_batch (self, NULL);

  g_clear_object (&self->pool);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->run, lk_run_free);
  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->plan, lk_run_plan_free);
  g_free (self->hold_reason);
  g_free (self);
}

/**
 * lk_run_scan_set_func:
 * @self: a scan
 * @func: (scope forever): told after each batch that added deliveries, in the thread of the scan
 * @user_data: for @func
 */
void
lk_run_scan_set_func (LkRunScan *self, LkRunScanFunc func, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->func = func;
  self->func_data = user_data;
}

/**
 * lk_run_scan_set_hold_reason:
 * @self: a scan that has not begun
 * @reason: why its deliveries wait for a look
 */
void
lk_run_scan_set_hold_reason (LkRunScan *self, const char *reason)
{
  g_return_if_fail (self != NULL);

  replace (&self->hold_reason, reason);
}

/**
 * lk_run_scan_get_plan:
 * @self: a scan
 *
 * Returns: (transfer none): what it asks for and how it decides
 */
const LkRunPlan *
lk_run_scan_get_plan (LkRunScan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->plan;
}

static void
read_group_keys (LkRunScan *self, GPtrArray *licenses, Batch *batch)
{
  for (guint i = 0; i < licenses->len; i++)
    g_ptr_array_add (batch->group_keys,
                     lk_run_plan_make_group_key (self->plan, g_ptr_array_index (licenses, i)));
}

/**
 * lk_run_scan_take:
 * @licenses: (element-type LkLicense): the next matches; none at the end
 * @data: the scan
 * @error: return location
 *
 * An #LkLicenseScanFunc. It returns when the batch before is committed and this one is on its way,
 * so that licenses are read while others are written, and a run gets no more than a batch ahead of
 * the disk. No batch needs to see what the one before writes: a search finds each group once. While
 * the webhook is off nothing fires, but what matches is noted: it must not count as gone, and fire
 * once more, when the webhook is on again.
 *
 * Thread: a reader of the license server.
 *
 * Returns: whether to go on; after the end: whether all batches are committed
 */
gboolean
lk_run_scan_take (GPtrArray *licenses, gpointer data, GError **error)
{
  LkRunScan *self = data;
  g_autoptr (Batch) batch = batch_new (self, licenses->len);
  g_autoptr (GHashTable) ledger = NULL;

  if (licenses->len == 0)
    return join_batch (self, error);

  self->matched += licenses->len;
  read_group_keys (self, licenses, batch);
  if (!read_ledger (self, batch, &ledger, error))
    return FALSE;

  for (guint i = 0; self->task->webhook_enabled && i < licenses->len; i++)
    decide (self, g_ptr_array_index (licenses, i), g_ptr_array_index (batch->group_keys, i), ledger,
            batch->matches);

  if (!join_batch (self, error))
    return FALSE;

  start_batch (self, g_steal_pointer (&batch));
  return TRUE;
}

/**
 * lk_run_scan_get_matched:
 * @self: a scan that is over
 *
 * Returns: how many licenses (or groups) matched
 */
gint64
lk_run_scan_get_matched (LkRunScan *self)
{
  return self->matched;
}

/**
 * lk_run_scan_get_suppressed:
 * @self: a scan that is over
 *
 * Returns: how many of them the firing policy did not let fire
 */
gint64
lk_run_scan_get_suppressed (LkRunScan *self)
{
  return self->suppressed;
}

/**
 * lk_run_scan_has_store_error:
 * @self: a scan that failed
 *
 * Returns: whether the workspace was the reason, and not the search: then the run is executed again
 *   later, since nothing is wrong with it
 */
gboolean
lk_run_scan_has_store_error (LkRunScan *self)
{
  return self->store_error;
}
