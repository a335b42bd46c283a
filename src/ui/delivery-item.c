/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-item"

#include "config.h"

#include "ui/delivery-item.h"

struct _LkDeliveryItem
{
  GObject parent_instance;

  LkDelivery *delivery;
};

G_DEFINE_FINAL_TYPE (LkDeliveryItem, lk_delivery_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_DELIVERY,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

/* Of one delivery only what the log shows and what can change. */
static gboolean
is_same (const LkDelivery *a, const LkDelivery *b)
{
  return a->id == b->id && a->state == b->state && a->attempts == b->attempts
         && a->due_at == b->due_at && a->last_status == b->last_status
         && a->last_latency_ms == b->last_latency_ms && a->finished_at == b->finished_at
         && g_strcmp0 (a->last_cause, b->last_cause) == 0
         && g_strcmp0 (a->hold_reason, b->hold_reason) == 0;
}

static void
lk_delivery_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DELIVERY:
      g_value_set_pointer (value, LK_DELIVERY_ITEM (object)->delivery);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_delivery_item_finalize (GObject *object)
{
  g_clear_pointer (&LK_DELIVERY_ITEM (object)->delivery, lk_delivery_free);

  G_OBJECT_CLASS (lk_delivery_item_parent_class)->finalize (object);
}

static void
lk_delivery_item_class_init (LkDeliveryItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_delivery_item_get_property;
  object_class->finalize = lk_delivery_item_finalize;
  properties[PROP_DELIVERY] = g_param_spec_pointer (
      "delivery", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lk_delivery_item_init (LkDeliveryItem *self)
{
}

/**
 * lk_delivery_item_new:
 * @delivery: a delivery
 *
 * Returns: (transfer full): a line that shows it
 */
LkDeliveryItem *
lk_delivery_item_new (const LkDelivery *delivery)
{
  LkDeliveryItem *self = g_object_new (LK_TYPE_DELIVERY_ITEM, NULL);

  self->delivery = lk_delivery_copy (delivery);

  return self;
}

/**
 * lk_delivery_item_update:
 * @self: a line
 * @delivery: what its delivery has become, or another one
 */
void
lk_delivery_item_update (LkDeliveryItem *self, const LkDelivery *delivery)
{
  /* What waits may be due by now, which shows although nothing of it changed. */
  if (is_same (self->delivery, delivery) && delivery->due_at == 0)
    return;

  lk_delivery_free (self->delivery);
  self->delivery = lk_delivery_copy (delivery);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DELIVERY]);
}

/**
 * lk_delivery_item_get:
 * @self: a line of the log
 *
 * Returns: (transfer none): its delivery, without the body
 */
const LkDelivery *
lk_delivery_item_get (LkDeliveryItem *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_ITEM (self), NULL);

  return self->delivery;
}
