/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/license.h"
#include "core/task.h"
#include "engine/keyring.h"
#include "engine/sender.h"
#include "store/db-pool.h"

G_BEGIN_DECLS

/**
 * LkTestResult:
 * @reply: how it went, with the signatures
 * @delivery: the row of the log
 *
 * What Send Test shows.
 */
typedef struct
{
  LkReply *reply;
  LkDelivery *delivery;
} LkTestResult;

void lk_test_result_free (LkTestResult *self);

void lk_test_send_start (GTask *task, LkDbPool *pool, LkClock *clock, LkSender *sender,
                         LkKeyring *keyring, const LkTask *settings, const char *secret,
                         LkLicense *license);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTestResult, lk_test_result_free)

G_END_DECLS
