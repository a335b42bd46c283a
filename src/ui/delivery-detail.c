/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-detail"

#include "config.h"

#include <glib/gi18n.h>

#include "core/curl-command.h"
#include "core/phase.h"
#include "store/delivery-store.h"
#include "store/retention.h"
#include "ui/attempt-table.h"
#include "ui/delivery-cell.h"
#include "ui/delivery-detail.h"
#include "ui/delivery-text.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/ui-init.h"

/* What one reading brings. */
typedef struct
{
  gint64 id;
  LkDelivery *delivery;
  GPtrArray *attempts;
} Record;

struct _LkDeliveryDetail
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *nothing;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *cause;
  GtkGrid *facts;
  GtkLabel *attempts_heading;
  LkAttemptTable *attempts;
  GtkLabel *attempts_gone;
  GtkLabel *exchange_heading;
  GtkLabel *exchange;
  GtkWidget *copy_curl;
  GtkLabel *body;

  LkContext *context;
  GCancellable *cancellable;
  Record *record; /* NULL while nothing is shown */
  gint64 id;
};

G_DEFINE_FINAL_TYPE (LkDeliveryDetail, lk_delivery_detail, GTK_TYPE_WIDGET)

static void
record_free (gpointer data)
{
  Record *self = data;

  g_clear_pointer (&self->delivery, lk_delivery_free);
  g_clear_pointer (&self->attempts, g_ptr_array_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Record, record_free)

/* Thread: a pool thread. */
static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Record *record = g_new0 (Record, 1);

  record->id = *(gint64 *) data;
  if ((record->delivery = lk_delivery_store_get (db, record->id, error)) == NULL
      || (record->attempts = lk_delivery_store_list_attempts (db, record->id, error)) == NULL)
    g_clear_pointer (&record, record_free);

  return record;
}

static void
add_fact (GtkGrid *grid, int row, const char *name, const char *value)
{
  GtkWidget *name_label = gtk_label_new (name);
  GtkWidget *value_label = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (name_label), 0);
  gtk_widget_set_valign (name_label, GTK_ALIGN_START);
  gtk_widget_add_css_class (name_label, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value_label), 0);
  lk_form_wrap_exactly (GTK_LABEL (value_label));
  gtk_label_set_selectable (GTK_LABEL (value_label), TRUE);
  gtk_widget_set_hexpand (value_label, TRUE);
  gtk_grid_attach (grid, name_label, 0, row, 1, 1);
  gtk_grid_attach (grid, value_label, 1, row, 1, 1);
}

static char **
list_facts (LkDeliveryDetail *self)
{
  return lk_delivery_list_facts (self->record->delivery,
                                 lk_clock_now (lk_context_get_clock (self->context)));
}

static void
fill_facts (LkDeliveryDetail *self)
{
  g_auto (GStrv) facts = list_facts (self);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_grid_remove (self->facts, child);
  for (int i = 0; facts[i] != NULL; i += 2)
    add_fact (self->facts, i / 2, facts[i], facts[i + 1]);
}

static void
fill_attempts (LkDeliveryDetail *self, GPtrArray *attempts, int number)
{
  g_autofree char *gone = lk_retention_describe_attempts (self->record->delivery, attempts->len);

  lk_attempt_table_show (self->attempts, attempts, number);
  gtk_label_set_text (self->attempts_gone, gone != NULL ? gone : "");
  gtk_widget_set_visible (GTK_WIDGET (self->attempts_gone), gone != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->attempts), attempts->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->attempts_heading), attempts->len > 0 || gone != NULL);
}

static void
chosen_cb (LkAttemptTable *attempts, LkDeliveryDetail *self)
{
  const LkAttempt *attempt = lk_attempt_table_get_chosen (attempts);
  g_autofree char *title = attempt != NULL ? lk_attempt_format_title (attempt) : NULL;
  g_autofree char *text = attempt != NULL ? lk_attempt_format_exchange (attempt) : NULL;

  g_assert (LK_IS_DELIVERY_DETAIL (self));

  gtk_label_set_text (self->exchange_heading, title != NULL ? title : "");
  gtk_widget_set_visible (GTK_WIDGET (self->exchange_heading), title != NULL);
  gtk_label_set_text (self->exchange, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->exchange), text != NULL);
}

/* Returns: which attempt a person chose; 0 for the latest, which goes on with the next */
static int
get_chosen_number (LkDeliveryDetail *self)
{
  const LkAttempt *chosen = lk_attempt_table_get_chosen (self->attempts);
  const GPtrArray *attempts = self->record->attempts;

  if (chosen == NULL || chosen == g_ptr_array_index (attempts, attempts->len - 1))
    return 0;

  return chosen->number;
}

/* Returns: (transfer full): the bytes, or why they are gone */
static char *
dup_body (const Record *record, gboolean pretty)
{
  char *gone = lk_retention_describe_body (record->delivery);

  if (gone != NULL)
    return gone;

  return pretty ? lk_body_format (record->delivery->body)
                : lk_body_to_text (record->delivery->body);
}

static gboolean
is_news (const Record *old, const Record *record)
{
  const LkAttempt *before;
  const LkAttempt *after;

  if (old == NULL || old->id != record->id || old->attempts->len != record->attempts->len
      || old->delivery->state != record->delivery->state
      || (old->delivery->body == NULL) != (record->delivery->body == NULL)
      || old->delivery->due_at != record->delivery->due_at)
    return TRUE;
  if (record->attempts->len == 0)
    return FALSE;

  before = g_ptr_array_index (old->attempts, old->attempts->len - 1);
  after = g_ptr_array_index (record->attempts, record->attempts->len - 1);

  return before->outcome != after->outcome;
}

/* @number: the attempt to choose; 0 for the latest */
static void
fill (LkDeliveryDetail *self, int number)
{
  const LkDelivery *delivery = self->record->delivery;
  g_autofree char *body = dup_body (self->record, TRUE);
  g_autofree char *task =
      lk_delivery_column_format (LK_DELIVERY_COLUMN_TASK, delivery, delivery->created_at);
  g_autofree char *cause =
      lk_delivery_column_format (LK_DELIVERY_COLUMN_CAUSE, delivery, delivery->created_at);
  /* translators: the state of a delivery, then the name of its task */
  g_autofree char *title =
      g_strdup_printf (_ ("%s: %s"), lk_delivery_state_get_title (delivery->state), task);

  lk_delivery_show_icon (delivery, self->icon);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->cause, cause);
  gtk_widget_set_visible (GTK_WIDGET (self->cause), cause[0] != '\0');
  fill_facts (self);
  gtk_label_set_text (self->body, body);
  fill_attempts (self, self->record->attempts, number);
  gtk_widget_set_sensitive (self->copy_curl, delivery->body != NULL);
  gtk_stack_set_visible_child_name (self->stack, "delivery");
}

static void
show_nothing (LkDeliveryDetail *self, const char *text)
{
  g_clear_pointer (&self->record, record_free);
  gtk_label_set_text (self->nothing, text);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDeliveryDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  g_autoptr (Record) record = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  g_assert (LK_IS_DELIVERY_DETAIL (self));

  if (lk_db_pool_is_outdated (result))
    return;

  if (error != NULL)
    {
      sentence = lk_message_format_error (error);
      show_nothing (self, sentence);
    }
  else if (record->id == self->id && is_news (self->record, record))
    {
      int number =
          self->record != NULL && self->record->id == record->id ? get_chosen_number (self) : 0;

      g_clear_pointer (&self->record, record_free);
      self->record = g_steal_pointer (&record);
      fill (self, number);
    }
}

static void
copy_body_cb (GtkButton *button, LkDeliveryDetail *self)
{
  g_autofree char *text = NULL;

  g_assert (LK_IS_DELIVERY_DETAIL (self));

  if (self->record == NULL)
    return;
  text = lk_body_to_text (self->record->delivery->body);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_curl_cb (GtkButton *button, LkDeliveryDetail *self)
{
  g_autofree char *command = NULL;

  g_assert (LK_IS_DELIVERY_DETAIL (self));

  if (self->record == NULL)
    return;
  command =
      lk_curl_command_new (self->record->delivery, lk_attempt_table_get_chosen (self->attempts));
  if (command != NULL)
    lk_form_copy (GTK_WIDGET (self), command);
}

static void
copy_all_cb (GtkButton *button, LkDeliveryDetail *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *body = NULL;
  g_auto (GStrv) facts = NULL;

  g_assert (LK_IS_DELIVERY_DETAIL (self));

  if (self->record == NULL)
    return;
  body = dup_body (self->record, FALSE);
  g_string_append_printf (text, "%s\n%s\n", gtk_label_get_text (self->title),
                          gtk_label_get_text (self->cause));
  facts = list_facts (self);
  for (guint i = 0; facts[i] != NULL; i += 2)
    g_string_append_printf (text, "%s: %s\n", facts[i], facts[i + 1]);
  for (guint i = 0; i < self->record->attempts->len; i++)
    {
      const LkAttempt *attempt = g_ptr_array_index (self->record->attempts, i);
      g_autofree char *title = lk_attempt_format_title (attempt);
      g_autofree char *exchange = lk_attempt_format_exchange (attempt);
      g_autofree char *phases = lk_attempt_format_phases (attempt);

      g_string_append_printf (text, "\n%s\n%s\n%s", title, phases, exchange);
    }
  g_string_append_printf (text, "\n%s\n%s\n", _ ("Body"), body);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static void
lk_delivery_detail_dispose (GObject *object)
{
  LkDeliveryDetail *self = LK_DELIVERY_DETAIL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->record, record_free);
  lk_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_detail_parent_class)->dispose (object);
}

static void
lk_delivery_detail_class_init (LkDeliveryDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_delivery_detail_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LK_RESOURCE_BASE "/delivery-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, attempts);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, attempts_gone);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, attempts_heading);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, body);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, cause);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, copy_curl);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, exchange);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, exchange_heading);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, facts);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, icon);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, nothing);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryDetail, title);
  gtk_widget_class_bind_template_callback (widget_class, copy_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_body_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_curl_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
lk_delivery_detail_init (LkDeliveryDetail *self)
{
  g_type_ensure (LK_TYPE_ATTEMPT_TABLE);
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_form_wrap_exactly (self->body);
  lk_form_wrap_exactly (self->exchange);
}

/**
 * lk_delivery_detail_show:
 * @self: a detail
 * @context: the services over the workspace
 * @delivery_id: what to show; 0 for nothing
 */
void
lk_delivery_detail_show (LkDeliveryDetail *self, LkContext *context, gint64 delivery_id)
{
  g_return_if_fail (LK_IS_DELIVERY_DETAIL (self));

  g_set_object (&self->context, context);
  self->id = delivery_id;
  if (delivery_id == 0)
    show_nothing (self, _ ("Choose one delivery to see its request and what came back."));
  else
    lk_delivery_detail_refresh (self);
}

/**
 * lk_delivery_detail_refresh:
 * @self: a detail
 *
 * Reads the delivery again; what has not changed stays as it is, with what is unfolded or selected.
 */
void
lk_delivery_detail_refresh (LkDeliveryDetail *self)
{
  g_return_if_fail (LK_IS_DELIVERY_DETAIL (self));

  if (self->id == 0)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  lk_db_pool_read_async (lk_context_get_pool (self->context), read_job,
                         g_memdup2 (&self->id, sizeof self->id), g_free, record_free,
                         self->cancellable, read_cb, g_object_ref (self));
}
