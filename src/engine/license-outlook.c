/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-outlook"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/license-outlook.h"
#include "engine/run-plan.h"
#include "engine/task-search.h"
#include "store/delivery-store.h"
#include "store/endpoint-store.h"
#include "store/run-store.h"

/* The data of the task. The license is read, then asked of the license server alone: by the whole
 * search, and where that does not find it by each part of it; then the preview decides, and the
 * workspace tells what is known. */
typedef struct
{
  LkWorkspace *workspace;
  LkServers *servers;
  LkTask *settings;
  LkPreviewOptions options;
  LkTaskSearch *opened;
  LkRunPlan *plan;
  LkLicenseQuery *query; /* that is being asked */
  LkLicense *license;
  char *group_key;
  GPtrArray *parts; /* (element-type utf8): of the condition, as typed */
  guint next_part;  /* the one that @query asks, plus 1; 0: the whole search */
  LkLicenseOutlook *outlook;
} Looking;

static void ask (GTask *task, const char *sql);

static void
looking_free (gpointer data)
{
  Looking *self = data;

  g_clear_pointer (&self->query, lk_license_query_free);
  g_clear_pointer (&self->plan, lk_run_plan_free);
  g_clear_pointer (&self->opened, lk_task_search_free);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->outlook, lk_license_outlook_free);
  g_clear_pointer (&self->settings, lk_task_free);
  g_clear_object (&self->servers);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->license, lk_license_unref);
  g_free (self->group_key);
  g_free (self);
}

static gboolean
take_standing (LkLicenseOutlook *outlook, LkDb *db, gint64 task_id, GError **error)
{
  g_autoptr (GPtrArray) standings = lk_task_standing_list (db, outlook->now, error);

  for (guint i = 0; standings != NULL && i < standings->len; i++)
    {
      LkTaskStanding *standing = g_ptr_array_index (standings, i);

      if (standing->task->id != task_id)
        continue;

      outlook->last_run = g_steal_pointer (&standing->last_run);
      outlook->is_overdue = standing->is_overdue;
    }

  return standings != NULL;
}

static gboolean
take_ledger (Looking *self, LkDb *db, GError **error)
{
  LkLicenseOutlook *outlook = self->outlook;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GHashTable) ledger = NULL;
  const LkLedgerEntry *entry;

  g_ptr_array_add (keys, self->group_key);
  ledger = lk_ledger_read (db, self->settings->id, keys, error);
  if (ledger == NULL)
    return FALSE;

  entry = lk_run_plan_check_entry (self->plan, g_hash_table_lookup (ledger, self->group_key),
                                   self->license);
  if (entry != NULL)
    {
      outlook->ledger = *entry;
      outlook->ledger.memory = g_strdup (entry->memory);
      outlook->ledger.license_key = g_strdup (entry->license_key);
    }

  return TRUE;
}

static gpointer
read_facts_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Looking *self = data;
  LkLicenseOutlook *outlook = self->outlook;
  gint64 id = self->settings->id;
  gboolean is_paused;

  if (take_standing (outlook, db, id, error) && take_ledger (self, db, error)
      && lk_endpoint_store_is_paused (db, self->settings->url, &is_paused, &outlook->hold_reason,
                                      error))
    lk_delivery_store_find_last (db, id, outlook->license_id, outlook->license_key, self->group_key,
                                 &outlook->delivery, error);

  return NULL;
}

static void
read_facts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *self = g_task_get_task_data (task);
  GError *error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->outlook),
                           (GDestroyNotify) lk_license_outlook_free);
}

/* The key of the license of a row, where that is another one. */
static char *
dup_other_key (const LkLicenseOutlook *outlook, const LkPreviewRow *row)
{
  return row->license_id != outlook->license_id ? g_strdup (row->license_key) : NULL;
}

static void
take_now (LkLicenseOutlook *outlook, LkPreviewRow *row)
{
  outlook->other_key = dup_other_key (outlook, row);
  outlook->fires = row->fires;
  outlook->rule = g_strdup (row->rule);
}

static void
take_next (LkLicenseOutlook *outlook, const LkPreview *preview, const LkPreviewRow *row)
{
  if (outlook->next_at != 0 || !row->fires)
    return;

  outlook->next_at = lk_preview_get_run (preview, row)->due_at;
  outlook->next_rule = g_strdup (row->rule);
  outlook->next_key = dup_other_key (outlook, row);
}

static LkOutlookAnswer
find_answer (const LkLicenseOutlook *outlook)
{
  if (!outlook->matches)
    return LK_OUTLOOK_NO_MATCH;
  if (outlook->other_key != NULL)
    return LK_OUTLOOK_STOOD_FOR;

  return outlook->fires ? LK_OUTLOOK_WOULD_SEND : LK_OUTLOOK_NOT_AGAIN;
}

static void
take_preview (LkLicenseOutlook *outlook, const LkPreview *preview)
{
  for (guint i = 0; i < preview->rows->len; i++)
    {
      LkPreviewRow *row = g_ptr_array_index (preview->rows, i);

      if (lk_preview_get_run (preview, row)->when == LK_PREVIEW_NOW)
        take_now (outlook, row);
      else
        take_next (outlook, preview, row);
    }

  outlook->is_cut = preview->is_cut && outlook->next_at == 0;
  outlook->answer = find_answer (outlook);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (LkPreview) preview = g_task_propagate_pointer (G_TASK (result), &error);

  if (preview == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  take_preview (self->outlook, preview);
  lk_db_pool_read_async (lk_workspace_get_pool (self->workspace), read_facts_job, self, NULL, NULL,
                         g_task_get_cancellable (task), read_facts_cb, g_object_ref (task));
}

static void
look_ahead (GTask *task)
{
  Looking *self = g_task_get_task_data (task);
  GTask *preview = g_task_new (NULL, g_task_get_cancellable (task), previewed_cb, task);

  g_object_ref (task);
  lk_task_preview_start (preview, self->workspace, self->servers, self->settings, &self->options);
}

static void
ask_next_part (GTask *task)
{
  Looking *self = g_task_get_task_data (task);

  if (self->next_part < self->parts->len)
    ask (task, g_ptr_array_index (self->parts, self->next_part++));
  else
    look_ahead (task);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *self = g_task_get_task_data (task);
  GError *error = NULL;
  gint64 n = lk_license_server_count_finish (LK_LICENSE_SERVER (source), result, &error);

  if (n < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->next_part == 0)
    self->outlook->matches = n > 0;
  else if (n == 0)
    g_ptr_array_add (self->outlook->unmet,
                     g_strdup (g_ptr_array_index (self->parts, self->next_part - 1)));

  if (self->outlook->matches)
    look_ahead (task);
  else
    ask_next_part (task);
}

static LkLicenseQuery *
make_query (const Looking *self, const char *sql, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_copy (self->opened->search);
  g_autoptr (LkRunPlan) plan = NULL;
  LkLicenseQuery *query;

  g_free (search->sql);
  search->sql = g_strdup (sql);
  plan = lk_run_plan_new (self->settings, search, self->options.now, error);
  query = plan != NULL ? lk_run_plan_make_query (plan, error) : NULL;
  if (query == NULL)
    return NULL;

  query->distinct_field = NULL;
  query->only_license_id = self->options.license_id;
  return query;
}

static void
note_parts (Looking *self)
{
  const GArray *parts = lk_clause_get_parts (self->query->clause);

  for (guint i = 0; i < parts->len; i++)
    {
      const LkClausePart *part = &g_array_index (parts, LkClausePart, i);

      g_ptr_array_add (self->parts, g_strndup (self->opened->search->sql + part->start,
                                               part->end - part->start));
    }
}

/* Whether the license holds for the whole search, or for a part of it. */
static void
ask (GTask *task, const char *sql)
{
  Looking *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_pointer (&self->query, lk_license_query_free);
  self->query = make_query (self, sql, &error);
  if (self->query == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->next_part == 0)
    note_parts (self);
  lk_license_server_count_async (self->opened->server, self->query, g_task_get_cancellable (task),
                                 counted_cb, g_object_ref (task));
}

static void
take_license (Looking *self, LkLicense *license)
{
  LkLicenseOutlook *outlook = self->outlook;

  outlook->license_key = g_strdup (lk_license_get_named (license, "ActivationKey"));
  outlook->customer = g_strdup (lk_run_plan_find_customer (license));
  self->license = lk_license_ref (license);
  self->group_key = lk_run_plan_make_group_key (self->plan, license);
}

static void
got_rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
      lk_license_server_get_rows_finish (LK_LICENSE_SERVER (source), result, &error);

  if (rows != NULL && rows->len == 0)
    g_set_error (&error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("the license %" PRId64 " is gone: it was deleted meanwhile"),
                 self->options.license_id);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  take_license (self, g_ptr_array_index (rows, 0));
  ask (task, self->opened->search->sql);
}

static gboolean
take_search (Looking *self, GError **error)
{
  g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse (self->settings->send, error);
  const LkSearch *search = self->opened->search;

  if (policy == NULL)
    return FALSE;

  self->outlook->again = lk_firing_policy_describe_again (policy);
  self->outlook->search_name = g_strdup (search->name);
  self->outlook->distinct_field = g_strdup (search->distinct_field);
  self->plan = lk_run_plan_new (self->settings, search, self->options.now, error);

  return self->plan != NULL;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->opened = lk_task_search_open_finish (result, &error);
  if (self->opened == NULL || !take_search (self, &error))
    g_task_return_error (task, error);
  else
    lk_license_server_get_rows_async (self->opened->server, &self->options.license_id, 1,
                                      g_task_get_cancellable (task), got_rows_cb,
                                      g_object_ref (task));
}

/**
 * lk_license_outlook_free:
 * @self: (transfer full): an outlook
 */
void
lk_license_outlook_free (LkLicenseOutlook *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->unmet, g_ptr_array_unref);
  g_clear_pointer (&self->delivery, lk_delivery_free);
  g_clear_pointer (&self->last_run, lk_run_free);
  g_free (self->search_name);
  g_free (self->distinct_field);
  g_free (self->license_key);
  g_free (self->customer);
  g_free (self->other_key);
  g_free (self->rule);
  g_free (self->again);
  g_free (self->ledger.memory);
  g_free (self->ledger.license_key);
  g_free (self->hold_reason);
  g_free (self->next_rule);
  g_free (self->next_key);
  g_free (self);
}

/**
 * lk_license_outlook_start:
 * @task: (transfer full): returns an #LkLicenseOutlook
 * @workspace: where the ledger is
 * @servers: opens the license server
 * @settings: a scheduled task that is saved
 * @options: the license, the moment, and how many days to look ahead
 *
 * Finds out what a task makes of a license: whether its search finds it, what the policy decides
 * and when it fires next. Nothing is written.
 */
void
lk_license_outlook_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                          const LkTask *settings, const LkPreviewOptions *options)
{
  Looking *self = g_new0 (Looking, 1);

  self->workspace = g_object_ref (workspace);
  self->servers = g_object_ref (servers);
  self->settings = lk_task_copy (settings);
  self->options = *options;
  self->options.alone = TRUE;
  self->parts = g_ptr_array_new_with_free_func (g_free);
  self->outlook = g_new0 (LkLicenseOutlook, 1);
  self->outlook->task = lk_task_copy (settings);
  self->outlook->license_id = options->license_id;
  self->outlook->now = options->now;
  self->outlook->days = options->days;
  self->outlook->unmet = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, self, looking_free);
  lk_task_search_open_async (servers, lk_workspace_get_pool (workspace), settings,
                             g_task_get_cancellable (task), opened_cb, task);
}
