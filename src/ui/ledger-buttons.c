/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger-buttons"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/ledger-buttons.h"
#include "ui/message.h"
#include "ui/ui-init.h"

struct _LkLedgerButtons
{
  GtkBox parent;

  LkContext *context;
  LkTask *task;      /* (nullable): as it is stored */
  gint64 license_id; /* 0: nothing can be done */
  char *license_key;
  char *distinct_field;
  gboolean is_sent;
  GCancellable *asking; /* (nullable): of a question to the person */

  GtkButton *forget;
  GtkButton *mark_sent;
};

G_DEFINE_FINAL_TYPE (LkLedgerButtons, lk_ledger_buttons, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A question to the person; the widget may be about something else by the time of the answer. */
typedef struct
{
  LkLedgerButtons *buttons;
  LkTask *task;
  gint64 license_id;
  LkLedgerChange change;
  GCancellable *cancellable;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->buttons);
  g_object_unref (self->cancellable);
  lk_task_free (self->task);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

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
describe_effect (LkLedgerButtons *self, LkLedgerChange change)
{
  g_autofree char *effect = describe_change (self->task, self->license_key, change);
  g_autofree char *group = NULL;

  if (*self->distinct_field == '\0')
    return g_steal_pointer (&effect);

  /* translators: a column's name */
  group = g_strdup_printf (_ ("All licenses with the same %s count as one."), self->distinct_field);

  return g_strjoin (" ", effect, group, NULL);
}

/* Why neither has an effect, translated; NULL when they have. */
static const char *
find_hindrance (const LkTask *task)
{
  LkPolicyKind kind;
  const char *rest;

  if (task->id == 0)
    return _ ("Save the task first: a task that is not saved has sent nothing");
  if (lk_policy_kind_find (task->send, &kind, &rest) && kind == LK_POLICY_EVERY_RUN)
    return _ ("This task sends every match at every run, whatever was sent before");

  return NULL;
}

static void
end_asking (LkLedgerButtons *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
}

/* One function decides. */
static void
update_actions (LkLedgerButtons *self)
{
  gboolean can_change = self->task != NULL && self->license_id != 0 && self->asking == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "ledger.forget", can_change && self->is_sent);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "ledger.mark-sent", can_change);
}

static void
show_tooltips (LkLedgerButtons *self, const char *hindrance)
{
  gtk_widget_set_tooltip_text (
      GTK_WIDGET (self->forget),
      hindrance != NULL ? hindrance : _ ("Let the license count as never sent by this task"));
  gtk_widget_set_tooltip_text (
      GTK_WIDGET (self->mark_sent),
      hindrance != NULL ? hindrance : _ ("Let the license count as already sent by this task"));
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  LkLedgerButtons *self = question->buttons;
  g_autoptr (GError) error = NULL;
  gint64 n = lk_context_change_ledger_finish (LK_CONTEXT (source), result, &error);

  if (g_cancellable_is_cancelled (question->cancellable))
    return;

  g_clear_object (&self->asking);
  update_actions (self);
  if (n < 0)
    lk_message_show_error (GTK_WIDGET (self), _ ("It Was Not Changed"), error);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  LkLedgerButtons *self = question->buttons;
  int answer = lk_message_choose_finish (result, NULL);
  const Question *asked = question;

  if (g_cancellable_is_cancelled (question->cancellable))
    return;
  if (answer == 1)
    lk_context_change_ledger_async (self->context, asked->task, asked->license_id, asked->change,
                                    asked->cancellable, changed_cb, g_steal_pointer (&question));
  else
    {
      g_clear_object (&self->asking);
      update_actions (self);
    }
}

static void
ask (LkLedgerButtons *self, LkLedgerChange change)
{
  gboolean forget = change == LK_LEDGER_FORGET;
  const char *const buttons[] = { _ ("_Cancel"), forget ? _ ("_Forget") : _ ("_Mark as Sent"),
                                  NULL };
  g_autofree char *effect = describe_effect (self, change);
  Question *question = g_new0 (Question, 1);

  self->asking = g_cancellable_new ();
  update_actions (self);
  question->buttons = g_object_ref (self);
  question->task = lk_task_copy (self->task);
  question->license_id = self->license_id;
  question->change = change;
  question->cancellable = g_object_ref (self->asking);
  lk_message_choose_async (GTK_WIDGET (self),
                           forget ? _ ("Forget That It Was Sent?") : _ ("Mark as Already Sent?"),
                           effect, buttons, -1, self->asking, answered_cb, question);
}

static void
forget_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask (LK_LEDGER_BUTTONS (widget), LK_LEDGER_FORGET);
}

static void
mark_sent_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask (LK_LEDGER_BUTTONS (widget), LK_LEDGER_MARK_SENT);
}

static void
lk_ledger_buttons_unrealize (GtkWidget *widget)
{
  end_asking (LK_LEDGER_BUTTONS (widget));
  GTK_WIDGET_CLASS (lk_ledger_buttons_parent_class)->unrealize (widget);
}

static void
lk_ledger_buttons_finalize (GObject *object)
{
  LkLedgerButtons *self = LK_LEDGER_BUTTONS (object);

  g_clear_object (&self->asking);
  g_clear_pointer (&self->task, lk_task_free);
  g_clear_object (&self->context);
  g_free (self->license_key);
  g_free (self->distinct_field);
  G_OBJECT_CLASS (lk_ledger_buttons_parent_class)->finalize (object);
}

static void
lk_ledger_buttons_class_init (LkLedgerButtonsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_ledger_buttons_finalize;
  widget_class->unrealize = lk_ledger_buttons_unrealize;
  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_LEDGER_BUTTONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "ledger.forget", NULL, forget_action);
  gtk_widget_class_install_action (widget_class, "ledger.mark-sent", NULL, mark_sent_action);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/ledger-buttons.ui");
  gtk_widget_class_bind_template_child (widget_class, LkLedgerButtons, forget);
  gtk_widget_class_bind_template_child (widget_class, LkLedgerButtons, mark_sent);
}

static void
lk_ledger_buttons_init (LkLedgerButtons *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}

/**
 * lk_ledger_buttons_set_up:
 * @self: buttons of a template
 * @context: the services
 *
 * Called once.
 */
void
lk_ledger_buttons_set_up (LkLedgerButtons *self, LkContext *context)
{
  g_return_if_fail (LK_IS_LEDGER_BUTTONS (self) && self->context == NULL);

  self->context = g_object_ref (context);
}

/**
 * lk_ledger_buttons_show:
 * @self: buttons
 * @subject: what they are about from now on; copied
 *
 * A question that is open stays, unless they are about nothing now.
 */
void
lk_ledger_buttons_show (LkLedgerButtons *self, const LkLedgerSubject *subject)
{
  const char *hindrance = subject->task != NULL ? find_hindrance (subject->task) : NULL;

  g_return_if_fail (LK_IS_LEDGER_BUTTONS (self));

  if (hindrance == NULL)
    hindrance = subject->hindrance;
  if (subject->task == NULL)
    end_asking (self);

  g_clear_pointer (&self->task, lk_task_free);
  g_free (self->license_key);
  g_free (self->distinct_field);
  self->task = subject->task != NULL ? lk_task_copy (subject->task) : NULL;
  self->license_id = hindrance == NULL ? subject->license_id : 0;
  self->license_key = g_strdup (subject->license_key);
  self->distinct_field = g_strdup (subject->distinct_field);
  self->is_sent = subject->is_sent;
  show_tooltips (self, hindrance);
  update_actions (self);
}

/**
 * lk_ledger_buttons_name:
 * @self: buttons
 * @task_name: the task's name, where several of them stand below one another
 */
void
lk_ledger_buttons_name (LkLedgerButtons *self, const char *task_name)
{
  g_autofree char *forget = g_strdup_printf (_ ("Forget for the task “%s”"), task_name);
  g_autofree char *mark_sent = g_strdup_printf (_ ("Mark as sent for the task “%s”"), task_name);

  g_return_if_fail (LK_IS_LEDGER_BUTTONS (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->forget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  forget, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark_sent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  mark_sent, -1);
}

/**
 * lk_ledger_buttons_add_mnemonics:
 * @self: the only buttons of their window
 */
void
lk_ledger_buttons_add_mnemonics (LkLedgerButtons *self)
{
  g_return_if_fail (LK_IS_LEDGER_BUTTONS (self));

  gtk_button_set_use_underline (self->forget, TRUE);
  gtk_button_set_use_underline (self->mark_sent, TRUE);
  gtk_button_set_label (self->forget, _ ("_Forget…"));
  gtk_button_set_label (self->mark_sent, _ ("_Mark as Sent…"));
}
