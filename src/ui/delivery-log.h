/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/attention.h"
#include "ui/catalog.h"
#include "ui/delivery-list.h"

G_BEGIN_DECLS

#define LK_TYPE_DELIVERY_LOG (lk_delivery_log_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryLog, lk_delivery_log, LK, DELIVERY_LOG, GtkWidget)

/**
 * LkDeliveryLog:
 *
 * The pane below every tab: the deliveries, newest first, narrowed by facets and words, and at
 * the right everything about the selected one. Above them stands what needs a person, and what
 * can be done with a selection is a menu: see #LkDeliveryActions.
 */
void lk_delivery_log_set_up (LkDeliveryLog *self, LkContext *context, LkCatalog *catalog,
                             LkAttention *attention);
LkDeliveryList *lk_delivery_log_get_list (LkDeliveryLog *self);
void lk_delivery_log_set_state (LkDeliveryLog *self, int state);
void lk_delivery_log_find (LkDeliveryLog *self, const char *words);
void lk_delivery_log_show_run (LkDeliveryLog *self, gint64 run_id);
void lk_delivery_log_clear (LkDeliveryLog *self);
gboolean lk_delivery_log_is_narrowed (LkDeliveryLog *self);
void lk_delivery_log_select (LkDeliveryLog *self, guint position);
void lk_delivery_log_focus (LkDeliveryLog *self);
void lk_delivery_log_focus_find (LkDeliveryLog *self);

G_END_DECLS
