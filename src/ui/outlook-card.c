/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-outlook-card"

#include "config.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "store/change-feed.h"
#include "store/task-store.h"
#include "ui/ledger-buttons.h"
#include "ui/license-pick.h"
#include "ui/message.h"
#include "ui/outlook-card.h"
#include "ui/ui-init.h"

struct _LkOutlookCard
{
  GtkBox parent;

  LkContext *context;
  gint64 task_id;            /* 0: nothing is shown */
  gint64 license_id;         /* 0: not found yet */
  char *key;                 /* (nullable): the license as a person typed it */
  LkTask *task;              /* (nullable): as it was read last */
  LkLicenseOutlook *outlook; /* (nullable): what is shown */
  GCancellable *cancellable; /* (nullable): of the lookup that is under way */
  gboolean is_stale;         /* something changed since it began */

  GtkLabel *title;
  GtkLabel *headline;
  GtkLabel *details;
  LkLedgerButtons *buttons;
};

G_DEFINE_FINAL_TYPE (LkOutlookCard, lk_outlook_card, GTK_TYPE_BOX)

enum
{
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
give_up (LkOutlookCard *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void look_again (LkOutlookCard *self);

static void
end_look (LkOutlookCard *self)
{
  g_clear_object (&self->cancellable);
  if (self->is_stale)
    look_again (self);
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (!g_str_equal (gtk_label_get_label (label), text))
    gtk_label_set_label (label, text);
}

static void
show_buttons (LkOutlookCard *self)
{
  const LkLicenseOutlook *outlook = self->outlook;
  LkLedgerSubject subject = { 0 };

  gtk_widget_set_visible (GTK_WIDGET (self->buttons), outlook != NULL);
  if (outlook != NULL)
    subject = (LkLedgerSubject){ .task = outlook->task,
                                 .license_id = outlook->license_id,
                                 .license_key = outlook->license_key,
                                 .distinct_field = outlook->distinct_field,
                                 .is_sent = outlook->ledger.fired_at != 0 };
  lk_ledger_buttons_show (self->buttons, &subject);
}

static void
show_text (LkOutlookCard *self, const char *headline, const char *details)
{
  set_text (self->headline, headline);
  set_text (self->details, details);
  gtk_widget_set_visible (GTK_WIDGET (self->details), *details != '\0');
  show_buttons (self);
}

static char *
join (GPtrArray *sentences, guint from, guint to)
{
  GString *text = g_string_new (NULL);

  for (guint i = from; i < to; i++)
    g_string_append_printf (text, "%s%s", i > from ? "\n" : "",
                            (const char *) g_ptr_array_index (sentences, i));

  return g_string_free (text, FALSE);
}

/* Which parts of the search do not hold belongs to the answer; the rest is there to understand it.
 */
static void
show_outlook (LkOutlookCard *self)
{
  g_autoptr (GPtrArray) sentences = lk_license_outlook_explain (self->outlook);
  guint n_first = 1 + self->outlook->unmet->len;
  g_autofree char *headline = join (sentences, 0, n_first);
  g_autofree char *details = join (sentences, n_first, sentences->len);

  show_text (self, headline, details);
}

static void
show_failure (LkOutlookCard *self, const GError *error)
{
  g_autofree char *sentence = lk_message_format_error (error);

  g_clear_pointer (&self->outlook, lk_license_outlook_free);
  show_text (self, sentence, "");
  end_look (self);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkOutlookCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLicenseOutlook) outlook =
      lk_context_look_up_license_finish (LK_CONTEXT (source), result, &error);
  gboolean is_first;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (outlook == NULL)
    {
      show_failure (self, error);
      return;
    }

  is_first = self->outlook == NULL;
  g_clear_pointer (&self->outlook, lk_license_outlook_free);
  self->outlook = g_steal_pointer (&outlook);
  show_outlook (self);
  end_look (self);
  if (is_first)
    g_signal_emit (self, signals[ANSWERED], 0);
}

static void
look_up (LkOutlookCard *self)
{
  LkPreviewOptions options = { .now = lk_clock_now (lk_context_get_clock (self->context)),
                               .days = LK_PREVIEW_DEFAULT_DAYS,
                               .license_id = self->license_id };

  lk_context_look_up_license_async (self->context, self->task, &options, self->cancellable,
                                    looked_up_cb, g_object_ref (self));
}

static void
picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkOutlookCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) absent = NULL;
  g_autoptr (LkLicense) license = lk_license_pick_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_set_error (&absent, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("no license of the task’s License Server has the activation key “%s”"),
                 self->key);
  if (license == NULL)
    {
      show_failure (self, absent != NULL ? absent : error);
      return;
    }

  self->license_id = lk_license_get_id (license);
  look_up (self);
}

static gpointer
load_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_task_store_get (db, *(const gint64 *) data, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkOutlookCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkTask) task = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  g_autoptr (LkClause) clause = NULL;

  if (lk_db_pool_is_outdated (result))
    return;
  if (task == NULL)
    {
      show_failure (self, error);
      return;
    }

  g_clear_pointer (&self->task, lk_task_free);
  self->task = g_steal_pointer (&task);
  if (self->license_id != 0)
    {
      look_up (self);
      return;
    }

  clause = lk_license_pick_new_key_clause (self->key);
  lk_license_pick_async (self->context, self->task->server_id, clause, self->cancellable, picked_cb,
                         g_object_ref (self));
}

/* What is shown stays until the new answer is there. */
static void
look_again (LkOutlookCard *self)
{
  give_up (self);
  self->is_stale = FALSE;
  if (self->task_id == 0)
    return;

  self->cancellable = g_cancellable_new ();
  lk_db_pool_read_async (lk_context_get_pool (self->context), load_job,
                         g_memdup2 (&self->task_id, sizeof self->task_id), g_free,
                         (GDestroyNotify) lk_task_free, self->cancellable, loaded_cb,
                         g_object_ref (self));
}

static void
begin (LkOutlookCard *self, gint64 task_id, gint64 license_id, const char *key)
{
  lk_outlook_card_clear (self);
  self->task_id = task_id;
  self->license_id = license_id;
  self->key = g_strstrip (g_strdup (key));
  show_text (self, _ ("Looking…"), "");
  look_again (self);
}

static void
feed_changed_cb (LkChangeFeed *feed, guint changes, LkOutlookCard *self)
{
  g_assert (LK_IS_OUTLOOK_CARD (self));

  if ((changes & (LK_CHANGE_RUNS | LK_CHANGE_TASKS | LK_CHANGE_SEARCHES)) == 0
      || self->license_id == 0)
    return;

  if (self->cancellable != NULL)
    self->is_stale = TRUE;
  else
    look_again (self);
}

static void
lk_outlook_card_dispose (GObject *object)
{
  LkOutlookCard *self = LK_OUTLOOK_CARD (object);

  give_up (self);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_outlook_card_parent_class)->dispose (object);
}

static void
lk_outlook_card_finalize (GObject *object)
{
  LkOutlookCard *self = LK_OUTLOOK_CARD (object);

  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->outlook, lk_license_outlook_free);
  g_free (self->key);
  G_OBJECT_CLASS (lk_outlook_card_parent_class)->finalize (object);
}

static void
lk_outlook_card_class_init (LkOutlookCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_outlook_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_outlook_card_finalize;

  signals[ANSWERED] = g_signal_new ("answered", LK_TYPE_OUTLOOK_CARD, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LK_TYPE_LEDGER_BUTTONS);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/outlook-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LkOutlookCard, title);
  gtk_widget_class_bind_template_child (widget_class, LkOutlookCard, headline);
  gtk_widget_class_bind_template_child (widget_class, LkOutlookCard, details);
  gtk_widget_class_bind_template_child (widget_class, LkOutlookCard, buttons);
  gtk_widget_class_bind_template_callback (widget_class, look_again);
}

static void
lk_outlook_card_init (LkOutlookCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lk_outlook_card_new:
 * @context: the services
 *
 * Returns: (transfer none): a card that says nothing
 */
GtkWidget *
lk_outlook_card_new (LkContext *context)
{
  LkOutlookCard *self = g_object_new (LK_TYPE_OUTLOOK_CARD, NULL);

  lk_outlook_card_set_up (self, context);

  return GTK_WIDGET (self);
}

/**
 * lk_outlook_card_set_up:
 * @self: a card of a template
 * @context: the services
 *
 * Called once.
 */
void
lk_outlook_card_set_up (LkOutlookCard *self, LkContext *context)
{
  g_return_if_fail (LK_IS_OUTLOOK_CARD (self) && self->context == NULL);

  self->context = g_object_ref (context);
  lk_ledger_buttons_set_up (self->buttons, context);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);
}

/**
 * lk_outlook_card_show_title:
 * @self: a card
 * @title: the task's name, where several cards stand below one another
 */
void
lk_outlook_card_show_title (LkOutlookCard *self, const char *title)
{
  g_return_if_fail (LK_IS_OUTLOOK_CARD (self));

  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->title), TRUE);
  lk_ledger_buttons_name (self->buttons, title);
}

/**
 * lk_outlook_card_look:
 * @self: a card
 * @task_id: a task
 * @license_id: a license of the task's server
 */
void
lk_outlook_card_look (LkOutlookCard *self, gint64 task_id, gint64 license_id)
{
  g_return_if_fail (LK_IS_OUTLOOK_CARD (self));

  begin (self, task_id, license_id, "");
}

/**
 * lk_outlook_card_find:
 * @self: a card
 * @task_id: a task
 * @key: an activation key as typed
 */
void
lk_outlook_card_find (LkOutlookCard *self, gint64 task_id, const char *key)
{
  g_return_if_fail (LK_IS_OUTLOOK_CARD (self) && key != NULL);

  begin (self, task_id, 0, key);
}

/**
 * lk_outlook_card_clear:
 * @self: a card
 *
 * Says nothing any more.
 */
void
lk_outlook_card_clear (LkOutlookCard *self)
{
  g_return_if_fail (LK_IS_OUTLOOK_CARD (self));

  give_up (self);
  g_clear_pointer (&self->outlook, lk_license_outlook_free);
  g_clear_pointer (&self->key, g_free);
  self->task_id = 0;
  self->license_id = 0;
  show_text (self, "", "");
}
