/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/sender.h"
#include "store/delivery-store.h"

G_BEGIN_DECLS

LkSettlement *lk_verdict_settle (const LkClaim *claim, LkReply *reply, gboolean at_most_once,
                                 LkInstant now, double random);
LkSettlement *lk_verdict_hold_unsent (const LkClaim *claim, const char *reason);

G_END_DECLS
