/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-send-test"

#include "config.h"

#include <glib/gi18n.h>

#include "store/search-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/license-pick.h"
#include "ui/message.h"
#include "ui/send-test.h"
#include "ui/test-text.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

enum
{
  WHICH_FIRST_MATCH,
  WHICH_SAMPLE,
  WHICH_KEY,
};

struct _LkSendTest
{
  GtkBox parent;

  LkContext *context;
  LkTaskItem *item;          /* (nullable) */
  GCancellable *cancellable; /* of the test that is under way; %NULL for none */
  LkReply *reply;            /* (nullable): of the last test */
  LkDelivery *delivery;      /* (nullable): of the last test */

  GtkDropDown *which;
  GtkWidget *key;
  GtkWidget *cancel_button;
  GtkSpinner *spinner;
  GtkImage *verdict_icon;
  GtkLabel *verdict;
  GtkWidget *result;
  GtkCheckButton *pretty;
  GtkTextView *request;
  GtkTextView *response;
};

G_DEFINE_FINAL_TYPE (LkSendTest, lk_send_test, GTK_TYPE_BOX)

/* One test on its way. */
typedef struct
{
  LkSendTest *panel;
  GCancellable *cancellable;
  LkTask *task;
  char *secret; /* (nullable): not saved yet */
} Trial;

static void
trial_free (Trial *trial)
{
  g_object_unref (trial->panel);
  g_object_unref (trial->cancellable);
  lk_task_free (trial->task);
  g_clear_pointer (&trial->secret, lk_secret_free);
  g_free (trial);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trial, trial_free)

/* The one place that says what is possible here. */
static void
update_enabled (LkSendTest *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "test.send", !busy && self->item != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "test.cancel", busy);
  gtk_widget_set_visible (self->cancel_button, busy);
  gtk_widget_set_visible (self->key, lk_choice_get (self->which) == WHICH_KEY);
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
show_verdict (LkSendTest *self, const char *icon_name, const char *css_class, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->verdict_icon), icon_name != NULL);
  gtk_image_set_from_icon_name (self->verdict_icon, icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->verdict_icon), (const char *[]){ css_class, NULL });
  gtk_label_set_label (self->verdict, text);
}

static void
show_request (LkSendTest *self)
{
  g_autofree char *text = lk_test_text_format_request (self->reply, self->delivery,
                                                       gtk_check_button_get_active (self->pretty));

  lk_form_show_exact_text (self->request, text);
}

static void
show_reply (LkSendTest *self)
{
  gboolean success = self->reply->attempt->outcome == LK_OUTCOME_SUCCESS;
  g_autofree char *verdict = lk_test_text_format_verdict (self->reply);
  g_autofree char *response = lk_test_text_format_response (self->reply);

  show_verdict (self, success ? "lk-state-delivered-symbolic" : "lk-warning-symbolic",
                success ? "success" : "error", verdict);
  show_request (self);
  lk_form_show_exact_text (self->response, response);
  gtk_widget_set_visible (self->result, TRUE);
}

static void
finish (LkSendTest *self)
{
  g_clear_object (&self->cancellable);
  update_enabled (self);
}

static void
show_failure (LkSendTest *self, const GError *error)
{
  g_autofree char *sentence = lk_message_format_error (error);

  show_verdict (self, "lk-warning-symbolic", "error", sentence);
  gtk_widget_set_visible (self->result, FALSE);
  finish (self);
}

static void
forget_reply (LkSendTest *self)
{
  g_clear_pointer (&self->reply, lk_reply_free);
  g_clear_pointer (&self->delivery, lk_delivery_free);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trial) trial = user_data;
  LkSendTest *self = trial->panel;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDelivery) delivery = NULL;
  g_autoptr (LkReply) reply =
      lk_context_send_test_finish (LK_CONTEXT (source), result, &delivery, &error);

  if (g_cancellable_is_cancelled (trial->cancellable))
    return;
  if (reply == NULL)
    {
      show_failure (self, error);
      return;
    }

  forget_reply (self);
  self->reply = g_steal_pointer (&reply);
  self->delivery = g_steal_pointer (&delivery);
  finish (self);
  show_reply (self);
}

static void
fire (Trial *trial, LkLicense *license)
{
  show_verdict (trial->panel, NULL, NULL, _ ("Waiting for the receiver…"));
  lk_context_send_test_async (trial->panel->context, trial->task, trial->secret, license,
                              trial->cancellable, sent_cb, trial);
}

static void
picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trial) trial = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLicense) license = lk_license_pick_finish (result, &error);

  if (g_cancellable_is_cancelled (trial->cancellable))
    return;
  if (license == NULL)
    show_failure (trial->panel, error);
  else
    fire (g_steal_pointer (&trial), license);
}

static void
pick (Trial *trial, LkClause *clause)
{
  g_autoptr (Trial) owned = trial;
  g_autoptr (GError) error = NULL;

  if (!lk_clause_check (clause, &error))
    {
      show_failure (trial->panel, error);
      return;
    }

  lk_license_pick_async (trial->panel->context, trial->task->server_id, clause, trial->cancellable,
                         picked_cb, g_steal_pointer (&owned));
}

static gpointer
read_search_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_search_store_get (db, *(gint64 *) data, error);
}

static void
search_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trial) trial = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkSearch) search = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  g_autoptr (LkMacroContext) macros = NULL;
  g_autoptr (LkClause) clause = NULL;

  if (g_cancellable_is_cancelled (trial->cancellable))
    return;
  if (search == NULL)
    {
      show_failure (trial->panel, error);
      return;
    }

  macros = lk_time_new_macro_context (lk_context_get_clock (trial->panel->context));
  clause = lk_clause_new (search->sql, -1, macros);
  pick (g_steal_pointer (&trial), clause);
}

static void
read_search (Trial *trial)
{
  gint64 *id = g_new (gint64, 1);

  *id = trial->task->search_id;
  lk_db_pool_read_async (lk_context_get_pool (trial->panel->context), read_search_job, id, g_free,
                         (GDestroyNotify) lk_search_free, trial->cancellable, search_read_cb,
                         trial);
}

static Trial *
trial_new (LkSendTest *self, LkTask *task)
{
  Trial *trial = g_new0 (Trial, 1);

  self->cancellable = g_cancellable_new ();
  trial->panel = g_object_ref (self);
  trial->cancellable = g_object_ref (self->cancellable);
  trial->task = task;
  trial->secret = g_strdup (lk_task_item_get_text (self->item, LK_TASK_FIELD_SECRET));
  return trial;
}

static void
start (LkSendTest *self, LkTask *task)
{
  Trial *trial = trial_new (self, task);
  gint64 which = lk_choice_get (self->which);
  g_autoptr (LkClause) clause = NULL;

  update_enabled (self);
  show_verdict (self, NULL, NULL, _ ("Looking for the license…"));
  if (which == WHICH_SAMPLE)
    fire (trial, NULL);
  else if (which == WHICH_FIRST_MATCH)
    read_search (trial);
  else
    {
      clause = lk_license_pick_new_key_clause (gtk_editable_get_text (GTK_EDITABLE (self->key)));
      pick (trial, clause);
    }
}

static void
stop (LkSendTest *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  finish (self);
}

static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_send_test_send (LK_SEND_TEST (widget));
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  stop (LK_SEND_TEST (widget));
  show_verdict (LK_SEND_TEST (widget), NULL, NULL, _ ("Stopped."));
}

static void
which_changed_cb (LkSendTest *self)
{
  update_enabled (self);
}

static void
key_activated_cb (LkSendTest *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "test.send", NULL);
}

static void
pretty_toggled_cb (LkSendTest *self)
{
  if (self->reply != NULL)
    show_request (self);
}

static void
copy_request_cb (LkSendTest *self)
{
  g_autofree char *text = NULL;

  if (self->reply == NULL)
    return;

  text = lk_test_text_format_request (self->reply, self->delivery, FALSE);
  lk_form_copy (GTK_WIDGET (self), text);
}

static void
copy_response_cb (LkSendTest *self)
{
  g_autofree char *text = NULL;

  if (self->reply == NULL)
    return;

  text = lk_test_text_format_response (self->reply);
  lk_form_copy (GTK_WIDGET (self), text);
}

static void
lk_send_test_dispose (GObject *object)
{
  LkSendTest *self = LK_SEND_TEST (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  forget_reply (self);
  g_clear_object (&self->item);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_send_test_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LkSendTest, child)

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/send-test.ui");
  BIND (which);
  BIND (key);
  BIND (cancel_button);
  BIND (spinner);
  BIND (verdict_icon);
  BIND (verdict);
  BIND (result);
  BIND (pretty);
  BIND (request);
  BIND (response);
  gtk_widget_class_bind_template_callback (widget_class, which_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, pretty_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_request_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_response_cb);
}

static void
lk_send_test_class_init (LkSendTestClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_send_test_dispose;
  gtk_widget_class_install_action (widget_class, "test.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "test.cancel", NULL, cancel_action);
  bind_template (widget_class);
}

static void
lk_send_test_init (LkSendTest *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_choice_set_up (self->which);
  lk_choice_add (self->which, WHICH_FIRST_MATCH, _ ("The first that matches"));
  lk_choice_add (self->which, WHICH_SAMPLE, _ ("The sample license"));
  lk_choice_add (self->which, WHICH_KEY, _ ("The one with this key"));
  update_enabled (self);
}

void
lk_send_test_set_up (LkSendTest *self, LkContext *context)
{
  g_set_object (&self->context, context);
}

/**
 * lk_send_test_show:
 * @self: a panel
 * @item: (nullable): whose settings to try; a test of another task is stopped
 */
void
lk_send_test_show (LkSendTest *self, LkTaskItem *item)
{
  if (self->item == item)
    return;

  stop (self);
  g_set_object (&self->item, item);
  forget_reply (self);
  gtk_widget_set_visible (self->result, FALSE);
  show_verdict (self, NULL, NULL,
                _ ("Sends one real request with the settings above, saved or not. It is logged as "
                   "a test, and the license counts as not yet sent."));
  update_enabled (self);
}

/* What Send Test does: sends for the license that is chosen, or says what keeps it from that. */
void
lk_send_test_send (LkSendTest *self)
{
  g_autoptr (GError) error = NULL;
  LkTask *task;

  if (self->item == NULL || self->cancellable != NULL)
    return;

  task = lk_task_item_to_task (self->item, &error);
  if (task == NULL)
    show_failure (self, error);
  else
    start (self, task);
}
