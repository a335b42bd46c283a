/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-alerts"

#include "config.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "core/error.h"
#include "store/task-store.h"
#include "ui/alerts.h"
#include "ui/form.h"

/* A run whose task is being looked up. */
typedef struct
{
  GApplication *application;
  LkRun *run;
} Alert;

static void
alert_free (Alert *self)
{
  g_object_unref (self->application);
  lk_run_free (self->run);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Alert, alert_free)

static char *
describe_matches (const LkRun *run)
{
  g_autofree char *matched = g_strdup_printf (
      ngettext ("%'d license matched", "%'d licenses matched", (gulong) run->matched),
      (int) run->matched);
  g_autofree char *sent = NULL;

  if (run->fired == 0)
    sent = g_strdup (_ ("nothing was sent"));
  else
    /* translators: on its way, not yet delivered */
    sent = g_strdup_printf (ngettext ("%'d webhook is on its way", "%'d webhooks are on their way",
                                      (gulong) run->fired),
                            (int) run->fired);
  if (run->held > 0)
    /* translators: the parts of a sentence: what matched, what was sent, how many are held */
    return g_strdup_printf (_ ("%s, %s, %d of them held for a look."), matched, sent,
                            (int) run->held);

  /* translators: the two halves of a sentence: what matched, what was sent */
  return g_strdup_printf (_ ("%s, %s."), matched, sent);
}

static void
send (GApplication *application, const LkRun *run)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;
  g_autofree char *id = NULL;

  if (!lk_alert_describe (run, &title, &body))
    return;

  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_default_action (notification, "app.present");
  if (run->state == LK_RUN_FAILED)
    g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  /* The newest run of a task takes the place of the one before it. */
  id = g_strdup_printf ("task-%" G_GINT64_FORMAT, run->task_id);
  g_application_send_notification (application, id, notification);
}

/* Thread: a pool thread. */
static gpointer
read_task_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_task_store_get (db, *(gint64 *) data, error);
}

static void
task_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Alert) alert = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkTask) task = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (task != NULL && task->alert)
    send (alert->application, alert->run);
  /* A task that was deleted meanwhile has nobody left to tell. */
  if (error != NULL && !g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("no notification for “%s”: %s", alert->run->task_name, error->message);
}

static void
run_finished_cb (LkContext *context, const LkRun *run, GApplication *application)
{
  Alert *alert;
  gint64 *task_id;

  g_assert (LK_IS_CONTEXT (context));
  g_assert (G_IS_APPLICATION (application));

  alert = g_new0 (Alert, 1);
  alert->application = g_object_ref (application);
  alert->run = lk_run_copy (run);
  task_id = g_new (gint64, 1);
  *task_id = run->task_id;
  lk_db_pool_read_async (lk_context_get_pool (context), read_task_job, task_id, g_free,
                         (GDestroyNotify) lk_task_free, NULL, task_read_cb, alert);
}

/* What was known when attention was looked at last. */
typedef struct
{
  GApplication *application; /* not owned: it outlives its windows */
  GHashTable *known;         /* id of a notification to LkConcern */
  gboolean has_looked;
} Watch;

static void
watch_free (gpointer data, GClosure *closure)
{
  Watch *self = data;

  g_hash_table_unref (self->known);
  g_free (self);
}

/* @id: (transfer full)
 * @body: a fragment */
static void
add_news (GPtrArray *news, char *id, const char *title, const char *body)
{
  LkNews *item = g_new0 (LkNews, 1);

  item->id = id;
  item->title = g_strdup (title);
  item->body = lk_form_make_sentence (body);
  g_ptr_array_add (news, item);
}

/* Notes how bad it is now. Returns whether it is worse than it was. */
static gboolean
is_worse (GHashTable *known, GHashTable *seen, const char *id, LkConcern concern)
{
  gpointer before = g_hash_table_lookup (known, id);

  g_hash_table_insert (seen, g_strdup (id), GINT_TO_POINTER (concern));

  return (int) concern > GPOINTER_TO_INT (before);
}

static void
find_news_of_endpoint (GPtrArray *news, const LkEndpoint *endpoint, LkInstant now,
                       GHashTable *known, GHashTable *seen)
{
  LkConcern concern = lk_endpoint_get_concern (endpoint, now);
  g_autofree char *id = g_strconcat ("receiver-", endpoint->url, NULL);
  g_autofree char *reason = lk_endpoint_describe (endpoint, now);
  g_autofree char *body = g_strdup_printf ("%s: %s", endpoint->url, reason);

  /* One day is told in the window only. */
  if (is_worse (known, seen, id, concern) && concern > LK_CONCERN_DAY)
    add_news (news, g_steal_pointer (&id),
              concern == LK_CONCERN_PAUSED ? _ ("A receiver is paused")
                                           : _ ("A receiver will be paused"),
              body);
}

static void
find_news_of_run (GPtrArray *news, const LkHeldRun *held, GHashTable *known, GHashTable *seen)
{
  g_autofree char *id =
      g_strdup_printf ("held-%" G_GINT64_FORMAT "-%d", held->run_id, (int) held->kind);
  g_autofree char *title = NULL;

  if (!is_worse (known, seen, id, LK_CONCERN_PAUSED))
    return;

  /* translators: the title of a notification; %s is a Scheduled Task */
  title = g_strdup_printf (_ ("“%s” waits for you"), held->task_name);
  add_news (news, g_steal_pointer (&id), title, held->reason);
}

static void
find_news_of_task (GPtrArray *news, const LkTaskStanding *standing, GHashTable *known,
                   GHashTable *seen)
{
  g_autofree char *id = g_strdup_printf ("overdue-%" G_GINT64_FORMAT, standing->task->id);
  g_autofree char *title = NULL;

  if (!standing->is_overdue || !is_worse (known, seen, id, LK_CONCERN_PAUSED))
    return;

  /* translators: the title of a notification; %s is a Scheduled Task */
  title = g_strdup_printf (_ ("“%s” should have run and has not"), standing->task->name);
  add_news (news, g_steal_pointer (&id), title, _ ("See who runs the schedule"));
}

static void
find_news_of_keyring (GPtrArray *news, const char *problem, GHashTable *known, GHashTable *seen)
{
  const char *id = "keyring";

  if (problem != NULL && is_worse (known, seen, id, LK_CONCERN_PAUSED))
    add_news (news, g_strdup (id), _ ("A secret cannot be read"), problem);
}

/* Whoever looks at the window sees it there. */
static gboolean
is_looked_at (GApplication *application)
{
  GtkWindow *window = GTK_IS_APPLICATION (application)
                          ? gtk_application_get_active_window (GTK_APPLICATION (application))
                          : NULL;

  return window != NULL && gtk_window_is_active (window);
}

static void
attention_changed_cb (LkAttention *attention, Watch *watch)
{
  GApplication *application = watch->application;
  const LkNeeds needs = {
    .endpoints = lk_attention_get_endpoints (attention),
    .held_runs = lk_attention_get_held_runs (attention),
    .standings = lk_attention_get_standings (attention),
    .keyring_problem = lk_attention_get_keyring_problem (attention, NULL),
  };
  g_autoptr (GPtrArray) news =
      lk_alerts_find_news (&needs, lk_attention_get_time (attention), watch->known);
  gboolean is_news = watch->has_looked;

  watch->has_looked = TRUE;
  if (!is_news || is_looked_at (application))
    return;

  for (guint i = 0; i < news->len; i++)
    {
      const LkNews *item = g_ptr_array_index (news, i);
      g_autoptr (GNotification) notification = g_notification_new (item->title);

      g_notification_set_body (notification, item->body);
      g_notification_set_default_action (notification, "app.present");
      g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
      g_application_send_notification (application, item->id, notification);
    }
}

/**
 * lk_news_free:
 * @self: (nullable) (transfer full): news
 */
void
lk_news_free (LkNews *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->title);
  g_free (self->body);
  g_free (self);
}

/**
 * lk_alerts_find_news:
 * @needs: what needs a person
 * @now: the time
 * @known: (element-type utf8 LkConcern): what was told before; brought up to date
 *
 * Returns: (transfer full) (element-type LkNews): what is worse than it was
 */
GPtrArray *
lk_alerts_find_news (const LkNeeds *needs, LkInstant now, GHashTable *known)
{
  GPtrArray *news = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_news_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id, concern;

  for (guint i = 0; i < needs->endpoints->len; i++)
    find_news_of_endpoint (news, g_ptr_array_index (needs->endpoints, i), now, known, seen);
  for (guint i = 0; i < needs->held_runs->len; i++)
    find_news_of_run (news, g_ptr_array_index (needs->held_runs, i), known, seen);
  for (guint i = 0; i < needs->standings->len; i++)
    find_news_of_task (news, g_ptr_array_index (needs->standings, i), known, seen);
  find_news_of_keyring (news, needs->keyring_problem, known, seen);

  g_hash_table_remove_all (known);
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &id, &concern))
    {
      g_hash_table_insert (known, g_strdup (id), concern);
      g_hash_table_iter_remove (&iter);
    }

  return news;
}

/**
 * lk_alerts_watch_attention:
 * @application: shows the notifications; its action `present` is what a click on one does
 * @attention: what needs a person
 *
 * From now on a desktop notification tells when a receiver is paused, or will be within two days,
 * when a run is held for a look, when a task should have run and has not, and when a secret cannot
 * be read, unless the window is in front. What stands already when the
 * program starts is told in the window only.
 */
void
lk_alerts_watch_attention (GApplication *application, LkAttention *attention)
{
  Watch *watch;

  g_return_if_fail (G_IS_APPLICATION (application));
  g_return_if_fail (LK_IS_ATTENTION (attention));

  watch = g_new0 (Watch, 1);
  watch->application = application;
  watch->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect_data (attention, "changed", G_CALLBACK (attention_changed_cb), watch, watch_free,
                         0);
}

/**
 * lk_alerts_watch:
 * @application: shows the notifications; its action `present` is what a click on one does
 * @context: the services whose runs are watched
 *
 * From now on a desktop notification tells of each run of a task with LkTask.alert that matched
 * something or failed. Runs of another process are not told: the agent has no desktop.
 *
 * Thread: the main loop.
 */
void
lk_alerts_watch (GApplication *application, LkContext *context)
{
  g_return_if_fail (G_IS_APPLICATION (application));
  g_return_if_fail (LK_IS_CONTEXT (context));

  g_signal_connect_object (context, "run-finished", G_CALLBACK (run_finished_cb), application, 0);
}

/**
 * lk_alert_describe:
 * @run: a run that ended
 * @title: (out) (transfer full): what happened, in a few words
 * @body: (out) (transfer full): the counts, or why it failed
 *
 * Returns: whether there is anything to tell; if not, neither text is set
 */
gboolean
lk_alert_describe (const LkRun *run, char **title, char **body)
{
  g_return_val_if_fail (run != NULL, FALSE);

  if (run->state == LK_RUN_FAILED)
    {
      /* translators: the title of a notification; %s is a Scheduled Task */
      *title = g_strdup_printf (_ ("“%s” failed"), run->task_name);
      *body = lk_form_make_sentence (run->error);
      return TRUE;
    }
  if (run->state != LK_RUN_FINISHED || run->matched == 0)
    return FALSE;

  /* translators: the title of a notification; %s is a Scheduled Task */
  *title = g_strdup_printf (_ ("“%s” has run"), run->task_name);
  *body = describe_matches (run);

  return TRUE;
}
