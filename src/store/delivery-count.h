/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"
#include "store/delivery-filter.h"

G_BEGIN_DECLS

/**
 * LkDeliverySpan:
 *
 * How far back the log looks.
 */
typedef enum
{
  LK_SPAN_ANY,
  LK_SPAN_HOUR,
  LK_SPAN_DAY,
  LK_SPAN_WEEK,
  LK_SPAN_MONTH, /* 30 days */
  LK_N_DELIVERY_SPANS
} LkDeliverySpan;

LkInstant lk_delivery_span_get_start (LkDeliverySpan span, LkInstant now);

/**
 * LkDeliveryCount:
 * @state: a state
 * @task_id: a task; 0 for one that is deleted
 * @status: the last HTTP status; 0 for no answer
 * @error_class: what went wrong last; "" for nothing
 * @n: how many deliveries there are of these four, by how far one looks back
 *
 * A cell of the table from which the log counts each of its facets under any choice of the others.
 */
typedef struct
{
  LkDeliveryState state;
  gint64 task_id;
  int status;
  char *error_class;
  gint64 n[LK_N_DELIVERY_SPANS];
} LkDeliveryCount;

void lk_delivery_count_free (LkDeliveryCount *self);

/* Thread: a pool thread. */
GPtrArray *lk_delivery_count_list (LkDb *db, const LkDeliveryFilter *filter, LkInstant now,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDeliveryCount, lk_delivery_count_free)

G_END_DECLS
