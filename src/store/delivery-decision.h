/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"
#include "store/db.h"

G_BEGIN_DECLS

/* What a person decides about deliveries. Any process may, whoever holds the lease: nothing here
 * touches what is in flight.
 *
 * Thread of all functions here: a pool thread; inside a write job where they change something. */

gboolean lk_delivery_decision_send (LkDb *db, gint64 id, LkInstant due_at, LkInstant now,
                                    GError **error);
gboolean lk_delivery_decision_drop (LkDb *db, gint64 id, const char *who, LkInstant now,
                                    GError **error);
/* Both return how many deliveries those were; -1 on error. */
gint64 lk_delivery_decision_send_run (LkDb *db, gint64 run_id, LkInstant now, GError **error);
gint64 lk_delivery_decision_drop_run (LkDb *db, gint64 run_id, const char *who, LkInstant now,
                                      GError **error);

/**
 * LkHeldRun:
 * @run_id: the run; 0 when that is gone from the log
 * @task_name: its task's name at the time
 * @kind: what they wait for: %LK_HOLD_LOOK or %LK_HOLD_UNKNOWN
 * @reason: the same in words
 * @n_held: how many those are
 *
 * Deliveries of one run that wait for a look. A plain value.
 */
typedef struct
{
  gint64 run_id;
  char *task_name;
  LkHoldKind kind;
  char *reason;
  gint64 n_held;
} LkHeldRun;

void lk_held_run_free (LkHeldRun *self);
GPtrArray *lk_delivery_decision_list_held_runs (LkDb *db, GError **error);

/**
 * LkFailedFilter:
 * @since: which failures: those since then
 * @task_id: of which task; 0 for all
 *
 * Everything that never succeeded: given up since then, or waiting for a retry after a failure
 * since then.
 */
typedef struct
{
  LkInstant since;
  gint64 task_id;
} LkFailedFilter;

gint64 lk_delivery_decision_count_failed (LkDb *db, const LkFailedFilter *filter, GError **error);
gint64 lk_delivery_decision_send_failed (LkDb *db, const LkFailedFilter *filter, gint64 per_minute,
                                         LkInstant now, GError **error);
LkInstant lk_delivery_decision_space (guint position, gint64 per_minute, LkInstant now);

/**
 * LkRedelivery:
 * @n_waiting: deliveries sent again whose turn has not come
 * @last_due_at: when the last of them is due; 0 when there is none
 *
 * A redelivery that is spread over time, as far as it is not done.
 */
typedef struct
{
  gint64 n_waiting;
  LkInstant last_due_at;
} LkRedelivery;

gboolean lk_delivery_decision_get_redelivery (LkDb *db, LkInstant now, LkRedelivery *redelivery,
                                              GError **error);
gint64 lk_delivery_decision_stop_redelivery (LkDb *db, LkInstant now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkHeldRun, lk_held_run_free)

G_END_DECLS
