/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "engine/sender.h"
#include "store/delivery-store.h"
#include "store/keyring-items.h"

G_BEGIN_DECLS

/**
 * LkAssignment:
 * @claim: the right to send
 * @request: what to send
 * @concurrency, @at_most_once: of its task
 * @rate_limit: of its receiver: requests a minute; 0 for none
 *
 * One request that the dispatcher has to make.
 */
typedef struct
{
  LkClaim *claim;
  LkRequest *request;
  int concurrency;
  int rate_limit;
  gboolean at_most_once;
} LkAssignment;

void lk_assignment_free (LkAssignment *self);

/**
 * LkDispatchOrder:
 * @epoch: of our lease
 * @now: the time
 * @settlements: (element-type LkSettlement): outcomes to store
 * @withdrawn: (element-type LkAssignment): claims to give back
 * @limit: how many deliveries to claim; 0 for none
 * @room: see lk_delivery_store_claim()
 * @keyring: what the keyring gave out; tasks whose secrets it lacks wait
 *
 * What one transaction of the dispatcher does.
 */
typedef struct
{
  gint64 epoch;
  LkInstant now;
  GPtrArray *settlements;
  GPtrArray *withdrawn;
  gsize limit;
  GHashTable *room;
  LkKeyringItems *keyring;
} LkDispatchOrder;

void lk_dispatch_order_free (LkDispatchOrder *self);

/**
 * LkDispatchBatch:
 * @assignments: (element-type LkAssignment): what was claimed and can be sent
 * @unsent: (element-type LkSettlement): what was claimed and held, since nothing can be sent for it
 * @next_due: when the next delivery is due, be it in the past; 0 when nothing waits
 *
 * What came of it.
 */
typedef struct
{
  GPtrArray *assignments;
  GPtrArray *unsent;
  LkInstant next_due;
} LkDispatchBatch;

void lk_dispatch_batch_free (LkDispatchBatch *self);

gpointer lk_dispatch_job (LkDb *db, gpointer order, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAssignment, lk_assignment_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDispatchOrder, lk_dispatch_order_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDispatchBatch, lk_dispatch_batch_free)

G_END_DECLS
