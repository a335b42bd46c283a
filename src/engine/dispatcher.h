/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/sender.h"
#include "engine/trouble.h"
#include "store/change-feed.h"
#include "store/db-pool.h"
#include "store/keyring-items.h"

G_BEGIN_DECLS

/* Requests in flight in all, unless a task asks for more. */
#define LK_DISPATCHER_CONCURRENCY 16

#define LK_TYPE_DISPATCHER (lk_dispatcher_get_type ())
G_DECLARE_FINAL_TYPE (LkDispatcher, lk_dispatcher, LK, DISPATCHER, GObject)

/**
 * LkDispatcher:
 *
 * Sends what is due and writes down what came of it:
 *
 * ```
 *      .--- write job: settle outcomes, give back and claim: one transaction, one fsync ---.
 *      |                                                                                   v
 *   outcomes <--- settlement <--- reply <--- LkSender <--- request <--- claims that wait <--´
 * ```
 *
 * A claim is durable before its socket opens. One write job is under way at a time; outcomes that
 * come in meanwhile share the next one. So that requests need not wait for the disk, some are
 * claimed ahead for receivers whose answers come quickly: no more than twice the concurrency is
 * ever claimed, so a crash leaves no more attempts than that without an outcome. What was claimed
 * ahead is given back when its receiver gets into trouble or the dispatcher stops. Outcomes that
 * cannot be stored (disk full) are kept until they can, and nothing new begins meanwhile.
 *
 * Signals:
 *  - `settled` (GPtrArray * of LkSettlement): outcomes were stored
 *  - `lease-lost`: another process sends by now; the dispatcher has stopped
 *  - `idle-changed`: lk_dispatcher_is_idle() says something new
 *
 * Thread: the main loop.
 */
LkDispatcher *lk_dispatcher_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed,
                                 LkSender *sender, LkTrouble *trouble, LkKeyringItems *keyring,
                                 int priority);
void lk_dispatcher_start (LkDispatcher *self, gint64 epoch);
void lk_dispatcher_abandon (LkDispatcher *self);
void lk_dispatcher_wake (LkDispatcher *self);
void lk_dispatcher_stop_async (LkDispatcher *self, guint grace_s, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean lk_dispatcher_stop_finish (LkDispatcher *self, GAsyncResult *result, GError **error);
gboolean lk_dispatcher_is_idle (LkDispatcher *self, gboolean with_retries);

G_END_DECLS
