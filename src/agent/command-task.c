/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/table.h"
#include "store/search-store.h"
#include "store/server-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"

/* A task with the names of what it refers to. */
typedef struct
{
  LkTask *task;
  LkServerProfile *server;
  LkSearch *search;
  LkInstant overlap_end; /* of an older secret that signs, too; 0 for none */
} TaskView;

typedef struct
{
  const char *name;
  LkInstant now;
} TaskQuestion;

typedef struct
{
  gint64 id;
  gboolean enabled;
  LkInstant now;
} TaskChange;

static void
task_view_free (gpointer data)
{
  TaskView *self = data;

  lk_task_free (self->task);
  lk_server_profile_free (self->server);
  lk_search_free (self->search);
  g_free (self);
}

static TaskView *
task_view_new (LkDb *db, const LkTask *task, LkInstant now)
{
  TaskView *self = g_new0 (TaskView, 1);

  /* A name that is gone is shown as such; that is not a failure of the list. */
  self->task = lk_task_copy (task);
  self->server = lk_server_store_get (db, task->server_id, NULL);
  self->search = lk_search_store_get (db, task->search_id, NULL);
  lk_task_secret_get_overlap_end (db, task->id, now, &self->overlap_end, NULL);

  return self;
}

static gpointer
list_job (LkDb *db, gpointer now, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) tasks = lk_task_store_list (db, error);
  GPtrArray *views;

  if (tasks == NULL)
    return NULL;

  views = g_ptr_array_new_with_free_func (task_view_free);
  for (guint i = 0; i < tasks->len; i++)
    g_ptr_array_add (views,
                     task_view_new (db, g_ptr_array_index (tasks, i), *(const LkInstant *) now));

  return views;
}

static gpointer
get_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const TaskQuestion *question = data;
  g_autoptr (LkTask) task = lk_task_store_find (db, question->name, error);
  GPtrArray *views;

  if (task == NULL)
    return NULL;

  views = g_ptr_array_new_with_free_func (task_view_free);
  g_ptr_array_add (views, task_view_new (db, task, question->now));

  return views;
}

static gpointer
set_enabled_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const TaskChange *change = data;

  return GINT_TO_POINTER (
      lk_task_store_set_enabled (db, change->id, change->enabled, change->now, error));
}

static gpointer
remove_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const TaskChange *change = data;

  return GINT_TO_POINTER (lk_task_store_remove (db, change->id, change->now, error));
}

static const char *
get_server_name (const TaskView *view)
{
  return view->server != NULL ? view->server->name : _ ("(deleted)");
}

static const char *
get_search_name (const TaskView *view)
{
  return view->search != NULL ? view->search->name : _ ("(deleted)");
}

static void
add_schedule (JsonBuilder *builder, const LkTask *task)
{
  g_autofree char *every = lk_recurrence_format_every (&task->recurrence);
  g_autofree char *start = lk_recurrence_format_start (&task->recurrence);

  lk_json_add_text (builder, "every", every);
  lk_json_add_text (builder, "start", start);
  lk_json_add_text (builder, "zone", task->recurrence.zone);
  lk_json_add_instant (builder, "lastRan", task->last_ran_at);
  lk_json_add_instant (builder, "nextRun", task->next_due_at);
}

/* An own header is there to carry a key, as a rule: its value is left out, as in the log. */
static char *
dup_header (const char *header)
{
  return g_strdup_printf ("%.*s: (left out)", (int) strcspn (header, ":"), header);
}

static const char *
get_secret_place (const LkTask *task)
{
  if (!task->has_secret)
    return NULL;

  return task->secret_in_keyring ? "keyring" : "workspace";
}

static void
add_webhook (JsonBuilder *builder, const LkTask *task, LkInstant overlap_end)
{
  lk_json_add_flag (builder, "webhook", task->webhook_enabled);
  lk_json_add_text (builder, "url", task->url);
  lk_json_add_text (builder, "secret", task->has_secret ? "set" : "not set");
  lk_json_add_text (builder, "secretPlace", get_secret_place (task));
  lk_json_add_instant (builder, "oldSecretExpires", overlap_end);
  lk_json_add_text (builder, "userData", task->user_data);
  lk_json_add_flag (builder, "standardWebhooks", task->standard_webhooks);
  lk_json_add_text (builder, "send", task->send);
  json_builder_set_member_name (builder, "headers");
  json_builder_begin_array (builder);
  for (gsize i = 0; task->headers != NULL && task->headers[i] != NULL; i++)
    {
      g_autofree char *header = dup_header (task->headers[i]);

      json_builder_add_string_value (builder, header);
    }
  json_builder_end_array (builder);
  lk_json_add_text (builder, "caFile", task->ca_file);
  lk_json_add_text (builder, "clientCertificate", task->client_certificate);
  lk_json_add_int (builder, "concurrency", task->concurrency);
  lk_json_add_int (builder, "rateLimit", task->rate_limit);
  lk_json_add_int (builder, "connectTimeout", task->connect_timeout_s);
  lk_json_add_int (builder, "answerTimeout", task->answer_timeout_s);
  lk_json_add_text (builder, "proxy", task->proxy);
  lk_json_add_flag (builder, "atMostOnce", task->at_most_once);
  lk_json_add_flag (builder, "holdUnusual", task->hold_unusual);
}

static void
add_json (JsonBuilder *builder, const TaskView *view)
{
  json_builder_begin_object (builder);
  lk_json_add_text (builder, "name", view->task->name);
  lk_json_add_flag (builder, "enabled", view->task->enabled);
  lk_json_add_text (builder, "server", view->server != NULL ? view->server->name : NULL);
  lk_json_add_text (builder, "search", view->search != NULL ? view->search->name : NULL);
  add_schedule (builder, view->task);
  add_webhook (builder, view->task, view->overlap_end);
  lk_json_add_flag (builder, "alert", view->task->alert);
  lk_json_add_text (builder, "notes", view->task->notes);
  json_builder_end_object (builder);
}

static void
print_list_json (LkCall *call, GPtrArray *views)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < views->len; i++)
    add_json (builder, g_ptr_array_index (views, i));
  json_builder_end_array (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static gboolean
run_list (LkCall *call, GError **error)
{
  LkInstant now = lk_clock_now (lk_call_get_clock (call));
  g_autoptr (GPtrArray) views = lk_call_read (call, list_job, &now, error);
  g_autoptr (LkTable) table = lk_table_new (_ ("ENABLED"), _ ("NAME"), _ ("SEARCH"), _ ("SERVER"),
                                            _ ("EVERY"), _ ("LAST RAN"), _ ("NEXT RUN"), NULL);

  if (views == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    {
      print_list_json (call, views);
      return TRUE;
    }

  for (guint i = 0; i < views->len; i++)
    {
      const TaskView *view = g_ptr_array_index (views, i);
      g_autofree char *every = lk_recurrence_format_every (&view->task->recurrence);

      lk_table_add (table, view->task->enabled ? _ ("yes") : _ ("no"));
      lk_table_add (table, view->task->name);
      lk_table_add (table, get_search_name (view));
      lk_table_add (table, get_server_name (view));
      lk_table_add (table, every);
      lk_table_add_instant (table, view->task->last_ran_at);
      lk_table_add_instant (table, view->task->next_due_at);
    }
  lk_table_print (table, lk_call_get_output (call));
  return TRUE;
}

static void
add_flag_pair (LkTable *table, const char *title, gboolean value)
{
  lk_table_add_pair (table, title, value ? _ ("yes") : _ ("no"));
}

static void
add_schedule_pairs (LkTable *table, const LkTask *task)
{
  g_autofree char *every = lk_recurrence_format_every (&task->recurrence);
  g_autofree char *start = lk_recurrence_format_start (&task->recurrence);
  g_autofree char *last = lk_output_format_instant (task->last_ran_at);
  g_autofree char *next = lk_output_format_instant (task->next_due_at);

  lk_table_add_pair (table, _ ("Every"), every);
  lk_table_add_pair (table, _ ("Start"), start);
  lk_table_add_pair (table, _ ("Zone"), task->recurrence.zone);
  lk_table_add_pair (table, _ ("Last ran"), last);
  lk_table_add_pair (table, _ ("Next run"), next);
}

/* How the receiver is spoken to, as far as it is not as usual. */
static void
add_way_pairs (LkTable *table, const LkTask *task)
{
  g_autofree char *rate = g_strdup_printf (_ ("%d requests a minute"), task->rate_limit);
  /* translators: seconds to connect and to answer */
  g_autofree char *timeouts = g_strdup_printf (_ ("%d s to connect, %d s to answer"),
                                               task->connect_timeout_s, task->answer_timeout_s);

  if (task->rate_limit > 0)
    lk_table_add_pair (table, _ ("Rate limit"), rate);
  lk_table_add_pair (table, _ ("Timeouts"), timeouts);
  if (*task->proxy != '\0')
    lk_table_add_pair (table, _ ("Proxy"), task->proxy);
}

static const char *
describe_secret (const LkTask *task)
{
  if (!task->has_secret)
    return _ ("not set");
  if (task->secret_in_keyring)
    return _ ("set, in the keyring of the desktop");

  return task->use_keyring ? _ ("set, in the workspace until a keyring of a desktop is open")
                           : _ ("set, in the workspace, which only you can read");
}

static void
add_webhook_pairs (LkTable *table, const LkTask *task, LkInstant overlap_end)
{
  g_autofree char *expires = lk_output_format_instant (overlap_end);
  g_autofree char *concurrency = g_strdup_printf ("%d", task->concurrency);

  add_flag_pair (table, _ ("Webhook"), task->webhook_enabled);
  lk_table_add_pair (table, _ ("URL"), task->url);
  lk_table_add_pair (table, _ ("Secret"), describe_secret (task));
  if (overlap_end > 0)
    lk_table_add_pair (table, _ ("Old secret expires"), expires);
  lk_table_add_pair (table, _ ("User data"), task->user_data);
  add_flag_pair (table, _ ("Standard Webhooks"), task->standard_webhooks);
  lk_table_add_pair (table, _ ("Send"), task->send);
  for (gsize i = 0; task->headers != NULL && task->headers[i] != NULL; i++)
    {
      g_autofree char *header = dup_header (task->headers[i]);

      lk_table_add_pair (table, _ ("Header"), header);
    }
  lk_table_add_pair (table, _ ("CA file"), task->ca_file);
  lk_table_add_pair (table, _ ("Client certificate"), task->client_certificate);
  lk_table_add_pair (table, _ ("Concurrency"), concurrency);
  add_way_pairs (table, task);
  add_flag_pair (table, _ ("At most once"), task->at_most_once);
  add_flag_pair (table, _ ("Hold unusual runs"), task->hold_unusual);
}

static void
print_task (LkCall *call, const TaskView *view)
{
  g_autoptr (LkTable) table = lk_table_new_pairs ();

  lk_table_add_pair (table, _ ("Name"), view->task->name);
  add_flag_pair (table, _ ("Enabled"), view->task->enabled);
  lk_table_add_pair (table, _ ("License server"), get_server_name (view));
  lk_table_add_pair (table, _ ("Search"), get_search_name (view));
  add_schedule_pairs (table, view->task);
  add_webhook_pairs (table, view->task, view->overlap_end);
  add_flag_pair (table, _ ("Alert"), view->task->alert);
  lk_table_add_pair (table, _ ("Notes"), view->task->notes);
  lk_table_print (table, lk_call_get_output (call));
}

static gboolean
run_show (LkCall *call, GError **error)
{
  TaskQuestion question = { lk_call_get_argument (call, 0),
                            lk_clock_now (lk_call_get_clock (call)) };
  g_autoptr (GPtrArray) views = lk_call_read (call, get_job, &question, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (views == NULL)
    return FALSE;

  if (lk_call_wants_json (call))
    {
      add_json (builder, g_ptr_array_index (views, 0));
      lk_output_json (lk_call_get_output (call), builder);
    }
  else
    print_task (call, g_ptr_array_index (views, 0));

  return TRUE;
}

static gboolean
change_named (LkCall *call, LkDbJobFunc job, gboolean enabled, const char *report, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  TaskChange change = { .enabled = enabled, .now = lk_clock_now (lk_call_get_clock (call)) };

  if (task == NULL)
    return FALSE;

  change.id = task->id;
  if (lk_call_write (call, job, &change, error) == NULL)
    return FALSE;

  lk_call_report (call, "task", task->name, report);
  return TRUE;
}

static gboolean
run_remove (LkCall *call, GError **error)
{
  return change_named (call, remove_job, FALSE, _ ("removed the task “%s”"), error);
}

static gboolean
run_enable (LkCall *call, GError **error)
{
  return change_named (call, set_enabled_job, TRUE, _ ("enabled the task “%s”"), error);
}

static gboolean
run_disable (LkCall *call, GError **error)
{
  return change_named (call, set_enabled_job, FALSE, _ ("disabled the task “%s”"), error);
}

const LkCommand lk_task_commands[] = {
  { "task list", NULL, N_ ("list the scheduled tasks"), 0, 0, NULL, run_list },
  { "task show", N_ ("NAME"), N_ ("show a task; of its secret only whether it is set"), 1, 1, NULL,
    run_show },
  { "task remove", N_ ("NAME"), N_ ("delete a task and what it still owes"), 1, 1, NULL,
    run_remove },
  { "task enable", N_ ("NAME"), N_ ("let the timer run it"), 1, 1, NULL, run_enable },
  { "task disable", N_ ("NAME"), N_ ("keep the timer from running it"), 1, 1, NULL, run_disable },
  { NULL },
};
