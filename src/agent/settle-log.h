/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/delivery-store.h"

G_BEGIN_DECLS

char *lk_settle_log_describe (const LkSettlement *settlement);
void lk_settle_log_write (GPtrArray *settlements);

G_END_DECLS
