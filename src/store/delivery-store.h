/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"
#include "store/db.h"
#include "store/delivery-filter.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something.
 * Functions with @epoch change nothing and fail with LK_ERROR_LEASE_LOST when the lease has another
 * epoch by now. */

/**
 * LkClaim:
 * @delivery: the delivery, with its body, now in state sending
 * @attempt_id, @attempt_number: the attempt whose intent was recorded
 * @task_id: whose settings (secret, headers, TLS) apply
 *
 * The right and the duty to make one request.
 */
typedef struct
{
  LkDelivery *delivery;
  gint64 attempt_id;
  int attempt_number;
  gint64 task_id;
} LkClaim;

void lk_claim_free (LkClaim *self);

/**
 * LkSettlement:
 * @attempt: the attempt as it ended (id, delivery_id, outcome, status ...)
 * @state: what becomes of the delivery
 * @due_at: when to try again; 0 in a final state or when held
 * @hold_reason: (nullable): when held
 * @costs_attempt: whether the attempt counts against %LK_RETRY_MAX_ATTEMPTS
 * @task_name: (nullable): for the log, see lk_settle_log_describe()
 *
 * How one claim ended. Written by lk_delivery_store_settle() in batches.
 *
 * A settlement that holds with any outcome but %LK_OUTCOME_UNKNOWN (a 410, say) pauses the receiver
 * in the same transaction: everything that is owed to @attempt's url is held with @hold_reason.
 */
typedef struct
{
  LkAttempt *attempt;
  LkDeliveryState state;
  LkInstant due_at;
  char *hold_reason;
  gboolean costs_attempt;
  char *task_name;
} LkSettlement;

void lk_settlement_free (LkSettlement *self);

/* Marks up to @limit due deliveries as sending and records the intent of an attempt for each,
 * oldest due first; one at a time per license and url. @room: (nullable) (element-type utf8 guint):
 * url to how many may still be claimed for it, 0 for none; a url that is absent from it has the
 * concurrency of its task less what is in flight. @without: (nullable): tasks, as a JSON array. */
GPtrArray *lk_delivery_store_claim (LkDb *db, gint64 epoch, LkInstant now, gsize limit,
                                    GHashTable *room, const char *without, GError **error);
gboolean lk_delivery_store_settle (LkDb *db, gint64 epoch, GPtrArray *settlements, LkInstant now,
                                   GError **error);
/* Undoes a claim whose request was not made; its delivery is due now. */
gboolean lk_delivery_store_give_back (LkDb *db, gint64 epoch, const LkClaim *claim, LkInstant now,
                                      GError **error);
/* After a takeover, best in the transaction of lk_lease_store_acquire(): attempts without an
 * outcome under another epoch become `unknown`, which costs no attempt, and their deliveries due at
 * once (or held where the task says at most once). Returns how many deliveries; -1 error. */
gint64 lk_delivery_store_recover (LkDb *db, gint64 epoch, LkInstant now, GError **error);
/* 0: nothing waits; -1 error */
LkInstant lk_delivery_store_get_next_due (LkDb *db, const char *without, GError **error);
/* After the clock was set back: nothing waits because the clock was ahead as it was made. */
gboolean lk_delivery_store_rewind (LkDb *db, LkInstant now, GError **error);

/* Send Test: inserts the delivery as sending with its attempt in one go; the process that asked
 * sends it and settles it with lk_delivery_store_settle_test(). */
LkClaim *lk_delivery_store_insert_test (LkDb *db, const LkDelivery *delivery, LkInstant now,
                                        GError **error);
gboolean lk_delivery_store_settle_test (LkDb *db, const LkSettlement *settlement, LkInstant now,
                                        GError **error);

GPtrArray *lk_delivery_store_list (LkDb *db, const LkDeliveryFilter *filter, GError **error);
LkDelivery *lk_delivery_store_get (LkDb *db, gint64 id, GError **error); /* with its body */
GPtrArray *lk_delivery_store_list_attempts (LkDb *db, gint64 delivery_id, GError **error);
gboolean lk_delivery_store_count_by_state (LkDb *db, gint64 counts[LK_N_DELIVERY_STATES],
                                           GError **error);
gboolean lk_delivery_store_count_run_by_state (LkDb *db, gint64 run_id,
                                               gint64 counts[LK_N_DELIVERY_STATES], GError **error);
gboolean lk_delivery_store_find_lacking (LkDb *db, gint64 run_id, gint64 first, gint64 *lacking,
                                         gboolean *is_sending, GError **error);
gboolean lk_delivery_store_find_first (LkDb *db, gint64 run_id, gint64 *first, GError **error);
gboolean lk_delivery_store_find_last (LkDb *db, gint64 task_id, gint64 license_id,
                                      const char *license_key, const char *group_key,
                                      LkDelivery **delivery, GError **error);
/* Deliveries whose latest failed attempt is among the newest @limit ones, and which did not arrive
 * since; newest failure first. */
GPtrArray *lk_delivery_store_list_last_errors (LkDb *db, gint64 limit, GError **error);
/* Proves that every row that is not final has a due time, a hold reason or a claim of the living
 * epoch. Returns a sentence for each violation. */
GPtrArray *lk_delivery_store_check (LkDb *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkClaim, lk_claim_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSettlement, lk_settlement_free)

G_END_DECLS
