/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger-question"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/ledger-question.h"
#include "ui/message.h"

typedef struct
{
  LkContext *context;
  LkTask *task;
  gint64 license_id;
  LkLedgerChange change;
} Question;

static void
question_free (Question *self)
{
  g_clear_object (&self->context);
  g_clear_pointer (&self->task, lk_task_free);
  g_free (self);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gint64 n = lk_context_change_ledger_finish (LK_CONTEXT (source), result, &error);

  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Question *self = g_task_get_task_data (task);
  int answer = lk_message_choose_finish (result, NULL);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (answer == 1)
    lk_context_change_ledger_async (self->context, self->task, self->license_id, self->change,
                                    g_task_get_cancellable (task), changed_cb, g_object_ref (task));
  else
    g_task_return_boolean (task, FALSE);
}

static char *
describe_change (const LkTask *task, const char *license_key, LkLedgerChange change)
{
  if (change == LK_LEDGER_FORGET)
    return g_strdup_printf (
        /* translators: an activation key, a task's name */
        _ ("“%s” will count as never sent by the task “%s”: the next run that finds it decides "
           "as for a new one. Nothing is sent now, and the log stays as it is."),
        license_key, task->name);

  return g_strdup_printf (
      /* translators: an activation key, a task's name */
      _ ("“%s” will count as sent by the task “%s” at this moment: runs treat it as if its webhook "
         "had gone out. Nothing is sent now, and the log stays as it is."),
      license_key, task->name);
}

/* What will be so afterwards. */
static char *
describe_effect (const LkTask *task, const char *license_key, const char *distinct_field,
                 LkLedgerChange change)
{
  g_autofree char *effect = describe_change (task, license_key, change);
  g_autofree char *group = NULL;

  if (*distinct_field == '\0')
    return g_steal_pointer (&effect);

  /* translators: a column's name */
  group = g_strdup_printf (_ ("All licenses with the same %s count as one."), distinct_field);

  return g_strjoin (" ", effect, group, NULL);
}

/**
 * lk_ledger_question_find_hindrance:
 * @task: a task
 *
 * Returns: (nullable): why neither Forget nor Mark as Sent would have an effect, translated; %NULL
 *   when they would
 */
const char *
lk_ledger_question_find_hindrance (const LkTask *task)
{
  LkPolicyKind kind;
  const char *rest;

  if (task->id == 0)
    return _ ("Save the task first: a task that is not saved has sent nothing");
  if (lk_policy_kind_find (task->send, &kind, &rest) && kind == LK_POLICY_EVERY_RUN)
    return _ ("This task sends every match at every run, whatever was sent before");

  return NULL;
}

/**
 * lk_ledger_question_ask_async:
 * @parent: a widget of the window that asks
 * @context: the services
 * @task: the task as it is stored
 * @license_id: the license
 * @license_key: what people know it by
 * @distinct_field: of the task's search; "" for none
 * @change: what to do
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Says what the change does, and makes it when the person agrees.
 */
void
lk_ledger_question_ask_async (GtkWidget *parent, LkContext *context, const LkTask *task,
                              gint64 license_id, const char *license_key,
                              const char *distinct_field, LkLedgerChange change,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  gboolean forget = change == LK_LEDGER_FORGET;
  const char *const buttons[] = { _ ("_Cancel"), forget ? _ ("_Forget") : _ ("_Mark as Sent"),
                                  NULL };
  g_autofree char *effect = describe_effect (task, license_key, distinct_field, change);
  GTask *asking = g_task_new (NULL, cancellable, callback, user_data);
  Question *self = g_new0 (Question, 1);

  g_task_set_source_tag (asking, lk_ledger_question_ask_async);
  self->context = g_object_ref (context);
  self->task = lk_task_copy (task);
  self->license_id = license_id;
  self->change = change;
  g_task_set_task_data (asking, self, (GDestroyNotify) question_free);
  lk_message_choose_async (parent,
                           forget ? _ ("Forget That It Was Sent?") : _ ("Mark as Already Sent?"),
                           effect, buttons, -1, cancellable, answered_cb, asking);
}

/**
 * lk_ledger_question_ask_finish:
 * @result: what the callback got
 * @error: as of lk_context_change_ledger_finish()
 *
 * Returns: whether it was done; %FALSE without an error when the person did not want it
 */
gboolean
lk_ledger_question_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
