/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-window"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/run-plan.h"
#include "store/task-store.h"
#include "ui/license-window.h"
#include "ui/message.h"
#include "ui/outlook-card.h"
#include "ui/ui-init.h"

struct _LkLicenseWindow
{
  GtkWindow parent;

  LkContext *context;
  gint64 server_id;
  gint64 license_id;
  GCancellable *cancellable; /* (nullable): of the list of tasks */

  GtkLabel *heading;
  GtkLabel *customer;
  GtkLabel *remark;
  GtkBox *cards;
};

G_DEFINE_FINAL_TYPE (LkLicenseWindow, lk_license_window, GTK_TYPE_WINDOW)

static void
give_up (LkLicenseWindow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
remove_cards (LkLicenseWindow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, child);
}

static void
add_card (LkLicenseWindow *self, const LkTask *task)
{
  GtkWidget *card = lk_outlook_card_new (self->context);

  if (gtk_widget_get_first_child (GTK_WIDGET (self->cards)) != NULL)
    gtk_box_append (self->cards, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (self->cards, card);
  lk_outlook_card_show_title (LK_OUTLOOK_CARD (card), task->name);
  lk_outlook_card_look (LK_OUTLOOK_CARD (card), task->id, self->license_id);
}

/* Those that the timer runs come first. Returns how many there were. */
static guint
add_cards (LkLicenseWindow *self, GPtrArray *tasks, gboolean enabled)
{
  guint n = 0;

  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);

      if (task->server_id != self->server_id || task->enabled != enabled)
        continue;

      add_card (self, task);
      n++;
    }

  return n;
}

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_task_store_list (db, error);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkLicenseWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tasks = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  g_autofree char *sentence = NULL;

  if (lk_db_pool_is_outdated (result))
    return;

  g_clear_object (&self->cancellable);
  if (tasks == NULL)
    {
      sentence = lk_message_format_error (error);
      gtk_label_set_label (self->remark, sentence);
    }
  else if (add_cards (self, tasks, TRUE) + add_cards (self, tasks, FALSE) == 0)
    gtk_label_set_label (self->remark, _ ("No scheduled task searches its License Server."));
}

/* The window goes, though what is read still holds it. */
static void
lk_license_window_unrealize (GtkWidget *widget)
{
  give_up (LK_LICENSE_WINDOW (widget));
  GTK_WIDGET_CLASS (lk_license_window_parent_class)->unrealize (widget);
}

static void
lk_license_window_dispose (GObject *object)
{
  LkLicenseWindow *self = LK_LICENSE_WINDOW (object);

  give_up (self);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_license_window_parent_class)->dispose (object);
}

static void
lk_license_window_class_init (LkLicenseWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_license_window_dispose;
  widget_class->unrealize = lk_license_window_unrealize;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/license-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LkLicenseWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, LkLicenseWindow, customer);
  gtk_widget_class_bind_template_child (widget_class, LkLicenseWindow, remark);
  gtk_widget_class_bind_template_child (widget_class, LkLicenseWindow, cards);
}

static void
lk_license_window_init (LkLicenseWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lk_license_window_new:
 * @parent: (nullable): the window it belongs to
 * @context: the services
 *
 * Returns: (transfer none): the window, not yet presented
 */
GtkWidget *
lk_license_window_new (GtkWindow *parent, LkContext *context)
{
  LkLicenseWindow *self = g_object_new (LK_TYPE_LICENSE_WINDOW, NULL);

  lk_ui_set_parent (GTK_WINDOW (self), parent);
  self->context = g_object_ref (context);

  return GTK_WIDGET (self);
}

/**
 * lk_license_window_show:
 * @self: a window
 * @server_id: the License Server of the license
 * @license: the license
 *
 * Looks at the license anew.
 */
void
lk_license_window_show (LkLicenseWindow *self, gint64 server_id, const LkLicense *license)
{
  const char *key = lk_license_get_named (license, "ActivationKey");
  const char *customer = lk_run_plan_find_customer (license);

  g_return_if_fail (LK_IS_LICENSE_WINDOW (self) && license != NULL);

  self->server_id = server_id;
  self->license_id = lk_license_get_id (license);
  gtk_label_set_label (self->heading, key != NULL ? key : "");
  gtk_label_set_label (self->customer, customer);
  gtk_widget_set_visible (GTK_WIDGET (self->customer), *customer != '\0');
  gtk_label_set_label (self->remark, _ ("What each scheduled task makes of this license now, and "
                                        "when it is sent next. What was sent is in the delivery "
                                        "log."));
  remove_cards (self);
  give_up (self);
  self->cancellable = g_cancellable_new ();
  lk_db_pool_read_async (lk_context_get_pool (self->context), list_job, NULL, NULL,
                         (GDestroyNotify) g_ptr_array_unref, self->cancellable, listed_cb,
                         g_object_ref (self));
}
