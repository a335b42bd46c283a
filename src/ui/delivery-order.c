/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-order"

#include "config.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "store/delivery-decision.h"
#include "store/endpoint-store.h"
#include "ui/delivery-order.h"
#include "ui/message.h"

/* A delivery that became another one meanwhile is passed over: it is being sent, say. */
static gboolean
pass_over (GError **reason, GError **error)
{
  if (*reason == NULL || g_error_matches (*reason, LK_ERROR, LK_ERROR_INVALID)
      || g_error_matches (*reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    {
      g_clear_error (reason);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (reason));
  return FALSE;
}

static void
do_to_each (LkDb *db, const LkDeliveryOrder *self, GError **error)
{
  for (guint i = 0; i < self->ids->len; i++)
    {
      gint64 id = g_array_index (self->ids, gint64, i);
      g_autoptr (GError) reason = NULL;

      if (self->deed == LK_DEED_SEND)
        lk_delivery_decision_send (db, id, self->now, self->now, &reason);
      else
        lk_delivery_decision_drop (db, id, g_get_user_name (), self->now, &reason);
      if (!pass_over (&reason, error))
        return;
    }
}

/* Thread: a pool thread. */
static gpointer
order_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const LkDeliveryOrder *self = data;
  const char *who = g_get_user_name ();

  switch (self->deed)
    {
    case LK_DEED_HOLD:
      lk_endpoint_store_pause_by_hand (db, self->url, who, self->now, error);
      break;
    case LK_DEED_RESUME:
      lk_endpoint_store_resume (db, self->url, self->now, error);
      break;
    case LK_DEED_RESUME_KEEPING:
      lk_endpoint_store_resume_chosen (db, self->url, self->ids, self->now, error);
      break;
    case LK_DEED_RESUME_DROPPING:
      lk_endpoint_store_resume_dropping (db, self->url, who, self->now, error);
      break;
    case LK_DEED_SEND_RUN:
      lk_delivery_decision_send_run (db, self->run_id, self->now, error);
      break;
    case LK_DEED_DROP_RUN:
      lk_delivery_decision_drop_run (db, self->run_id, who, self->now, error);
      break;
    case LK_DEED_STOP_REDELIVERY:
      lk_delivery_decision_stop_redelivery (db, self->now, error);
      break;
    case LK_DEED_SEND:
    case LK_DEED_DROP:
    default:
      do_to_each (db, self, error);
      break;
    }

  return NULL;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) parent = user_data;
  g_autoptr (GError) error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL && gtk_widget_get_root (parent) != NULL)
    lk_message_show_error (parent, _ ("That Could Not Be Done"), error);
}

/**
 * lk_delivery_order_new:
 * @deed: what is to be done
 *
 * Returns: (transfer full): an order that says nothing yet about what it is for
 */
LkDeliveryOrder *
lk_delivery_order_new (LkDeed deed)
{
  LkDeliveryOrder *self = g_new0 (LkDeliveryOrder, 1);

  self->deed = deed;
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

/**
 * lk_delivery_order_free:
 * @self: (nullable) (transfer full): an order
 */
void
lk_delivery_order_free (LkDeliveryOrder *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->ids);
  g_free (self->url);
  g_free (self);
}

/**
 * lk_delivery_order_give:
 * @self: (transfer full): an order
 * @context: the services over the workspace
 * @parent: a widget of the window that asks, where an error is shown
 *
 * Writes what was asked for, without a lease: whoever holds that sees it. Deliveries to which it
 * does not apply any more stay as they are.
 */
void
lk_delivery_order_give (LkDeliveryOrder *self, LkContext *context, GtkWidget *parent)
{
  self->now = lk_clock_now (lk_context_get_clock (context));
  lk_db_pool_write_async (lk_context_get_pool (context), order_job, self,
                          (GDestroyNotify) lk_delivery_order_free, NULL, NULL, written_cb,
                          g_object_ref (parent));
}
