/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-run-scan"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/payload.h"
#include "core/signature.h"
#include "core/text-compare.h"
#include "engine/run-scan.h"
#include "store/run-store.h"

struct _LkRunScan
{
  LkDbPool *pool;
  LkClock *clock;
  LkRun *run;
  gint64 epoch;
  LkTask *task;
  LkSearch *search;
  LkFiringPolicy *policy;
  const LkLicenseField *distinct_field; /* NULL: each license is a group */
  GDateTime *now;                       /* the due instant in the task's zone */
  char *hold_reason;                    /* NULL: deliveries are queued */
  LkRunScanFunc func;
  gpointer func_data;

  gint64 matched;
  gint64 suppressed;
  gboolean store_error; /* the workspace failed, not the license server */
};

/* One batch on its way into the workspace. */
typedef struct
{
  LkRunScan *scan;
  GPtrArray *group_keys;
  GPtrArray *matches; /* of LkRunMatch */
  gint64 n_added;
} Batch;

static void
batch_clear (Batch *batch)
{
  g_clear_pointer (&batch->group_keys, g_ptr_array_unref);
  g_clear_pointer (&batch->matches, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

static GDateTime *
to_zone (LkInstant instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);

  return g_date_time_to_timezone (utc, zone);
}

/* Two values are one group here if they are one to the search's Distinct Field: whichever license
 * stands for the group, the ledger knows it. A license with a blank value is a group of its own. */
static char *
make_group_key (LkRunScan *self, LkLicense *license)
{
  g_autofree char *folded = NULL;
  const char *value = NULL;

  if (self->distinct_field == NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, lk_license_get_id (license));

  value = lk_license_get (license, self->distinct_field);
  folded = lk_text_fold (value != NULL ? value : "", value != NULL ? strlen (value) : 0);
  if (*folded == '\0')
    return g_strdup_printf ("license %" G_GINT64_FORMAT, lk_license_get_id (license));

  return g_steal_pointer (&folded);
}

static void
replace (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text != NULL ? text : "");
}

static const char *
find_customer (LkLicense *license)
{
  static const char *const columns[] = { "FullName", "Company", "Email" };

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      const char *value = lk_license_get_named (license, columns[i]);

      if (value != NULL && *value != '\0')
        return value;
    }

  return "";
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
  replace (&delivery->customer, find_customer (license));
  replace (&delivery->url, self->task->url);
  g_free (delivery->webhook_id);
  delivery->webhook_id = lk_webhook_id_new ();

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
  static const LkLedgerEntry never = { 0, FALSE, (char *) "" };
  const LkLedgerEntry *entry = ledger != NULL ? g_hash_table_lookup (ledger, group_key) : NULL;
  g_auto (LkFiringDecision) decision = { 0 };
  LkRunMatch *match;

  lk_firing_policy_decide (self->policy, entry != NULL ? entry : &never, license, self->now,
                           &decision);
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
read_ledger_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Batch *batch = data;

  return lk_ledger_read (db, batch->scan->task->id, batch->group_keys, error);
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
  if (lk_firing_policy_get_kind (self->policy) == LK_POLICY_EVERY_RUN
      || !self->task->webhook_enabled)
    return TRUE;

  *ledger = lk_db_pool_read_sync (self->pool, read_ledger_job, batch, NULL, error);
  self->store_error |= *ledger == NULL;

  return *ledger != NULL;
}

static gboolean
add_batch (LkRunScan *self, Batch *batch, GError **error)
{
  g_autoptr (GError) reason = NULL;

  lk_db_pool_write_sync (self->pool, add_job, batch, NULL, &reason);
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

static gboolean
find_field (const char *name, const LkLicenseField **field, GError **error)
{
  if (name == NULL || *name == '\0')
    return TRUE;

  *field = lk_license_field_find (name);
  if (*field != NULL && (*field)->column != NULL)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("there is no column “%s”: correct the Distinct Field or Unique ID Field of the "
                  "search"),
               name);
  return FALSE;
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
  g_autoptr (GTimeZone) zone = lk_recurrence_get_zone (&task->recurrence);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->run = lk_run_copy (run);
  self->epoch = epoch;
  self->task = lk_task_copy (task);
  self->search = lk_search_copy (search);
  self->now = to_zone (run->due_at, zone);
  self->policy = lk_firing_policy_parse (task->send, error);
  if (self->policy == NULL || !find_field (search->distinct_field, &self->distinct_field, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lk_run_scan_free:
 * @self: (transfer full): a scan that is over
 */
void
lk_run_scan_free (LkRunScan *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->pool);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->run, lk_run_free);
  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->search, lk_search_free);
  g_clear_pointer (&self->policy, lk_firing_policy_unref);
  g_clear_pointer (&self->now, g_date_time_unref);
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
 * lk_run_scan_make_query:
 * @self: a scan
 * @error: %LK_ERROR_CLAUSE when the search is not one valid condition
 *
 * Expands the search's macros at the run's due instant in the task's zone, with `[date]` as the
 * task's last run, so that the same run always asks for the same.
 *
 * Returns: (transfer full) (nullable): what to scan
 */
LkLicenseQuery *
lk_run_scan_make_query (LkRunScan *self, GError **error)
{
  g_autoptr (GTimeZone) zone = lk_recurrence_get_zone (&self->task->recurrence);
  LkInstant last = self->task->last_ran_at != 0 ? self->task->last_ran_at : self->task->created_at;
  g_autoptr (GDateTime) date = to_zone (last, zone);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (self->now, date);
  g_autoptr (LkClause) clause = lk_clause_new (self->search->sql, -1, context);
  g_autoptr (LkLicenseQuery) query = NULL;

  if (!lk_clause_check (clause, error))
    {
      g_prefix_error (error, "“%s”: ", self->search->name);
      return NULL;
    }

  query = lk_license_query_new (clause);
  query->distinct_field = self->distinct_field;
  if (!find_field (self->search->unique_id_field, &query->unique_id_field, error))
    return NULL;

  return g_steal_pointer (&query);
}

/**
 * lk_run_scan_take:
 * @licenses: (element-type LkLicense): the next matches
 * @self: the scan
 * @error: return location
 *
 * An #LkLicenseScanFunc. It returns when the batch is committed, so that a run never gets ahead of
 * the disk. While the webhook is off nothing fires, but what matches is noted: it must not count as
 * gone, and fire once more, when the webhook is on again.
 *
 * Thread: a reader of the license server.
 *
 * Returns: whether to go on
 */
gboolean
lk_run_scan_take (GPtrArray *licenses, gpointer data, GError **error)
{
  LkRunScan *self = data;
  g_auto (Batch) batch = { .scan = self };
  g_autoptr (GHashTable) ledger = NULL;

  self->matched += licenses->len;
  batch.group_keys = g_ptr_array_new_full (licenses->len, g_free);
  batch.matches = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_run_match_free);
  for (guint i = 0; i < licenses->len; i++)
    g_ptr_array_add (batch.group_keys, make_group_key (self, g_ptr_array_index (licenses, i)));

  if (!read_ledger (self, &batch, &ledger, error))
    return FALSE;

  for (guint i = 0; self->task->webhook_enabled && i < licenses->len; i++)
    decide (self, g_ptr_array_index (licenses, i), g_ptr_array_index (batch.group_keys, i), ledger,
            batch.matches);

  return add_batch (self, &batch, error);
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
