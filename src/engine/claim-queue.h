/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/dispatch-job.h"
#include "engine/endpoints.h"

G_BEGIN_DECLS

/**
 * LkClaimQueue:
 *
 * Claims whose request has not started: they were made ahead, so that a request can start as soon
 * as another has ended, without a wait for the disk. A plain value of the dispatcher.
 *
 * Thread: the main loop.
 */
typedef struct _LkClaimQueue LkClaimQueue;

LkClaimQueue *lk_claim_queue_new (void);
void lk_claim_queue_free (LkClaimQueue *self);
guint lk_claim_queue_get_length (LkClaimQueue *self);
void lk_claim_queue_add (LkClaimQueue *self, GPtrArray *assignments, LkEndpoints *endpoints);
LkAssignment *lk_claim_queue_begin (LkClaimQueue *self, LkEndpoints *endpoints, LkInstant now);
GPtrArray *lk_claim_queue_withdraw (LkClaimQueue *self, LkEndpoints *endpoints, gboolean all,
                                    LkInstant now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkClaimQueue, lk_claim_queue_free)

G_END_DECLS
