/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/firing-policy.h"
#include "core/license.h"
#include "core/search.h"
#include "core/task.h"
#include "store/license-server.h"

G_BEGIN_DECLS

/**
 * LkRunPlan:
 *
 * What a run of a task at one due instant asks for, and what it decides about each match. It knows
 * nothing of a workspace: a run and a preview have the same plan. Immutable; any thread.
 */
typedef struct _LkRunPlan LkRunPlan;

LkRunPlan *lk_run_plan_new (const LkTask *task, const LkSearch *search, LkInstant due_at,
                            GError **error);
void lk_run_plan_free (LkRunPlan *self);
LkLicenseQuery *lk_run_plan_make_query (const LkRunPlan *self, GError **error);
gboolean lk_run_plan_needs_ledger (const LkRunPlan *self);
char *lk_run_plan_make_group_key (const LkRunPlan *self, const LkLicense *license);
const LkLedgerEntry *lk_run_plan_check_entry (const LkRunPlan *self, const LkLedgerEntry *entry,
                                              const LkLicense *license);
void lk_run_plan_decide (const LkRunPlan *self, const LkLedgerEntry *entry,
                         const LkLicense *license, LkFiringDecision *decision);
const char *lk_run_plan_find_customer (const LkLicense *license);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRunPlan, lk_run_plan_free)

G_END_DECLS
