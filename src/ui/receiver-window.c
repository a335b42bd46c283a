/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-receiver-window"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/receiver.h"
#include "store/task-secret.h"
#include "store/task-store.h"
#include "ui/catalog.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/received-table.h"
#include "ui/receiver-window.h"
#include "ui/test-text.h"
#include "ui/ui-init.h"

struct _LkReceiverWindow
{
  GtkWindow parent;

  LkContext *context;
  LkCatalog *catalog;
  LkReceiver *receiver;
  GCancellable *cancellable; /* of reading a task's secret */
  gboolean filling;
  GPtrArray *arrived;   /* of LkReceived: what the table does not show yet */
  guint arrived_source; /* shows them */

  GtkSpinButton *port;
  GtkWidget *start_button;
  GtkWidget *stop_button;
  GtkDropDown *answer;
  GtkDropDown *source;
  GtkWidget *secret;
  GtkImage *status_icon;
  GtkLabel *status;
  GtkColumnView *table;
  GtkTextView *detail;
};

G_DEFINE_FINAL_TYPE (LkReceiverWindow, lk_receiver_window, GTK_TYPE_WINDOW)

#define SLOW_MS       5000
#define SHOW_EVERY_MS 250

static const struct
{
  const char *title;
  guint status;
  guint delay_ms;
} answers[] = {
  { N_ ("200 OK"), 200, 0 },
  { N_ ("500 Internal Server Error"), 500, 0 },
  { N_ ("429 Too Many Requests"), 429, 0 },
  { N_ ("410 Gone"), 410, 0 },
  { N_ ("200 OK after 5 seconds"), 200, SLOW_MS },
};

static gboolean
is_listening (LkReceiverWindow *self)
{
  return lk_receiver_get_port (self->receiver) != 0;
}

static char *
format_address (LkReceiverWindow *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u/webhook", lk_receiver_get_port (self->receiver));
}

static void
show_status (LkReceiverWindow *self, const char *css_class, const char *text)
{
  gtk_label_set_label (self->status, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->status_icon), (const char *[]){ css_class, NULL });
}

/* The port is fixed while it listens. The focus goes first: an entry of GTK 4.8 that is made
 * insensitive under it goes on blinking and warns. */
static void
fix_port (LkReceiverWindow *self, gboolean fixed)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (fixed && focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->port)))
    gtk_widget_grab_focus (self->stop_button);
  gtk_widget_set_sensitive (GTK_WIDGET (self->port), !fixed);
}

/* The one place that says what is possible here. */
static void
update (LkReceiverWindow *self)
{
  gboolean listening = is_listening (self);
  g_autofree char *address = format_address (self);
  g_autofree char *text = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receiver.start", !listening);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receiver.stop", listening);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receiver.copy-address", listening);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receiver.clear",
                                 lk_received_table_count (self->table) > 0);
  gtk_widget_set_visible (self->start_button, !listening);
  gtk_widget_set_visible (self->stop_button, listening);
  fix_port (self, listening);
  if (listening)
    text = g_strdup_printf (_ ("Listening at %s until this window is closed."), address);
  show_status (self, listening ? "success" : "dim-label",
               listening ? text : _ ("Stopped: requests are refused."));
}

static void
show_detail (LkReceiverWindow *self)
{
  const LkReceived *received = lk_received_table_get_selected (self->table);
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;

  if (received != NULL)
    {
      body = lk_test_text_format_body (received->body, TRUE);
      text = g_strdup_printf ("POST %s\n%s\n%s", received->path, received->headers, body);
    }
  else
    text =
        g_strdup (_ ("Nothing has arrived yet. Give a Scheduled Task the address above as its URL, "
                     "then choose Send Test or Run Now there."));
  lk_form_show_exact_text (self->detail, text);
}

static void
selection_changed_cb (GtkSingleSelection *selection, GParamSpec *pspec, LkReceiverWindow *self)
{
  g_assert (LK_IS_RECEIVER_WINDOW (self));

  show_detail (self);
}

static gboolean
show_arrived_cb (gpointer user_data)
{
  LkReceiverWindow *self = user_data;

  self->arrived_source = 0;
  lk_received_table_add (self->table, self->arrived, LK_RECEIVER_WINDOW_MAX);
  g_ptr_array_set_size (self->arrived, 0);
  update (self);
  return G_SOURCE_REMOVE;
}

/* A run brings thousands: they are shown together, so that showing them does not slow it down. */
static void
received_cb (LkReceiver *receiver, const LkReceived *received, LkReceiverWindow *self)
{
  g_assert (LK_IS_RECEIVER_WINDOW (self));

  g_ptr_array_add (self->arrived, lk_received_copy (received));
  if (self->arrived_source == 0)
    self->arrived_source = g_timeout_add (SHOW_EVERY_MS, show_arrived_cb, self);
}

static void
answer_changed_cb (LkReceiverWindow *self)
{
  gint64 answer = lk_choice_get (self->answer);

  if (self->receiver != NULL)
    lk_receiver_set_answer (self->receiver, answers[answer].status, answers[answer].delay_ms);
}

static void
secret_changed_cb (LkReceiverWindow *self)
{
  lk_receiver_set_secret (self->receiver, gtk_editable_get_text (GTK_EDITABLE (self->secret)));
}

static void
secret_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkReceiverWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  char **secrets = lk_keyring_read_secrets_finish (LK_KEYRING (source), result, &error);

  if (secrets == NULL && self->catalog != NULL
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lk_message_show_error (GTK_WIDGET (self), _ ("The Secret Could Not Be Read"), error);
  if (secrets != NULL && self->catalog != NULL && lk_choice_get (self->source) != 0)
    lk_form_show_text (self->secret, secrets[0]);
  lk_task_secret_list_free (secrets);
}

/* The task's secret is taken over and never shown: the entry is a password entry. */
static void
source_changed_cb (LkReceiverWindow *self)
{
  gint64 task_id = lk_choice_get (self->source);

  /* Whatever is on its way belongs to an earlier choice. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_set_sensitive (self->secret, task_id == 0);
  if (task_id == 0 || self->filling)
    return;

  self->cancellable = g_cancellable_new ();
  lk_keyring_read_secrets_async (lk_context_get_keyring (self->context), task_id, NULL,
                                 self->cancellable, secret_read_cb, g_object_ref (self));
}

/* The first task that sends to this computer is what a new user has in front of them. */
static gint64
guess_task (GPtrArray *tasks)
{
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);

      if (task->has_secret
          && (strstr (task->url, "//127.0.0.1") != NULL
              || strstr (task->url, "//localhost") != NULL))
        return task->id;
    }

  return 0;
}

static void
fill_sources (LkReceiverWindow *self, GPtrArray *tasks)
{
  lk_choice_clear (self->source);
  lk_choice_add (self->source, 0, _ ("As typed"));
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);
      /* translators: where the secret comes from: a task's name */
      g_autofree char *title = g_strdup_printf (_ ("Of the task “%s”"), task->name);

      if (task->has_secret)
        lk_choice_add (self->source, task->id, title);
    }
}

static void
catalog_changed_cb (LkCatalog *catalog, LkReceiverWindow *self)
{
  GPtrArray *tasks = lk_catalog_get_tasks (catalog);
  gboolean first =
      g_list_model_get_n_items (gtk_drop_down_get_model (self->source)) == 0 && tasks != NULL;
  gint64 chosen = first ? guess_task (tasks) : lk_choice_get (self->source);

  g_assert (LK_IS_RECEIVER_WINDOW (self));

  if (!lk_catalog_is_loaded (catalog))
    return;

  self->filling = TRUE;
  fill_sources (self, tasks);
  lk_choice_set (self->source, chosen);
  if (gtk_drop_down_get_selected (self->source) == GTK_INVALID_LIST_POSITION)
    lk_choice_set (self->source, 0);
  self->filling = FALSE;
  source_changed_cb (self);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkReceiverWindow *self = LK_RECEIVER_WINDOW (widget);
  guint16 port = (guint16) gtk_spin_button_get_value_as_int (self->port);
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (lk_receiver_listen (self->receiver, port, &error))
    {
      update (self);
      return;
    }

  sentence = lk_message_format_error (error);
  show_status (self, "error", sentence);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkReceiverWindow *self = LK_RECEIVER_WINDOW (widget);

  lk_receiver_close (self->receiver);
  update (self);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkReceiverWindow *self = LK_RECEIVER_WINDOW (widget);

  g_ptr_array_set_size (self->arrived, 0);
  lk_received_table_clear (self->table);
  show_detail (self);
  update (self);
}

static void
copy_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *address = format_address (LK_RECEIVER_WINDOW (widget));

  lk_form_copy (widget, address);
}

static void
lk_receiver_window_dispose (GObject *object)
{
  LkReceiverWindow *self = LK_RECEIVER_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->receiver != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->receiver, self);
      lk_receiver_close (self->receiver);
    }
  g_clear_handle_id (&self->arrived_source, g_source_remove);
  g_clear_object (&self->catalog);
  G_OBJECT_CLASS (lk_receiver_window_parent_class)->dispose (object);
}

static void
lk_receiver_window_finalize (GObject *object)
{
  LkReceiverWindow *self = LK_RECEIVER_WINDOW (object);

  g_clear_pointer (&self->arrived, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->receiver);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_receiver_window_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LkReceiverWindow, child)

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LK_RESOURCE_BASE "/receiver-window.ui");
  BIND (port);
  BIND (start_button);
  BIND (stop_button);
  BIND (answer);
  BIND (source);
  BIND (secret);
  BIND (status_icon);
  BIND (status);
  BIND (table);
  BIND (detail);
  gtk_widget_class_bind_template_callback (widget_class, answer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, secret_changed_cb);
}

static void
lk_receiver_window_class_init (LkReceiverWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_receiver_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_receiver_window_finalize;
  gtk_widget_class_install_action (widget_class, "receiver.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "receiver.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "receiver.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "receiver.copy-address", NULL,
                                   copy_address_action);
  bind_template (widget_class);
}

static void
lk_receiver_window_init (LkReceiverWindow *self)
{
  GtkSingleSelection *selection;

  self->filling = TRUE;
  self->arrived = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_received_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  selection = lk_received_table_set_up (self->table);
  g_signal_connect_object (selection, "notify::selected-item", G_CALLBACK (selection_changed_cb),
                           self, 0);
  lk_choice_set_up (self->source);
  lk_choice_set_up (self->answer);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    lk_choice_add (self->answer, (gint64) i, _ (answers[i].title));
  self->filling = FALSE;
  show_detail (self);
}

/**
 * lk_receiver_window_new:
 * @context: the services
 *
 * Returns: (transfer none): the Test Receiver, not yet presented and not yet listening
 */
GtkWidget *
lk_receiver_window_new (LkContext *context)
{
  LkReceiverWindow *self = g_object_new (LK_TYPE_RECEIVER_WINDOW, NULL);

  self->context = g_object_ref (context);
  self->receiver = lk_receiver_new (lk_context_get_clock (context));
  g_signal_connect (self->receiver, "received", G_CALLBACK (received_cb), self);
  self->catalog = lk_catalog_new (context);
  g_signal_connect_object (self->catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  answer_changed_cb (self);
  update (self);
  return GTK_WIDGET (self);
}

void
lk_receiver_window_set_port (LkReceiverWindow *self, guint16 port)
{
  gtk_spin_button_set_value (self->port, port);
}

/* Returns: where it listens; 0 while it does not */
guint16
lk_receiver_window_get_port (LkReceiverWindow *self)
{
  return lk_receiver_get_port (self->receiver);
}
