/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_DELIVERY_DETAIL (lk_delivery_detail_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryDetail, lk_delivery_detail, LK, DELIVERY_DETAIL, GtkWidget)

/**
 * LkDeliveryDetail:
 *
 * Everything about one delivery: what is owed, each attempt with request and response in plain
 * language, and the body.
 */
void lk_delivery_detail_show (LkDeliveryDetail *self, LkContext *context, gint64 delivery_id);
void lk_delivery_detail_refresh (LkDeliveryDetail *self);

G_END_DECLS
