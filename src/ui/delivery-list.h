/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/context.h"
#include "store/delivery-count.h"
#include "ui/delivery-item.h"

G_BEGIN_DECLS

#define LK_TYPE_DELIVERY_LIST (lk_delivery_list_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryList, lk_delivery_list, LK, DELIVERY_LIST, GObject)

#define LK_DELIVERY_LIST_STEP                                                                      \
  1000 /* rows that are read, after those in sight, and at each "Load older" */

/**
 * LkDeliveryList:
 *
 * A #GListModel of #LkDeliveryItem over the newest deliveries, newest first. It follows the
 * workspace: at most four times a second it reads the newest rows again and tells of what differs,
 * so that its cost depends on what is shown, not on the length of the log.
 *
 * Properties: `loading` (boolean), `has-more` (boolean): whether older ones exist.
 *
 * Thread: the main loop; the reading happens on a pool thread.
 */
LkDeliveryList *lk_delivery_list_new (LkContext *context);
void lk_delivery_list_set_filter (LkDeliveryList *self, const LkDeliveryFilter *filter,
                                  LkDeliverySpan span);
void lk_delivery_list_set_keeps_lines (LkDeliveryList *self, gboolean keeps_lines);
void lk_delivery_list_load_older (LkDeliveryList *self);
void lk_delivery_list_refresh (LkDeliveryList *self);
gboolean lk_delivery_list_has_more (LkDeliveryList *self);
gboolean lk_delivery_list_is_loading (LkDeliveryList *self);
const GError *lk_delivery_list_get_error (LkDeliveryList *self);

G_END_DECLS
