/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"

G_BEGIN_DECLS

/**
 * LkDeliveryFilter:
 * @state: a #LkDeliveryState; -1 for any
 * @task_id: a task
 * @run_id: a run
 * @task_name: (nullable): a task by its name, deleted ones as well
 * @status: the HTTP status of the last answer
 * @error_class: (nullable): what went wrong last, as in #LkAttempt
 * @text: (nullable): a part of license key, customer or cause, the beginning of a webhook id, or
 *   the number of a delivery; without regard to case
 * @since: when it was made at the earliest
 * @before_id: only deliveries with a smaller id: the page after the one that ended there
 * @limit: how many at most
 *
 * What a list of the log shows; a member that is 0, %NULL or "" does not restrict.
 */
typedef struct
{
  int state;
  gint64 task_id;
  gint64 run_id;
  char *task_name;
  int status;
  char *error_class;
  char *text;
  LkInstant since;
  gint64 before_id;
  gint64 limit;
} LkDeliveryFilter;

LkDeliveryFilter *lk_delivery_filter_copy (const LkDeliveryFilter *self);
void lk_delivery_filter_free (LkDeliveryFilter *self);
gboolean lk_delivery_filter_equal (const LkDeliveryFilter *a, const LkDeliveryFilter *b);
gboolean lk_delivery_filter_has_text (const LkDeliveryFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDeliveryFilter, lk_delivery_filter_free)

G_END_DECLS
