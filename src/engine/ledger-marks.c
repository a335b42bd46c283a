/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger-marks"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/ledger-marks.h"
#include "engine/run-plan.h"
#include "engine/task-search.h"
#include "store/run-store.h"

#define BATCH_SIZE 256

/* The data of the task. Only the main loop or the scan's thread touches it, never both at a time.
 */
typedef struct
{
  LkWorkspace *workspace;
  LkTask *settings;
  gint64 license_id;
  LkInstant now;
  LkTaskSearch *opened;
  LkRunPlan *plan;
  LkLicenseQuery *query;
  GPtrArray *marks;
} Finding;

static void
finding_free (gpointer data)
{
  Finding *self = data;

  g_clear_pointer (&self->plan, lk_run_plan_free);
  g_clear_pointer (&self->query, lk_license_query_free);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  g_clear_pointer (&self->opened, lk_task_search_free);
  g_clear_pointer (&self->settings, lk_task_free);
  g_clear_object (&self->workspace);
  g_free (self);
}

static void
add_mark (Finding *self, const LkLicense *license, const char *key, GHashTable *ledger)
{
  g_auto (LkFiringDecision) decision = { 0 };
  LkLedgerMark *mark = g_new0 (LkLedgerMark, 1);

  lk_run_plan_decide (self->plan, g_hash_table_lookup (ledger, key), license, &decision);
  mark->group_key = g_strdup (key);
  mark->memory = g_steal_pointer (&decision.memory);
  mark->license_key = g_strdup (lk_license_get_named (license, "ActivationKey"));
  g_ptr_array_add (self->marks, mark);
}

/* Thread: a reader of the license server. */
static gboolean
take_batch (GPtrArray *licenses, gpointer data, GError **error)
{
  Finding *self = data;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_full (licenses->len, g_free);
  g_autoptr (GHashTable) ledger = NULL;

  if (licenses->len == 0)
    return TRUE;

  for (guint i = 0; i < licenses->len; i++)
    g_ptr_array_add (keys,
                     lk_run_plan_make_group_key (self->plan, g_ptr_array_index (licenses, i)));

  ledger = lk_ledger_read_sync (lk_workspace_get_pool (self->workspace), self->settings->id, keys,
                                error);
  for (guint i = 0; ledger != NULL && i < licenses->len; i++)
    add_mark (self, g_ptr_array_index (licenses, i), g_ptr_array_index (keys, i), ledger);

  return ledger != NULL;
}

static void
finish (GTask *task)
{
  Finding *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->marks), (GDestroyNotify) g_ptr_array_unref);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (lk_license_server_scan_finish (LK_LICENSE_SERVER (source), result, &error) >= 0)
    finish (task);
  else
    g_task_return_error (task, error);
}

static void
scan (GTask *task)
{
  Finding *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->query = lk_run_plan_make_query (self->plan, &error);
  if (self->query == NULL)
    g_task_return_error (task, error);
  else
    lk_license_server_scan_async (self->opened->server, self->query, BATCH_SIZE, take_batch, self,
                                  g_task_get_cancellable (task), scanned_cb, g_object_ref (task));
}

static void
got_ledger_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    finish (task);
}

/* The batch of one license, read and decided on a pool thread. */
typedef struct
{
  Finding *finding;
  GPtrArray *rows;
} Single;

static void
single_free (gpointer data)
{
  Single *single = data;

  g_ptr_array_unref (single->rows);
  g_free (single);
}

static gpointer
mark_single_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Single *single = data;
  Finding *self = single->finding;
  const LkLicense *license = g_ptr_array_index (single->rows, 0);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) ledger = NULL;

  g_ptr_array_add (keys, lk_run_plan_make_group_key (self->plan, license));
  ledger = lk_ledger_read (db, self->settings->id, keys, error);
  if (ledger != NULL)
    add_mark (self, license, g_ptr_array_index (keys, 0), ledger);

  return NULL;
}

static void
got_rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Finding *self = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *rows = lk_license_server_get_rows_finish (LK_LICENSE_SERVER (source), result, &error);
  Single *single;

  if (rows != NULL && rows->len == 0)
    {
      g_clear_pointer (&rows, g_ptr_array_unref);
      g_set_error (&error, LK_ERROR, LK_ERROR_NOT_FOUND,
                   _ ("the license %" PRId64 " is gone: it was deleted meanwhile"),
                   self->license_id);
    }
  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  single = g_new0 (Single, 1);
  single->finding = self;
  single->rows = rows;
  lk_db_pool_read_async (lk_workspace_get_pool (self->workspace), mark_single_job, single,
                         single_free, NULL, NULL, got_ledger_cb, g_object_ref (task));
}

static LkRunPlan *
make_plan (const Finding *self, GError **error)
{
  g_autoptr (LkRunPlan) plan =
      lk_run_plan_new (self->settings, self->opened->search, self->now, error);

  if (plan == NULL || lk_run_plan_needs_ledger (plan))
    return g_steal_pointer (&plan);

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("the task “%s” sends every match at every run, whatever was sent before: choose "
                  "another policy first"),
               self->settings->name);
  return NULL;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Finding *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->opened = lk_task_search_open_finish (result, &error);
  if (self->opened != NULL)
    self->plan = make_plan (self, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (self->license_id == 0)
    scan (task);
  else
    lk_license_server_get_rows_async (self->opened->server, &self->license_id, 1,
                                      g_task_get_cancellable (task), got_rows_cb,
                                      g_object_ref (task));
}

/**
 * lk_ledger_marks_start:
 * @task: (transfer full): returns a #GPtrArray of #LkLedgerMark
 * @workspace: where the ledger is
 * @servers: opens the license server
 * @settings: a scheduled task, saved or not
 * @license_id: a license, whether it matches or not; 0 for all that match
 * @now: the present
 *
 * Finds out how the ledger would know licenses that are sent at @now.
 */
void
lk_ledger_marks_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                       const LkTask *settings, gint64 license_id, LkInstant now)
{
  Finding *self = g_new0 (Finding, 1);

  self->workspace = g_object_ref (workspace);
  self->settings = lk_task_copy (settings);
  self->license_id = license_id;
  self->now = now;
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_ledger_mark_free);
  g_task_set_task_data (task, self, finding_free);
  lk_task_search_open_async (servers, lk_workspace_get_pool (workspace), settings,
                             g_task_get_cancellable (task), opened_cb, task);
}
