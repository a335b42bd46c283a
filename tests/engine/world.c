/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/delivery-store.h"
#include "store/server-store.h"
#include "store/sqlite-license-server.h"
#include "world.h"

typedef gpointer (*Job) (LkDb *db, gpointer data, GError **error);

static gpointer
write_now (World *self, LkDbJobFunc job, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gpointer result =
      lk_db_pool_write_sync (lk_workspace_get_pool (self->workspace), job, data, NULL, &error);

  g_assert_no_error (error);

  return result;
}

static void
add_licenses (World *self, const char *path, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autoptr (LkLicenseServer) server = NULL;
  g_autoptr (GPtrArray) changes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_license_change_free);
  g_autoptr (GAsyncResult) result = NULL;

  lk_sqlite_license_server_create (path, &error);
  g_assert_no_error (error);
  server = lk_license_server_open (uri, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 1; i <= n; i++)
    {
      LkLicenseChange *change = lk_license_change_new (0);
      g_autofree char *key = g_strdup_printf ("KEY-%u", i);
      g_autofree char *receipt = g_strdup_printf ("R-%u", i / 2);

      lk_license_change_set (change, lk_license_field_find ("ActivationKey"), key);
      lk_license_change_set (change, lk_license_field_find ("ReceiptID"), receipt);
      lk_license_change_set (change, lk_license_field_find ("SubscriptionExpiryDate"),
                             "2026-03-05 00:00:00");
      g_ptr_array_add (changes, change);
    }

  lk_license_server_write_async (server, changes, NULL, test_result_cb, &result);
  test_wait (&result);
  lk_license_server_write_finish (server, result, &error);
  g_assert_no_error (error);
  lk_license_server_close (server);
}

static gpointer
add_records_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  World *self = data;
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();
  g_autoptr (LkSearch) search = lk_search_new ();

  g_free (profile->name);
  g_free (profile->uri);
  profile->name = g_strdup ("Test");
  profile->uri = test_folder_get_uri (self->folder, "licenses.db");
  profile->is_default = TRUE;
  self->server_id = lk_server_store_insert (db, profile, error);
  if (self->server_id <= 0)
    return NULL;

  g_free (search->name);
  g_free (search->sql);
  search->name = g_strdup ("All");
  search->sql = g_strdup ("LicenseID > 0");
  self->search_id = lk_search_store_insert (db, search, error);

  return NULL;
}

static void
received_cb (LkReceiver *receiver, const LkReceived *received, gpointer user_data)
{
  World *self = user_data;

  g_ptr_array_add (self->received, lk_received_copy (received));
}

static void
run_finished_cb (LkContext *context, LkRun *run, gpointer user_data)
{
  World *self = user_data;

  self->n_finished++;
  g_clear_pointer (&self->last_run, lk_run_free);
  self->last_run = lk_run_copy (run);
}

static void
open_workspace (World *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = test_folder_get_path (self->folder, "workspace");

  lk_workspace_create (path, &error);
  g_assert_no_error (error);
  self->workspace = lk_workspace_open (path, &error);
  g_assert_no_error (error);
}

World *
world_new (guint n_licenses)
{
  World *self = g_new0 (World, 1);
  g_autofree char *licenses = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = test_folder_new ();
  self->clock = LK_CLOCK (lk_test_clock_new (WORLD_START));
  self->received = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_received_free);
  self->receiver = lk_receiver_new (self->clock);
  lk_receiver_set_secret (self->receiver, WORLD_SECRET);
  g_signal_connect (self->receiver, "received", G_CALLBACK (received_cb), self);
  lk_receiver_listen (self->receiver, 0, &error);
  g_assert_no_error (error);

  open_workspace (self);
  licenses = test_folder_get_path (self->folder, "licenses.db");
  add_licenses (self, licenses, n_licenses);
  write_now (self, add_records_job, self);

  return self;
}

void
world_free (World *self)
{
  world_stop (self);
  g_clear_pointer (&self->last_run, lk_run_free);
  g_clear_object (&self->receiver);
  lk_workspace_close (self->workspace);
  g_clear_object (&self->workspace);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->received, g_ptr_array_unref);
  g_clear_pointer (&self->folder, test_folder_free);
  g_free (self);
}

void
world_start (World *self, LkHolderKind kind)
{
  g_assert_null (self->context);

  self->context = lk_context_new (self->workspace, self->clock, kind);
  g_signal_connect (self->context, "run-finished", G_CALLBACK (run_finished_cb), self);
  lk_context_start (self->context);
}

void
world_stop (World *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (self->context == NULL)
    return;

  lk_context_stop_async (self->context, 5, test_result_cb, &result);
  test_wait (&result);
  lk_context_stop_finish (self->context, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_finalize_object (g_steal_pointer (&self->context));
}

void
world_advance (World *self, LkInstant by)
{
  lk_test_clock_advance (LK_TEST_CLOCK (self->clock), by);
}

/* A task that is due daily at noon, first on 2 March, with the receiver's URL. */
LkTask *
world_make_task (World *self, const char *name)
{
  LkTask *task = lk_task_new ();
  g_autoptr (GError) error = NULL;

  g_free (task->name);
  g_free (task->url);
  task->name = g_strdup (name);
  task->url = g_strdup_printf ("http://127.0.0.1:%u/hook", lk_receiver_get_port (self->receiver));
  task->server_id = self->server_id;
  task->search_id = self->search_id;
  task->webhook_enabled = TRUE;
  lk_recurrence_parse (&task->recurrence, "1 day", "2026-03-02 12:00", "UTC", &error);
  g_assert_no_error (error);

  return task;
}

typedef struct
{
  World *world;
  const LkTask *task;
  const char *secret;
  gint64 id;
} AddTask;

static gpointer
add_task_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  AddTask *add = data;

  add->id =
      lk_task_store_insert (db, add->task, add->secret, lk_clock_now (add->world->clock), error);

  return NULL;
}

gint64
world_add_task (World *self, const LkTask *task, const char *secret)
{
  AddTask add = { self, task, secret, 0 };

  write_now (self, add_task_job, &add);

  return add.id;
}

static gpointer
execute_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  lk_db_execute (db, data, error);

  return NULL;
}

void
world_execute (World *self, const char *sql)
{
  write_now (self, execute_job, (gpointer) sql);
}

void
world_set_search (World *self, const char *sql)
{
  g_auto (GStrv) parts = g_strsplit (sql, "'", -1);
  g_autofree char *quoted = g_strjoinv ("''", parts);
  g_autofree char *statement = g_strdup_printf ("UPDATE search SET sql_text = '%s'", quoted);

  world_execute (self, statement);
}

static gpointer
query_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (db, data, error);

  if (statement == NULL || lk_statement_step (statement, error) != LK_STEP_ROW)
    return NULL;

  return lk_statement_dup_text (statement, 0);
}

/* Returns: (transfer full) (nullable): the first column of the first row */
char *
world_query_text (World *self, const char *sql)
{
  return write_now (self, query_job, (gpointer) sql);
}

gint64
world_query (World *self, const char *sql)
{
  g_autofree char *text = world_query_text (self, sql);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

LkRun *
world_run_task (World *self, gint64 task_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  LkRun *run;

  lk_context_run_task_async (self->context, task_id, cancellable, test_result_cb, &result);
  test_wait (&result);
  run = lk_context_run_task_finish (self->context, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  test_until (G_OBJECT (cancellable)->ref_count == 1, 5); /* nothing waits any more */

  return run;
}

static gpointer
check_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_delivery_store_check (db, error);
}

/* The invariant of design 7: whatever is not final has a due time, a reason or a claim. */
void
world_assert_clean (World *self)
{
  g_autoptr (GPtrArray) violations = write_now (self, check_job, NULL);

  for (guint i = 0; i < violations->len; i++)
    g_test_message ("%s", (char *) g_ptr_array_index (violations, i));
  g_assert_cmpuint (violations->len, ==, 0);
}
