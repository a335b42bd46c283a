/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sample-workspace"

#include "config.h"

#include "core/search.h"
#include "core/signature.h"
#include "core/task.h"
#include "store/sample-licenses.h"
#include "store/sample-workspace.h"
#include "store/search-store.h"
#include "store/server-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"

#define DATABASE_NAME "licenses.db"
#define START_HOUR    8 /* when the sample task runs, on the wall clock */

/* The first one is what the how-to builds by hand; the others show what else a search can say. */
static const struct
{
  const char *group;
  const char *name;
  const char *tooltip;
  const char *sql;
} samples[] = {
  { "Renewals", LK_SAMPLE_SEARCH, "Subscriptions that expire within 30 days",
    "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]" },
  { "Renewals", "Expired Last Month", "Subscriptions that nobody has renewed",
    "SubscriptionExpiryDate >= [last_month_start] And SubscriptionExpiryDate <= "
    "[last_month_end]" },
  { "Trials", "Trials That End This Week", "Trials with at most seven days left",
    "LicenseModel Like '%trial%' And SubscriptionExpiryDate >= [today_start] And "
    "SubscriptionExpiryDate <= [today_end+7]" },
  { "Activations", "Recently Activated", "First or latest activation within 14 days",
    "ActivationDate > [today_start-14]" },
  { "Activations", "Revoked", "Licenses that no longer work", "Disabled = 1" },
};

typedef struct
{
  const char *uri;
  guint16 port;
  LkInstant now;
} Filling;

static gint64
insert_server (LkDb *db, const char *uri, GError **error)
{
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();

  g_free (profile->name);
  g_free (profile->uri);
  profile->name = g_strdup (LK_SAMPLE_SERVER);
  profile->uri = g_strdup (uri);
  profile->is_default = TRUE;

  return lk_server_store_insert (db, profile, error);
}

static gint64
insert_search (LkDb *db, gsize position, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_new ();

  g_free (search->name);
  g_free (search->group);
  g_free (search->tooltip);
  g_free (search->sql);
  search->name = g_strdup (samples[position].name);
  search->group = g_strdup (samples[position].group);
  search->tooltip = g_strdup (samples[position].tooltip);
  search->sql = g_strdup (samples[position].sql);
  search->position = (int) position;

  return lk_search_store_insert (db, search, error);
}

/* Enabled, and first due at the next START_HOUR: nothing is sent while one looks around. */
static void
set_schedule (LkTask *task, LkInstant now)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / LK_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  task->enabled = TRUE;
  task->recurrence.every = 1;
  task->recurrence.unit = LK_UNIT_DAY;
  g_date_time_get_ymd (local, &task->recurrence.year, &task->recurrence.month,
                       &task->recurrence.day);
  task->recurrence.hour = START_HOUR;
  task->recurrence.minute = 0;
  task->recurrence.zone = lk_local_zone_name ();
}

static gboolean
insert_task (LkDb *db, gint64 server_id, gint64 search_id, const Filling *filling, GError **error)
{
  g_autoptr (LkTask) task = lk_task_new ();
  char *secret = lk_secret_generate ();
  gboolean done;

  g_free (task->name);
  g_free (task->url);
  g_free (task->user_data);
  task->name = g_strdup (LK_SAMPLE_TASK);
  task->server_id = server_id;
  task->search_id = search_id;
  task->webhook_enabled = TRUE;
  task->url = g_strdup_printf ("http://127.0.0.1:%u/webhook", filling->port);
  task->user_data = g_strdup ("sample");
  set_schedule (task, filling->now);

  done = lk_task_store_insert (db, task, secret, filling->now, error) > 0;
  lk_secret_free (secret);

  return done;
}

static gpointer
fill_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Filling *filling = data;
  gint64 server_id = insert_server (db, filling->uri, error);
  gint64 first_search_id = 0;

  if (server_id <= 0)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      gint64 search_id = insert_search (db, i, error);

      if (search_id <= 0)
        return NULL;
      if (i == 0)
        first_search_id = search_id;
    }

  return GINT_TO_POINTER (insert_task (db, server_id, first_search_id, filling, error));
}

/**
 * lk_sample_workspace_fill:
 * @workspace: an open workspace without servers, searches and tasks
 * @n_licenses: how many licenses to make, with dates around today
 * @port: the port of the test receiver on this machine that the sample task sends to
 * @now: the present, for the task's schedule
 * @error: why the databases could not be written
 *
 * Makes a license database in the workspace's folder, its server, some searches and the task
 * "Upcoming Renewals" with a secret of its own. The task is enabled, runs every day at 8:00 local
 * time and sends once per match.
 *
 * Blocks until done; for the main thread of a program that does nothing else yet.
 *
 * Returns: whether everything was made
 */
gboolean
lk_sample_workspace_fill (LkWorkspace *workspace, gint64 n_licenses, guint16 port, LkInstant now,
                          GError **error)
{
  g_autofree char *path = NULL;
  Filling filling = { .uri = "sqlite:" DATABASE_NAME, .port = port, .now = now };

  g_return_val_if_fail (LK_IS_WORKSPACE (workspace), FALSE);
  g_return_val_if_fail (n_licenses > 0, FALSE);

  path = g_build_filename (lk_workspace_get_folder (workspace), DATABASE_NAME, NULL);
  if (!lk_sample_licenses_create (path, n_licenses, now, error))
    return FALSE;

  return lk_db_pool_write_sync (lk_workspace_get_pool (workspace), fill_job, &filling, NULL, error)
         != NULL;
}
