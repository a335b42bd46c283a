/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/sender.h"
#include "store/delivery-store.h"

G_BEGIN_DECLS

LkSettlement *lk_verdict_settle (const LkClaim *claim, LkReply *reply, gboolean at_most_once,
                                 LkInstant now, double random);
LkSettlement *lk_verdict_hold_unsent (const LkClaim *claim, const char *reason);
void lk_verdict_count_states (GPtrArray *settlements, guint counts[LK_N_DELIVERY_STATES]);

G_END_DECLS
