/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"

G_BEGIN_DECLS

/**
 * LkMetricsValues:
 * @now: when all this was so
 * @started_at: when this process began
 * @holds_lease: whether this process runs the schedule
 * @deliveries: how many deliveries are in each state
 * @next_due_at: when the next delivery is due, maybe in the past; 0 when none waits
 * @attempts: (array fixed-size=5): requests of this process by their outcome
 * @n_paused: receivers that are paused
 * @tasks: (element-type LkTaskStanding): all tasks
 *
 * What the metrics say.
 */
typedef struct
{
  LkInstant now;
  LkInstant started_at;
  gboolean holds_lease;
  gint64 deliveries[LK_N_DELIVERY_STATES];
  LkInstant next_due_at;
  guint64 attempts[LK_N_OUTCOMES];
  guint n_paused;
  GPtrArray *tasks;
} LkMetricsValues;

char *lk_metrics_text_format (const LkMetricsValues *values);

G_END_DECLS
