/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/curl-copy.h"
#include "ui/delivery-actions.h"
#include "ui/delivery-list.h"
#include "ui/delivery-order.h"
#include "ui/message.h"
#include "ui/redeliver-dialog.h"

struct _LkDeliveryActions
{
  GObject parent_instance;

  GtkWidget *log; /* weak; NULL when it is gone */
  LkContext *context;
  LkAttention *attention;
  GtkSelectionModel *selection;
  GSimpleActionGroup *group;
};

G_DEFINE_FINAL_TYPE (LkDeliveryActions, lk_delivery_actions, G_TYPE_OBJECT)

enum
{
  SHOW_HELD,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* An order that waits for an answer. */
typedef struct
{
  LkDeliveryActions *actions;
  LkDeliveryOrder *order;
} Question;

/* @order: (transfer full) */
static void
give (LkDeliveryActions *self, LkDeliveryOrder *order)
{
  if (self->log != NULL)
    lk_delivery_order_give (order, self->context, self->log);
  else
    lk_delivery_order_free (order);
}

static void
question_free (Question *self)
{
  lk_delivery_order_free (self->order);
  g_object_unref (self->actions);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* @order: (transfer full) */
static Question *
question_new (LkDeliveryActions *actions, LkDeliveryOrder *order)
{
  Question *self = g_new0 (Question, 1);

  self->actions = g_object_ref (actions);
  self->order = order;

  return self;
}

/* The lines of the log that are selected; they belong to the list. */
static GPtrArray *
list_selected (LkDeliveryActions *self)
{
  g_autoptr (GtkBitset) positions = gtk_selection_model_get_selection (self->selection);
  GPtrArray *deliveries = g_ptr_array_new ();
  GtkBitsetIter iter;
  guint position;

  for (gboolean ok = gtk_bitset_iter_init_first (&iter, positions, &position); ok;
       ok = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (LkDeliveryItem) item =
          g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      if (item != NULL)
        g_ptr_array_add (deliveries, (gpointer) lk_delivery_item_get (item));
    }

  return deliveries;
}

static gboolean
has_ended (const LkDelivery *delivery)
{
  return delivery->state == LK_DELIVERY_DELIVERED || delivery->state == LK_DELIVERY_EXHAUSTED
         || delivery->state == LK_DELIVERY_DROPPED;
}

static gboolean
is_to_be_sent (const LkDelivery *delivery)
{
  return !has_ended (delivery) && lk_delivery_get_send_obstacle (delivery) == NULL;
}

static gboolean
is_to_be_redelivered (const LkDelivery *delivery)
{
  return has_ended (delivery) && lk_delivery_get_send_obstacle (delivery) == NULL;
}

static gboolean
is_to_be_dropped (const LkDelivery *delivery)
{
  return lk_delivery_get_drop_obstacle (delivery) == NULL;
}

/* The receiver of all of them; %NULL when they have several, or there is none. Tests have no say.
 */
static const char *
find_receiver (GPtrArray *deliveries)
{
  const char *url = NULL;

  for (guint i = 0; i < deliveries->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);

      if (delivery->is_test || delivery->task_id == 0)
        continue;
      if (url != NULL && !g_str_equal (url, delivery->url))
        return NULL;
      url = delivery->url;
    }

  return url;
}

static LkDeliveryOrder *
new_selection_order (LkDeliveryActions *self, LkDeed deed,
                     gboolean (*is_meant) (const LkDelivery *delivery))
{
  g_autoptr (GPtrArray) deliveries = list_selected (self);
  LkDeliveryOrder *order = lk_delivery_order_new (deed);

  /* The newest is listed first; the oldest is to be sent first. */
  for (guint i = deliveries->len; i-- > 0;)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);

      if (is_meant (delivery))
        g_array_append_val (order->ids, delivery->id);
    }

  return order;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;

  if (lk_message_choose_finish (result, NULL) == 1)
    give (question->actions, g_steal_pointer (&question->order));
}

/* @order: (transfer full): given when the person agrees */
static void
ask (LkDeliveryActions *self, LkDeliveryOrder *order, const char *heading, const char *text,
     const char *agree)
{
  const char *const buttons[] = { _ ("_Cancel"), agree, NULL };

  lk_message_choose_async (self->log, heading, text, buttons, 1, NULL, answered_cb,
                           question_new (self, order));
}

static void
send_now_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  give (user_data, new_selection_order (user_data, LK_DEED_SEND, is_to_be_sent));
}

static void
redeliver_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryActions *self = user_data;
  g_autoptr (GPtrArray) deliveries = list_selected (self);
  LkDeliveryOrder *order = new_selection_order (self, LK_DEED_SEND, is_to_be_redelivered);
  LkDeliveryChoice choice;
  g_autofree char *heading = NULL;

  lk_delivery_choice_judge (&choice, deliveries, self->attention);
  if (choice.n_delivered == 0)
    {
      give (self, order);
      return;
    }

  heading = g_strdup_printf (
      ngettext ("Send %'u Webhook Again?", "Send %'u Webhooks Again?", order->ids->len),
      order->ids->len);
  ask (self, order, heading,
       order->ids->len == choice.n_delivered
           ? _ ("The receiver has got this before. It gets the same webhook id and the same bytes "
                "once more.")
           : _ ("The receiver has got some of this before. It gets the same webhook id and the "
                "same bytes once more."),
       _ ("_Redeliver"));
}

static void
drop_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryOrder *order = new_selection_order (user_data, LK_DEED_DROP, is_to_be_dropped);
  g_autofree char *heading = g_strdup_printf (
      ngettext ("Drop %'u Webhook?", "Drop %'u Webhooks?", order->ids->len), order->ids->len);

  ask (user_data, order, heading,
       _ ("What is dropped is not sent. It stays in the log, and Redeliver sends it after all."),
       _ ("_Drop"));
}

static void
hold_receiver_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryActions *self = user_data;
  g_autoptr (GPtrArray) deliveries = list_selected (self);
  LkDeliveryOrder *order = lk_delivery_order_new (LK_DEED_HOLD);

  order->url = g_strdup (find_receiver (deliveries));
  give (self, order);
}

/* The answer to what becomes of what is held: for a receiver, or for a run. */
static void
decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  LkDeliveryOrder *order = question->order;
  gboolean is_receiver = order->url != NULL;
  int answer = lk_message_choose_finish (result, NULL);

  if (answer == 1)
    order->deed = is_receiver ? LK_DEED_RESUME_DROPPING : LK_DEED_DROP_RUN;
  else if (answer == 2)
    order->deed = LK_DEED_RESUME_KEEPING;
  else if (answer == 3)
    order->deed = is_receiver ? LK_DEED_RESUME : LK_DEED_SEND_RUN;
  else
    return;

  /* Of a run nothing changes by choosing. */
  if (answer != 2 || is_receiver)
    give (question->actions, g_steal_pointer (&question->order));
  if (answer == 2)
    g_signal_emit (question->actions, signals[SHOW_HELD], 0);
}

/* @order: (transfer full) */
static void
ask_what_to_do (LkDeliveryActions *self, LkDeliveryOrder *order, const char *heading,
                const char *text)
{
  const char *const buttons[] = { _ ("_Cancel"), _ ("_Drop All"), _ ("C_hoose…"), _ ("_Send All"),
                                  NULL };

  lk_message_choose_async (self->log, heading, text, buttons, 1, NULL, decided_cb,
                           question_new (self, order));
}

static void
resume (LkDeliveryActions *self, const char *url)
{
  const LkEndpoint *endpoint = lk_attention_find_endpoint (self->attention, url);
  LkDeliveryOrder *order = lk_delivery_order_new (LK_DEED_RESUME);
  g_autofree char *text = NULL;

  order->url = g_strdup (url);
  if (endpoint == NULL || endpoint->n_held == 0)
    {
      give (self, order);
      return;
    }

  text = g_strdup_printf (
      /* translators: how many, and the address */
      ngettext ("%'d webhook is held for %s. Choose keeps it held until you send or drop it in the "
                "log.",
                "%'d webhooks are held for %s. Choose keeps them held until you send or drop them "
                "in the log.",
                (gulong) endpoint->n_held),
      (int) endpoint->n_held, url);
  ask_what_to_do (self, order, _ ("Resume This Receiver?"), text);
}

static void
resume_receiver_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryActions *self = user_data;
  g_autoptr (GPtrArray) deliveries = list_selected (self);
  g_autofree char *url = g_strdup (find_receiver (deliveries));

  if (url != NULL)
    resume (self, url);
}

static void
resume_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  resume (user_data, g_variant_get_string (parameter, NULL));
}

static void
decide_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryActions *self = user_data;
  GPtrArray *held_runs = lk_attention_get_held_runs (self->attention);
  g_autoptr (LkDeliveryOrder) order = lk_delivery_order_new (LK_DEED_SEND_RUN);

  order->run_id = g_variant_get_int64 (parameter);
  for (guint i = 0; i < held_runs->len; i++)
    {
      const LkHeldRun *held = g_ptr_array_index (held_runs, i);
      g_autofree char *text = NULL;

      if (held->run_id != order->run_id || held->kind != LK_HOLD_LOOK)
        continue;

      text =
          g_strdup_printf (ngettext ("%'d webhook of “%s” is held: %s.",
                                     "%'d webhooks of “%s” are held: %s.", (gulong) held->n_held),
                           (int) held->n_held, held->task_name, held->reason);
      ask_what_to_do (self, g_steal_pointer (&order), _ ("Send What Is Held?"), text);
      return;
    }
}

static void
copy_curl_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryActions *self = user_data;
  g_autoptr (GPtrArray) deliveries = list_selected (self);
  const LkDelivery *delivery = deliveries->len == 1 ? g_ptr_array_index (deliveries, 0) : NULL;

  if (delivery != NULL && self->log != NULL)
    lk_curl_copy (self->log, self->context, delivery->id);
}

static void
show_held_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_signal_emit (user_data, signals[SHOW_HELD], 0);
}

static void
redeliver_failed_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkDeliveryActions *self = user_data;

  lk_redeliver_dialog_present (self->log, self->context);
}

static void
stop_redelivery_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  give (user_data, lk_delivery_order_new (LK_DEED_STOP_REDELIVERY));
}

static const GActionEntry entries[] = {
  { "send-now", send_now_cb },
  { "redeliver", redeliver_cb },
  { "drop", drop_cb },
  { "hold-receiver", hold_receiver_cb },
  { "resume-receiver", resume_receiver_cb },
  { "copy-curl", copy_curl_cb },
  { "resume", resume_cb, "s" },
  { "decide", decide_cb, "x" },
  { "show-held", show_held_cb },
  { "redeliver-failed", redeliver_failed_cb },
  { "stop-redelivery", stop_redelivery_cb },
};

static void
changed_cb (LkDeliveryActions *self)
{
  g_assert (LK_IS_DELIVERY_ACTIONS (self));

  lk_delivery_actions_update (self);
}

static void
lk_delivery_actions_dispose (GObject *object)
{
  LkDeliveryActions *self = LK_DELIVERY_ACTIONS (object);

  g_clear_weak_pointer (&self->log);
  g_clear_object (&self->group);
  g_clear_object (&self->selection);
  g_clear_object (&self->attention);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_actions_parent_class)->dispose (object);
}

static void
lk_delivery_actions_class_init (LkDeliveryActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_delivery_actions_dispose;

  signals[SHOW_HELD] = g_signal_new ("show-held", LK_TYPE_DELIVERY_ACTIONS, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_delivery_actions_init (LkDeliveryActions *self)
{
  self->group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->group), entries, G_N_ELEMENTS (entries),
                                   self);
}

/**
 * lk_delivery_choice_judge:
 * @self: (out caller-allocates): what can be done
 * @deliveries: (element-type LkDelivery): what is selected
 * @attention: which receivers are paused
 *
 * The one place that decides what can be done with a selection. A command is for those of it to
 * which it applies.
 */
void
lk_delivery_choice_judge (LkDeliveryChoice *self, GPtrArray *deliveries, LkAttention *attention)
{
  const char *url = find_receiver (deliveries);
  const LkEndpoint *endpoint = url != NULL ? lk_attention_find_endpoint (attention, url) : NULL;

  *self = (LkDeliveryChoice){ 0 };
  for (guint i = 0; i < deliveries->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);

      self->can_send_now |= is_to_be_sent (delivery);
      self->can_redeliver |= is_to_be_redelivered (delivery);
      self->can_drop |= is_to_be_dropped (delivery);
      self->n_delivered +=
          delivery->state == LK_DELIVERY_DELIVERED && is_to_be_redelivered (delivery);
    }
  self->can_resume = endpoint != NULL && endpoint->is_paused;
  self->can_hold = url != NULL && !self->can_resume;
}

/**
 * lk_delivery_actions_new:
 * @log: the widget that gets the actions, under the name `log`
 * @context: the services over the workspace
 * @attention: what needs a person
 * @selection: over #LkDeliveryItem
 *
 * Returns: (transfer full): the actions
 */
LkDeliveryActions *
lk_delivery_actions_new (GtkWidget *log, LkContext *context, LkAttention *attention,
                         GtkSelectionModel *selection)
{
  LkDeliveryActions *self = g_object_new (LK_TYPE_DELIVERY_ACTIONS, NULL);

  g_set_weak_pointer (&self->log, log);
  self->context = g_object_ref (context);
  self->attention = g_object_ref (attention);
  self->selection = g_object_ref (selection);
  gtk_widget_insert_action_group (log, "log", G_ACTION_GROUP (self->group));
  g_signal_connect_object (selection, "selection-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (selection, "items-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (attention, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  lk_delivery_actions_update (self);

  return self;
}

static void
set_enabled (LkDeliveryActions *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->group), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/**
 * lk_delivery_actions_update:
 * @self: the actions
 *
 * Looks again at what can be done: a delivery that is selected has become another one.
 */
void
lk_delivery_actions_update (LkDeliveryActions *self)
{
  g_autoptr (GPtrArray) deliveries = NULL;
  LkDeliveryChoice choice;

  g_return_if_fail (LK_IS_DELIVERY_ACTIONS (self));

  deliveries = list_selected (self);
  lk_delivery_choice_judge (&choice, deliveries, self->attention);
  set_enabled (self, "send-now", choice.can_send_now);
  set_enabled (self, "redeliver", choice.can_redeliver);
  set_enabled (self, "drop", choice.can_drop);
  set_enabled (self, "hold-receiver", choice.can_hold);
  set_enabled (self, "resume-receiver", choice.can_resume);
  set_enabled (self, "copy-curl", deliveries->len == 1);
  set_enabled (self, "stop-redelivery",
               lk_attention_get_redelivery (self->attention)->n_waiting > 0);
}

/**
 * lk_delivery_actions_add_keys:
 * @widget_class: the class of the log
 *
 * The keyboard's ways to the commands, while the focus is in the log.
 */
void
lk_delivery_actions_add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_Return, GDK_CONTROL_MASK, "log.send-now" },
    { GDK_KEY_Return, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "log.redeliver" },
    { GDK_KEY_Delete, 0, "log.drop" },
    { GDK_KEY_h, GDK_CONTROL_MASK, "log.hold-receiver" },
    { GDK_KEY_h, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "log.resume-receiver" },
    { GDK_KEY_e, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "log.redeliver-failed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
}
