/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger-change"

#include "config.h"

#include "engine/ledger-change.h"
#include "engine/ledger-marks.h"
#include "store/run-store.h"

/* The data of the task. */
typedef struct
{
  LkWorkspace *workspace;
  LkTask *settings;
  LkLedgerChange change;
  LkInstant now;
  GPtrArray *marks; /* of LkLedgerMark */
  gint64 n_changed;
} Changing;

static void
changing_free (gpointer data)
{
  Changing *self = data;

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->settings, lk_task_free);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  g_free (self);
}

static gint64
forget (LkDb *db, const Changing *self, GError **error)
{
  gint64 n_forgotten = 0;

  for (guint i = 0; i < self->marks->len; i++)
    {
      const LkLedgerMark *mark = g_ptr_array_index (self->marks, i);
      gint64 n = lk_ledger_forget (db, self->settings->id, self->settings->version, mark->group_key,
                                   error);

      if (n < 0)
        return -1;
      n_forgotten += n;
    }

  return n_forgotten;
}

static gpointer
change_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Changing *self = data;

  if (self->change == LK_LEDGER_FORGET)
    self->n_changed = forget (db, self, error);
  else
    self->n_changed = lk_ledger_mark_sent (db, self->settings->id, self->settings->version,
                                           self->marks, self->now, error);

  return NULL;
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Changing *self = g_task_get_task_data (task);
  GError *error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize) self->n_changed);
}

static void
found_marks_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Changing *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->marks = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->marks == NULL)
    g_task_return_error (task, error);
  else
    lk_db_pool_write_async (lk_workspace_get_pool (self->workspace), change_job, self, NULL, NULL,
                            g_task_get_cancellable (task), changed_cb, g_object_ref (task));
}

/**
 * lk_ledger_change_start:
 * @task: (transfer full): returns how many groups changed, as an int; -1 with an error
 * @workspace: where the ledger is
 * @servers: opens the license server
 * @settings: a saved task: whoever changed it meanwhile has to be looked at first
 * @license_id: a license, whether it matches or not; 0 for all that match
 * @change: what to do
 * @now: the instant that counts as the one of their firing
 *
 * Changes what the ledger knows of a license, or of all that match.
 */
void
lk_ledger_change_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                        const LkTask *settings, gint64 license_id, LkLedgerChange change,
                        LkInstant now)
{
  Changing *self = g_new0 (Changing, 1);

  self->workspace = g_object_ref (workspace);
  self->settings = lk_task_copy (settings);
  self->change = change;
  self->now = now;
  g_task_set_task_data (task, self, changing_free);
  lk_ledger_marks_start (g_task_new (NULL, g_task_get_cancellable (task), found_marks_cb, task),
                         workspace, servers, settings, license_id, now);
}
