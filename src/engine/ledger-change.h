/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "engine/servers.h"
#include "store/workspace.h"

G_BEGIN_DECLS

/**
 * LkLedgerChange:
 * @LK_LEDGER_FORGET: a license counts as never sent
 * @LK_LEDGER_MARK_SENT: a license, or all that match, count as sent now
 *
 * What a person decides about the ledger of a task.
 */
typedef enum
{
  LK_LEDGER_FORGET,
  LK_LEDGER_MARK_SENT,
} LkLedgerChange;

void lk_ledger_change_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                             const LkTask *settings, gint64 license_id, LkLedgerChange change,
                             LkInstant now);

G_END_DECLS
