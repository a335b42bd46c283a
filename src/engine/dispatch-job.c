/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-dispatch-job"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/signature.h"
#include "engine/dispatch-job.h"
#include "engine/verdict.h"
#include "store/keyring-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"

/* The settings of a task, as they are at the time of the claim. */
typedef struct
{
  LkTask *task;
  char **secrets; /* newest first; NULL for none */
  int rate_limit; /* the smallest of all tasks with its receiver; 0 for none */
  char *obstacle; /* why nothing can be sent for it; NULL for none */
} Settings;

static void
settings_free (Settings *self)
{
  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->secrets, lk_task_secret_list_free);
  g_free (self->obstacle);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settings, settings_free)

static char *
find_obstacle (const Settings *settings)
{
  const char *secret = settings->secrets != NULL ? settings->secrets[0] : "";
  g_autoptr (GError) error = NULL;

  if (settings->task == NULL)
    return g_strdup (_ ("its task was deleted"));

  if (lk_secret_check (secret, &error))
    return NULL;

  return g_strdup_printf (_ ("not sent, since the task “%s” has no usable secret: %s"),
                          settings->task->name, error->message);
}

/* What is not there is an obstacle for this task, and not a failure of the workspace. */
static gboolean
is_failure (GError *reason, GError **error)
{
  gboolean failed = reason != NULL && !g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND);

  if (failed)
    g_propagate_error (error, g_error_copy (reason));

  return failed;
}

static Settings *
load_settings (LkDb *db, gint64 task_id, const LkDispatchOrder *order, GError **error)
{
  g_autoptr (Settings) settings = g_new0 (Settings, 1);
  g_autoptr (GError) no_task = NULL;
  g_autoptr (GError) no_secret = NULL;

  settings->task = lk_task_store_get (db, task_id, &no_task);
  if (is_failure (no_task, error))
    return NULL;

  settings->secrets = lk_task_secret_list (db, task_id, order->now, order->keyring, &no_secret);
  if (is_failure (no_secret, error))
    return NULL;

  if (settings->task != NULL
      && !lk_task_store_get_rate_limit (db, settings->task->url, &settings->rate_limit, error))
    return NULL;

  settings->obstacle = find_obstacle (settings);

  return g_steal_pointer (&settings);
}

static Settings *
get_settings (LkDb *db, GHashTable *cache, gint64 task_id, const LkDispatchOrder *order,
              GError **error)
{
  Settings *settings = g_hash_table_lookup (cache, &task_id);

  if (settings == NULL)
    {
      settings = load_settings (db, task_id, order, error);
      if (settings != NULL)
        g_hash_table_insert (cache, g_memdup2 (&task_id, sizeof task_id), settings);
    }

  return settings;
}

/* @claim: (transfer full) */
static LkAssignment *
make_assignment (LkClaim *claim, const Settings *settings, LkInstant now)
{
  LkAssignment *assignment = g_new0 (LkAssignment, 1);

  assignment->request = lk_request_new_for (claim->delivery, settings->secrets, settings->task);
  assignment->concurrency = settings->task->concurrency;
  assignment->rate_limit = settings->rate_limit;
  assignment->at_most_once = settings->task->at_most_once;
  assignment->claim = claim;
  lk_request_prepare (assignment->request, now);

  return assignment;
}

/* Sorts the claims into those that can be sent and those that have to wait for a person. */
static gboolean
assign (LkDb *db, GPtrArray *claims, const LkDispatchOrder *order, LkDispatchBatch *batch,
        GError **error)
{
  g_autoptr (GHashTable) cache =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) settings_free);

  while (claims->len > 0)
    {
      g_autoptr (LkClaim) claim = g_ptr_array_steal_index (claims, 0);
      Settings *settings = get_settings (db, cache, claim->task_id, order, error);

      if (settings == NULL)
        return FALSE;

      if (settings->obstacle != NULL)
        g_ptr_array_add (batch->unsent, lk_verdict_hold_unsent (claim, settings->obstacle));
      else
        g_ptr_array_add (batch->assignments,
                         make_assignment (g_steal_pointer (&claim), settings, order->now));
    }

  return TRUE;
}

static gboolean
claim (LkDb *db, const LkDispatchOrder *order, const char *without, LkDispatchBatch *batch,
       GError **error)
{
  g_autoptr (GPtrArray) claims = NULL;

  claims = lk_delivery_store_claim (db, order->epoch, order->now, order->limit, order->room,
                                    without, error);
  if (claims == NULL)
    return FALSE;

  return assign (db, claims, order, batch, error)
         && (batch->unsent->len == 0
             || lk_delivery_store_settle (db, order->epoch, batch->unsent, order->now, error));
}

static gboolean
give_back (LkDb *db, const LkDispatchOrder *order, GError **error)
{
  for (guint i = 0; i < order->withdrawn->len; i++)
    {
      const LkAssignment *assignment = g_ptr_array_index (order->withdrawn, i);

      if (!lk_delivery_store_give_back (db, order->epoch, assignment->claim, order->now, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * lk_assignment_free:
 * @self: (transfer full): an assignment
 */
void
lk_assignment_free (LkAssignment *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->claim, lk_claim_free);
  g_clear_pointer (&self->request, lk_request_free);
  g_free (self);
}

/**
 * lk_dispatch_order_free:
 * @self: (transfer full): an order
 */
void
lk_dispatch_order_free (LkDispatchOrder *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->settlements, g_ptr_array_unref);
  g_clear_pointer (&self->withdrawn, g_ptr_array_unref);
  g_clear_pointer (&self->room, g_hash_table_unref);
  g_clear_pointer (&self->keyring, lk_keyring_items_unref);
  g_free (self);
}

/**
 * lk_dispatch_batch_free:
 * @self: (transfer full): a batch
 */
void
lk_dispatch_batch_free (LkDispatchBatch *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->assignments, g_ptr_array_unref);
  g_clear_pointer (&self->unsent, g_ptr_array_unref);
  g_free (self);
}

/**
 * lk_dispatch_job:
 * @db: a connection in a transaction
 * @data: an #LkDispatchOrder
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LEASE_LOST when another process sends by now
 *
 * Stores what came of the last requests and claims the next ones, in one transaction: one wait for
 * the disk serves both (group commit). The next ones are signed here, too, where the main loop does
 * not wait for it.
 *
 * Thread: the writer of the pool.
 *
 * Returns: (transfer full) (nullable): an #LkDispatchBatch
 */
gpointer
lk_dispatch_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const LkDispatchOrder *order = data;
  g_autoptr (LkDispatchBatch) batch = g_new0 (LkDispatchBatch, 1);
  g_autofree char *without = NULL;

  batch->assignments = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_assignment_free);
  batch->unsent = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_settlement_free);

  if (order->settlements->len > 0
      && !lk_delivery_store_settle (db, order->epoch, order->settlements, order->now, error))
    return NULL;

  if (!give_back (db, order, error))
    return NULL;

  if (!lk_keyring_store_find_unreadable (db, order->now, order->keyring, &without, error)
      || (order->limit > 0 && !claim (db, order, without, batch, error)))
    return NULL;

  batch->next_due = lk_delivery_store_get_next_due (db, without, error);
  if (batch->next_due < 0)
    return NULL;

  return g_steal_pointer (&batch);
}
