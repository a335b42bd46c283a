/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-redeliver-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "store/delivery-decision.h"
#include "store/task-store.h"
#include "ui/message.h"
#include "ui/redeliver-dialog.h"
#include "ui/ui-init.h"

struct _LkRedeliverDialog
{
  GtkWindow parent_instance;

  GtkDropDown *since;
  GtkDropDown *tasks;
  GtkCheckButton *is_slow;
  GtkSpinButton *rate;
  GtkLabel *count;
  GtkWidget *redeliver;

  LkContext *context;
  GCancellable *cancellable; /* of the count under way */
  GArray *task_ids;          /* (element-type gint64): by the position in the drop-down */
  gint64 n;                  /* as counted; -1 while it is being counted */
};

G_DEFINE_FINAL_TYPE (LkRedeliverDialog, lk_redeliver_dialog, GTK_TYPE_WINDOW)

static const struct
{
  const char *title;
  LkInstant ago; /* 0: ever */
} periods[] = {
  { N_ ("the last hour"), LK_HOUR },        { N_ ("the last day"), LK_DAY },
  { N_ ("the last 3 days"), 3 * LK_DAY },   { N_ ("the last 7 days"), 7 * LK_DAY },
  { N_ ("the last 30 days"), 30 * LK_DAY }, { N_ ("the whole log"), 0 },
};

#define DEFAULT_PERIOD 3

/* What a person has asked for. */
typedef struct
{
  LkFailedFilter filter;
  gint64 per_minute;
  LkInstant now;
} Order;

static Order *
new_order (LkRedeliverDialog *self)
{
  Order *order = g_new0 (Order, 1);
  guint period = MIN (gtk_drop_down_get_selected (self->since), G_N_ELEMENTS (periods) - 1);
  guint task = gtk_drop_down_get_selected (self->tasks);

  order->now = lk_clock_now (lk_context_get_clock (self->context));
  order->filter.since = periods[period].ago > 0 ? order->now - periods[period].ago : 1;
  if (task < self->task_ids->len)
    order->filter.task_id = g_array_index (self->task_ids, gint64, task);
  if (gtk_check_button_get_active (self->is_slow))
    order->per_minute = gtk_spin_button_get_value_as_int (self->rate);

  return order;
}

static void
show_count (LkRedeliverDialog *self)
{
  g_autofree char *text = NULL;

  if (self->n < 0)
    text = g_strdup (_ ("Counting…"));
  else if (self->n == 0)
    text = g_strdup (_ ("Nothing is left to redeliver."));
  else
    text = g_strdup_printf (
        ngettext ("%'d webhook never arrived.", "%'d webhooks never arrived.", (gulong) self->n),
        (int) self->n);
  gtk_label_set_text (self->count, text);
  gtk_widget_set_sensitive (self->redeliver, self->n > 0);
}

/* Thread: a pool thread. */
static gpointer
count_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Order *order = data;
  gint64 n = lk_delivery_decision_count_failed (db, &order->filter, error);

  return n >= 0 ? g_memdup2 (&n, sizeof n) : NULL;
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkRedeliverDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *n = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  g_autofree char *sentence = NULL;

  if (lk_db_pool_is_outdated (result))
    return;

  if (n != NULL)
    {
      self->n = *n;
      show_count (self);
      return;
    }

  sentence = lk_message_format_error (error);
  gtk_label_set_text (self->count, sentence);
}

static void
count (LkRedeliverDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->n = -1;
  show_count (self);
  lk_db_pool_read_async (lk_context_get_pool (self->context), count_job, new_order (self), g_free,
                         g_free, self->cancellable, counted_cb, g_object_ref (self));
}

static void
changed_cb (LkRedeliverDialog *self)
{
  g_assert (LK_IS_REDELIVER_DIALOG (self));

  if (self->context != NULL)
    count (self);
}

static gpointer
list_tasks_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_task_store_list (db, error);
}

static void
tasks_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkRedeliverDialog) self = user_data;
  g_autoptr (GPtrArray) tasks = lk_db_pool_finish (LK_DB_POOL (source), result, NULL);
  GtkStringList *names = GTK_STRING_LIST (gtk_drop_down_get_model (self->tasks));

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);

      g_array_append_val (self->task_ids, task->id);
      gtk_string_list_append (names, task->name);
    }
}

/* Thread: a pool thread. */
static gpointer
send_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Order *order = data;

  lk_delivery_decision_send_failed (db, &order->filter, order->per_minute, order->now, error);

  return NULL;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkRedeliverDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error == NULL)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  lk_message_show_error (GTK_WIDGET (self), _ ("That Could Not Be Done"), error);
  count (self);
}

static void
redeliver_cb (GtkButton *button, LkRedeliverDialog *self)
{
  g_assert (LK_IS_REDELIVER_DIALOG (self));

  gtk_widget_set_sensitive (self->redeliver, FALSE);
  lk_db_pool_write_async (lk_context_get_pool (self->context), send_job, new_order (self), g_free,
                          NULL, NULL, sent_cb, g_object_ref (self));
}

static void
lk_redeliver_dialog_dispose (GObject *object)
{
  LkRedeliverDialog *self = LK_REDELIVER_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->context);
  g_clear_pointer (&self->task_ids, g_array_unref);

  G_OBJECT_CLASS (lk_redeliver_dialog_parent_class)->dispose (object);
}

static void
lk_redeliver_dialog_class_init (LkRedeliverDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_redeliver_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LK_RESOURCE_BASE "/redeliver-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LkRedeliverDialog, count);
  gtk_widget_class_bind_template_child (widget_class, LkRedeliverDialog, is_slow);
  gtk_widget_class_bind_template_child (widget_class, LkRedeliverDialog, rate);
  gtk_widget_class_bind_template_child (widget_class, LkRedeliverDialog, redeliver);
  gtk_widget_class_bind_template_child (widget_class, LkRedeliverDialog, since);
  gtk_widget_class_bind_template_child (widget_class, LkRedeliverDialog, tasks);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, redeliver_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lk_redeliver_dialog_init (LkRedeliverDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gint64 any = 0;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->task_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (self->task_ids, any);
  gtk_string_list_append (names, _ ("All Tasks"));
  gtk_drop_down_set_model (self->tasks, G_LIST_MODEL (names));
  for (gsize i = 0; i < G_N_ELEMENTS (periods); i++)
    gtk_string_list_append (titles, _ (periods[i].title));
  gtk_drop_down_set_model (self->since, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->since, DEFAULT_PERIOD);
  gtk_text_set_activates_default (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->rate))),
                                  TRUE);
}

/**
 * lk_redeliver_dialog_present:
 * @parent: a widget of the window that asks
 * @context: the services over the workspace
 *
 * Returns: (transfer none): the dialog, shown; it goes when it is closed
 */
GtkWindow *
lk_redeliver_dialog_present (GtkWidget *parent, LkContext *context)
{
  LkRedeliverDialog *self = g_object_new (LK_TYPE_REDELIVER_DIALOG, NULL);

  self->context = g_object_ref (context);
  lk_ui_set_parent (GTK_WINDOW (self), GTK_WINDOW (gtk_widget_get_root (parent)));
  lk_db_pool_read_async (lk_context_get_pool (context), list_tasks_job, NULL, NULL,
                         (GDestroyNotify) g_ptr_array_unref, NULL, tasks_listed_cb,
                         g_object_ref (self));
  count (self);
  gtk_window_present (GTK_WINDOW (self));

  return GTK_WINDOW (self);
}

/**
 * lk_redeliver_dialog_get_count:
 * @self: a dialog
 *
 * Returns: how many deliveries it would send again; -1 while they are being counted
 */
gint64
lk_redeliver_dialog_get_count (LkRedeliverDialog *self)
{
  g_return_val_if_fail (LK_IS_REDELIVER_DIALOG (self), -1);

  return self->n;
}
