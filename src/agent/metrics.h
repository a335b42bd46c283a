/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_METRICS (lk_metrics_get_type ())
G_DECLARE_FINAL_TYPE (LkMetrics, lk_metrics, LK, METRICS, GObject)

/**
 * LkMetrics:
 *
 * Keeps a file of metrics for Prometheus (the textfile collector of its node exporter, say) up to
 * date: written anew after each change of the workspace, soon but not more often than every few
 * seconds. The renewal of the lease is a change, too, so the file is never old while the process
 * lives. Nothing polls: an idle agent wakes up no more often for it. The one alarm that it sets is
 * for the moment at which a task becomes overdue.
 *
 * A reader sees an old file or a new one, never a part.
 *
 * Thread: the main loop.
 */
LkMetrics *lk_metrics_new (LkContext *context, const char *path, GError **error);
void lk_metrics_stop (LkMetrics *self);

G_END_DECLS
