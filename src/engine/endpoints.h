/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/throttle.h"
#include "store/delivery-store.h"

G_BEGIN_DECLS

/* How long to wait before a receiver is tried again while this machine has no network. */
#define LK_OFFLINE_RETRY LK_MINUTE

/* What a rate limit allows within this time may start at once: fewer transactions. */
#define LK_RATE_BURST (LK_SECOND / 10)

/**
 * LkEndpoints:
 *
 * How each receiver is doing, and how many requests it may get at once. A plain value of the
 * dispatcher.
 */
typedef struct _LkEndpoints LkEndpoints;

LkEndpoints *lk_endpoints_new (void);
void lk_endpoints_free (LkEndpoints *self);
void lk_endpoints_add (LkEndpoints *self, const char *url, int concurrency, int rate_limit,
                       gboolean at_most_once);
void lk_endpoints_withdraw (LkEndpoints *self, const char *url);
gboolean lk_endpoints_may_begin (LkEndpoints *self, const char *url, LkInstant now);
gboolean lk_endpoints_may_wait (LkEndpoints *self, const char *url, LkInstant now);
void lk_endpoints_begin (LkEndpoints *self, const char *url, LkInstant now);
void lk_endpoints_end (LkEndpoints *self, const char *url, const LkAttempt *attempt, LkInstant now);
void lk_endpoints_note_stored (LkEndpoints *self, GPtrArray *settlements);
GHashTable *lk_endpoints_take_room (LkEndpoints *self, LkInstant now);
LkInstant lk_endpoints_get_next_gate (LkEndpoints *self, LkInstant now);
void lk_endpoints_clear_offline (LkEndpoints *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEndpoints, lk_endpoints_free)

G_END_DECLS
