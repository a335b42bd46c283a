/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/delivery-list.h"
#include "ui/text-cell.h"

G_BEGIN_DECLS

/**
 * LkDeliveryColumn:
 *
 * What a column of the delivery log shows, in the order of the columns: how a failure can be told
 * from a success stands where a small window shows it.
 */
typedef enum
{
  LK_DELIVERY_COLUMN_STATE,
  LK_DELIVERY_COLUMN_TASK,
  LK_DELIVERY_COLUMN_CUSTOMER,
  LK_DELIVERY_COLUMN_STATUS,
  LK_DELIVERY_COLUMN_ATTEMPTS,
  LK_DELIVERY_COLUMN_NEXT_TRY,
  LK_DELIVERY_COLUMN_CAUSE,
  LK_DELIVERY_COLUMN_TIME,
  LK_DELIVERY_COLUMN_LATENCY,
  LK_DELIVERY_COLUMN_LICENSE,
} LkDeliveryColumn;

#define LK_N_DELIVERY_COLUMNS (LK_DELIVERY_COLUMN_LICENSE + 1)

#define LK_TYPE_DELIVERY_CELL (lk_delivery_cell_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryCell, lk_delivery_cell, LK, DELIVERY_CELL, LkTextCell)

/**
 * LkDeliveryCell:
 *
 * One value of one delivery in the log; follows the delivery while it shows it.
 */

GtkColumnViewColumn *lk_delivery_column_new (LkDeliveryColumn column, LkClock *clock);
char *lk_delivery_column_format (LkDeliveryColumn column, const LkDelivery *delivery,
                                 LkInstant now);
void lk_delivery_show_icon (const LkDelivery *delivery, GtkImage *icon);

G_END_DECLS
