/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"
#include "core/firing-policy.h"
#include "core/run.h"
#include "core/task.h"
#include "store/db-pool.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something.
 * Functions with @epoch do nothing and fail with LK_ERROR_LEASE_LOST when the lease has another
 * epoch by now. */

/**
 * LkRunMatch:
 * @group_key: the value of the Distinct Field, else the license id, as text
 * @memory: what the firing policy wants to remember; ""
 * @delivery: what is owed: license, customer, webhook id, body, url, state queued or held
 *
 * One match of a run that the firing policy lets fire.
 */
typedef struct
{
  char *group_key;
  char *memory;
  LkDelivery *delivery;
} LkRunMatch;

void lk_run_match_free (LkRunMatch *self);

/**
 * LkLedgerMark:
 * @group_key: the group
 * @memory: what the firing policy would remember if it fired now; ""
 * @license_key: the activation key of the license; ""
 *
 * A group that is to count as sent.
 */
typedef struct
{
  char *group_key;
  char *memory;
  char *license_key;
} LkLedgerMark;

void lk_ledger_mark_free (LkLedgerMark *self);

/* T1. Scheduled: inserts the run of the latest due instant until @now and moves the task's cursor
 * to the next one after @now, in this transaction; `missed` counts the instants in between.
 * Returns NULL without error when the task is not due (any more), or while another run of it is
 * under way: then the cursor stays, and what falls due meanwhile becomes one run after that one
 * (look again after each lk_run_store_finish()). */
LkRun *lk_run_store_begin_scheduled (LkDb *db, gint64 task_id, gint64 epoch, LkInstant now,
                                     GError **error);
/* Asks for a run; any process may. Returns the run's id; the id of the waiting one if there is. */
gint64 lk_run_store_request (LkDb *db, gint64 task_id, LkInstant now, GError **error);
/* Requested and interrupted (running under another epoch) runs, oldest first, each marked running
 * under @epoch; at most one run of a task at once. */
GPtrArray *lk_run_store_take_pending (LkDb *db, gint64 epoch, LkInstant now, GError **error);

/* T2. What the ledger knows of these groups: GHashTable of group_key to LkLedgerEntry. */
GHashTable *lk_ledger_read (LkDb *db, gint64 task_id, GPtrArray *group_keys, GError **error);
GHashTable *lk_ledger_read_sync (LkDbPool *pool, gint64 task_id, GPtrArray *group_keys,
                                 GError **error);
/* What a person decides: the groups count as sent at @now, or as never sent. Any process may; both
 * fail with LK_ERROR_CONFLICT when the task is not of @version by now (0: any). How many changed;
 * -1 on error. */
gint64 lk_ledger_mark_sent (LkDb *db, gint64 task_id, gint64 version, GPtrArray *marks,
                            LkInstant now, GError **error);
gint64 lk_ledger_forget (LkDb *db, gint64 task_id, gint64 version, const char *group_key,
                         GError **error);
/* After the clock was set back: no group fired in the future, where that counts. */
gboolean lk_ledger_rewind (LkDb *db, LkInstant now, GError **error);
/* Marks all of @group_keys as seen by the run and writes ledger rows and deliveries for @matches,
 * skipping what an interrupted earlier execution of the same run already wrote. Returns how many
 * deliveries were added, -1 on error. */
gint64 lk_run_store_add_batch (LkDb *db, const LkRun *run, gint64 epoch, GPtrArray *group_keys,
                               GPtrArray *matches, LkInstant now, GError **error);
/* T3. Ends the run as @run->state says. Finished: ledger rows that it did not see are marked as not
 * matching, @run->matched is stored and the task's last run is set. Failed: only stores
 * @run->error. Either way fired, held and (from matched) suppressed are counted here, so that they
 * are right for a run that was executed twice. */
gboolean lk_run_store_finish (LkDb *db, const LkRun *run, gint64 epoch, LkInstant now,
                              GError **error);

LkRun *lk_run_store_get (LkDb *db, gint64 id, GError **error);
GPtrArray *lk_run_store_list (LkDb *db, gint64 task_id, gint64 limit, GError **error);
GPtrArray *lk_run_store_list_failing (LkDb *db, GError **error); /* of LkRun */
/* 0: all */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRunMatch, lk_run_match_free)

G_END_DECLS
