/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/* The index of the texts by which deliveries are found. It follows the deliveries in batches; what
 * it has not reached is read row by row (delivery-search.c). Thread: a pool thread. */

/* Shorter texts are in no index: it has pieces of three letters. */
#define LK_DELIVERY_TEXT_MIN 3

gint64 lk_delivery_text_count_missing (LkDb *db, GError **error);
gboolean lk_delivery_text_index (LkDb *db, gint64 epoch, gsize limit, GError **error);

G_END_DECLS
