/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-alerts"

#include "config.h"

#include <glib/gi18n.h>

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
