/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/run.h"
#include "engine/run-plan.h"
#include "store/db-pool.h"

G_BEGIN_DECLS

/**
 * LkRunScanFunc:
 *
 * Told in the thread of the scan that deliveries were added.
 */
typedef void (*LkRunScanFunc) (gpointer user_data);

/**
 * LkRunScan:
 *
 * T2 of a run: takes batches of matches from the scan of a license server, asks the firing policy,
 * and adds ledger rows and deliveries, each batch in one transaction. Made and freed on the main
 * loop, used by one reader thread in between.
 */
typedef struct _LkRunScan LkRunScan;

LkRunScan *lk_run_scan_new (LkDbPool *pool, LkClock *clock, const LkRun *run, gint64 epoch,
                            const LkTask *task, const LkSearch *search, GError **error);
void lk_run_scan_free (LkRunScan *self);
void lk_run_scan_set_func (LkRunScan *self, LkRunScanFunc func, gpointer user_data);
void lk_run_scan_set_hold_reason (LkRunScan *self, const char *reason);
const LkRunPlan *lk_run_scan_get_plan (LkRunScan *self);
gboolean lk_run_scan_take (GPtrArray *licenses, gpointer self, GError **error);
gint64 lk_run_scan_get_matched (LkRunScan *self);
gint64 lk_run_scan_get_suppressed (LkRunScan *self);
gboolean lk_run_scan_has_store_error (LkRunScan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRunScan, lk_run_scan_free)

G_END_DECLS
