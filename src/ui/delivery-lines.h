/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "ui/delivery-item.h"

G_BEGIN_DECLS

#define LK_TYPE_DELIVERY_LINES (lk_delivery_lines_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryLines, lk_delivery_lines, LK, DELIVERY_LINES, GObject)

#define LK_DELIVERY_LINES_FIRST 60 /* lines that appear at once: more than are in sight */

/**
 * LkDeliveryLines:
 *
 * A #GListModel of #LkDeliveryItem, newest first, that follows readings of the log so that a
 * GtkColumnView has little to do. The view keeps widgets for some 200 lines and needs more than a
 * millisecond to make or destroy one, for each line that is another object:
 *
 * - The lines behind the first ones are added few at a time, each within a frame.
 * - A line whose delivery is still there stays the same object.
 * - Where many new deliveries come at once, the lines stay and show these, unless they are kept.
 *
 * Thread: the main loop.
 */
LkDeliveryLines *lk_delivery_lines_new (void);
void lk_delivery_lines_take_newest (LkDeliveryLines *self, GPtrArray *deliveries, guint n_kept);
void lk_delivery_lines_append (LkDeliveryLines *self, GPtrArray *deliveries);
gint64 lk_delivery_lines_get_last_id (LkDeliveryLines *self);
void lk_delivery_lines_set_kept (LkDeliveryLines *self, gboolean kept);

G_END_DECLS
