/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/attention.h"

G_BEGIN_DECLS

/**
 * LkDeliveryChoice:
 * @can_send_now: something of the selection waits or is held for a person
 * @can_redeliver: something of it has come to an end and can be sent once more
 * @can_drop: something of it is still owed
 * @can_hold: it has one receiver, which is not paused
 * @can_resume: it has one receiver, which is paused
 * @n_delivered: how many of those to be sent once more have arrived before
 *
 * What a person can do with a selection of deliveries.
 */
typedef struct
{
  gboolean can_send_now;
  gboolean can_redeliver;
  gboolean can_drop;
  gboolean can_hold;
  gboolean can_resume;
  guint n_delivered;
} LkDeliveryChoice;

void lk_delivery_choice_judge (LkDeliveryChoice *self, GPtrArray *deliveries,
                               LkAttention *attention);

#define LK_TYPE_DELIVERY_ACTIONS (lk_delivery_actions_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryActions, lk_delivery_actions, LK, DELIVERY_ACTIONS, GObject)

/**
 * LkDeliveryActions:
 *
 * The commands of the delivery log as the action group `log`: send-now, redeliver, drop,
 * hold-receiver and resume-receiver for the selection; copy-curl for one;  resume::URL,
 * decide::RUN, redeliver-failed and stop-redelivery for what the bar above it tells. What is done
 * is written without a lease; who holds that sees it.
 *
 * Signals: LkDeliveryActions::show-held: a person wants to choose among what is held.
 *
 * Thread: the main loop; the writing happens on a pool thread.
 */
LkDeliveryActions *lk_delivery_actions_new (GtkWidget *log, LkContext *context,
                                            LkAttention *attention, GtkSelectionModel *selection);
void lk_delivery_actions_update (LkDeliveryActions *self);
void lk_delivery_actions_add_keys (GtkWidgetClass *widget_class);

G_END_DECLS
