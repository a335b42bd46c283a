/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "core/delivery.h"

G_BEGIN_DECLS

#define LK_TYPE_DELIVERY_ITEM (lk_delivery_item_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryItem, lk_delivery_item, LK, DELIVERY_ITEM, GObject)

/**
 * LkDeliveryItem:
 *
 * One line of the delivery log. `notify::delivery` fires when it has become another one.
 */
LkDeliveryItem *lk_delivery_item_new (const LkDelivery *delivery);
void lk_delivery_item_update (LkDeliveryItem *self, const LkDelivery *delivery);
const LkDelivery *lk_delivery_item_get (LkDeliveryItem *self);

G_END_DECLS
