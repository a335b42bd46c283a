/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

/**
 * LkDeed:
 *
 * What a person can have done to deliveries, to a receiver or to what a run holds.
 */
typedef enum
{
  LK_DEED_SEND,
  LK_DEED_DROP,
  LK_DEED_HOLD,
  LK_DEED_RESUME,
  LK_DEED_RESUME_KEEPING,
  LK_DEED_RESUME_DROPPING,
  LK_DEED_SEND_RUN,
  LK_DEED_DROP_RUN,
  LK_DEED_STOP_REDELIVERY,
} LkDeed;

/**
 * LkDeliveryOrder:
 * @deed: what is to be done
 * @ids: (element-type gint64): to which deliveries
 * @url: (nullable): to which receiver
 * @run_id: to what which run holds
 *
 * What a person has asked for, until it is written. A plain value.
 */
typedef struct
{
  LkDeed deed;
  GArray *ids;
  char *url;
  gint64 run_id;

  /*< private >*/
  LkInstant now;
} LkDeliveryOrder;

LkDeliveryOrder *lk_delivery_order_new (LkDeed deed);
void lk_delivery_order_free (LkDeliveryOrder *self);
void lk_delivery_order_give (LkDeliveryOrder *self, LkContext *context, GtkWidget *parent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDeliveryOrder, lk_delivery_order_free)

G_END_DECLS
