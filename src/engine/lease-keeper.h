/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/change-feed.h"
#include "store/db-pool.h"
#include "store/lease-store.h"
#include "engine/trouble.h"

G_BEGIN_DECLS

/* A holder renews a little before its 30 seconds are over: no more than 3 wake-ups a minute. */
#define LK_LEASE_RENEW_SECONDS 25
/* For how long a console leaves the lease alone after it gave way to an agent. */
#define LK_LEASE_YIELD_SECONDS 10

#define LK_TYPE_LEASE_KEEPER (lk_lease_keeper_get_type ())
G_DECLARE_FINAL_TYPE (LkLeaseKeeper, lk_lease_keeper, LK, LEASE_KEEPER, GObject)

/**
 * LkLeaseKeeper:
 *
 * Competes for the lease of the workspace and keeps it:
 *
 * ```
 *   idle --start--> watching --free, expired, holder dead--> holding (renews every 25 s)
 *                      ^                                        |
 *                      `---- released, lost to another process -'
 * ```
 *
 * A taken lease marks the attempts of its former holder as unknown in the same transaction.
 *
 * Signals:
 *  - `changed`: lk_lease_keeper_get_lease() or lk_lease_keeper_get_epoch() says something new
 *  - `wanted`: an agent asks this console to yield; answer with lk_lease_keeper_release_async()
 *
 * Thread: the main loop.
 */
LkLeaseKeeper *lk_lease_keeper_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed,
                                    LkTrouble *trouble, LkHolderKind kind, int priority);
void lk_lease_keeper_start (LkLeaseKeeper *self);
void lk_lease_keeper_stop (LkLeaseKeeper *self);
void lk_lease_keeper_check (LkLeaseKeeper *self);
const LkLease *lk_lease_keeper_get_lease (LkLeaseKeeper *self);
gint64 lk_lease_keeper_get_epoch (LkLeaseKeeper *self);
gboolean lk_lease_keeper_is_settled (LkLeaseKeeper *self);
void lk_lease_keeper_release_async (LkLeaseKeeper *self, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean lk_lease_keeper_release_finish (LkLeaseKeeper *self, GAsyncResult *result, GError **error);

G_END_DECLS
